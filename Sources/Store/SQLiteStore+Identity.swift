import Foundation
import GRDB
package import Identity
package import Wire

extension SQLiteStore {
    /// Keeps a new join token's hash and terms.
    package func keep(_ token: JoinToken, terms: JoinTokenTerms, at now: Int) async throws {
        try await pool.write { db in
            let school = try terms.school.map { try Self.school(named: $0, db).key }
            try db.execute(
                sql: "INSERT INTO join_tokens (secret, school, uses_left, made_at, expires_at) VALUES (?, ?, ?, ?, ?)",
                arguments: [Data(token.hash.bytes), school, terms.usesLeft, now, terms.expiresAt])
        }
    }

    /// Makes a gateway an agent: uses up one use of the token, and gives the identity that is shown only now.
    package func enrol(
        _ request: EnrolmentRequest, token: String, as secret: AgentSecret, at now: Int
    ) async throws -> Enrolment {
        try await pool.write { db in
            guard
                let row = try GRDB.Row.fetchOne(
                    db,
                    sql: """
                        SELECT join_tokens.id, schools.name, uses_left, expires_at, join_tokens.revoked_at IS NOT NULL, agent
                        FROM join_tokens LEFT JOIN agents ON agents.id = agent
                            LEFT JOIN schools ON schools.id = coalesce(agents.school, join_tokens.school)
                        WHERE join_tokens.secret = ?
                        """, arguments: [Data(SecretHash(of: token).bytes)])
            else { throw JoinRefusal.unknownToken }
            let terms = JoinTokenTerms(school: row[1], usesLeft: row[2], expiresAt: row[3], isRevoked: row[4])
            let name = try terms.school(requested: request.school, now: now)
            let school = try Self.school(named: name, db)
            let token: Int64 = row[0]
            try db.execute(sql: "UPDATE join_tokens SET uses_left = uses_left - 1 WHERE id = ?", arguments: [token])
            if let agent: Int64 = row[5] { return try Self.renew(agent, as: request, at: school.name, now, db) }
            try db.execute(
                sql: """
                    INSERT INTO agents (identifier, school, host, version, secret, enrolled_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    secret.agent, school.key, request.host.onOneLine(253), request.version.onOneLine(100),
                    Data(secret.hash.bytes), now,
                ])
            let who = Who(name: secret.agent, way: .agent)
            try Self.audit("agent.join", secret.agent, nil, school.name, who, now, db)
            return Enrolment(agent: secret.agent, secret: secret.text, school: school.name)
        }
    }

    /// Gives an agent that is known another secret; the old one is void.
    private static func renew(
        _ agent: Int64, as request: EnrolmentRequest, at school: String, _ now: Int, _ db: Database
    ) throws -> Enrolment {
        let sql = "SELECT identifier FROM agents WHERE id = ?"
        guard let identifier = try String.fetchOne(db, sql: sql, arguments: [agent]) else {
            throw JoinRefusal.unknownToken
        }
        var random = SystemRandomNumberGenerator()
        let secret = AgentSecret(for: identifier, using: &random)
        try db.execute(
            sql: "UPDATE agents SET secret = ?, host = ?, version = ?, revoked_at = NULL WHERE id = ?",
            arguments: [
                Data(secret.hash.bytes), request.host.onOneLine(253), request.version.onOneLine(100), agent,
            ])
        try audit("agent.renew", identifier, nil, school, Who(name: identifier, way: .agent), now, db)
        return Enrolment(agent: identifier, secret: secret.text, school: school)
    }

    /// The agent that a secret proves; nil when it is wrong or was revoked.
    package func agent(proving secret: AgentSecret) async throws -> AgentIdentity? {
        try await pool.read { db in
            guard
                let row = try GRDB.Row.fetchOne(
                    db,
                    sql: """
                        SELECT agents.id, identifier, schools.name, secret
                        FROM agents JOIN schools ON schools.id = school WHERE identifier = ? AND revoked_at IS NULL
                        """, arguments: [secret.agent])
            else { return nil }
            let hash: Data = row[3]
            guard SecretHash(bytes: Array(hash)) == secret.hash else { return nil }
            return AgentIdentity(row: row[0], identifier: row[1], school: row[2])
        }
    }

    /// Takes a join token back; the agents that joined with it stay.
    package func revoke(token: String, at now: Int) async throws {
        try await pool.write { db in
            try db.execute(
                sql: "UPDATE join_tokens SET revoked_at = coalesce(revoked_at, ?) WHERE secret = ?",
                arguments: [now, Data(SecretHash(of: token).bytes)])
        }
    }

    /// The school of that name as it was first written; it is made when there is none.
    private static func school(named name: String, _ db: Database) throws -> (key: Int64, name: String) {
        if let school = try findSchool(name, db) { return (school.key, school.name) }
        try db.execute(
            sql: "INSERT INTO schools (name, key) VALUES (?, ?)", arguments: [name, SchoolName.key(of: name)])
        return (db.lastInsertedRowID, name)
    }
}

extension String {
    /// The text as it may be shown on one line, cut to `length` characters.
    func onOneLine(_ length: Int) -> String {
        var text = ""
        text.unicodeScalars.append(
            contentsOf: unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(length))
        return text
    }
}
