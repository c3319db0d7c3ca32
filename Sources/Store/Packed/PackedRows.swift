import Foundation

/// The rows of a run of a day as bytes, sorted by name and segment: a dozen bytes each, where columns would take forty.
///
///     version  1
///     per row  name − name before   number
///              segment              number
///              which follow         1 byte: bit 0 dns, 1 tls, 2 quic, 3 http, 4 attributed, 5 devices, 6 hours
///              counts               number each
///              hours                3 bytes, a bit for each hour, the lowest first; then devices, number each
struct PackedRows {
    private static let version: UInt8 = 1

    /// Writes rows that are sorted by name and segment.
    static func pack(_ rows: [CountedRow]) -> [UInt8] {
        var writer = PackedWriter()
        writer.byte(version)
        var name = 0
        for row in rows {
            writer.number(Int(row.name) - name)
            name = Int(row.name)
            writer.number(Int(row.segment))
            let values = [
                row.counts.dns, row.counts.tls, row.counts.quic, row.counts.http, row.counts.attributed, row.devices,
            ]
            let mask = row.hours.mask
            var flags: UInt8 = mask == 0 ? 0 : 1 << 6
            for (bit, value) in values.enumerated() where value > 0 { flags |= 1 << UInt8(bit) }
            writer.byte(flags)
            for value in values where value > 0 { writer.number(value) }
            guard mask != 0 else { continue }
            for shift in [0, 8, 16] as [UInt32] { writer.byte(UInt8(truncatingIfNeeded: mask >> shift)) }
            for hour in 0..<24 where row.hours[hour] > 0 { writer.number(row.hours[hour]) }
        }
        return writer.bytes
    }

    /// Reads rows, one after the other, into the same value.
    static func forEach(in bytes: Span<UInt8>, _ body: (borrowing CountedRow) throws -> Void) throws {
        var reader = PackedReader(bytes)
        guard try reader.byte() == version else { throw PackedDamage() }
        var row = CountedRow(name: 0, segment: 0, counts: UseCounts(), devices: 0, hours: HourCounts())
        while !reader.isAtEnd {
            row.name += Int64(try reader.number())
            row.segment = Int64(try reader.number())
            let flags = try reader.byte()
            row.counts.dns = flags & 1 == 0 ? 0 : try reader.number()
            row.counts.tls = flags & 2 == 0 ? 0 : try reader.number()
            row.counts.quic = flags & 4 == 0 ? 0 : try reader.number()
            row.counts.http = flags & 8 == 0 ? 0 : try reader.number()
            row.counts.attributed = flags & 16 == 0 ? 0 : try reader.number()
            row.devices = flags & 32 == 0 ? 0 : try reader.number()
            if flags & 64 == 0 {
                row.hours.clear()
            } else {
                try reader.hours(into: &row.hours)
            }
            try body(row)
        }
    }

    /// Reads what counts on a day, one row after the other, hours added up: several times as fast as whole rows.
    @inline(__always)
    static func forEachFigures(
        in bytes: Span<UInt8>, _ body: (_ name: Int64, _ segment: Int64, _ figures: DayFigures) throws -> Void
    ) throws {
        try forEachPlaced(in: bytes) { name, segment, figures, _ in try body(name, segment, figures) }
    }

    /// Likewise, with where the hours of each row begin; 0 for a row that has none.
    @inline(__always)
    static func forEachPlaced(
        in bytes: Span<UInt8>,
        _ body: (_ name: Int64, _ segment: Int64, _ figures: DayFigures, _ hours: Int) throws -> Void
    ) throws {
        var reader = PackedReader(bytes)
        guard try reader.byte() == version else { throw PackedDamage() }
        var name: Int64 = 0
        while !reader.isAtEnd {
            name += Int64(try reader.number())
            let segment = Int64(try reader.number())
            let flags = try reader.byte()
            var figures = DayFigures()
            if flags & 1 != 0 { figures.counts.dns = try reader.number() }
            if flags & 2 != 0 { figures.counts.tls = try reader.number() }
            if flags & 4 != 0 { figures.counts.quic = try reader.number() }
            if flags & 8 != 0 { figures.counts.http = try reader.number() }
            if flags & 16 != 0 { figures.counts.attributed = try reader.number() }
            if flags & 32 != 0 { figures.devices = try reader.number() }
            let place = flags & 64 != 0 ? reader.position : 0
            if flags & 64 != 0 {
                var hours = try reader.byte().nonzeroBitCount
                hours += try reader.byte().nonzeroBitCount
                hours += try reader.byte().nonzeroBitCount
                for _ in 0..<hours {
                    figures.deviceHours = figures.deviceHours.addingWithinBound(try reader.number())
                }
            }
            try body(name, segment, figures, place)
        }
    }

    /// The hours that begin at a place.
    static func hours(in bytes: Span<UInt8>, at place: Int) throws -> HourCounts {
        var reader = PackedReader(bytes)
        try reader.skip(place)
        var hours = HourCounts()
        try reader.hours(into: &hours)
        return hours
    }

    /// All rows.
    static func unpack(_ bytes: Span<UInt8>) throws -> [CountedRow] {
        var rows: [CountedRow] = []
        try forEach(in: bytes) { rows.append(copy $0) }
        return rows
    }

    /// The larger of each count of two lists that are sorted by name and segment.
    static func keepingLargest(_ left: [CountedRow], _ right: [CountedRow]) -> [CountedRow] {
        var merged: [CountedRow] = []
        merged.reserveCapacity(left.count + right.count)
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            if left[i].key == right[j].key {
                merged.append(left[i].keepingLargest(of: right[j]))
                (i, j) = (i + 1, j + 1)
            } else if left[i].key < right[j].key {
                merged.append(left[i])
                i += 1
            } else {
                merged.append(right[j])
                j += 1
            }
        }
        merged += left[i...]
        merged += right[j...]
        return merged
    }
}

extension PackedReader {
    /// Reads the hours of a row in the place of others.
    @_lifetime(self: copy self)
    fileprivate mutating func hours(into hours: inout HourCounts) throws(PackedDamage) {
        var mask = UInt32(try byte())
        mask |= UInt32(try byte()) << 8
        mask |= UInt32(try byte()) << 16
        hours.clear()
        while mask != 0 {
            hours[mask.trailingZeroBitCount] = try number()
            mask &= mask - 1
        }
    }
}

extension CountedRow {
    /// What the rows are sorted by.
    var key: (Int64, Int64) { (name, segment) }

    /// The larger of each count.
    func keepingLargest(of other: CountedRow) -> CountedRow {
        var row = self
        row.counts.dns = max(counts.dns, other.counts.dns)
        row.counts.tls = max(counts.tls, other.counts.tls)
        row.counts.quic = max(counts.quic, other.counts.quic)
        row.counts.http = max(counts.http, other.counts.http)
        row.counts.attributed = max(counts.attributed, other.counts.attributed)
        row.devices = max(devices, other.devices)
        row.hours.keepLargest(of: other.hours)
        return row
    }
}
