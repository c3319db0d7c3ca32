import Foundation
import GRDB
package import Identity
package import Wire

/// For which agents settings are.
package enum SettingsScope: Sendable, Equatable, CustomStringConvertible {
    /// Those of all schools.
    case everybody
    /// Those of one school, by its name.
    case school(String)
    /// One agent, by its identifier.
    case agent(String)

    /// The scope, for people.
    package var description: String {
        switch self {
        case .everybody: "all schools"
        case .school(let name): name
        case .agent(let identifier): "agent \(identifier)"
        }
    }
}

/// The settings of one scope.
package struct ScopedSettings: Sendable, Equatable {
    /// For whom.
    package var scope: SettingsScope
    /// What; the version and the groups of these mean nothing.
    package var settings: RemoteSettings
}

/// How far an agent's settings are.
package struct SettingsProgress: Sendable, Equatable {
    /// The agent.
    package var agent: String
    /// Its school.
    package var school: String
    /// The version it was given last; nil before its first report.
    package var given: Int?
    /// The version it says that it has; nil from agents that do not tell.
    package var has: Int?
}

extension SQLiteStore {
    /// The settings of every scope that has some, the widest first.
    package func agentSettings() async throws -> [ScopedSettings] {
        try await pool.read { db in
            let sql = """
                SELECT schools.name, agents.identifier, settings FROM agent_settings
                LEFT JOIN schools ON schools.id = agent_settings.school
                LEFT JOIN agents ON agents.id = agent_settings.agent
                ORDER BY agents.identifier NULLS FIRST, schools.name NULLS FIRST
                """
            return try GRDB.Row.fetchAll(db, sql: sql).map { row in
                let (school, agent): (String?, String?) = (row[0], row[1])
                let scope: SettingsScope = agent.map { .agent($0) } ?? school.map { .school($0) } ?? .everybody
                return ScopedSettings(scope: scope, settings: try Self.settings(row[2]))
            }
        }
    }

    /// Sets what the agents of a scope are told, or takes it back with nil.
    ///
    /// - Throws: ``StoreError`` when there is no such school or agent.
    package func setAgentSettings(
        _ settings: RemoteSettings?, for scope: SettingsScope, by who: Who, at now: Int
    ) async throws {
        try await pool.write { db in
            let (school, agent) = try Self.keys(of: scope, db)
            let here = "WHERE coalesce(school, 0) = ? AND coalesce(agent, 0) = ?"
            let key: StatementArguments = [school ?? 0, agent ?? 0]
            let before = try String.fetchOne(db, sql: "SELECT settings FROM agent_settings \(here)", arguments: key)
            // A new row has a new id, by which the agents' versions tell that something changed.
            try db.execute(sql: "DELETE FROM agent_settings \(here)", arguments: key)
            let after = try settings.map(Self.text)
            if let after {
                try db.execute(
                    sql: "INSERT INTO agent_settings (school, agent, settings) VALUES (?, ?, ?)",
                    arguments: [school, agent, after])
            }
            let entry = AuditEntry(
                at: now, who: who, what: after == nil ? "settings.clear" : "settings.set",
                subject: scope.description, before: before, after: after)
            try AuditLog.record(entry, in: db)
        }
    }

