import Foundation
import GRDB

extension Schema {
    /// Whom names belong to, and the figures of weeks that were added up.
    ///
    /// `names.owner` is a key of `owners`, 0 for a name that was not matched yet, -1 for one that no tool can have, -2 for
    /// one that belongs to nobody. `matched_patterns` is what the owners were told by. In `platform_weeks`, owner 0 is
    /// whatever there was, and segment -1 all segments together.
    static func addWeeks(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE owners (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
                CREATE TABLE matched_patterns (
                    pattern TEXT PRIMARY KEY,
                    owner INTEGER NOT NULL REFERENCES owners(id)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE matching (
                    one INTEGER PRIMARY KEY CHECK (one = 1),
                    revision INTEGER NOT NULL
                ) STRICT;
                INSERT INTO matching VALUES (1, 0);
                ALTER TABLE names ADD COLUMN owner INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE names ADD COLUMN first_day INTEGER NOT NULL DEFAULT 0;
                CREATE TABLE name_weeks (
                    week INTEGER NOT NULL,
                    name INTEGER NOT NULL REFERENCES names(id),
                    cells BLOB NOT NULL,
                    PRIMARY KEY (week, name)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE platform_weeks (
                    week INTEGER NOT NULL,
                    segment INTEGER NOT NULL,
                    owner INTEGER NOT NULL,
                    days BLOB NOT NULL,
                    schools BLOB NOT NULL,
                    cells BLOB NOT NULL,
                    PRIMARY KEY (week, segment, owner)
                ) STRICT, WITHOUT ROWID;
                """)
        try setFirstDays(db)
        try db.execute(sql: "CREATE INDEX names_by_owner ON names(owner, first_day)")
    }

    private static func setFirstDays(_ db: Database) throws {
        var first: [Int64: Int] = [:]
        let sql = """
            SELECT rows, CAST(julianday(day) - 2440587.5 AS INTEGER) FROM tallies JOIN days ON days.id = entry
            """
        let cursor = try GRDB.Row.fetchCursor(db, sql: sql)
        while let row = try cursor.next() {
            let (rows, day): (Data, Int) = (row[0], row[1])
            try PackedRows.forEach(in: rows.span) { first[$0.name] = min(first[$0.name] ?? day, day) }
        }
        for (name, day) in first {
            try db.execute(sql: "UPDATE names SET first_day = ? WHERE id = ?", arguments: [day, name])
        }
    }
}
