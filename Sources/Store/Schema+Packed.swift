import Foundation
import GRDB

extension Schema {
    /// From a table row for each count to the rows of a run of a day as bytes: a fourth of the room.
    ///
    /// A day belongs to the school at which its agent was when the day began, also after the agent moved. `weeks` has a
    /// row for each week with data: its version grows with each report, and figures that were added up at version
    /// `rolled` are those of the week as long as the two are the same.
    static func packRows(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE tallies (
                    entry INTEGER PRIMARY KEY REFERENCES days(id),
                    rows BLOB NOT NULL
                ) STRICT;
                ALTER TABLE days ADD COLUMN school INTEGER REFERENCES schools(id);
                UPDATE days SET school = (SELECT school FROM agents WHERE agents.id = agent);
                CREATE INDEX days_by_school ON days(school, day);
                CREATE TABLE weeks (
                    week INTEGER PRIMARY KEY,
                    version INTEGER NOT NULL CHECK (version >= rolled),
                    rolled INTEGER NOT NULL DEFAULT 0
                ) STRICT;
                INSERT INTO weeks (week, version)
                    SELECT DISTINCT (CAST(julianday(day) - 2440587.5 AS INTEGER) + 3) / 7, 1 FROM days;
                """)
        for entry in try Int64.fetchAll(db, sql: "SELECT id FROM days") { try pack(entry, db) }
        try db.execute(sql: "DROP TABLE hours; DROP TABLE rows;")
    }

    private static func pack(_ entry: Int64, _ db: Database) throws {
        let sql = """
            SELECT name, segment, dns, tls, quic, http, attributed, devices FROM rows WHERE entry = ?
            ORDER BY name, segment
            """
        let rows = try GRDB.Row.fetchAll(db, sql: sql, arguments: [entry]).map { row in
            let counts = UseCounts(dns: row[2], tls: row[3], quic: row[4], http: row[5], attributed: row[6])
            var packed = CountedRow(
                name: row[0], segment: row[1], counts: counts, devices: row[7], hours: HourCounts())
            let hours = "SELECT hour, devices FROM hours WHERE entry = ? AND name = ? AND segment = ?"
            for told in try GRDB.Row.fetchAll(db, sql: hours, arguments: [entry, packed.name, packed.segment]) {
                packed.hours[told[0]] = told[1]
            }
            return packed
        }
        guard !rows.isEmpty else { return }
        try db.execute(
            sql: "INSERT INTO tallies (entry, rows) VALUES (?, ?)", arguments: [entry, Data(PackedRows.pack(rows))])
    }
}
