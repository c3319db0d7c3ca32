import GRDB

extension Schema {
    /// What is kept of days that are taken out, and former names of schools.
    ///
    /// `platform_months` has, for each platform, school and month (twelve times the year, plus the month from 0), sums over
    /// the days on which the platform was seen there. Days before `kept_from`'s are in it and nowhere else.
    static let upkeep = """
        CREATE TABLE platform_months (
            owner INTEGER NOT NULL REFERENCES owners(id),
            month INTEGER NOT NULL,
            school INTEGER NOT NULL REFERENCES schools(id),
            days INTEGER NOT NULL CHECK (days > 0),
            devices INTEGER NOT NULL CHECK (devices >= 0),
            busiest INTEGER NOT NULL CHECK (busiest >= 0),
            device_hours INTEGER NOT NULL CHECK (device_hours >= 0),
            dns INTEGER NOT NULL CHECK (dns >= 0),
            connections INTEGER NOT NULL CHECK (connections >= 0),
            PRIMARY KEY (owner, month, school)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE kept_from (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            day INTEGER NOT NULL
        ) STRICT;
        INSERT INTO kept_from VALUES (1, 0);
        CREATE TABLE former_school_names (
            key TEXT PRIMARY KEY,
            school INTEGER NOT NULL REFERENCES schools(id)
        ) STRICT, WITHOUT ROWID;
        """
}
