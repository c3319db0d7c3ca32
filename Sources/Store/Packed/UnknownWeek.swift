/// How many devices at one school used a name on each day of a week.
struct NameCell {
    /// The name's key.
    var name: Int64
    /// The school's key.
    var school: Int64
    /// A bit for each day on which it was seen, the lowest for Monday.
    var days: UInt8
    /// Devices of each day, 0 for Monday.
    var devices = InlineArray<7, Int>(repeating: 0)

    /// Devices of some days added up, a bit for each, the lowest for Monday.
    func devices(on wanted: UInt8) -> Int {
        var sum = 0
        var rest = days & wanted
        while rest != 0 {
            sum = sum.addingWithinBound(devices[rest.trailingZeroBitCount])
            rest &= rest - 1
        }
        return sum
    }
}

/// Which days of a week are school days, found once for the cells of a week, which follow each other.
struct SchoolDayMask {
    private let schoolDays: [Bool]
    private var monday: Int?
    private var mask: UInt8 = 0

    /// Of the days of a period.
    init(_ schoolDays: [Bool]) { self.schoolDays = schoolDays }

    /// A bit for each school day of the week whose Monday has a place among the days, the lowest for Monday.
    mutating func days(from monday: Int) -> UInt8 {
        if monday == self.monday { return mask }
        self.monday = monday
        mask = 0
        for day in 0..<7 where schoolDays.indices.contains(monday + day) && schoolDays[monday + day] {
            mask |= 1 << UInt8(day)
        }
        return mask
    }
}

/// The devices of names that belong to nobody, in a week, as bytes: most are known to one school or two.
///
///     per name       name − name before     number
///                    schools                number
///                    length of what follows number
///                    per school
///                        school − before    number
///                        days               1 byte, the lowest bit for Monday
///                        devices            a number for each day
struct UnknownWeek {
    private var names: [Int64: Name] = [:]

    private struct Name {
        var schools = 0
        var lastSchool: Int64 = 0
        var cells = PackedWriter()

        mutating func append(_ school: Int64, _ figures: WeekFigures) {
            cells.number(Int(school - lastSchool))
            cells.byte(figures.mask)
            for day in 0..<7 where figures.isSeen(day) { cells.number(figures[day].devices) }
            schools += 1
            lastSchool = school
        }
    }

    /// Makes a week without names.
    init() {}

    /// Adds what a school did with a name; the schools of a name come in the order of their keys.
    mutating func append(_ name: Int64, school: Int64, _ figures: WeekFigures) {
        names[name, default: Name()].append(school, figures)
    }

    /// The week as bytes.
    var bytes: [UInt8] {
        var writer = PackedWriter()
        var before: Int64 = 0
        for (name, entry) in names.sorted(by: { $0.key < $1.key }) {
            writer.number(Int(name - before))
            before = name
            writer.number(entry.schools)
            writer.number(entry.cells.bytes.count)
            writer.append(entry.cells)
        }
        return writer.bytes
    }

    /// Gives each school of each name, sorted by name, as far as it used it on some days; `isWanted` says once of each
    /// name whether it is given.
    @inline(__always)
    static func forEach(
        in bytes: Span<UInt8>, on days: UInt8, where isWanted: (_ name: Int64) -> Bool,
        _ body: (borrowing NameCell) throws -> Void
    ) throws {
        var reader = PackedReader(bytes)
        var cell = NameCell(name: 0, school: 0, days: 0)
        while !reader.isAtEnd {
            cell.name += Int64(try reader.number())
            let schools = try reader.number()
            let length = try reader.number()
            guard isWanted(cell.name) else {
                try reader.skip(length)
                continue
            }
            cell.school = 0
            for _ in 0..<schools {
                cell.school += Int64(try reader.number())
                cell.days = try reader.byte()
                guard cell.days & days != 0 else {
                    try reader.skipNumbers(cell.days.nonzeroBitCount)
                    continue
                }
                for day in 0..<7 where cell.days & 1 << UInt8(day) != 0 { cell.devices[day] = try reader.number() }
                cell.days &= days
                try body(cell)
            }
        }
    }

    /// Gives each name, sorted.
    static func forEachName(in bytes: Span<UInt8>, _ body: (_ name: Int64) -> Void) throws {
        var reader = PackedReader(bytes)
        var name: Int64 = 0
        while !reader.isAtEnd {
            name += Int64(try reader.number())
            _ = try reader.number()
            try reader.skip(try reader.number())
            body(name)
        }
    }
}
