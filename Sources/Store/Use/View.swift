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
    private let segment: Int64?
    private let positions: [Int64: Int]
    let db: Database

    init(_ scope: UseScope, _ mapping: Mapping, _ db: Database) throws {
        self.scope = scope
        self.mapping = mapping
        self.db = db
        schools = try SQLiteStore.schools(scope.schools, db)
        positions = Dictionary(uniqueKeysWithValues: schools.enumerated().map { ($1.key, $0) })
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
        var ledger = UseLedger(period: period, slots: mapping.count, segment: segment)
        var isWanted = Array(repeating: numbers == nil, count: mapping.count)
        for number in numbers ?? [] { isWanted[number] = true }
        try addRows(parts.days, to: &ledger) { name, _ in
            let number = mapping.number(of: name)
            return number >= 0 && isWanted[number] ? number : -1
        }
        for week in parts.weeks {
            try addEverything(week, to: &ledger)
            if isWholeDistrict(week, period) {
                try addSums(week, numbers, to: &ledger)
            } else {
                try forEachCell(week, numbers) { number, position, figures in
                    ledger.add(figures, of: week.monday, slot: number, school: position)
                }
            }
        }
        return ledger
    }

    /// The use of some platforms, or of whatever there was, each school under its position.
    func perSchool(_ period: Period, of numbers: [Int]?) throws -> UseLedger {
        let parts = try parts(period)
        var ledger = UseLedger(period: period, slots: schools.count, segment: segment)
        var isWanted = Array(repeating: false, count: mapping.count)
        for number in numbers ?? [] { isWanted[number] = true }
        for days in parts.days {
            try SQLiteStore.forEachSchoolDay(of: schools, in: days, db) { counts in
                guard let position = positions[counts.school] else { return }
                guard numbers != nil else { return try ledger.addWhole(counts, school: position, slot: position) }
                try ledger.add(counts, school: position) { name in
                    let number = mapping.number(of: name)
                    return number >= 0 && isWanted[number] ? position : -1
                }
            }
        }
        for week in parts.weeks {
            try addEverything(week, to: &ledger)
            var sums: [Int: WeekFigures] = [:]
            if let numbers {
                try forEachCell(week, numbers) { sums[$1, default: WeekFigures()].keepLargest($2) }
            } else {
                try forEachWhole(week) { sums[$0] = $1 }
            }
            for (position, figures) in sums {
                ledger.add(figures, of: week.monday, slot: position, school: position)
            }
        }
        return ledger
    }

    /// Whatever there was, and what could be said of names by the hour: of some platforms under number 0.
    func hours(_ period: Period, of numbers: [Int]?) throws -> UseLedger {
        var ledger = UseLedger(period: period, slots: 1, segment: segment, keepsHours: true)
        let wanted = Set(numbers ?? [])
        try addRows([period], to: &ledger) { name, _ in wanted.contains(mapping.number(of: name)) ? 0 : -1 }
        return ledger
    }

    /// Whatever there was.
    func everything(_ period: Period) throws -> Use {
        let parts = try parts(period)
        var ledger = UseLedger(period: period, slots: 0, segment: segment)
        for days in parts.days {
            try SQLiteStore.forEachSchoolDay(of: schools, in: days, db) { counts in
                guard let position = positions[counts.school] else { return }
                try ledger.addWhole(counts, school: position, slot: nil)
            }
        }
        for week in parts.weeks { try addEverything(week, to: &ledger) }
        return ledger.everything
    }

    /// The use of some names, each under its position.
    func names(_ period: Period, _ names: [Int64]) throws -> UseLedger {
        let parts = try parts(period)
        var ledger = UseLedger(period: period, slots: names.count, segment: segment)
        let slots = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        try addRows(parts.days, to: &ledger) { name, _ in slots[name] ?? -1 }
        for week in parts.weeks {
            let find = try db.cachedStatement(sql: "SELECT cells FROM name_weeks WHERE week = ? AND name = ?")
            for (slot, name) in names.enumerated() {
                guard let row = try GRDB.Row.fetchOne(find, arguments: [week.number, name]) else { continue }
                try forEachSchool(inNameCells: row[0]) { position, figures in
                    ledger.add(figures, of: week.monday, slot: slot, school: position)
                }
            }
            try addEverything(week, to: &ledger)
        }
        return ledger
    }

    /// What tells which names matter: of every name that `isWanted`.
    func ranks(_ period: Period, schoolDays: [Bool], _ isWanted: (Int64) -> Bool) throws -> [Int64: NameRank] {
        let parts = try parts(period)
        var ranks: [Int64: NameRank] = [:]
        for days in parts.days {
            try SQLiteStore.forEachSchoolDay(of: schools, in: days, db) { counts in
                guard let position = positions[counts.school] else { return }
                let isSchoolDay = schoolDays[counts.day - period.first.ordinal]
                try counts.forEach { name, rowSegment, figures in
                    guard isWanted(name), segment == nil || rowSegment == segment else { return }
                    ranks[name, default: NameRank()].add(isSchoolDay ? figures.devices : 0, school: position)
                }
            }
        }
        for week in parts.weeks {
            let sql = "SELECT name, cells FROM name_weeks WHERE week = ?"
            let cursor = try GRDB.Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [week.number])
            while let row = try cursor.next() {
                let name: Int64 = row[0]
                guard isWanted(name) else { continue }
                var rank = ranks[name] ?? NameRank()
                var isSeen = false
                try forEachSchool(inNameCells: row[1]) { position, figures in
                    for day in 0..<7 where figures.isSeen(day) {
                        let index = week.monday + day - period.first.ordinal
                        guard schoolDays.indices.contains(index) else { continue }
                        rank.add(schoolDays[index] ? figures[day].devices : 0, school: position)
                        isSeen = true
                    }
                }
                if isSeen { ranks[name] = rank }
            }
        }
        return ranks
    }

    /// How many names that belong to nobody each school used, by position.
    func unknownNames(_ period: Period) throws -> [Int] {
        var counts = Array(repeating: 0, count: schools.count)
        for (position, school) in schools.enumerated() {
            var names: Set<Int64> = []
            try SQLiteStore.forEachSchoolDay(of: [school], in: period, db) { day in
                try day.forEach { name, _, _ in
                    if mapping.number(of: name) == Mapping.unknown { names.insert(name) }
                }
            }
            counts[position] = names.count
        }
        return counts
    }

    /// The first day on which a name of a platform was seen, up to the scope's end.
    func firstDay(of number: Int) throws -> SchoolDay? {
        guard let period else { return nil }
        let sql = "SELECT min(first_day) FROM names WHERE owner = ?"
        var first = try Int.fetchOne(db.cachedStatement(sql: sql), arguments: [mapping.owner(of: number)])
        for entry in mapping.unassigned where entry.number == number { first = min(first ?? .max, entry.firstDay) }
        return first.flatMap { $0 <= period.last.ordinal ? SchoolDay(ordinal: $0) : nil }
    }

    /// The first day on which a name was seen, up to the scope's end, and its text.
    func text(of name: Int64) throws -> (text: String, firstDay: SchoolDay?) {
        let find = try db.cachedStatement(sql: "SELECT name, first_day FROM names WHERE id = ?")
        guard let row = try GRDB.Row.fetchOne(find, arguments: [name]) else { return ("", nil) }
        let day: Int = row[1]
        return (row[0], period.map { day <= $0.last.ordinal } == true ? SchoolDay(ordinal: day) : nil)
    }

    /// The keys of the names that contain a text.
    func names(containing text: String) throws -> Set<Int64> {
        let sql = "SELECT id FROM names WHERE instr(name, ?)"
        return Set(try Int64.fetchAll(db, sql: sql, arguments: [text.lowercased()]))
    }
}

