import GRDB
import Identity
import Wire

extension SQLiteStore {
    /// The use of every name at every school, added up over days.
    package func observations(in scope: ObservationScope) async throws -> Observations {
        try await pool.read { db in try Self.observations(in: scope, db) }
    }

    /// Likewise, and day by day for the names that `belongs` picks.
    package func observations(
        in scope: ObservationScope, dayByDayFor belongs: @escaping @Sendable (String) -> Bool
    ) async throws -> (Observations, [DayObservation]) {
        try await pool.read { db in
            let observations = try Self.observations(in: scope, db)
            let names = Set(observations.names.map(\.name)).filter(belongs)
            return (observations, try Self.dayByDay(names, in: scope, db))
        }
    }

    /// The names of all schools that ever joined, sorted.
    package func schools() async throws -> [String] {
        try await pool.read { db in try String.fetchAll(db, sql: "SELECT name FROM schools ORDER BY key") }
    }

    private static func observations(in scope: ObservationScope, _ db: Database) throws -> Observations {
        let period = try ScopeCondition(scope, db)
        var observations = Observations()
        observations.schools = try GRDB.Row.fetchAll(
            db,
            sql: """
                SELECT schools.name, min(day), max(day), count(DISTINCT agent)
                FROM days JOIN agents ON agents.id = agent JOIN schools ON schools.id = agents.school
                WHERE \(period.condition) GROUP BY schools.id ORDER BY schools.key
                """, arguments: period.arguments
        ).map { SchoolObservation(school: $0[0], firstDay: $0[1], lastDay: $0[2], agents: $0[3]) }
        observations.names = try GRDB.Row.fetchAll(
            db,
            sql: """
                WITH \(perSchool(period, names: nil))
                SELECT schools.name, names.name, max(devices), \(sums)
                FROM per_school JOIN schools ON schools.id = school JOIN names ON names.id = per_school.name
                GROUP BY school, per_school.name
                """, arguments: period.arguments
        ).map {
            NameObservation(
                school: $0[0], name: $0[1], devices: $0[2], dns: $0[3], tls: $0[4], quic: $0[5], attributed: $0[6])
        }
        try readWholeDays(period, into: &observations, db)
        return observations
    }

    private static func readWholeDays(_ period: ScopeCondition, into observations: inout Observations, _ db: Database)
        throws
    {
        let columns = [
            "unnamed_tls", "unnamed_quic", "dot", "doq", "doh", "withheld_names", "withheld_dns", "withheld_tls",
            "withheld_quic", "withheld_attributed",
        ]
        let sql = """
            SELECT \(columns.map { sum($0) }.joined(separator: ", "))
            FROM days JOIN agents ON agents.id = agent WHERE \(period.condition)
            """
        guard let row = try GRDB.Row.fetchOne(db, sql: sql, arguments: period.arguments) else { return }
        observations.unnamed = Unnamed(tls: row[0], quic: row[1])
        observations.encryptedDNS = EncryptedDNS(dot: row[2], doq: row[3], doh: row[4])
        observations.withheld = Withheld(names: row[5], dns: row[6], tls: row[7], quic: row[8], attributed: row[9])
    }

    private static func dayByDay(
        _ names: Set<String>, in scope: ObservationScope, _ db: Database
    ) throws -> [DayObservation] {
        let period = try ScopeCondition(scope, db)
        var keys: [Int64] = []
        for name in names {
            let find = try db.cachedStatement(sql: "SELECT id FROM names WHERE name = ?")
            if let key = try Int64.fetchOne(find, arguments: [name]) { keys.append(key) }
        }
        return try GRDB.Row.fetchAll(
            db,
            sql: """
                WITH \(perSchool(period, names: keys))
                SELECT day, schools.name, max(devices), \(sums)
                FROM per_school JOIN schools ON schools.id = school GROUP BY day, school ORDER BY day, schools.key
                """, arguments: period.arguments
        ).map {
            DayObservation(
                day: $0[0], school: $0[1], devices: $0[2], dns: $0[3], tls: $0[4], quic: $0[5], attributed: $0[6])
        }
    }

    /// Devices and counts per school, day and name.
    ///
    /// Devices: segments of a run add up (a device is in one), runs of a day overlap (the largest stands), agents of a
    /// school add up. Counts add up throughout.
    private static func perSchool(_ period: ScopeCondition, names: [Int64]?) -> String {
        let chosen = names.map { "AND rows.name IN (\($0.map(String.init).joined(separator: ", ")))" } ?? ""
        return """
            per_run AS (
                SELECT agents.school, agent, day, rows.name, \(sum("rows.devices")) AS devices, \(sums)
                FROM days JOIN agents ON agents.id = agent JOIN rows ON rows.entry = days.id
                WHERE \(period.condition) \(chosen) GROUP BY days.id, rows.name),
            per_agent AS (
                SELECT school, day, name, max(devices) AS devices, \(sums)
                FROM per_run GROUP BY agent, day, name),
            per_school AS (
                SELECT school, day, name, \(sum("devices")) AS devices, \(sums)
                FROM per_agent GROUP BY school, day, name)
            """
    }

    private static let sums = ["dns", "tls", "quic", "attributed"].map { "\(sum($0)) AS \($0)" }.joined(separator: ", ")
}

/// A scope as a condition on `days` and `agents`.
private struct ScopeCondition {
    var condition: String
    var arguments: StatementArguments

    init(_ scope: ObservationScope, _ db: Database) throws {
        condition = "day BETWEEN ? AND ?"
        arguments = [scope.from?.description ?? "0000-00-00", scope.to?.description ?? "9999-99-99"]
        guard let school = scope.school else { return }
        guard
            let key = try Int64.fetchOne(
                db, sql: "SELECT id FROM schools WHERE key = ?", arguments: [SchoolName.key(of: school)])
        else {
            let known = try String.fetchAll(db, sql: "SELECT name FROM schools ORDER BY key LIMIT 30")
            throw StoreError.unknownSchool(school, known: known)
        }
        condition += " AND agents.school = ?"
        arguments += [key]
    }
}
