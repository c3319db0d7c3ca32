import Foundation
import GRDB
import Registry
import Wire

extension UseReader {
    package func schools(in scope: UseScope) async throws -> [SchoolState] {
        let states = try await reports(of: scope.schools)
        return try await read(scope) { view in
            var states = states
            if let period = view.period { try view.addUse(of: period, to: &states) }
            return states
        }
    }

    /// Every school of some, sorted by name, and when it last reported, without what it used.
    package func reports(of schools: UseScope.Schools) async throws -> [SchoolState] {
        try await store.pool.read { db in
            let sql = """
                SELECT school, sum(revoked_at IS NULL), max(reported_at) FROM agents GROUP BY school
                """
            var agents: [Int64: (count: Int, reportedAt: Int?)] = [:]
            for row in try GRDB.Row.fetchAll(db, sql: sql) { agents[row[0]] = (row[1], row[2]) }
            return try SQLiteStore.schools(schools, db).map { school in
                SchoolState(
                    school: school.name, region: school.region, closedAt: school.closedAt,
                    agents: agents[school.key]?.count ?? 0, reportedAt: agents[school.key]?.reportedAt)
            }
        }
    }

    package func regions() async throws -> [String] {
        try await store.pool.read { db in
            try String.fetchAll(db, sql: "SELECT DISTINCT region FROM schools WHERE region <> '' ORDER BY region")
        }
    }

    package func segments() async throws -> [String] {
        try await store.pool.read { db in
            try String.fetchAll(db, sql: "SELECT name FROM segments WHERE name <> '' ORDER BY name")
        }
    }

    package func coverage(in scope: UseScope) async throws -> CoverageFigures {
        try await read(scope) { view in
            guard let period = view.period else { return CoverageFigures() }
            return try view.coverage(period, try view.everything(period))
        }
    }

    package func agents(at now: Int) async throws -> [AgentState] {
        try await store.pool.read { db in
            let sql = """
                SELECT agents.*, schools.name AS school_name, region, closed_at
                FROM agents JOIN schools ON schools.id = school ORDER BY schools.key, identifier
                """
            return try GRDB.Row.fetchAll(db, sql: sql).map { row in
                var state = AgentState(
                    identifier: row["identifier"], school: row["school_name"], region: row["region"],
                    host: row["host"], version: row["version"], enrolledAt: row["enrolled_at"],
                    reportedAt: row["reported_at"], revokedAt: row["revoked_at"], schoolClosedAt: row["closed_at"],
                    health: Health(json: row["health"]), healthAt: row["health_at"], clockAhead: row["clock_ahead"])
                state.problems = AgentProblem.problems(of: state, usedTwiceAt: row["used_twice_at"], now: now)
                return state
            }.sorted { left, right in
                guard left.problems.first != right.problems.first else { return false }
                guard let worse = left.problems.first else { return false }
                return right.problems.first.map { worse < $0 } ?? true
            }
        }
    }
}

extension View {
    /// How much of what happened could be named.
    func coverage(_ period: Period, _ everything: Use) throws -> CoverageFigures {
        let noSchoolDays = Array(repeating: false, count: period.count)
        var figures = CoverageFigures(named: everything.figures(schoolDays: noSchoolDays).counts)
        figures.reportingSchools = everything.schools.count
        figures.silentSchools = schools.count { $0.closedAt == nil && !everything.schools.contains(Int($0.key)) }
        if scope.schools == .all {
            try SQLiteStore.addWholeDays(ofAllIn: PeriodParts(period, db), to: &figures, db)
        } else {
            try SQLiteStore.addWholeDays(of: schools, period, to: &figures, db)
        }
        return figures
    }

    /// Puts into the states of schools what they used.
    fileprivate func addUse(of period: Period, to states: inout [SchoolState]) throws {
        let whole = try perSchool(period, of: nil)
        let users = try users(period)
        let lastWeek = Period(max(period.first, period.last.advanced(by: -6)), period.last)
        let unknown = try unknownNames(lastWeek)
        let statuses = users.indices.map { number in
            let platform = mapping.platform(number).platform
            return platform.kind == .tool ? platform.status : nil
        }
        let places = Dictionary(schools.enumerated().map { ($1.name, $0) }) { first, _ in first }
        for index in states.indices {
            // A school that joined since.
            guard let position = places[states[index].school], !whole.uses[position].days.isEmpty else { continue }
            let use = whole.uses[position]
            let figures = use.figures(schoolDays: use.schoolDays(of: period.count))
            states[index].lastDay = use.lastDay.map(period.first.advanced(by:))
            states[index].days = figures.daysSeen
            states[index].typicalDevices = figures.typicalDevices
            states[index].unknownNames = unknown[position]
            let key = Int(schools[position].key)
            for (number, status) in statuses.enumerated() {
                guard let status, users[number].contains(key) else { continue }
                states[index].tools[status, default: 0] += 1
            }
        }
    }
}

extension Health {
    /// What is kept of an agent's health.
    var json: String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Reads what was kept of an agent's health.
    fileprivate init?(json: String?) {
        guard let json, let health = try? JSONDecoder().decode(Health.self, from: Data(json.utf8)) else { return nil }
        self = health
    }
}

extension AgentProblem {
    /// An agent that was silent for so long needs somebody to look: reports come every five minutes.
    package static let silenceSeconds = 3600
    /// A clock that is off by more counts uses into wrong hours.
    package static let clockSeconds = 120

    /// What is wrong with an agent, worst first; a revoked one, or one of a closed school, has no problems.
    fileprivate static func problems(of agent: AgentState, usedTwiceAt: Int?, now: Int) -> [AgentProblem] {
        guard agent.revokedAt == nil, agent.schoolClosedAt == nil else { return [] }
        guard let reportedAt = agent.reportedAt else { return [.neverReported] }
        var problems: [AgentProblem] = []
        if now - reportedAt > silenceSeconds { problems.append(.silent(seconds: now - reportedAt)) }
        // Stands for a week after it was last noticed.
        if let usedTwiceAt, now - usedTwiceAt < 7 * 86_400 { problems.append(.usedTwice) }
        if let ahead = agent.clockAhead, abs(ahead) > clockSeconds { problems.append(.clock(ahead: ahead)) }
        if let health = agent.health { problems += of(health) }
        return problems.sorted()
    }

    private static func of(_ health: Health) -> [AgentProblem] {
        var problems = health.interfaces.filter { !$0.isUp }.map { AgentProblem.interfaceDown($0.name) }
        let frames = health.interfaces.reduce(0) { $0.addingWithinBound($1.frames) }
        let drops = health.interfaces.reduce(0) {
            $0.addingWithinBound($1.droppedByKernel).addingWithinBound($1.droppedByInterface)
        }
        if drops > 0 {
            let perMillion = Int(Double(drops) / (Double(drops) + Double(frames)) * 1e6)
            // Below one in ten thousand nobody will miss a handshake: browsers open several.
            if perMillion >= 100 { problems.append(.drops(perMillion: perMillion)) }
        }
        if health.rowCapacity > 0, health.rows >= health.rowCapacity / 10 * 9 {
            problems.append(.nearlyFull(percent: Int(Double(health.rows) / Double(health.rowCapacity) * 100)))
        }
        if health.uptimeSeconds >= 3600 {
            if frames == 0, !health.interfaces.isEmpty {
                problems.append(.seesNothing)
            } else if health.deviceAddresses == 1 {
                problems.append(.seesOneDevice)
            }
        }
        return problems
    }
}
