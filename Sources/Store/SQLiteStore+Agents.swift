import Foundation
import GRDB
package import Identity

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

    /// Lets an agent report for another school.
    ///
    /// Days that it has begun to tell stay with the school where it was; the next day is the new school's.
    package func move(agent identifier: String, to school: String, by who: Who, at now: Int) async throws {
        try await pool.write { db in
            let (row, before) = try Self.agent(identifier, db)
            let school = try Self.existingSchool(school, db)
            try db.execute(sql: "UPDATE agents SET school = ? WHERE id = ?", arguments: [school.key, row])
            try Self.audit("agent.move", identifier, before, school.name, who, now, db)
        }
    }

    private static func agent(_ identifier: String, _ db: Database) throws -> (row: Int64, school: String) {
        let sql = "SELECT agents.id, schools.name FROM agents JOIN schools ON schools.id = school WHERE identifier = ?"
        guard let row = try GRDB.Row.fetchOne(db, sql: sql, arguments: [identifier]) else {
            throw StoreError.unknownAgent(identifier)
        }
        return (row[0], row[1])
    }
}
