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
                        SELECT join_tokens.id, schools.name, uses_left, expires_at, revoked_at IS NOT NULL
                        FROM join_tokens LEFT JOIN schools ON schools.id = school WHERE secret = ?
                        """, arguments: [Data(SecretHash(of: token).bytes)])
            else { throw JoinRefusal.unknownToken }
            let terms = JoinTokenTerms(school: row[1], usesLeft: row[2], expiresAt: row[3], isRevoked: row[4])
            let name = try terms.school(requested: request.school, now: now)
            let school = try Self.school(named: name, db)
            let token: Int64 = row[0]
            try db.execute(sql: "UPDATE join_tokens SET uses_left = uses_left - 1 WHERE id = ?", arguments: [token])
            try db.execute(
                sql: """
                    INSERT INTO agents (identifier, school, host, version, secret, enrolled_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    secret.agent, school.key, request.host.onOneLine(253), request.version.onOneLine(100),
                    Data(secret.hash.bytes), now,
                ])
            return Enrolment(agent: secret.agent, secret: secret.text, school: school.name)
        }
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

    /// Takes an agent's identity back; what it reported stays.
    package func revoke(agent identifier: String, at now: Int) async throws {
        try await pool.write { db in
            try db.execute(
                sql: "UPDATE agents SET revoked_at = coalesce(revoked_at, ?) WHERE identifier = ?",
                arguments: [now, identifier])
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
        let key = SchoolName.key(of: name)
        let sql = "SELECT id, name FROM schools WHERE key = ?"
        if let row = try GRDB.Row.fetchOne(db, sql: sql, arguments: [key]) { return (row[0], row[1]) }
        try db.execute(sql: "INSERT INTO schools (name, key) VALUES (?, ?)", arguments: [name, key])
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
