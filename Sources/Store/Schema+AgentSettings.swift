import GRDB

extension Schema {
    /// What agents are told to do, which of it each was given, and the devices of platforms that they count.
    static func registerAgentSettings(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("agents: settings from afar, devices of platforms") { db in
            try db.execute(sql: agentSettings)
        }
    }

    private static let agentSettings = """
        CREATE TABLE agent_settings (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            school INTEGER REFERENCES schools(id),
            agent INTEGER REFERENCES agents(id),
            settings TEXT NOT NULL CHECK (json_valid(settings)),
            CHECK (school IS NULL OR agent IS NULL)
        ) STRICT;
        CREATE UNIQUE INDEX agent_settings_by_scope ON agent_settings(coalesce(school, 0), coalesce(agent, 0));

        CREATE TABLE agent_settings_given (
            agent INTEGER PRIMARY KEY REFERENCES agents(id),
            version INTEGER NOT NULL CHECK (version > 0),
            basis TEXT NOT NULL
        ) STRICT;

        CREATE TABLE group_names (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200)
        ) STRICT;

        CREATE TABLE group_devices (
            entry INTEGER NOT NULL REFERENCES days(id),
            name INTEGER NOT NULL REFERENCES group_names(id),
            devices INTEGER NOT NULL CHECK (devices >= 0),
            PRIMARY KEY (entry, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX group_devices_by_name ON group_devices(name);

        CREATE TABLE group_hours (
            entry INTEGER NOT NULL,
            name INTEGER NOT NULL,
            hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
            devices INTEGER NOT NULL CHECK (devices >= 0),
            PRIMARY KEY (entry, name, hour),
            FOREIGN KEY (entry, name) REFERENCES group_devices(entry, name)
        ) STRICT, WITHOUT ROWID;
        """
}
