import GRDB
package import Identity

/// That somebody said that a domain of names of no known tool needs no review.
package struct Dismissal: Sendable, Hashable {
    /// Why.
    package var reason: String
    /// Who.
    package var who: String
    /// When, in seconds since 1970.
    package var at: Int

    /// Makes a dismissal.
    package init(reason: String, who: String, at: Int) {
        self.reason = reason
        self.who = who
        self.at = at
    }
}

extension SQLiteStore {
    /// The longest reason, in characters.
    package static let reasonLimit = 500

    /// What was dismissed, by domain.
    package func dismissals() async throws -> [String: Dismissal] {
        try await pool.read { db in
            let rows = try GRDB.Row.fetchAll(db, sql: "SELECT key, reason, who, at FROM dismissals")
            return Dictionary(
                uniqueKeysWithValues: rows.map { ($0[0], Dismissal(reason: $0[1], who: $0[2], at: $0[3])) })
        }
    }

    /// Takes domains out of the review queue, all or none; a later reason takes the place of an earlier one.
    package func dismiss(_ domains: [String], because reason: String, by who: Who, at now: Int) async throws {
        try await pool.write { db in
            for domain in domains {
                let before = try Self.reason(of: domain, db)
                try db.execute(
                    sql: """
                        INSERT INTO dismissals (key, reason, who, at) VALUES (?, ?, ?, ?)
                        ON CONFLICT (key) DO UPDATE SET reason = excluded.reason, who = excluded.who, at = excluded.at
                        """, arguments: [domain, reason, who.name, now])
                try AuditLog.record(
                    AuditEntry(
                        at: now, who: who, what: "names.dismiss", subject: domain, before: before, after: reason),
                    in: db)
            }
        }
    }

    /// Brings domains back into the review queue; one that is there stays there.
    package func restore(_ domains: [String], by who: Who, at now: Int) async throws {
        try await pool.write { db in
            for domain in domains {
                guard let before = try Self.reason(of: domain, db) else { continue }
                try db.execute(sql: "DELETE FROM dismissals WHERE key = ?", arguments: [domain])
                try AuditLog.record(
                    AuditEntry(at: now, who: who, what: "names.restore", subject: domain, before: before), in: db)
            }
        }
    }

    private static func reason(of domain: String, _ db: Database) throws -> String? {
        try String.fetchOne(db, sql: "SELECT reason FROM dismissals WHERE key = ?", arguments: [domain])
    }
}
