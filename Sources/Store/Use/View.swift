import Foundation
import GRDB
import Wire

/// A scope as the database has it: the schools' keys, and days that are there.
struct View {
    let scope: UseScope
    let schools: [SQLiteStore.School]
    /// The days; nil where there are none on record.
    let period: Period?
    /// As many days before; nil where those are not on record.
    let previous: Period?
    let mapping: Mapping
    let segment: Int64?
    /// The position in ``schools`` of each school of the scope.
    let positions: SchoolPositions
    let openDays: OpenDays
    let keptSums: KeptSums
    let db: Database

    init(
        _ scope: UseScope, _ mapping: Mapping, _ openDays: OpenDays, _ keptSums: KeptSums, _ db: Database
    ) throws {
        self.scope = scope
        self.mapping = mapping
        self.openDays = openDays
        self.keptSums = keptSums
        self.db = db
        schools = try SQLiteStore.schools(scope.schools, db)
        positions = SchoolPositions(schools.map(\.key))
        segment = try SQLiteStore.segmentKey(of: scope.segment, db)
        let record = try UseReader.daysOnRecord(db)
        period = record.flatMap { record in scope.period.map { Self.near($0, record) } ?? record }
        let before = scope.period?.previous
        previous = before.flatMap { before in record.map { before.first >= $0.first } == true ? before : nil }
    }

    /// A period without the days that are further from all on record than any is kept; nil when none is left.
    ///
    /// Each day takes time and room, and whoever asks from the year 1 to the year 9999 must not cost more than others.
    private static func near(_ period: Period, _ record: Period) -> Period? {
        let margin = Retention().days
        let first = max(period.first, record.first.advanced(by: -margin))
        let last = min(period.last, record.last.advanced(by: margin))
        return first <= last ? Period(first, last) : nil
    }

    /// A table of the scope without any use.
    var emptyTable: UseTable {
        UseTable(
            period: period, schools: schools.count, reportingSchools: 0, everything: UseFigures(), platforms: [])
    }

    /// The use of platforms, each under its number; of some of them, where they are named.
    func platforms(_ period: Period, only numbers: [Int]? = nil) throws -> UseLedger {
        let parts = try parts(period)
        let isWanted = wanted(numbers)
        var ledger = UseLedger(
            period: period, count: mapping.count, booking: NameSlots(mapping.numbers, where: isWanted), segment: segment
        )
        try addRows(parts.rows, to: &ledger)
        let isMany = numbers.map { $0.count > Self.fewPlatforms } ?? true
        for week in parts.weeks {
            try addEverything(week, to: &ledger)
            if isMany, let part = try sumsPart(week) {
                try addSums(week, part, isWanted, to: &ledger)
            } else {
                try forEachCell(week, numbers) { number, school, figures in
                    ledger.add(figures, of: week.week.monday, slot: number, school: school)
                }
            }
        }
        return ledger
    }

    /// Up to so many platforms are asked for each by itself.
    private static let fewPlatforms = 3

    /// The use of some platforms, or of whatever there was, each school under its position.
    func perSchool(_ period: Period, of numbers: [Int]?) throws -> UseLedger {
        let parts = try parts(period)
        var ledger = UseLedger(
            period: period, count: schools.count, booking: NameSlots(mapping.numbers, where: wanted(numbers)),
            segment: segment)
        try forEachSchoolDay(parts.rows) { counts, position in
            guard numbers != nil else { return try ledger.addWhole(counts, slot: position) }
            try ledger.add(counts, under: position)
        }
        for week in parts.weeks {
            try addEverything(week, to: &ledger)
            var sums: [Int64: WeekFigures] = [:]
            if let numbers {
                try forEachCell(week, numbers) { sums[$1, default: WeekFigures()].keepLargest($2) }
            } else {
                try forEachWhole(week) { sums[$0] = $1 }
            }
            for (school, figures) in sums {
                guard let slot = positions[school] else { continue }
                ledger.add(figures, of: week.week.monday, slot: slot, school: school)
            }
        }
        return ledger
    }

    /// Whatever there was, and what could be said of names by the hour: of some platforms, or of all names, under
    /// number 0.
    func hours(_ period: Period, of numbers: [Int]?) throws -> UseLedger {
        let slots =
            numbers == nil
            ? NameSlots(allUnder: 0)
            : NameSlots(mapping.numbers, where: wanted(numbers), allUnder: 0)
        var ledger = UseLedger(period: period, count: 1, booking: slots, segment: segment, keepsHours: true)
        var rows = [period]
        if scope.schools == .all, let numbers, numbers.count == 1 {
            let parts = try parts(period)
            rows = parts.rows
            for week in parts.weeks where try !addHours(week, of: numbers[0], to: &ledger) {
                rows.append(contentsOf: week.periods)
            }
        }
        try addRows(rows, to: &ledger)
        return ledger
    }

