import Foundation

/// The rows of a school's day in fixed places, forty bytes each besides the packed ones: gone through several times as
/// fast.
struct FlatRows {
    /// The rows as they lie in the database, in which hours are looked up.
    let packed: Data
    /// What all names add up to, with the devices of the largest.
    let largest: DayFigures
    private let rows: [Row]

    private struct Row {
        var name, segment, devices, deviceHours, dns, tls, quic, http, attributed: UInt32
        /// Where its hours are in ``packed``; 0 where it has none.
        var hours: UInt32

        var figures: DayFigures {
            DayFigures(
                devices: Int(devices), deviceHours: Int(deviceHours),
                counts: UseCounts(
                    dns: Int(dns), tls: Int(tls), quic: Int(quic), http: Int(http), attributed: Int(attributed)))
        }
    }

    /// Reads packed rows; nil where a number is too large for its place, which no true count is.
    init?(_ packed: Data) throws {
        var rows: [Row] = []
        var isTooLarge = false
        func fitting(_ value: Int) -> UInt32 {
            guard let fits = UInt32(exactly: value) else {
                isTooLarge = true
                return 0
            }
            return fits
        }
        try PackedRows.forEachPlaced(in: packed.span) { name, segment, figures, hours in
            rows.append(
                Row(
                    name: fitting(Int(name)), segment: fitting(Int(segment)), devices: fitting(figures.devices),
                    deviceHours: fitting(figures.deviceHours), dns: fitting(figures.counts.dns),
                    tls: fitting(figures.counts.tls), quic: fitting(figures.counts.quic),
                    http: fitting(figures.counts.http), attributed: fitting(figures.counts.attributed),
                    hours: fitting(hours)))
        }
        if isTooLarge { return nil }
        // Without the room that growing left.
        self.rows = Array(rows[...])
        self.packed = packed
        largest = Self.largest(rows)
    }

    private static func largest(_ rows: [Row]) -> DayFigures {
        var largest = DayFigures()
        // Segments of a name follow each other, and share no devices.
        var last: (name: UInt32, use: DayFigures)?
        for row in rows {
            if last?.name == row.name {
                last?.use.add(row.figures)
            } else {
                if let last { largest.keepLargest(last.use) }
                last = (row.name, row.figures)
            }
        }
        if let last { largest.keepLargest(last.use) }
        return largest
    }

    /// Gives what counts of each name and segment, sorted by name.
    @inline(__always)
    func forEach(_ body: (_ name: Int64, _ segment: Int64, _ figures: DayFigures) throws -> Void) rethrows {
        for row in rows { try body(Int64(row.name), Int64(row.segment), row.figures) }
    }

    /// Gives each name that has a slot once, its segments added up.
    func forEachName(
        _ slots: NameSlots, _ body: (_ slot: Int, _ figures: DayFigures) throws -> Void
    ) rethrows {
        var index = 0
        while index < rows.count {
            let start = index
            let name = rows[start].name
            repeat { index += 1 } while index < rows.count && rows[index].name == name
            let slot = slots[Int64(name)]
            guard slot >= 0 else { continue }
            var use = rows[start].figures
            for segment in (start + 1)..<index { use.add(rows[segment].figures) }
            try body(slot, use)
        }
    }

    /// Gives the hours of each segment of some names, sorted by name.
    func forEachHours(
        where isWanted: (_ name: Int64) -> Bool,
        _ body: (_ name: Int64, _ segment: Int64, _ hours: HourCounts) throws -> Void
    ) throws {
        for row in rows where isWanted(Int64(row.name)) {
            let hours = row.hours == 0 ? HourCounts() : try PackedRows.hours(in: packed.span, at: Int(row.hours))
            try body(Int64(row.name), Int64(row.segment), hours)
        }
    }
}