    /// The settings for an agent, where it does not have them yet.
    ///
    /// - Parameters:
    ///   - agent: The agent.
    ///   - version: The version that it has.
    ///   - groups: The platforms that it is to count; asked for only where they are told.
    ///   - basis: What the groups come from; another text when they are others.
    /// - Returns: The settings, with a version that the agent has not had yet; nil where it has what it should.
    /// - Throws: What the database says.
    package func settings(
        for agent: AgentIdentity, having version: Int, groups: @autoclosure () -> [NameGroup], basis: String
    ) async throws -> RemoteSettings? {
        let (layers, full, given) = try await pool.read { db in
            let layers = try Self.layers(of: agent, db)
            let ids = layers.map { "\($0.id)" }.joined(separator: ",")
            return (layers, "\(ids)|\(basis)", try Self.given(to: agent, db))
        }
        if layers.isEmpty, given == nil, groups().isEmpty { return nil }
        if given?.basis == full, given?.version == version { return nil }
        let next = given?.basis == full ? given?.version ?? 1 : max(given?.version ?? 0, version) + 1
        if given?.basis != full {
            try await pool.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO agent_settings_given (agent, version, basis) VALUES (?, ?, ?)
                        ON CONFLICT (agent) DO UPDATE SET version = excluded.version, basis = excluded.basis
                        """, arguments: [agent.row, next, full])
            }
        }
        var settings = layers.reduce(RemoteSettings(version: next)) { $0.narrowed(by: $1.settings) }
        settings.groups = groups()
        return settings
    }

    /// How far each agent that was not revoked is.
    package func settingsProgress() async throws -> [SettingsProgress] {
        try await pool.read { db in
            let sql = """
                SELECT identifier, schools.name, given.version, json_extract(health, '$.settings_version')
                FROM agents JOIN schools ON schools.id = school
                LEFT JOIN agent_settings_given AS given ON given.agent = agents.id
                WHERE revoked_at IS NULL ORDER BY schools.name, identifier
                """
            return try GRDB.Row.fetchAll(db, sql: sql).map {
                SettingsProgress(agent: $0[0], school: $0[1], given: $0[2], has: $0[3])
            }
        }
    }

    /// The last day for which an agent told a name or one below it.
    package func lastDay(of name: String, from agent: AgentIdentity) async throws -> SchoolDay? {
        try await pool.read { db in
            let below = "." + name
            let names = Set(
                try Int64.fetchAll(
                    db, sql: "SELECT id FROM names WHERE name = ? OR substr(name, -length(?)) = ?",
                    arguments: [name, below, below]))
            guard !names.isEmpty else { return nil }
            let days = """
                SELECT day, rows FROM days JOIN tallies ON entry = days.id WHERE agent = ? ORDER BY day DESC
                """
            let cursor = try GRDB.Row.fetchCursor(db, sql: days, arguments: [agent.row])
            while let row = try cursor.next() {
                let rows: Data = row[1]
                if try PackedRows.unpack(rows.span).contains(where: { names.contains($0.name) }) {
                    return SchoolDay(row[0] as String)
                }
            }
            return nil
        }
    }

    private static func layers(
        of agent: AgentIdentity, _ db: Database
    ) throws -> [(id: Int64, settings: RemoteSettings)] {
        let sql = """
            SELECT id, settings FROM agent_settings WHERE (school IS NULL AND agent IS NULL) OR agent = ?
                OR school = (SELECT school FROM agents WHERE agents.id = ?)
            ORDER BY agent IS NOT NULL, school IS NOT NULL
            """
        return try GRDB.Row.fetchAll(db, sql: sql, arguments: [agent.row, agent.row]).map { row in
            (row[0], try settings(row[1]))
        }
    }

    private static func given(to agent: AgentIdentity, _ db: Database) throws -> (version: Int, basis: String)? {
        let sql = "SELECT version, basis FROM agent_settings_given WHERE agent = ?"
        return try GRDB.Row.fetchOne(db, sql: sql, arguments: [agent.row]).map { ($0[0], $0[1]) }
    }

    private static func keys(of scope: SettingsScope, _ db: Database) throws -> (school: Int64?, agent: Int64?) {
        switch scope {
        case .everybody: return (nil, nil)
        case .school(let name):
            let sql = "SELECT id FROM schools WHERE key = ?"
            guard let key = try Int64.fetchOne(db, sql: sql, arguments: [SchoolName.key(of: name)]) else {
                let known = try String.fetchAll(db, sql: "SELECT name FROM schools ORDER BY name")
                throw StoreError.unknownSchool(name, known: known)
            }
            return (key, nil)
        case .agent(let identifier):
            let sql = "SELECT id FROM agents WHERE identifier = ?"
            guard let key = try Int64.fetchOne(db, sql: sql, arguments: [identifier]) else {
                throw UnknownAgent(identifier: identifier)
            }
            return (nil, key)
        }
    }

    private static func settings(_ text: String) throws -> RemoteSettings {
        try JSONDecoder().decode(RemoteSettings.self, from: Data(text.utf8))
    }

    private static func text(_ settings: RemoteSettings) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(settings), as: UTF8.self)
    }
}

/// There is no agent of that identifier.
package struct UnknownAgent: Error, Equatable, CustomStringConvertible {
    /// The identifier that was asked for.
    package var identifier: String

    /// What is wrong and what to do about it.
    package var description: String {
        "no agent \"\(identifier)\"; `rollcall-collector settings show` lists the agents there are"
    }
}

extension RemoteSettings {
    /// These settings with those of a scope within: the stricter of each, and what is closer where neither is stricter.
    package func narrowed(by other: RemoteSettings) -> RemoteSettings {
        var settings = self
        settings.k = [k, other.k].compactMap(\.self).max()
        settings.intervalSeconds = other.intervalSeconds ?? intervalSeconds
        settings.schoolHours = other.schoolHours ?? schoolHours
        settings.excludeNames += other.excludeNames.filter { !excludeNames.contains($0) }
        settings.keepApart += other.keepApart.filter { !keepApart.contains($0) }
        return settings
    }
}
