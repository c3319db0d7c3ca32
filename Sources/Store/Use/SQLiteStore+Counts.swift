import Foundation
import GRDB
import Wire

extension SQLiteStore {
    /// A school as its row says.
    struct School {
        var key: Int64
        var name: String
        var region: String
        var closedAt: Int?
    }

    /// The schools of a scope, sorted by name.
    static func schools(_ scope: UseScope.Schools, _ db: Database) throws -> [School] {
        let sql = "SELECT id, name, region, closed_at FROM schools ORDER BY key"
        let all = try GRDB.Row.fetchAll(db, sql: sql).map {
            School(key: $0[0], name: $0[1], region: $0[2], closedAt: $0[3])
        }
        switch scope {
        case .all: return all
        case .region(let region): return all.filter { $0.region.lowercased() == region.lowercased() }
        case .school(let name):
            return [try existingSchool(name, db)]
        }
    }

    /// The key of a segment; a key that no row has for one that was never told.
    static func segmentKey(of segment: String?, _ db: Database) throws -> Int64? {
        guard let segment else { return nil }
        return try Int64.fetchOne(db, sql: "SELECT id FROM segments WHERE name = ?", arguments: [segment]) ?? -2
    }

    /// Gives what schools told of days, one school after the other, day after day; of a single day, by their keys.
    static func forEachSchoolDay(
        of schools: [School], in period: Period, _ db: Database, _ body: (SchoolDayCounts) throws -> Void
    ) throws {
        if period.count == 1, schools.count > Self.fewSchools {
            let wanted = Set(schools.map(\.key))
            return try forEachSchoolDay("day = ? ORDER BY school", [period.first.description], db) { counts in
                if wanted.contains(counts.school) { try body(counts) }
            }
        }
        for school in schools { try forEachSchoolDay(of: school.key, in: period, db, body) }
    }

    /// Gives what a school told of days, one after the other.
    static func forEachSchoolDay(
        of school: Int64, in period: Period, _ db: Database, _ body: (SchoolDayCounts) throws -> Void
    ) throws {
        let arguments: StatementArguments = [school, period.first.description, period.last.description]
        try forEachSchoolDay("school = ? AND day BETWEEN ? AND ? ORDER BY day", arguments, db, body)
    }

    /// Up to so many schools are asked for each by itself, also of a single day.
    static let fewSchools = 20

    private static func forEachSchoolDay(
        _ condition: String, _ arguments: StatementArguments, _ db: Database,
        _ body: (SchoolDayCounts) throws -> Void
    ) throws {
        var pending: (school: Int64, day: Int, entries: [EntryCounts])?
        func finish() throws {
            guard let done = pending else { return }
            try body(try SchoolDayCounts(school: done.school, day: done.day, entries: done.entries))
        }
        let sql = """
            SELECT day, agent, devices, rows, school FROM days LEFT JOIN tallies ON entry = days.id WHERE \(condition)
            """
        let cursor = try GRDB.Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
        while let row = try cursor.next() {
            guard let day = SchoolDay(row[0] as String)?.ordinal else { throw PackedDamage() }
            let school: Int64 = row[4]
            let entry = EntryCounts(agent: row[1], devices: row[2], rows: row[3])
            if pending?.day == day, pending?.school == school {
                pending?.entries.append(entry)
            } else {
                try finish()
                pending = (school, day, [entry])
            }
        }
        try finish()
    }
}

extension Period {
    /// The period of days since 1970.
    init(ordinals days: ClosedRange<Int>) {
        self.init(SchoolDay(ordinal: days.lowerBound), SchoolDay(ordinal: days.upperBound))
    }

    /// The days as numbers since 1970.
    var ordinals: ClosedRange<Int> { first.ordinal...last.ordinal }
}
