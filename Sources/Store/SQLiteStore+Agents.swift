import Foundation
import GRDB
package import Identity

/// Why something cannot be done with an agent.
package enum AgentRefusal: Error, Equatable {
    /// No agent has that identifier.
    case unknownAgent(String)
    /// No school has that name.
    case unknownSchool(String)

    /// What is wrong and what to do about it.
    package var sentence: String {
        switch self {
        case .unknownAgent(let identifier):
            "no agent \"\(identifier)\" has joined; `rollcall-collector agent list` shows those that did"
        case .unknownSchool(let school):
            "no school \"\(school)\" is known here; make a token for it with `rollcall-collector token create --school`"
        }
    }
}

extension SQLiteStore {
    /// Takes an agent's identity back; what it reported stays.
    package func revoke(agent identifier: String, by who: Who, at now: Int) async throws {
        try await pool.write { db in
            let (row, _) = try Self.agent(identifier, db)
            try db.execute(
                sql: "UPDATE agents SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", arguments: [now, row])
            guard db.changesCount > 0 else { return }
            try Self.audit("agent.revoke", identifier, nil, nil, who, now, db)
        }
    }

    /// Keeps a join token with which one gateway gets another secret for an identity that it has: its counts go on as
    /// they are, and the old secret is void from then on.
    package func keepRenewal(
        _ token: JoinToken, of identifier: String, until expiry: Int, by who: Who, at now: Int
    ) async throws {
        try await pool.write { db in
            let (row, _) = try Self.agent(identifier, db)
            try db.execute(
                sql: """
                    INSERT INTO join_tokens (secret, agent, uses_left, made_at, expires_at) VALUES (?, ?, 1, ?, ?)
                    """, arguments: [Data(token.hash.bytes), row, now, expiry])
            try Self.audit("agent.rotate", identifier, nil, nil, who, now, db)
        }
    }

    /// Lets an agent report for another school from its next day on; what it reported for the first stays there.
    package func move(agent identifier: String, to school: String, by who: Who, at now: Int) async throws {
        try await pool.write { db in
            let (row, before) = try Self.agent(identifier, db)
            let sql = "SELECT id, name FROM schools WHERE key = ?"
            guard let after = try GRDB.Row.fetchOne(db, sql: sql, arguments: [SchoolName.key(of: school)]) else {
                throw AgentRefusal.unknownSchool(school)
            }
            let key: Int64 = after[0]
            try db.execute(sql: "UPDATE agents SET school = ? WHERE id = ?", arguments: [key, row])
            try Self.audit("agent.move", identifier, before, after[1], who, now, db)
        }
    }

    private static func agent(_ identifier: String, _ db: Database) throws -> (row: Int64, school: String) {
        let sql = "SELECT agents.id, schools.name FROM agents JOIN schools ON schools.id = school WHERE identifier = ?"
        guard let row = try GRDB.Row.fetchOne(db, sql: sql, arguments: [identifier]) else {
            throw AgentRefusal.unknownAgent(identifier)
        }
        return (row[0], row[1])
    }
}
