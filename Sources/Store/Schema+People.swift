import GRDB

extension Schema {
    /// Adds the audit log, in which a row stays as it was written.
    static func registerAudit(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("people: audit log") { db in try db.execute(sql: audit) }
    }

    /// Adds accounts, sessions, links and the tokens of scripts.
    static func registerPeople(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("people: accounts, sessions, tokens") { db in
            try db.execute(sql: people)
            // A join token that belongs to an agent renews that agent's secret.
            try db.execute(sql: "ALTER TABLE join_tokens ADD COLUMN agent INTEGER REFERENCES agents(id)")
        }
    }

    private static let people = """
        CREATE TABLE people (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
            key TEXT NOT NULL UNIQUE,
            full_name TEXT NOT NULL CHECK (length(full_name) BETWEEN 1 AND 100),
            role TEXT NOT NULL CHECK (role IN ('admin', 'its', 'procurement', 'school', 'auditor')),
            school INTEGER REFERENCES schools(id),
            password TEXT,
            issuer TEXT,
            subject TEXT,
            made_at INTEGER NOT NULL,
            signed_in_at INTEGER,
            disabled_at INTEGER,
            CHECK ((role = 'school') = (school IS NOT NULL)),
            CHECK ((issuer IS NULL) = (subject IS NULL)),
            UNIQUE (issuer, subject)
        ) STRICT;

        CREATE TABLE links (
            id INTEGER PRIMARY KEY,
            secret BLOB NOT NULL UNIQUE CHECK (length(secret) = 32),
            purpose TEXT NOT NULL CHECK (purpose IN ('set_up', 'invite', 'reset', 'sign_in')),
            person INTEGER REFERENCES people(id),
            made_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            used_at INTEGER,
            CHECK ((purpose = 'set_up') = (person IS NULL))
        ) STRICT;

        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            secret BLOB NOT NULL UNIQUE CHECK (length(secret) = 32),
            person INTEGER NOT NULL REFERENCES people(id),
            made_at INTEGER NOT NULL,
            seen_at INTEGER NOT NULL,
            address TEXT NOT NULL
        ) STRICT;
        CREATE INDEX sessions_by_person ON sessions(person);

        CREATE TABLE api_tokens (
            id INTEGER PRIMARY KEY,
            secret BLOB NOT NULL UNIQUE CHECK (length(secret) = 32),
            person INTEGER NOT NULL REFERENCES people(id),
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
            scopes TEXT NOT NULL,
            made_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            used_at INTEGER,
            revoked_at INTEGER
        ) STRICT;
        CREATE INDEX api_tokens_by_person ON api_tokens(person);

        CREATE TABLE sign_in_failures (
            subject BLOB PRIMARY KEY CHECK (length(subject) = 32),
            failures INTEGER NOT NULL CHECK (failures > 0),
            last_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

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
