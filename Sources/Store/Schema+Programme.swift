import GRDB

extension Schema {
    /// Adds the certification programme and its alerts.
    static func registerProgramme(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("programme: certification, requests, cases, surveys, alerts, outbox") { db in
            try db.execute(sql: certification)
            try db.execute(sql: dealings)
            try db.execute(sql: alerts)
        }
        migrator.registerMigration("programme: price vehicles, days of agreements, changes of alerts") { db in
            try db.execute(sql: changes)
        }
    }

    /// Every step that a platform ever took, and every version of a checklist that an audit used: neither is changed.
    private static let certification = """
        CREATE TABLE certification_steps (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            platform TEXT NOT NULL,
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
            at INTEGER NOT NULL,
            who TEXT NOT NULL CHECK (length(who) > 0),
            party TEXT NOT NULL CHECK (party IN ('its', 'procurement', 'school', 'system')),
            action TEXT NOT NULL CHECK (json_valid(action)),
            stage TEXT NOT NULL
                CHECK (stage IN ('discovered', 'under_review', 'approved', 'flagged', 'expired', 'retired'))
        ) STRICT;
        CREATE INDEX certification_steps_by_platform ON certification_steps(platform);
        CREATE TRIGGER certification_steps_stay BEFORE UPDATE ON certification_steps
            BEGIN SELECT raise(ABORT, 'the history of the programme is never changed'); END;
        CREATE TRIGGER certification_steps_last BEFORE DELETE ON certification_steps
            BEGIN SELECT raise(ABORT, 'the history of the programme is never changed'); END;

        CREATE TABLE checklists (
            version TEXT PRIMARY KEY CHECK (length(version) BETWEEN 1 AND 100),
            content TEXT NOT NULL CHECK (json_valid(content))
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER checklists_stay BEFORE UPDATE ON checklists
            BEGIN SELECT raise(ABORT, 'a checklist that an audit used is never changed'); END;
        CREATE TRIGGER checklists_last BEFORE DELETE ON checklists
            BEGIN SELECT raise(ABORT, 'a checklist that an audit used is never changed'); END;
        """

    private static let dealings = """
        CREATE TABLE tool_requests (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            platform TEXT NOT NULL,
            school TEXT NOT NULL,
            is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
            content TEXT NOT NULL CHECK (json_valid(content))
        ) STRICT;
        CREATE INDEX tool_requests_open ON tool_requests(platform) WHERE is_open;

        CREATE TABLE transition_cases (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind IN ('flagged_in_use', 'paid_and_silent')),
            platform TEXT NOT NULL,
            school TEXT NOT NULL,
            is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
            content TEXT NOT NULL CHECK (json_valid(content)),
            UNIQUE (kind, platform, school)
        ) STRICT;

        CREATE TABLE declarations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            survey TEXT NOT NULL CHECK (length(survey) BETWEEN 1 AND 100),
            school TEXT NOT NULL,
            platform TEXT,
            is_confirmed INTEGER NOT NULL CHECK (is_confirmed IN (0, 1)),
            content TEXT NOT NULL CHECK (json_valid(content))
        ) STRICT;
        CREATE INDEX declarations_by_survey ON declarations(survey, school);

        CREATE TABLE spends (
            platform TEXT NOT NULL,
            school TEXT NOT NULL,
            period TEXT NOT NULL,
            name TEXT NOT NULL,
            cents INTEGER NOT NULL CHECK (cents >= 0),
            licences INTEGER CHECK (licences >= 0),
            PRIMARY KEY (platform, school, period)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE contract_language (
            platform TEXT NOT NULL,
            title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
            text TEXT NOT NULL,
            PRIMARY KEY (platform, title)
        ) STRICT, WITHOUT ROWID;
        """

    /// What buyers asked for, and what people change of alerts in place of what the file says.
    private static let changes = """
        ALTER TABLE platforms ADD COLUMN price_vehicle TEXT NOT NULL DEFAULT '';
        ALTER TABLE platforms ADD COLUMN agreement_signed TEXT
            CHECK (agreement_signed GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]');

        CREATE TABLE alert_changes (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            content TEXT NOT NULL CHECK (json_valid(content))
        ) STRICT;
        """

    private static let alerts = """
        CREATE TABLE alerts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            platform TEXT NOT NULL,
            school TEXT NOT NULL,
            armed_by TEXT NOT NULL,
            at INTEGER NOT NULL,
            content TEXT NOT NULL CHECK (json_valid(content)),
            acknowledged_by TEXT,
            snoozed_until INTEGER,
            assigned_to TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE INDEX alerts_by_subject ON alerts(kind, platform, school, at);
        CREATE INDEX alerts_by_time ON alerts(at);

        CREATE TABLE alert_readers (
            name TEXT PRIMARY KEY,
            since INTEGER NOT NULL,
            digest INTEGER NOT NULL,
            urgent INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE alert_tellings (
            alert INTEGER NOT NULL REFERENCES alerts(id),
            reader TEXT NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (alert, reader)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE CHECK (length(key) = 32),
            destination TEXT NOT NULL,
            content TEXT NOT NULL CHECK (json_valid(content)),
            written_at INTEGER NOT NULL,
            tried_since INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
            not_before INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
            ended_at INTEGER,
            reason TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE INDEX outbox_waiting ON outbox(destination, id) WHERE state = 'waiting';
        """
}
