import GRDB
package import Identity

/// Who changed or took away what and when: it can be added to and nothing else.
enum AuditLog {
    /// Keeps an entry, in the same transaction as the change that it tells of.
    static func record(_ entry: AuditEntry, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO audit (at, who, way, address, what, subject, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            entry.at, entry.who.name, entry.who.way.rawValue, entry.who.address, entry.what, entry.subject,
            entry.before, entry.after,
        ])
    }
}

extension SQLiteStore {
    /// Keeps an entry of the audit log for what changes nothing in the database, such as an export.
    package func record(_ entry: AuditEntry) async throws {
        try await pool.write { db in try AuditLog.record(entry, in: db) }
    }
}
