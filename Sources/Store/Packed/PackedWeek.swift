/// What something did in a week, day by day.
struct WeekFigures: Equatable {
    private var figures = InlineArray<7, DayFigures>(repeating: DayFigures())
    /// A bit for each day on which it was seen, the lowest for Monday.
    private(set) var mask: UInt8 = 0

    /// Makes figures of nothing.
    init() {}

    /// The figures of a day, 0 for Monday.
    subscript(day: Int) -> DayFigures { figures[day] }

    /// Whether it was seen on a day.
    func isSeen(_ day: Int) -> Bool { mask & 1 << UInt8(day) != 0 }

    /// Adds what others did on a day, who have other devices.
    mutating func add(_ other: DayFigures, day: Int) {
        figures[day].add(other)
        mask |= 1 << UInt8(day)
    }

    /// Adds what others did in the week, who have other devices.
    mutating func add(_ other: WeekFigures) {
        for day in 0..<7 where other.isSeen(day) { add(other[day], day: day) }
    }

    /// Forgets all days but these.
    mutating func keepOnly(_ days: UInt8) {
        for day in 0..<7 where isSeen(day) && days & 1 << UInt8(day) == 0 { figures[day] = DayFigures() }
        mask &= days
    }

    /// Takes in another name: the same devices may use both.
    mutating func keepLargest(_ other: WeekFigures) {
        for day in 0..<7 where other.isSeen(day) { figures[day].keepLargest(other[day]) }
        mask |= other.mask
    }

    static func == (left: WeekFigures, right: WeekFigures) -> Bool {
        left.mask == right.mask && (0..<7).allSatisfy { left[$0] == right[$0] }
    }
}

/// Figures of a week as bytes.
///
///     which days     1 byte, the lowest bit for Monday
///     for each       which follow: 1 byte, bit 0 devices, 1 device-hours, 2 dns, 3 tls, 4 quic, 5 http, 6 attributed
///                    numbers
extension PackedWriter {
    mutating func week(_ week: WeekFigures) {
        byte(week.mask)
        for day in 0..<7 where week.isSeen(day) {
            let figures = week[day]
            let counts = figures.counts
            let values = (
                figures.devices, figures.deviceHours, counts.dns, counts.tls, counts.quic, counts.http,
                counts.attributed
            )
            var flags: UInt8 = values.0 > 0 ? 1 : 0
            if values.1 > 0 { flags |= 2 }
            if values.2 > 0 { flags |= 4 }
            if values.3 > 0 { flags |= 8 }
            if values.4 > 0 { flags |= 16 }
            if values.5 > 0 { flags |= 32 }
            if values.6 > 0 { flags |= 64 }
            byte(flags)
            if values.0 > 0 { number(values.0) }
            if values.1 > 0 { number(values.1) }
            if values.2 > 0 { number(values.2) }
            if values.3 > 0 { number(values.3) }
            if values.4 > 0 { number(values.4) }
            if values.5 > 0 { number(values.5) }
            if values.6 > 0 { number(values.6) }
        }
    }
}

extension PackedReader {
    /// Reads figures of a week, day by day.
    @_lifetime(self: copy self)
    mutating func week() throws(PackedDamage) -> WeekFigures {
        var week = WeekFigures()
        let mask = try byte()
        for day in 0..<7 where mask & 1 << UInt8(day) != 0 {
            let flags = try byte()
            var figures = DayFigures()
            if flags & 1 != 0 { figures.devices = try number() }
            if flags & 2 != 0 { figures.deviceHours = try number() }
            if flags & 4 != 0 { figures.counts.dns = try number() }
            if flags & 8 != 0 { figures.counts.tls = try number() }
            if flags & 16 != 0 { figures.counts.quic = try number() }
            if flags & 32 != 0 { figures.counts.http = try number() }
            if flags & 64 != 0 { figures.counts.attributed = try number() }
            week.add(figures, day: day)
        }
        return week
    }

    /// Passes over figures of a week; gives which days it had.
    @_lifetime(self: copy self)
    mutating func skipWeek() throws(PackedDamage) -> UInt8 {
        let days = try byte()
        for _ in 0..<days.nonzeroBitCount { try skipNumbers(try byte().nonzeroBitCount) }
        return days
    }