extension View {
    /// What of a period is read from rows, and what from weeks that were added up.
    private func parts(_ period: Period) throws -> (days: [Period], weeks: [Week]) {
        // The rows of one school are few, and lie together. Weeks have the segments that have a name.
        if case .school = scope.schools { return ([period], []) }
        if scope.segment == "" { return ([period], []) }
        let rolled = try SQLiteStore.rolledWeeks(in: period, db)
        var days: [Period] = []
        var next = period.first.ordinal
        for week in rolled.sorted().map(Week.init(number:)) {
            if week.monday > next {
                days.append(Period(ordinals: next...(week.monday - 1)))
            }
            next = max(next, week.monday + 7)
        }
        if next <= period.last.ordinal { days.append(Period(ordinals: next...period.last.ordinal)) }
        return (days, rolled.sorted().map(Week.init(number:)))
    }

    private func isWholeDistrict(_ week: Week, _ period: Period) -> Bool {
        scope.schools == .all && period.ordinals.contains(week.monday) && period.ordinals.contains(week.monday + 6)
    }

    private func addRows(
        _ days: [Period], to ledger: inout UseLedger, slot: (_ name: Int64, _ school: Int) -> Int
    ) throws {
        for part in days {
            try SQLiteStore.forEachSchoolDay(of: schools, in: part, db) { counts in
                guard let position = positions[counts.school] else { return }
                try ledger.add(counts, school: position) { slot($0, position) }
            }
        }
    }

