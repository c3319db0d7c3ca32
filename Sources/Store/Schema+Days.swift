import GRDB

extension Schema {
    /// Figures of weeks that tell their days apart: those of days that are over stand while reports of today come in.
    ///
    /// `weeks` has masks of days, the lowest bit for Monday. `told` are those with reports, `settled` those whose added up
    /// figures are what their rows say, `touched` those of which reports came since somebody began to add up. Of the
    /// tables below, the rows of a week that count are those with its number of `figures`, so that new ones take the place
    /// of old ones at once.
    ///
    /// Devices of platforms that agents counted over all of their names are rows like those of names.
    ///
    /// `week_sums` has what all schools did together with each owner, `platform_weeks` what each school did with one,
    /// `name_weeks` with one name, and `unknown_weeks` the devices of all names that belong to nobody.
    static let weeksByDay = """
        DROP TABLE platform_weeks;
        DROP TABLE name_weeks;
        DROP TABLE weeks;
        DROP TABLE group_hours;
        DROP TABLE group_devices;
        DROP TABLE group_names;
        CREATE TABLE weeks (
            week INTEGER PRIMARY KEY,
            figures INTEGER NOT NULL DEFAULT 0 CHECK (figures >= 0),
            told INTEGER NOT NULL CHECK (told BETWEEN 0 AND 127),
            settled INTEGER NOT NULL DEFAULT 0 CHECK (settled & told = settled),
            touched INTEGER NOT NULL DEFAULT 0 CHECK (touched & told = touched)
        ) STRICT;
        INSERT INTO weeks (week, told)
            SELECT week, sum(DISTINCT 1 << (number + 3) % 7) FROM (
                SELECT CAST(julianday(day) - 2440587.5 AS INTEGER) AS number,
                    (CAST(julianday(day) - 2440587.5 AS INTEGER) + 3) / 7 AS week FROM days
            ) GROUP BY week;

        CREATE TABLE week_sums (
            week INTEGER NOT NULL,
            figures INTEGER NOT NULL,
            segment INTEGER NOT NULL,
            sums BLOB NOT NULL,
            PRIMARY KEY (week, figures, segment)
        ) STRICT;
        CREATE TABLE platform_weeks (
            week INTEGER NOT NULL,
            figures INTEGER NOT NULL,
            segment INTEGER NOT NULL,
            owner INTEGER NOT NULL,
            hours BLOB,
            cells BLOB NOT NULL,
            PRIMARY KEY (week, figures, segment, owner)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE name_weeks (
            week INTEGER NOT NULL,
            figures INTEGER NOT NULL,
            name INTEGER NOT NULL REFERENCES names(id),
            most INTEGER NOT NULL,
            cells BLOB NOT NULL,
            PRIMARY KEY (week, figures, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE unknown_weeks (
            week INTEGER NOT NULL,
            figures INTEGER NOT NULL,
            segment INTEGER NOT NULL,
            part INTEGER NOT NULL,
            names BLOB NOT NULL,
            PRIMARY KEY (week, figures, segment, part)
        ) STRICT;
        CREATE TABLE week_coverage (
            week INTEGER NOT NULL,
            figures INTEGER NOT NULL,
            days BLOB NOT NULL,
            PRIMARY KEY (week, figures)
        ) STRICT;

        DROP INDEX days_by_day;
        CREATE INDEX days_by_day ON days(day, school);

        CREATE TABLE domains (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 1020)
        ) STRICT;
        ALTER TABLE names ADD COLUMN domain INTEGER NOT NULL DEFAULT 0;
        UPDATE names SET owner = 0;
        UPDATE matching SET revision = revision + 1;
        """

    /// Numbers of the transactions that changed rows of days, so that who has read them knows which to read again.
    ///
    /// A week has the number of the last one that changed or took out rows of its days, an entry of `days` that of the last
    /// one that changed its own.
    static let changesOfDays = """
        CREATE TABLE changes (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            number INTEGER NOT NULL
        ) STRICT;
        INSERT INTO changes VALUES (1, 0);
        ALTER TABLE weeks ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE days ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
        """

    /// The figures of weeks are added up again, in another form: with the length of each school's part.
    ///
    /// Those that are there have another number than counts, and are taken out a few at a time when the week is added up.
    static let addUpAgain = "UPDATE weeks SET settled = 0, figures = figures + 1 WHERE figures > 0"

    /// Sums of regions beside those of the district, and names that belong to nobody in three pieces, of which most questions
    /// read the first; all is added up again.
    ///
    /// `week_names` has a bit for the key of each name that was seen, whomever it belongs to, the lowest first.
    ///
    /// Part 0 of it and of `week_sums` is the district. Of the others, `schools` has a bit for the key of each school, the lowest
    /// first. What is `later` belongs to owners whose names changed since the week was added up, and stands in the place
    /// of what they had.
    static let sumsOfRegions = """
        DROP TABLE week_sums;
        DROP TABLE unknown_weeks;
        CREATE TABLE week_names (
            week INTEGER NOT NULL,
            figures INTEGER NOT NULL,
            part INTEGER NOT NULL,
            names BLOB NOT NULL,
            PRIMARY KEY (week, figures, part)
        ) STRICT;
        CREATE TABLE week_sums (
            week INTEGER NOT NULL,
            figures INTEGER NOT NULL,
            segment INTEGER NOT NULL,
            part INTEGER NOT NULL,
            later INTEGER NOT NULL CHECK (later IN (0, 1)),
            schools BLOB NOT NULL,
            sums BLOB NOT NULL,
            PRIMARY KEY (week, figures, segment, part, later)
        ) STRICT;
        CREATE TABLE unknown_weeks (
            week INTEGER NOT NULL,
            figures INTEGER NOT NULL,
            segment INTEGER NOT NULL,
            part INTEGER NOT NULL,
            names BLOB NOT NULL,
            sums BLOB NOT NULL,
            cells BLOB NOT NULL,
            PRIMARY KEY (week, figures, segment, part)
        ) STRICT;
        """ + addUpAgain
}
