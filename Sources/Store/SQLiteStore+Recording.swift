import GRDB
import Wire

extension SQLiteStore: ObservationStore {
    /// Keeps a report; when this returns, it is on the disk.
    package func record(_ report: AcceptedReport, from agent: AgentIdentity, at now: Int) async throws {
        try await pool.write { db in
            for day in report.days {
                let entry = try Self.keep(day, of: agent, in: db)
                for row in day.rows { try Self.keep(row, entry: entry, in: db) }
                try Self.keep(day.groups, entry: entry, in: db)
            }
            try Self.note(report, of: agent, at: now, in: db)
        }
    }

    /// Keeps how the agent is, as of its newest report: one that was under way for long must not overwrite it.
    private static func note(_ report: AcceptedReport, of agent: AgentIdentity, at now: Int, in db: Database) throws {
        try db.execute(
            sql: """
                UPDATE agents SET reported_at = max(coalesce(reported_at, 0), ?), version = ?, clock_ahead = ?
                WHERE id = ?
                """, arguments: [now, report.version, report.sentAt - now, agent.row])
        guard let health = report.health else { return }
        try db.execute(
            sql: "UPDATE agents SET health = ?, health_at = ? WHERE id = ? AND coalesce(health_at, 0) <= ?",
            arguments: [health.json, report.sentAt, agent.row, report.sentAt])
    }

    /// Keeps what is said of the day as a whole and gives the key of its rows.
    ///
    /// Counters grow. Gauges are those of the highest sequence; where two reports have the same one, which a sound
    /// agent never sends, the larger wins, so that the order in which they come makes no difference.
    private static func keep(_ day: Day, of agent: AgentIdentity, in db: Database) throws -> Int64 {
        let gauges = [
            "ended", "withheld_names", "withheld_dns", "withheld_tls", "withheld_quic", "withheld_http",
            "withheld_attributed",
        ]
        let newest = gauges.map { column in
            """
            \(column) = CASE WHEN excluded.sequence > sequence THEN excluded.\(column)
                WHEN excluded.sequence = sequence THEN max(\(column), excluded.\(column)) ELSE \(column) END
            """
        }
        let counters = [
            "devices", "unnamed_tls", "unnamed_quic", "dot", "doq", "doh", "relay", "vpn", "dns_declined",
            "dns_allowed", "relay_declined", "relay_allowed",
        ]
        let largest = (counters + ["sequence"]).map { "\($0) = max(\($0), excluded.\($0))" }
        let sql = """
            INSERT INTO days (agent, day, run, sequence, \((gauges + counters).joined(separator: ", ")))
            VALUES (?, ?, ?, ?, \(repeatElement("?", count: gauges.count + counters.count).joined(separator: ", ")))
            ON CONFLICT (agent, day, run) DO UPDATE SET \((newest + largest).joined(separator: ", "))
            RETURNING id
            """
        let withheld = day.withheld
        let arguments: StatementArguments = [
            agent.row, day.day.description, day.run, day.sequence,
            day.ended, withheld.names, withheld.dns, withheld.tls, withheld.quic, withheld.http, withheld.attributed,
            day.devices, day.unnamed.tls, day.unnamed.quic,
            day.encryptedDNS.dot, day.encryptedDNS.doq, day.encryptedDNS.doh, day.hidden.relay, day.hidden.vpn,
            day.declines.encryptedDNS.declined, day.declines.encryptedDNS.allowed,
            day.declines.privateRelay.declined, day.declines.privateRelay.allowed,
        ]
        guard let entry = try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: arguments) else {
            preconditionFailure("an upsert returns the row")
        }
        return entry
    }

    private static func keep(_ row: Wire.Row, entry: Int64, in db: Database) throws {
        let name = try key(of: row.name, in: "names", db)
        let segment = try key(of: row.segment, in: "segments", db)
        try db.cachedStatement(
            sql: """
                INSERT INTO rows (entry, name, segment, dns, tls, quic, http, attributed, devices)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (entry, name, segment) DO UPDATE SET dns = max(dns, excluded.dns),
                    tls = max(tls, excluded.tls), quic = max(quic, excluded.quic), http = max(http, excluded.http),
                    attributed = max(attributed, excluded.attributed), devices = max(devices, excluded.devices)
                """
        ).execute(arguments: [entry, name, segment, row.dns, row.tls, row.quic, row.http, row.attributed, row.devices])
        for (hour, devices) in row.hours {
            try db.cachedStatement(
                sql: """
                    INSERT INTO hours (entry, name, segment, hour, devices) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (entry, name, segment, hour) DO UPDATE SET devices = max(devices, excluded.devices)
                    """
            ).execute(arguments: [entry, name, segment, hour, devices])
        }
    }

    /// The key of a text in a table of texts, which are stored once each.
    static func key(of text: String, in table: String, _ db: Database) throws -> Int64 {
        let find = try db.cachedStatement(sql: "SELECT id FROM \(table) WHERE name = ?")
        if let key = try Int64.fetchOne(find, arguments: [text]) { return key }
        try db.cachedStatement(sql: "INSERT INTO \(table) (name) VALUES (?)").execute(arguments: [text])
        return db.lastInsertedRowID
    }
}