    /// Gives each school's whole week.
    private func forEachWhole(_ week: Week, _ body: (_ position: Int, _ figures: WeekFigures) -> Void) throws {
        let sql = "SELECT cells FROM platform_weeks WHERE segment = ? AND week = ? AND owner = ?"
        let arguments: StatementArguments = [rowSegment, week.number, PackedPlatform.everything]
        guard let row = try GRDB.Row.fetchOne(db.cachedStatement(sql: sql), arguments: arguments) else { return }
        let cells: Data = row[0]
        try PackedCells.forEach(in: cells.span) { school, _, figures in
            if let position = positions[school] { body(position, figures) }
        }
    }

    private func addEverything(_ week: Week, to ledger: inout UseLedger) throws {
        try forEachWhole(week) { ledger.addToEverything($1, of: week.monday, school: $0) }
    }

    /// Adds what all schools did together.
    private func addSums(_ week: Week, _ numbers: [Int]?, to ledger: inout UseLedger) throws {
        try forEachRow(week, "days, schools", numbers) { row, number in
            let (days, packed): (Data, Data) = (row[1], row[2])
            var reader = PackedReader(days.span)
            let figures = try reader.week()
            var schools: [Int] = []
            var list = PackedReader(packed.span)
            var school: Int64 = 0
            while !list.isAtEnd {
                school += Int64(try list.number())
                if let position = positions[school] { schools.append(position) }
            }
            ledger.add(figures, of: week.monday, slot: number, schools: schools)
        }
    }

    /// Gives what each school did with each platform.
    private func forEachCell(
        _ week: Week, _ numbers: [Int]?, _ body: (_ number: Int, _ position: Int, _ figures: WeekFigures) -> Void
    ) throws {
        try forEachRow(week, "cells", numbers) { row, number in
            let cells: Data = row[1]
            try PackedCells.forEach(in: cells.span) { school, _, figures in
                if let position = positions[school] { body(number, position, figures) }
            }
        }
    }

    private func forEachRow(
        _ week: Week, _ columns: String, _ numbers: [Int]?, _ body: (GRDB.Row, _ number: Int) throws -> Void
    ) throws {
        let sql = "SELECT owner, \(columns) FROM platform_weeks WHERE segment = ? AND week = ?"
        if let numbers {
            let find = try db.cachedStatement(sql: sql + " AND owner = ?")
            for number in numbers {
                let arguments: StatementArguments = [rowSegment, week.number, mapping.owner(of: number)]
                if let row = try GRDB.Row.fetchOne(find, arguments: arguments) { try body(row, number) }
            }
            return
        }
        let cursor = try GRDB.Row.fetchCursor(
            db.cachedStatement(sql: sql + " AND owner <> 0"), arguments: [rowSegment, week.number])
        while let row = try cursor.next() {
            let number = mapping.number(ofOwner: row[0])
            if number >= 0 { try body(row, number) }
        }
    }

    /// The segment under which weeks of this scope were added up.
    private var rowSegment: Int64 { segment ?? PackedPlatform.allSegments }

    /// Gives what each school did with a name, its segments added up.
    private func forEachSchool(
        inNameCells cells: Data, _ body: (_ position: Int, _ figures: WeekFigures) -> Void
    ) throws {
        var current: (school: Int64, sum: WeekFigures)?
        func finish() {
            if let done = current, let position = positions[done.school] { body(position, done.sum) }
        }
        try PackedCells.forEach(in: cells.span) { school, cellSegment, figures in
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
}

/// What tells whether a name matters.
struct NameRank {
    /// Devices on school days, all in all.
    private(set) var devices = 0
    /// The schools that used it.
    private(set) var schools = SchoolSet()

    /// Adds what a school did on a day.
    mutating func add(_ devices: Int, school: Int) {
        self.devices = self.devices.addingWithinBound(devices)
        schools.insert(school)
    }
}
