import Foundation
import GRDB
import Wire

/// Names, as a bit for each key.
struct NameSet {
    private var words: [UInt64] = []
    /// How many there are.
    private(set) var count = 0

    /// Makes a set of some names.
    init(_ names: some Sequence<Int64> = []) {
        for name in names { insert(name) }
    }

    /// The names as a bit for each key, the lowest first, without zeros behind the last.
    var bytes: [UInt8] {
        var bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) } }
        while bytes.last == 0 { bytes.removeLast() }
        return bytes
    }

    /// Adds the names of ``bytes``.
    mutating func formUnion(_ bytes: Span<UInt8>) throws(PackedDamage) {
        var reader = PackedReader(bytes)
        let count = (bytes.count + 7) / 8
        if words.count < count { words.append(contentsOf: repeatElement(0, count: count - words.count)) }
        for index in 0..<(bytes.count / 8) { words[index] |= try reader.word() }
        for index in (bytes.count / 8 * 8)..<bytes.count {
            words[index / 8] |= UInt64(try reader.byte()) << UInt64(index % 8 * 8)
        }
        self.count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    /// Whether one is among them.
    func contains(_ name: Int64) -> Bool {
        let word = Int(name) / 64
        return word < words.count && words[word] & UInt64(1) << UInt64(name % 64) != 0
    }

    /// How many of them fulfil a condition.
    func count(where condition: (_ name: Int64) -> Bool) -> Int {
        var count = 0
        for index in words.indices {
            var rest = words[index]
            while rest != 0 {
                if condition(Int64(index * 64 + rest.trailingZeroBitCount)) { count += 1 }
                rest &= rest - 1
            }
        }
        return count
    }

    /// Adds one; whether it was not there.
    @discardableResult mutating func insert(_ name: Int64) -> Bool {
        let (word, bit) = (Int(name) / 64, UInt64(1) << UInt64(name % 64))
        if word >= words.count {
            words.append(contentsOf: repeatElement(0, count: max(word + 1 - words.count, words.count)))
        }
        guard words[word] & bit == 0 else { return false }
        words[word] |= bit
        count += 1
        return true
    }
}

/// Devices of many names, added up.
struct NameTally {
    /// The names, in the order in which they came up.
    private(set) var names: [Int64] = []
    /// The devices of each.
    private(set) var devices: [Int] = []
    /// The place of each name in the two, by its key.
    private var slots: [Int32] = []

    /// The place of a name, which is made when it is not there.
    mutating func slot(of name: Int64) -> Int {
        let key = Int(name)
        if key >= slots.count {
            slots.append(contentsOf: repeatElement(-1, count: max(key + 1 - slots.count, slots.count)))
        }
        if slots[key] >= 0 { return Int(slots[key]) }
        slots[key] = Int32(names.count)
        names.append(name)
        devices.append(0)
        return names.count - 1
    }

    /// The devices of a name; 0 where it is not there.
    func devices(of name: Int64) -> Int {
        guard name < slots.count, slots[Int(name)] >= 0 else { return 0 }
        return devices[Int(slots[Int(name)])]
    }

    /// Adds devices to the name at a place.
    mutating func add(_ more: Int, at slot: Int) { devices[slot] = devices[slot].addingWithinBound(more) }

    /// The names of a page, most devices first, then those that the district saw first.
    func names(of page: ListPage) -> [Int64] {
        guard page.limit > 0 else { return [] }
        // A key that sorts as the two do: numbers are several times as fast to sort as pairs.
        let keys = names.indices.map {
            UInt64(UInt32.max - UInt32(min(devices[$0], 1 << 31))) << 32 | UInt64(names[$0])
        }
        return page.cut(keys.sorted()).items.map { Int64($0 & 0xFFFF_FFFF) }
    }
}

extension View {
    /// Gives names that belong to nobody: the devices of each at schools of the scope, on days of a week of which
    /// `monday` is the first, counted from the period's; a name may come several times, and its devices add up.
    ///
    /// `isWanted` picks among the names.
    func forEachUnknown(
        _ period: Period, where isWanted: (_ name: Int64) -> Bool = { _ in true },
        _ body: (_ sum: borrowing NameSum, _ monday: Int) throws -> Void
    ) throws {
        let parts = try parts(period)
        try forEachUnknown(rowsOf: parts, period, where: isWanted, body)
        try forEachUnknown(weeksOf: parts, period, where: isWanted, body)
    }

