import GRDB
import Identity
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
            let key = SchoolName.key(of: name)
            let chosen = all.filter { SchoolName.key(of: $0.name) == key }
            guard !chosen.isEmpty else { throw StoreError.unknownSchool(name, known: all.prefix(30).map(\.name)) }
            return chosen
        }
    }

    /// The key of a segment; a key that no row has for one that was never told.
    static func segmentKey(of segment: String?, _ db: Database) throws -> Int64? {
        guard let segment else { return nil }
        return try Int64.fetchOne(db, sql: "SELECT id FROM segments WHERE name = ?", arguments: [segment]) ?? -1
    }

    /// Gives what schools told of days, one school day after the other.
    static func forEachSchoolDay(
        of schools: [School], in period: Period, _ db: Database, _ body: (SchoolDayCounts) throws -> Void
    ) throws {
        let chosen = Set(schools.map(\.key))
        let sql = """
            SELECT agents.school, days.day, days.id, agent, days.devices FROM days JOIN agents ON agents.id = agent
            WHERE day BETWEEN ? AND ? ORDER BY day, agents.school
            """
        let arguments: StatementArguments = [period.first.description, period.last.description]
        var pending: (school: Int64, day: Int, entries: [EntryCounts])?
        func finish() throws {
            guard let done = pending else { return }
            try body(SchoolDayCounts(school: done.school, day: done.day, entries: done.entries))
        }
        for row in try GRDB.Row.fetchAll(db, sql: sql, arguments: arguments) {
            let school: Int64 = row[0]
            guard chosen.contains(school), let day = SchoolDay(row[1] as String)?.ordinal else { continue }
            let entry = EntryCounts(agent: row[3], devices: row[4], rows: try rows(of: row[2], db))
            if pending?.school == school, pending?.day == day {
                pending?.entries.append(entry)
            } else {
                try finish()
                pending = (school, day, [entry])
            }
        }
        try finish()
    }

    private static func rows(of entry: Int64, _ db: Database) throws -> [CountedRow] {
        struct Key: Hashable { var (name, segment): (Int64, Int64) }
        var hours: [Key: HourCounts] = [:]
        let hoursOf = try db.cachedStatement(sql: "SELECT name, segment, hour, devices FROM hours WHERE entry = ?")
        let told = try GRDB.Row.fetchCursor(hoursOf, arguments: [entry])
        while let row = try told.next() {
            hours[Key(name: row[0], segment: row[1]), default: HourCounts()][row[2]] = row[3]
        }
        let sql = "SELECT name, segment, dns, tls, quic, http, attributed, devices FROM rows WHERE entry = ?"
        return try GRDB.Row.fetchAll(db.cachedStatement(sql: sql), arguments: [entry]).map { row in
            let counts = UseCounts(dns: row[2], tls: row[3], quic: row[4], http: row[5], attributed: row[6])
            let key = Key(name: row[0], segment: row[1])
            return CountedRow(
                name: key.name, segment: key.segment, counts: counts, devices: row[7],
                hours: hours[key] ?? HourCounts())
        }
    }
}