    /// Adds the hours of a platform in a week; false where they are not known.
    private func addHours(_ week: SettledDays, of number: Int, to ledger: inout UseLedger) throws -> Bool {
        let sql = "SELECT hours FROM platform_weeks WHERE week = ? AND figures = ? AND segment = ? AND owner = ?"
        let arguments: StatementArguments = [
            week.week.number, week.figures, rowSegment, mapping.owner(of: number),
        ]
        let row = try GRDB.Row.fetchOne(db.cachedStatement(sql: sql), arguments: arguments)
        if let row {
            guard let hours: Data = row[0] else { return false }
            let told = try PackedHours.unpack(hours.span)
            for day in 0..<7 where week.days & 1 << UInt8(day) != 0 {
                ledger.add(told[day], of: week.week.monday + day)
            }
        }
        try addEverything(week, to: &ledger)
        return true
    }

    /// Whatever there was.
    func everything(_ period: Period) throws -> Use {
        let parts = try parts(period)
        var ledger = UseLedger(period: period, count: 0, booking: NameSlots(), segment: segment)
        try forEachSchoolDay(parts.rows) { counts, _ in try ledger.addWhole(counts, slot: nil) }
        for week in parts.weeks { try addEverything(week, to: &ledger) }
        return ledger.everything
    }

    /// The use of some names, each under its position.
    func names(_ period: Period, _ names: [Int64]) throws -> UseLedger {
        let parts = try parts(period)
        var ledger = UseLedger(
            period: period, count: names.count, booking: NameSlots(places: names), segment: segment)
        try addRows(parts.rows, to: &ledger)
        for week in parts.weeks {
            for (slot, name) in names.enumerated() {
                try forEachSchool(of: name, in: week) { school, figures in
                    ledger.add(figures, of: week.week.monday, slot: slot, school: school)
                }
            }
            try addEverything(week, to: &ledger)
        }
        return ledger
    }

    /// What of a period is read from rows, and what was added up.
    func parts(_ period: Period) throws -> PeriodParts {
        // The rows of one school are few, and lie together. Weeks have the segments that have a name.
        if case .school = scope.schools { return PeriodParts(rowsOf: period) }
        if scope.segment == "" { return PeriodParts(rowsOf: period) }
        return try PeriodParts(period, db)
    }

    /// Gives the days of the scope's schools, each with the school's position.
    func forEachSchoolDay(_ days: [Period], _ body: (_ counts: SchoolDayCounts, _ position: Int) throws -> Void) throws
    {
        func give(_ counts: SchoolDayCounts) throws {
            if let position = positions[counts.school] { try body(counts, position) }
        }
        let open = schools.count >= openDays.fewestSchools ? try OpenDays.latest(db) : []
        for part in days {
            var first = part.first.ordinal
            for day in open where part.ordinals.contains(day.day) {
                if first < day.day {
                    let before = Period(ordinals: first...(day.day - 1))
                    try SQLiteStore.forEachSchoolDay(of: schools, in: before, db, give)
                }
                for counts in try openDays.counts(of: day, db) { try give(counts) }
                first = day.day + 1
            }
            guard first <= part.last.ordinal else { continue }
            let rest = Period(ordinals: first...part.last.ordinal)
            try SQLiteStore.forEachSchoolDay(of: schools, in: rest, db, give)
        }
    }

    /// Gives what each school of the scope did with a name, its segments added up.
    func forEachSchool(
        of name: Int64, in week: SettledDays, _ body: (_ school: Int64, _ figures: WeekFigures) -> Void
    ) throws {
        let find = try db.cachedStatement(
            sql: "SELECT cells FROM name_weeks WHERE week = ? AND figures = ? AND name = ?")
        let arguments: StatementArguments = [week.week.number, week.figures, name]
        guard let cells = try Data.fetchOne(find, arguments: arguments) else { return }
        var current: (school: Int64, sum: WeekFigures)?
        func finish() {
            if let done = current { body(done.school, done.sum) }
        }
        try PackedCells.forEach(in: cells.span, on: week.days, where: { [positions] in positions[$0] != nil }) {
            school, cellSegment, figures in
            if let segment, cellSegment != segment { return }
            if current?.school == school {
                current?.sum.add(figures)
            } else {
                finish()
                current = (school, figures)
            }
        }
        finish()
    }

