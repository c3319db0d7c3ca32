/// The devices of names that belong to nobody, in a week, as bytes: most are known to one school or two.
///
/// In three pieces, so that who asks about all schools together reads no more than that.
///
///     names, per name    name − name before     number
///                        length of its sums     number
///
///     sums, per name     days                   1 byte, the lowest bit for Monday
///                        devices                a number for each day, of all schools
///                        schools                number
///                        per school
///                            school − before    number
///                            days               1 byte
///
///     cells, per name    length of what follows number
///                        devices                per school a number for each of its days; nothing where it is the only one
struct UnknownWeek {
    private var names: [Int64: Name] = [:]

    private struct Name {
        var devices = DayDevices()
        var schoolCount = 0
        var lastSchool: Int64 = 0
        var schools = PackedWriter()
        var cells = PackedWriter()

        mutating func append(_ school: Int64, _ figures: WeekFigures) {
            schools.number(Int(school - lastSchool))
            schools.byte(figures.mask)
            for day in 0..<7 where figures.isSeen(day) {
                let count = figures[day].devices
                cells.number(count)
                devices.set(devices[day].addingWithinBound(count), day: day)
            }
            schoolCount += 1
            lastSchool = school
        }

        var sums: PackedWriter {
            var writer = PackedWriter()
            writer.devices(devices)
            writer.number(schoolCount)
            writer.append(schools)
            return writer
        }
    }

    /// A week as bytes.
    struct Packed {
        /// Which names there are.
        var names: [UInt8] = []
        /// What all schools did with each.
        var sums: [UInt8] = []
        /// What each school did with each.
        var cells: [UInt8] = []
    }

    /// Makes a week without names.
    init() {}

    /// Adds what a school did with a name; the schools of a name come in the order of their keys.
    mutating func append(_ name: Int64, school: Int64, _ figures: WeekFigures) {
        names[name, default: Name()].append(school, figures)
    }

    /// The week as bytes.
    var packed: Packed {
        var (list, sums, cells) = (PackedWriter(), PackedWriter(), PackedWriter())
        var before: Int64 = 0
        for (name, entry) in names.sorted(by: { $0.key < $1.key }) {
            let own = entry.sums
            list.number(Int(name - before))
            list.number(own.bytes.count)
            before = name
            sums.append(own)
            guard entry.schoolCount > 1 else {
                cells.number(0)
                continue
            }
            cells.number(entry.cells.bytes.count)
            cells.append(entry.cells)
        }
        return Packed(names: list.bytes, sums: sums.bytes, cells: cells.bytes)
    }

    /// Gives what all schools did with each name, sorted by name, as far as it was seen on some days; `isWanted` says once
    /// of each name whether it is given.
    static func forEachSum(
        in names: Span<UInt8>, _ sums: Span<UInt8>, on days: UInt8, where isWanted: (_ name: Int64) -> Bool,
        _ body: (borrowing NameSum) throws -> Void
    ) throws {
        var (list, reader) = (PackedReader(names), PackedReader(sums))
        var sum = NameSum()
        while !list.isAtEnd {
            sum.name += Int64(try list.number())
            let length = try list.number()
            guard isWanted(sum.name) else {
                try reader.skip(length)
                continue
            }
            try reader.sum(into: &sum, on: days)
            if sum.days != 0 { try body(sum) }
        }
    }

    /// Gives each school of each name, sorted by name, as far as it used it on some days; `isWanted` says once of each
    /// name whether it is given.
    static func forEachCell(
        in names: Span<UInt8>, _ sums: Span<UInt8>, _ cells: Span<UInt8>, on days: UInt8,
        where isWanted: (_ name: Int64) -> Bool, _ body: (borrowing NameCell) throws -> Void
    ) throws {
        var (list, schools, devices) = (PackedReader(names), PackedReader(sums), PackedReader(cells))
        var cell = NameCell(name: 0, school: 0, days: 0)
        while !list.isAtEnd {
            cell.name += Int64(try list.number())
            let (sumLength, cellLength) = (try list.number(), try devices.number())
            guard isWanted(cell.name) else {
                try schools.skip(sumLength)
                try devices.skip(cellLength)
                continue
            }
            let isAlone = cellLength == 0
            let sumDays = try schools.byte()
            for day in 0..<7 where sumDays & 1 << UInt8(day) != 0 { cell.devices[day] = try schools.number() }
            cell.school = 0
            for _ in 0..<(try schools.number()) {
                cell.school += Int64(try schools.number())
                cell.days = try schools.byte()
                if !isAlone {
                    for day in 0..<7 where cell.days & 1 << UInt8(day) != 0 { cell.devices[day] = try devices.number() }
                }
                cell.days &= days
                if cell.days != 0 { try body(cell) }
            }
        }
    }
}

/// How many devices at one school used a name on each day of a week.
struct NameCell {
    /// The name's key.
    var name: Int64
    /// The school's key.
    var school: Int64
    /// A bit for each day on which it was seen, the lowest for Monday.
    var days: UInt8
    /// Devices of each of those days, 0 for Monday; what stands at others means nothing.
    var devices = InlineArray<7, Int>(repeating: 0)
}

/// How many devices used a name on each day of a week at schools together.
struct NameSum {
    /// The name's key.
    fileprivate(set) var name: Int64 = 0
    /// A bit for each day on which it was seen, the lowest for Monday.
    fileprivate(set) var days: UInt8 = 0
    /// The schools that used it on those days, by their keys.
    fileprivate(set) var schools: [Int64] = []
    fileprivate var devices = InlineArray<7, Int>(repeating: 0)

    /// Makes the use of nothing.
    init() {}

    /// Takes over what one school did.
    mutating func take(_ cell: borrowing NameCell) {
        (name, days, devices) = (cell.name, cell.days, cell.devices)
        schools.removeAll(keepingCapacity: true)
        schools.append(cell.school)
    }

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

extension PackedWriter {
    /// Adds which days there are, and the devices of each.
    fileprivate mutating func devices(_ devices: DayDevices) {
        byte(devices.mask)
        for day in 0..<7 where devices.isSeen(day) { number(devices[day]) }
    }
}

extension PackedReader {
    /// Reads what all schools did with a name, as far as it was on some days.
    @_lifetime(self: copy self)
    fileprivate mutating func sum(into sum: inout NameSum, on days: UInt8) throws(PackedDamage) {
        sum.days = try byte()
        var rest = sum.days
        while rest != 0 {
            sum.devices[rest.trailingZeroBitCount] = try number()
            rest &= rest - 1
        }
        sum.days &= days
        sum.schools.removeAll(keepingCapacity: true)
        var school: Int64 = 0
        for _ in 0..<(try number()) {
            school += Int64(try number())
            if try byte() & days != 0 { sum.schools.append(school) }
        }
    }
}