    /// Reads the devices of a week, and passes over the rest.
    @_lifetime(self: copy self)
    mutating func devices() throws(PackedDamage) -> DayDevices {
        var devices = DayDevices()
        let mask = try byte()
        for day in 0..<7 where mask & 1 << UInt8(day) != 0 {
            let flags = try byte()
            devices.set(flags & 1 != 0 ? try number() : 0, day: day)
            try skipNumbers((flags >> 1).nonzeroBitCount)
        }
        return devices
    }
}

/// The devices of each day of a week.
struct DayDevices {
    private var devices = InlineArray<7, Int>(repeating: 0)
    /// A bit for each day on which it was seen, the lowest for Monday.
    private(set) var mask: UInt8 = 0

    /// Makes devices of nothing.
    init() {}

    /// The devices of a day, 0 for Monday.
    subscript(day: Int) -> Int { devices[day] }

    /// Whether it was seen on a day.
    func isSeen(_ day: Int) -> Bool { mask & 1 << UInt8(day) != 0 }

    /// Devices of the busiest day.
    var most: Int { (0..<7).reduce(0) { max($0, devices[$1]) } }

    /// Says how many there were on a day.
    mutating func set(_ count: Int, day: Int) {
        devices[day] = count
        mask |= 1 << UInt8(day)
    }

    /// Adds other devices.
    mutating func add(_ other: DayDevices) {
        for day in 0..<7 where other.isSeen(day) { set(devices[day].addingWithinBound(other[day]), day: day) }
    }

    /// Forgets all days but these.
    mutating func keepOnly(_ days: UInt8) {
        for day in 0..<7 where days & 1 << UInt8(day) == 0 { devices[day] = 0 }
        mask &= days
    }

    /// Whether it was seen at all.
    var isEmpty: Bool { mask == 0 }
}

/// What schools did in a week, one after the other by their keys.
///
/// A cell is the difference of the school's key to the one before, the segment's key, how many bytes the figures have, so
/// that who asks for a few schools passes over the others, and the figures.
struct PackedCells {
    private var writer = PackedWriter()
    /// The figures of the school that is being added.
    private var figures = PackedWriter()
    private var school: Int64 = 0

    /// What was written.
    var bytes: [UInt8] { writer.bytes }

    /// Adds a school's segment; schools come in the order of their keys.
    mutating func append(school: Int64, segment: Int64, _ week: WeekFigures) {
        writer.number(Int(school - self.school))
        writer.number(Int(segment))
        figures.removeAll()
        figures.week(week)
        writer.number(figures.bytes.count)
        writer.append(figures)
        self.school = school
    }

    /// Reads cells, as far as they tell of some days and schools.
    @inline(__always)
    static func forEach(
        in bytes: Span<UInt8>, on days: UInt8 = 127, where isWanted: (_ school: Int64) -> Bool = { _ in true },
        _ body: (_ school: Int64, _ segment: Int64, _ week: WeekFigures) throws -> Void
    ) throws {
        var reader = PackedReader(bytes)
        var school: Int64 = 0
        while !reader.isAtEnd {
            school += Int64(try reader.number())
            let segment = Int64(try reader.number())
            let length = try reader.number()
            guard isWanted(school) else {
                try reader.skip(length)
                continue
            }
            var week = try reader.week()
            if days != 127 { week.keepOnly(days) }
            if week.mask != 0 { try body(school, segment, week) }
        }
    }

    /// Reads which schools there are; one with several segments comes several times.
    static func forEachSchool(in bytes: Span<UInt8>, _ body: (_ school: Int64) -> Void) throws {
        var reader = PackedReader(bytes)
        var school: Int64 = 0
        while !reader.isAtEnd {
            school += Int64(try reader.number())
            _ = try reader.number()
            try reader.skip(try reader.number())
            body(school)
        }
    }

    /// Reads the devices of each cell, as far as it tells of some days: faster than all figures.
    static func forEachDevices(
        in bytes: Span<UInt8>, on days: UInt8, _ body: (_ school: Int64, _ devices: DayDevices) throws -> Void
    ) throws {
        var reader = PackedReader(bytes)
        var school: Int64 = 0
        while !reader.isAtEnd {
            school += Int64(try reader.number())
            _ = try reader.number()
            _ = try reader.number()
            var devices = try reader.devices()
            if days != 127 { devices.keepOnly(days) }
            if !devices.isEmpty { try body(school, devices) }
        }
    }
}
