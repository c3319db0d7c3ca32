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

    /// Gives what schools told of days, one school after the other, day after day.
    static func forEachSchoolDay(
        of schools: [School], in period: Period, _ db: Database, _ body: (SchoolDayCounts) throws -> Void
    ) throws {
        for school in schools {
            var pending: (day: Int, entries: [EntryCounts])?
            func finish() throws {
                guard let done = pending else { return }
                try body(try SchoolDayCounts(school: school.key, day: done.day, entries: done.entries))
            }
            let find = try db.cachedStatement(sql: Self.entries)
            let cursor = try GRDB.Row.fetchCursor(
                find, arguments: [school.key, period.first.description, period.last.description])
            while let row = try cursor.next() {
                guard let day = SchoolDay(row[0] as String)?.ordinal else { throw PackedDamage() }
                let entry = EntryCounts(agent: row[1], devices: row[2], rows: row[3])
                if pending?.day == day {
                    pending?.entries.append(entry)
                } else {
                    try finish()
                    pending = (day, [entry])
                }
            }
            try finish()
        }
    }

    private static let entries = """
        SELECT day, agent, devices, rows FROM days LEFT JOIN tallies ON entry = days.id
        WHERE school = ? AND day BETWEEN ? AND ? ORDER BY day
        """
}

extension Period {
    /// The period of days since 1970.
    init(ordinals days: ClosedRange<Int>) {
        self.init(SchoolDay(ordinal: days.lowerBound), SchoolDay(ordinal: days.upperBound))
    }

    /// The days as numbers since 1970.
    var ordinals: ClosedRange<Int> { first.ordinal...last.ordinal }
}