    /// The first day on which a name of a platform was seen, up to the scope's end.
    func firstDay(of number: Int) throws -> SchoolDay? {
        guard let period else { return nil }
        let sql = "SELECT min(first_day) FROM names WHERE owner = ?"
        var first = try Int.fetchOne(db.cachedStatement(sql: sql), arguments: [mapping.owner(of: number)])
        if let day = mapping.firstUnassignedDays[number] { first = min(first ?? day, day) }
        return first.flatMap { $0 <= period.last.ordinal ? SchoolDay(ordinal: $0) : nil }
    }

    /// The first day on which a name was seen, up to the scope's end, and its text.
    func text(of name: Int64) throws -> (text: String, firstDay: SchoolDay?) {
        let find = try db.cachedStatement(sql: "SELECT name, first_day FROM names WHERE id = ?")
        guard let row = try GRDB.Row.fetchOne(find, arguments: [name]) else { return ("", nil) }
        let day: Int = row[1]
        return (row[0], period.map { day <= $0.last.ordinal } == true ? SchoolDay(ordinal: day) : nil)
    }

    /// The texts of names, by their keys.
    func texts(of names: [Int64]) throws -> [Int64: String] {
        var texts: [Int64: String] = [:]
        texts.reserveCapacity(names.count)
        try forEachRow("SELECT id, name FROM names", of: names) { texts[$0[0]] = $0[1] }
        return texts
    }

    /// Gives the rows of many keys, in no order.
    func forEachRow(_ sql: String, of keys: [Int64], _ body: (GRDB.Row) -> Void) throws {
        // Numbers in the text of the question: a statement has room for a thousand arguments.
        for start in stride(from: 0, to: keys.count, by: 1000) {
            let list = keys[start..<min(start + 1000, keys.count)].map(String.init).joined(separator: ",")
            let cursor = try GRDB.Row.fetchCursor(db, sql: "\(sql) WHERE id IN (\(list))")
            while let row = try cursor.next() { body(row) }
        }
    }

    /// The keys of the names that contain a text.
    func names(containing text: String) throws -> Set<Int64> {
        let sql = "SELECT id FROM names WHERE instr(name, ?)"
        return Set(try Int64.fetchAll(db, sql: sql, arguments: [text.lowercased()]))
    }

    private func addRows(_ days: [Period], to ledger: inout UseLedger) throws {
        try forEachSchoolDay(days) { counts, _ in try ledger.add(counts) }
    }

    /// Which numbers are wanted; all where nil.
    private func wanted(_ numbers: [Int]?) -> [Bool] {
        var isWanted = Array(repeating: numbers == nil, count: mapping.count)
        for number in numbers ?? [] { isWanted[number] = true }
        return isWanted
    }

    /// Gives each school's whole week.
    func forEachWhole(
        _ week: SettledDays, _ body: (_ school: Int64, _ figures: WeekFigures) -> Void
    ) throws {
        try forEachRow(week, owner: OwnerPart.everything) { cells in
            try PackedCells.forEach(in: cells.span, on: week.days, where: { [positions] in positions[$0] != nil }) {
                school, _, figures in body(school, figures)
            }
        }
    }

    private func addEverything(_ week: SettledDays, to ledger: inout UseLedger) throws {
        try forEachWhole(week) { ledger.addToEverything($1, of: week.week.monday, school: $0) }
    }

    /// The schools that used each platform, under its number: told sooner than how much they used it.
    func users(_ period: Period) throws -> [SchoolSet] {
        let parts = try parts(period)
        let (numbers, segment) = (mapping.numbers, segment)
        var users = Array(repeating: SchoolSet(), count: mapping.count)
        try forEachSchoolDay(parts.rows) { counts, _ in
            try counts.forEach { name, rowSegment, _ in
                let number = numbers[name]
                if number >= 0, segment == nil || rowSegment == segment { users[number].insert(Int(counts.school)) }
            }
        }
        for week in parts.weeks {
            if let part = try sumsPart(week) {
                try forEachSums(week, part, { $0 >= 0 }) { sums, isGiven in
                    try PackedSums.forEachUsers(in: sums, on: week.days, where: isGiven) { owner, schools in
                        users[mapping.number(ofOwner: owner)].formUnion(part.keys(of: schools))
                    }
                }
            } else {
                try forEachCell(week, nil) { number, school, _ in users[number].insert(Int(school)) }
            }
        }
        return users
    }

    /// The part of a week's sums that is of the scope's schools, and of no others; nil where there is none.
    func sumsPart(_ week: SettledDays) throws -> RegionPart? {
        if scope.schools == .all { return .wholeDistrict }
        guard segment == nil else { return nil }
        var told: [Int64] = []
        try forEachRow(week, owner: OwnerPart.everything) { cells in
            try PackedCells.forEachSchool(in: cells.span) { if positions[$0] != nil { told.append($0) } }
        }
        return try RegionPart.all(of: week.week.number, week.figures, db).first { $0.schools == told }
    }

