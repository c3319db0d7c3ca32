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

/// An entry of the audit log as it was kept.
package struct KeptAuditEntry: Sendable, Equatable {
    /// Its number; later entries have larger ones.
    package var number: Int64
    /// What it says.
    package var entry: AuditEntry
}

/// Which entries of the audit log are asked for.
package struct AuditQuery: Sendable, Equatable {
    /// By whom, in part; nil for everybody.
    package var who: String?
    /// What, in part, such as `person` or `platform.approve`; nil for everything.
    package var what: String?
    /// To which thing, in part; nil for all.
    package var subject: String?
    /// From when on, in seconds since 1970.
    package var from: Int?
    /// Until before when, in seconds since 1970.
    package var to: Int?
    /// Only entries older than the one of this number.
    package var olderThan: Int64?
    /// How many at most.
    package var limit: Int

    /// Asks for the newest entries.
    package init(
        who: String? = nil, what: String? = nil, subject: String? = nil, from: Int? = nil, to: Int? = nil,
        olderThan: Int64? = nil, limit: Int
    ) {
        self.who = who
        self.what = what
        self.subject = subject
        self.from = from
        self.to = to
        self.olderThan = olderThan
        self.limit = limit
    }
}

extension SQLiteStore {
    /// Keeps an entry of the audit log for what changes nothing in the database, such as an export.
    package func record(_ entry: AuditEntry) async throws {
        try await pool.write { db in try AuditLog.record(entry, in: db) }
    }

    /// Entries of the audit log, the newest first.
    package func auditEntries(_ query: AuditQuery) async throws -> [KeptAuditEntry] {
        try await pool.read { db in
            let sql = """
                SELECT id, at, who, way, address, what, subject, before, after FROM audit
                WHERE (? IS NULL OR instr(lower(who), lower(?))) AND (? IS NULL OR instr(what, ?))
                    AND (? IS NULL OR instr(lower(subject), lower(?)))
                    AND at >= ? AND at < ? AND id < ?
                ORDER BY id DESC LIMIT ?
                """
            return try GRDB.Row.fetchAll(
                db, sql: sql,
                arguments: [
                    query.who, query.who, query.what, query.what, query.subject, query.subject,
                    query.from ?? 0, query.to ?? Int.max, query.olderThan ?? Int64.max, query.limit,
                ]
            ).map { row in
                let way: String = row[3]
                let who = Who(name: row[2], way: Who.Way(rawValue: way) ?? .collector, address: row[4])
                let entry = AuditEntry(
                    at: row[1], who: who, what: row[5], subject: row[6], before: row[7], after: row[8])
                return KeptAuditEntry(number: row[0], entry: entry)
            }
        }
    }
}
