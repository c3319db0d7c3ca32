import GRDB

/// The database's schema, as the steps that led to it.
///
/// A step never changes after it was released: a database in the field has gone through it already.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: schools, agents, observations, registry") { db in
            try db.execute(sql: identity)
            try db.execute(sql: observations)
            try db.execute(sql: registry)
        }
        registerAudit(in: &migrator)
        migrator.registerMigration("2: terms and privacy of platforms, regions, what agents tell besides") { db in
            try db.execute(sql: additions)
        }
        registerPeople(in: &migrator)
        registerAgentSettings(in: &migrator)
        migrator.registerMigration("3: rows as bytes, days of schools, weeks", migrate: packRows)
        migrator.registerMigration("4: owners of names, figures of weeks", migrate: addWeeks)
        migrator.registerMigration("5: months, former names of schools") { db in try db.execute(sql: upkeep) }
        registerReview(in: &migrator)
        registerProgramme(in: &migrator)
        migrator.registerMigration("6: weeks by day, domains of names") { db in try db.execute(sql: weeksByDay) }
        migrator.registerMigration("7: which transaction changed a day") { db in try db.execute(sql: changesOfDays) }
        migrator.registerMigration("8: cells that are passed over") { db in try db.execute(sql: addUpAgain) }
        migrator.registerMigration("9: sums of regions") { db in try db.execute(sql: sumsOfRegions) }
        return migrator
    }

    private static let identity = """
        CREATE TABLE schools (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
            key TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE agents (
            id INTEGER PRIMARY KEY,
            identifier TEXT NOT NULL UNIQUE CHECK (length(identifier) = 16),
            school INTEGER NOT NULL REFERENCES schools(id),
            host TEXT NOT NULL CHECK (length(host) <= 253),
            version TEXT NOT NULL CHECK (length(version) <= 100),
            secret BLOB NOT NULL CHECK (length(secret) = 32),
            enrolled_at INTEGER NOT NULL,
            reported_at INTEGER,
            revoked_at INTEGER
        ) STRICT;
        CREATE INDEX agents_by_school ON agents(school);

        CREATE TABLE join_tokens (
            id INTEGER PRIMARY KEY,
            secret BLOB NOT NULL UNIQUE CHECK (length(secret) = 32),
            school INTEGER REFERENCES schools(id),
            uses_left INTEGER NOT NULL CHECK (uses_left >= 0),
            made_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            revoked_at INTEGER
        ) STRICT;
        """

    /// One row of `days` for each run of a school day at an agent, and one of `rows` for each segment and name in it.
    private static let observations = """
        CREATE TABLE days (
            id INTEGER PRIMARY KEY,
            agent INTEGER NOT NULL REFERENCES agents(id),
            day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
            run TEXT NOT NULL CHECK (length(run) = 32),
            sequence INTEGER NOT NULL CHECK (sequence >= 0),
            ended INTEGER NOT NULL CHECK (ended IN (0, 1)),
            devices INTEGER NOT NULL CHECK (devices >= 0),
            unnamed_tls INTEGER NOT NULL CHECK (unnamed_tls >= 0),
            unnamed_quic INTEGER NOT NULL CHECK (unnamed_quic >= 0),
            dot INTEGER NOT NULL CHECK (dot >= 0),
            doq INTEGER NOT NULL CHECK (doq >= 0),
            doh INTEGER NOT NULL CHECK (doh >= 0),
            withheld_names INTEGER NOT NULL CHECK (withheld_names >= 0),
            withheld_dns INTEGER NOT NULL CHECK (withheld_dns >= 0),
            withheld_tls INTEGER NOT NULL CHECK (withheld_tls >= 0),
            withheld_quic INTEGER NOT NULL CHECK (withheld_quic >= 0),
            withheld_attributed INTEGER NOT NULL CHECK (withheld_attributed >= 0),
            UNIQUE (agent, day, run)
        ) STRICT;
        CREATE INDEX days_by_day ON days(day);

        CREATE TABLE names (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 1020)
        ) STRICT;

        CREATE TABLE segments (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE CHECK (length(name) <= 100)
        ) STRICT;

        CREATE TABLE rows (
            entry INTEGER NOT NULL REFERENCES days(id),
            name INTEGER NOT NULL REFERENCES names(id),
            segment INTEGER NOT NULL REFERENCES segments(id),
            dns INTEGER NOT NULL CHECK (dns >= 0),
            tls INTEGER NOT NULL CHECK (tls >= 0),
            quic INTEGER NOT NULL CHECK (quic >= 0),
            attributed INTEGER NOT NULL CHECK (attributed BETWEEN 0 AND tls + quic),
            devices INTEGER NOT NULL CHECK (devices >= 0),
            PRIMARY KEY (entry, name, segment)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX rows_by_name ON rows(name);

        CREATE TABLE hours (
            entry INTEGER NOT NULL,
            name INTEGER NOT NULL,
            segment INTEGER NOT NULL,
            hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
            devices INTEGER NOT NULL CHECK (devices >= 0),
            PRIMARY KEY (entry, name, segment, hour),
            FOREIGN KEY (entry, name, segment) REFERENCES rows(entry, name, segment)
        ) STRICT, WITHOUT ROWID;
        """

    /// The registry as it stands, and every status it ever had: the latter can be added to and nothing else.
    private static let registry = """
        CREATE TABLE platforms (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
            vendor TEXT NOT NULL,
            category TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('tool', 'infrastructure')),
            status TEXT NOT NULL CHECK (status IN ('approved', 'flagged', 'under_review', 'not_in_registry')),
            conditions TEXT NOT NULL,
            replacement TEXT NOT NULL,
            notes TEXT NOT NULL
        ) STRICT;

        CREATE TABLE patterns (
            platform INTEGER NOT NULL REFERENCES platforms(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            pattern TEXT NOT NULL UNIQUE,
            PRIMARY KEY (platform, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE status_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            platform TEXT NOT NULL,
            at INTEGER NOT NULL,
            who TEXT NOT NULL,
            old TEXT NOT NULL CHECK (old IN ('absent', 'approved', 'flagged', 'under_review', 'not_in_registry')),
            new TEXT NOT NULL CHECK (new IN ('absent', 'approved', 'flagged', 'under_review', 'not_in_registry')),
            CHECK (old <> new)
        ) STRICT;
        CREATE INDEX status_changes_by_platform ON status_changes(platform);
        CREATE TRIGGER status_changes_stay BEFORE UPDATE ON status_changes
            BEGIN SELECT raise(ABORT, 'the history of statuses is never changed'); END;
        CREATE TRIGGER status_changes_last BEFORE DELETE ON status_changes
            BEGIN SELECT raise(ABORT, 'the history of statuses is never changed'); END;

        CREATE TABLE registry_imports (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            who TEXT NOT NULL,
            platforms INTEGER NOT NULL CHECK (platforms >= 0)
        ) STRICT;
        """
}