    /// Adds what schools did together.
    private func addSums(
        _ week: SettledDays, _ part: RegionPart, _ isWanted: [Bool], to ledger: inout UseLedger
    ) throws {
        try forEachSums(week, part, { $0 >= 0 && isWanted[$0] }) { sums, isGiven in
            try PackedSums.forEach(in: sums, on: week.days, where: isGiven) { owner, figures, schools in
                let slot = mapping.number(ofOwner: owner)
                ledger.add(figures, of: week.week.monday, slot: slot, schools: part.keys(of: schools))
            }
        }
    }

    /// Gives the sums of a week's part, what changed later first, with what tells the owners in it that are to be given.
    private func forEachSums(
        _ week: SettledDays, _ part: RegionPart, _ isWanted: @escaping (_ number: Int) -> Bool,
        _ body: (_ sums: Span<UInt8>, _ isGiven: (_ owner: Int64) -> Bool) throws -> Void
    ) throws {
        let sql = """
            SELECT sums FROM week_sums WHERE week = ? AND figures = ? AND segment = ? AND part = ? ORDER BY later DESC
            """
        let arguments: StatementArguments = [week.week.number, week.figures, rowSegment, part.number]
        var later: Set<Int64> = [OwnerPart.everything]
        for sums in try Data.fetchAll(db.cachedStatement(sql: sql), arguments: arguments) {
            let earlier = later
            try body(sums.span) { owner in
                guard !earlier.contains(owner) else { return false }
                later.insert(owner)
                return isWanted(mapping.number(ofOwner: owner))
            }
        }
    }

    /// Gives what each school did with each platform.
    func forEachCell(
        _ week: SettledDays, _ numbers: [Int]?,
        _ body: (_ number: Int, _ school: Int64, _ figures: WeekFigures) -> Void
    ) throws {
        func give(_ number: Int, _ cells: Data) throws {
            try PackedCells.forEach(in: cells.span, on: week.days, where: { [positions] in positions[$0] != nil }) {
                school, _, figures in body(number, school, figures)
            }
        }
        if let numbers {
            for number in numbers {
                try forEachRow(week, owner: mapping.owner(of: number)) { try give(number, $0) }
            }
            return
        }
        try forEachPlatform(week, give)
    }

    /// Gives the devices of each school of the district with each platform.
    func forEachDevices(
        _ week: SettledDays, _ body: (_ number: Int, _ school: Int64, _ devices: DayDevices) -> Void
    ) throws {
        try forEachPlatform(week) { number, cells in
            try PackedCells.forEachDevices(in: cells.span, on: week.days) { body(number, $0, $1) }
        }
    }

    private func forEachPlatform(_ week: SettledDays, _ body: (_ number: Int, _ cells: Data) throws -> Void) throws {
        let sql =
            "SELECT owner, cells FROM platform_weeks WHERE week = ? AND figures = ? AND segment = ? AND owner <> 0"
        let arguments: StatementArguments = [week.week.number, week.figures, rowSegment]
        let cursor = try GRDB.Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
        while let row = try cursor.next() {
            let number = mapping.number(ofOwner: row[0])
            if number >= 0 { try body(number, row[1]) }
        }
    }

    private func forEachRow(_ week: SettledDays, owner: Int64, _ body: (Data) throws -> Void) throws {
        let sql = "SELECT cells FROM platform_weeks WHERE week = ? AND figures = ? AND segment = ? AND owner = ?"
        let arguments: StatementArguments = [week.week.number, week.figures, rowSegment, owner]
        if let cells = try Data.fetchOne(db.cachedStatement(sql: sql), arguments: arguments) { try body(cells) }
    }

    /// The segment under which weeks of this scope were added up.
    var rowSegment: Int64 { segment ?? OwnerPart.allSegments }
}

/// The places of schools in a list, by their keys.
struct SchoolPositions {
    /// -1 for schools that are not in the list.
    private var positions: [Int]

    /// Makes the places of a list of keys.
    init(_ keys: [Int64]) {
        positions = Array(repeating: -1, count: Int(keys.max() ?? 0) + 1)
        for (position, key) in keys.enumerated() { positions[Int(key)] = position }
    }

    /// The place of a school; nil for one that is not in the list.
    subscript(school: Int64) -> Int? {
        guard school < positions.count, positions[Int(school)] >= 0 else { return nil }
        return positions[Int(school)]
    }
}