    /// Likewise, of the days that were not added up.
    func forEachUnknown(
        rowsOf parts: PeriodParts, _ period: Period, where isWanted: (_ name: Int64) -> Bool,
        _ body: (_ sum: borrowing NameSum, _ monday: Int) throws -> Void
    ) throws {
        var sum = NameSum()
        try forEachUnknownCell(rowsOf: parts, period, where: isWanted) { cell, monday in
            sum.take(cell)
            try body(sum, monday)
        }
    }

    /// Likewise, of those that were.
    func forEachUnknown(
        weeksOf parts: PeriodParts, _ period: Period, where isWanted: (_ name: Int64) -> Bool,
        _ body: (_ sum: borrowing NameSum, _ monday: Int) throws -> Void
    ) throws {
        var sum = NameSum()
        for week in parts.weeks {
            let monday = week.week.monday - period.first.ordinal
            if scope.schools == .all {
                try forEachUnknownSum(week, where: isWanted) { try body($0, monday) }
            } else {
                try forEachUnknownCell(week, where: isWanted) { cell in
                    sum.take(cell)
                    try body(sum, monday)
                }
            }
        }
    }

    /// Likewise, of each school by itself.
    func forEachUnknownCell(
        _ period: Period, where isWanted: (_ name: Int64) -> Bool = { _ in true },
        _ body: (_ cell: borrowing NameCell, _ monday: Int) throws -> Void
    ) throws {
        let parts = try parts(period)
        try forEachUnknownCell(rowsOf: parts, period, where: isWanted, body)
        for week in parts.weeks {
            let monday = week.week.monday - period.first.ordinal
            try forEachUnknownCell(week, where: isWanted) { try body($0, monday) }
        }
    }

    private func forEachUnknownCell(
        rowsOf parts: PeriodParts, _ period: Period, where isWanted: (_ name: Int64) -> Bool,
        _ body: (_ cell: borrowing NameCell, _ monday: Int) throws -> Void
    ) throws {
        let (numbers, segment) = (mapping.numbers, segment)
        try forEachSchoolDay(parts.rows) { counts, _ in
            let week = Week(day: counts.day)
            var cell = NameCell(name: 0, school: counts.school, days: 1 << UInt8(counts.day - week.monday))
            try counts.forEach { name, rowSegment, figures in
                guard segment == nil || rowSegment == segment, numbers[name] == Mapping.unknown else { return }
                guard isWanted(name) else { return }
                cell.name = name
                cell.devices[counts.day - week.monday] = figures.devices
                try body(cell, week.monday - period.first.ordinal)
            }
        }
    }

    private func forEachUnknownCell(
        _ week: SettledDays, where isWanted: (_ name: Int64) -> Bool, _ body: (borrowing NameCell) throws -> Void
    ) throws {
        var unknown = UnknownOnce(mapping.numbers)
        for part in try unknownParts(week, "names, sums, cells") {
            let isGiven = { (name: Int64) in unknown.takes(name) && isWanted(name) }
            try UnknownWeek.forEachCell(
                in: part.names.span, part.sums.span, part.cells.span, on: week.days, where: isGiven
            ) { [positions] cell in
                if positions[cell.school] != nil { try body(cell) }
            }
        }
    }

    /// Gives what all schools did with each name in a week.
    private func forEachUnknownSum(
        _ week: SettledDays, where isWanted: (_ name: Int64) -> Bool, _ body: (borrowing NameSum) throws -> Void
    ) throws {
        var unknown = UnknownOnce(mapping.numbers)
        for part in try unknownParts(week, "names, sums") {
            let isGiven = { (name: Int64) in unknown.takes(name) && isWanted(name) }
            try UnknownWeek.forEachSum(in: part.names.span, part.sums.span, on: week.days, where: isGiven, body)
        }
    }

    /// Takes each name that belongs to nobody once: one that changed hands twice is in two parts of a week.
    private struct UnknownOnce {
        private let numbers: NameNumbers
        private var seen = NameSet()

        init(_ numbers: NameNumbers) { self.numbers = numbers }

        mutating func takes(_ name: Int64) -> Bool { numbers[name] == Mapping.unknown && seen.insert(name) }
    }

    /// A part of what was added up of a week's names.
    private struct UnknownPart {
        var names: Data
        var sums: Data
        var cells = Data()
    }

