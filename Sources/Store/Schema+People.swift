import GRDB

extension Schema {
    /// Adds the audit log, in which a row stays as it was written.
    static func registerAudit(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("people: audit log") { db in try db.execute(sql: audit) }
    }

    private static let audit = """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            who TEXT NOT NULL,
            way TEXT NOT NULL CHECK (way IN ('page', 'token', 'command', 'agent', 'collector')),
            address TEXT,
            what TEXT NOT NULL CHECK (length(what) > 0),
            subject TEXT NOT NULL,
            before TEXT,
            after TEXT
        ) STRICT;
        CREATE INDEX audit_by_subject ON audit(subject);
        CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
            BEGIN SELECT raise(ABORT, 'the audit log is never changed'); END;
        CREATE TRIGGER audit_lasts BEFORE DELETE ON audit
            BEGIN SELECT raise(ABORT, 'the audit log is never changed'); END;
        CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
            WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
            BEGIN SELECT raise(ABORT, 'the audit log is never changed'); END;
        """
}
