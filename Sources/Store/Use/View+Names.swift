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

    /// Whether one is among them.
    func contains(_ name: Int64) -> Bool {
        let word = Int(name) / 64
        return word < words.count && words[word] & UInt64(1) << UInt64(name % 64) != 0
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
    /// Gives names that belong to nobody: the devices of each at a school of the scope, on days of a week of which
    /// `monday` is the first, counted from the period's; a name may come several times, and its devices add up.
    ///
    /// `isWanted` picks among the names.
    func forEachUnknown(
        _ period: Period, where isWanted: (_ name: Int64) -> Bool = { _ in true },
        _ body: (_ cell: borrowing NameCell, _ monday: Int) throws -> Void
    ) throws {
        let parts = try parts(period)
        try forEachUnknown(rowsOf: parts, period, where: isWanted, body)
        for week in parts.weeks { try forEachUnknown(week, period, where: isWanted, body) }
    }

    private func forEachUnknown(
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

    private func forEachUnknown(
        _ week: SettledDays, _ period: Period, where isWanted: (_ name: Int64) -> Bool,
        _ body: (_ cell: borrowing NameCell, _ monday: Int) throws -> Void
    ) throws {
        let (numbers, positions) = (mapping.numbers, positions)
        // A name that changed hands twice is in two parts.
        var seen = NameSet()
        for part in try unknownParts(week) {
            let isGiven = { (name: Int64) in
                numbers[name] == Mapping.unknown && seen.insert(name) && isWanted(name)
            }
            try UnknownWeek.forEach(in: part.span, on: week.days, where: isGiven) { cell in
                guard positions[cell.school] != nil else { return }
                try body(cell, week.week.monday - period.first.ordinal)
            }
        }
    }

    private func unknownParts(_ week: SettledDays) throws -> [Data] {
        let sql = "SELECT names FROM unknown_weeks WHERE week = ? AND figures = ? AND segment = ? ORDER BY part"
        let arguments: StatementArguments = [week.week.number, week.figures, rowSegment]
        return try Data.fetchAll(db.cachedStatement(sql: sql), arguments: arguments)
    }

    /// Devices on school days of each name that belongs to nobody.
    func unknownTally(
        _ period: Period, schoolDays: [Bool], where isWanted: (_ name: Int64) -> Bool = { _ in true }
    ) throws -> NameTally {
        var tally = NameTally()
        var last: (name: Int64, slot: Int) = (-1, 0)
        var mask = SchoolDayMask(schoolDays)
        try forEachUnknown(period, where: isWanted) { cell, monday in
            if cell.name != last.name { last = (cell.name, tally.slot(of: cell.name)) }
            tally.add(cell.devices(on: mask.days(from: monday)), at: last.slot)
        }
        return tally
    }

    /// How many names that belong to nobody were seen.
    func unknownCount(_ period: Period) throws -> Int {
        var names = NameSet()
        let parts = try parts(period)
        try forEachUnknown(rowsOf: parts, period, where: { _ in true }) { cell, _ in names.insert(cell.name) }
        let numbers = mapping.numbers
        for week in parts.weeks {
            // All that was added up counts, whoever told it on whichever day.
            if week.isWhole, scope.schools == .all {
                for part in try unknownParts(week) {
                    try UnknownWeek.forEachName(in: part.span) { name in
                        if numbers[name] == Mapping.unknown { names.insert(name) }
                    }
                }
            } else {
                // What was seen in another week is counted.
                let counted = names
                try forEachUnknown(week, period, where: { !counted.contains($0) }) { cell, _ in names.insert(cell.name)
                }
            }
        }
        return names.count
    }

    /// How many names that belong to nobody each school used, by position.
    func unknownNames(_ period: Period) throws -> [Int] {
        var pairs: Set<Int64> = []
        var counts = Array(repeating: 0, count: schools.count)
        try forEachUnknown(period) { [positions] cell, _ in
            guard let position = positions[cell.school] else { return }
            if pairs.insert(cell.name << 20 | Int64(position)).inserted { counts[position] += 1 }
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