    /// The parts of what was added up, as far as it is wanted.
    private func unknownParts(_ week: SettledDays, _ columns: String) throws -> [UnknownPart] {
        let sql = """
            SELECT \(columns) FROM unknown_weeks WHERE week = ? AND figures = ? AND segment = ? ORDER BY part
            """
        let arguments: StatementArguments = [week.week.number, week.figures, rowSegment]
        return try GRDB.Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments).map { row in
            UnknownPart(names: row[0], sums: row[1], cells: row.count > 2 ? row[2] : Data())
        }
    }

    /// How many names that belong to nobody were seen.
    func unknownCount(_ period: Period) throws -> Int {
        var names = NameSet()
        let parts = try parts(period)
        try forEachUnknownCell(rowsOf: parts, period, where: { _ in true }) { cell, _ in names.insert(cell.name) }
        var others: [SettledDays] = []
        for week in parts.weeks where try !week.isWhole || !addSeen(week, to: &names) { others.append(week) }
        for week in others {
            // What was seen in another week is counted.
            let counted = names
            try forEachUnknownSum(week, where: { !counted.contains($0) }) { sum in
                if isInScope(sum) { names.insert(sum.name) }
            }
        }
        let numbers = mapping.numbers
        return names.count { numbers[$0] == Mapping.unknown }
    }

    /// Adds the names of a week, whomever they belong to; false where it is not known which those are.
    private func addSeen(_ week: SettledDays, to names: inout NameSet) throws -> Bool {
        guard segment == nil, let part = try sumsPart(week) else { return false }
        let find = try db.cachedStatement(
            sql: "SELECT names FROM week_names WHERE week = ? AND figures = ? AND part = ?")
        let arguments: StatementArguments = [week.week.number, week.figures, part.number]
        guard let seen = try Data.fetchOne(find, arguments: arguments) else { return false }
        try names.formUnion(seen.span)
        return true
    }

    /// Whether a school of the scope is among those that used a name.
    private func isInScope(_ sum: borrowing NameSum) -> Bool {
        for index in sum.schools.indices where positions[sum.schools[index]] != nil { return true }
        return false
    }

    /// How many names that belong to nobody each school used, by position.
    func unknownNames(_ period: Period) throws -> [Int] {
        var counts = Array(repeating: 0, count: schools.count)
        var places = NameTally()
        var users = SchoolTable(lastSchool: schools.map(\.key).max() ?? 0)
        try forEachUnknown(period) { [positions] sum, _ in
            let place = places.slot(of: sum.name)
            if place == users.count { users.append() }
            for index in sum.schools.indices {
                let school = sum.schools[index]
                if users.insert(school, at: place), let position = positions[school] { counts[position] += 1 }
            }
        }
        return counts
    }

    /// Devices on school days of each name of a platform.
    func tally(ofNamesOf number: Int, _ period: Period, schoolDays: [Bool]) throws -> NameTally {
        var tally = NameTally()
        let parts = try parts(period)
        let (numbers, segment) = (mapping.numbers, segment)
        try forEachSchoolDay(parts.rows) { counts, _ in
            let isSchoolDay = schoolDays[counts.day - period.first.ordinal]
            try counts.forEach { name, rowSegment, figures in
                guard segment == nil || rowSegment == segment, rowSegment != GroupRow.segment,
                    numbers[name] == number
                else { return }
                tally.add(isSchoolDay ? figures.devices : 0, at: tally.slot(of: name))
            }
        }
        guard !parts.weeks.isEmpty else { return tally }
        let names = try names(of: number)
        for week in parts.weeks {
            let first = week.week.monday - period.first.ordinal
            for name in names {
                try forEachSchool(of: name, in: week) { _, figures in
                    let slot = tally.slot(of: name)
                    for day in 0..<7 where figures.isSeen(day) && schoolDays[first + day] {
                        tally.add(figures[day].devices, at: slot)
                    }
                }
            }
        }
        return tally
    }

    /// The keys of the names of hosts of a platform.
    func names(of number: Int) throws -> [Int64] {
        let sql = "SELECT id FROM names WHERE owner = ? AND name NOT LIKE ' %'"
        let assigned = try Int64.fetchAll(db.cachedStatement(sql: sql), arguments: [mapping.owner(of: number)])
        let others = mapping.unassigned.filter { $0.number == number }.map(\.name)
        return assigned + (try others.filter { GroupRow.platform(ofName: try text(of: $0).text) == nil })
    }
}
