import Foundation
import GRDB
package import Identity

extension SQLiteStore {
    /// Keeps a new token of a script.
    package func keep(
        _ secret: PersonSecret, named name: String, for row: Int64, scopes: Set<Right>, until expiry: Int,
        by who: Who, at now: Int
    ) async throws {
        try await pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO api_tokens (secret, person, name, scopes, made_at, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [Data(secret.hash.bytes), row, name.onOneLine(100), Self.text(scopes), now, expiry])
            try Self.audit("token.make", name.onOneLine(100), nil, Self.text(scopes), who, now, db)
        }
    }

    /// The tokens of a person, or of everybody, the newest first.
    package func tokens(of row: Int64? = nil) async throws -> [APIToken] {
        try await pool.read { db in
            let sql = "\(Self.selectTokens) WHERE ? IS NULL OR person = ? ORDER BY api_tokens.id DESC"
            return try GRDB.Row.fetchAll(db, sql: sql, arguments: [row, row]).map(Self.token)
        }
    }

    /// The token that a secret proves and its owner; nil when it is unknown, revoked or expired, or its owner switched
    /// off.
    package func token(proving secret: PersonSecret, at now: Int) async throws -> (token: APIToken, person: Person)? {
        let hash = Data(secret.hash.bytes)
        let found = try await pool.read { db -> (APIToken, Person)? in
            let sql = "\(Self.selectTokens) WHERE secret = ? AND revoked_at IS NULL AND expires_at > ?"
            guard let token = try GRDB.Row.fetchOne(db, sql: sql, arguments: [hash, now]).map(Self.token),
                let owner = try Self.person("people.key = ?", [Person.key(of: token.owner)], db), owner.isOn
            else { return nil }
            return (token, owner.person)
        }
        if let found, now - (found.0.usedAt ?? 0) >= 3600 {
            try await pool.write { db in
                try db.execute(sql: "UPDATE api_tokens SET used_at = ? WHERE secret = ?", arguments: [now, hash])
            }
        }
        return found
    }

    /// Takes a token back; `owner` is whose it has to be, nil for anybody's.
    ///
    /// - Returns: Whether there was such a token.
    package func revokeToken(_ row: Int64, of owner: Int64?, by who: Who, at now: Int) async throws -> Bool {
        try await pool.write { db in
            let sql = """
                UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL AND (? IS NULL OR person = ?)
                RETURNING name
                """
            guard let name = try String.fetchOne(db, sql: sql, arguments: [now, row, owner, owner]) else {
                return false
            }
            try Self.audit("token.revoke", name, nil, nil, who, now, db)
            return true
        }
    }

    private static let selectTokens = """
        SELECT api_tokens.id, api_tokens.name, people.name, scopes, api_tokens.made_at, expires_at, used_at, revoked_at
        FROM api_tokens JOIN people ON people.id = person
        """

    private static func token(_ row: GRDB.Row) -> APIToken {
        let scopes: String = row[3]
        return APIToken(
            row: row[0], name: row[1], owner: row[2],
            scopes: Set(scopes.split(separator: " ").compactMap { Right(rawValue: String($0)) }), madeAt: row[4],
            expiresAt: row[5], usedAt: row[6], revokedAt: row[7])
    }

    private static func text(_ scopes: Set<Right>) -> String {
        Right.allCases.filter(scopes.contains).map(\.rawValue).joined(separator: " ")
    }
}
