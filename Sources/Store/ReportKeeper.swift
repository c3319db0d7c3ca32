import Foundation
import GRDB
import Wire

/// Writes reports within a transaction.
struct ReportKeeper {
    /// The keys of names, with those that came up.
    private(set) var names: NameKeys
    /// Which runs report in turns.
    private(set) var watch: RunWatch
    private let db: Database
    /// The number of the transaction.
    private let change: Int

    init(_ db: Database, names: NameKeys, watch: RunWatch) throws {
        self.db = db
        self.names = names
        self.watch = watch
        change = try Self.nextChange(db)
    }

    /// A number that no transaction had before, for what changes rows of days.
    static func nextChange(_ db: Database) throws -> Int {
        let sql = "UPDATE changes SET number = number + 1 RETURNING number"
        guard let number = try Int.fetchOne(db.cachedStatement(sql: sql)) else {
            preconditionFailure("the migration made the row, and nobody takes it out")
        }
        return number
    }

    /// Keeps a report.
    ///
    /// Each count is the largest that was ever said.
    mutating func keep(_ report: AcceptedReport, from agent: AgentIdentity, at now: Int) throws {
        var isUsedTwice = false
        let keptFrom = try Int.fetchOne(db.cachedStatement(sql: "SELECT day FROM kept_from")) ?? 0
        // What is older was added up by month already, and would be added a second time.
        for day in report.days where day.day.ordinal >= keptFrom {
            let entry = try keep(day, of: agent)
            try keep(try counted(day), entry: entry)
            try touch(day.day.ordinal)
            if watch.isUsedTwice(agent.row, day: day.day, run: day.run) { isUsedTwice = true }
        }
        try db.cachedStatement(
            sql: """
                UPDATE agents SET reported_at = max(coalesce(reported_at, 0), ?), version = ?, clock_ahead = ?,
                    used_twice_at = coalesce(?, used_twice_at) WHERE id = ?
                """
        ).execute(arguments: [now, report.version, report.sentAt - now, isUsedTwice ? now : nil, agent.row])
        guard let health = report.health else { return }
        // As of the newest report: one that was under way for long must not overwrite it.
        try db.cachedStatement(
            sql: "UPDATE agents SET health = ?, health_at = ? WHERE id = ? AND coalesce(health_at, 0) <= ?"
        ).execute(arguments: [health.json, report.sentAt, agent.row, report.sentAt])
    }

    /// Makes what was added up of a day out of date.
    private func touch(_ day: Int) throws {
        let week = Week(day: day)
        try db.cachedStatement(
            sql: """
                INSERT INTO weeks (week, told, touched, change) VALUES (?1, ?2, ?2, ?3) ON CONFLICT (week) DO UPDATE
                SET told = told | ?2, touched = touched | ?2, settled = settled & ~?2, change = ?3
                """
        ).execute(arguments: [week.number, 1 << (day - week.monday), change])
    }

    /// Keeps what is said of the day as a whole and gives the key of its rows.
    ///
    /// Counters grow. Gauges are those of the highest sequence; where two reports have the same one, which a sound
    /// agent never sends, the larger wins, so that the order in which they come makes no difference.
    private func keep(_ day: Day, of agent: AgentIdentity) throws -> Int64 {
        let withheld = day.withheld
        let arguments: StatementArguments = [
            agent.row, day.day.description, day.run, change, agent.row, day.sequence,
            day.ended, withheld.names, withheld.dns, withheld.tls, withheld.quic, withheld.http, withheld.attributed,
            day.devices, day.unnamed.tls, day.unnamed.quic,
            day.encryptedDNS.dot, day.encryptedDNS.doq, day.encryptedDNS.doh, day.hidden.relay, day.hidden.vpn,
            day.declines.encryptedDNS.declined, day.declines.encryptedDNS.allowed,
            day.declines.privateRelay.declined, day.declines.privateRelay.allowed,
        ]
        guard let entry = try Int64.fetchOne(db.cachedStatement(sql: Self.keepDay), arguments: arguments) else {
            preconditionFailure("an upsert returns the row")
        }
        return entry
    }

    private static let keepDay: String = {
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
        return """
            INSERT INTO days (agent, day, run, change, school, sequence, \((gauges + counters).joined(separator: ", ")))
            VALUES (?, ?, ?, ?, (SELECT school FROM agents WHERE id = ?), ?,
                \(repeatElement("?", count: gauges.count + counters.count).joined(separator: ", ")))
            ON CONFLICT (agent, day, run) DO UPDATE
                SET change = excluded.change, \((newest + largest).joined(separator: ", "))
            RETURNING id
            """
    }()

    /// Keeps the larger of each count of what is there and what came.
    private mutating func keep(_ rows: [CountedRow], entry: Int64) throws {
        guard !rows.isEmpty else { return }
        var counted = rows
        let find = try db.cachedStatement(sql: "SELECT rows FROM tallies WHERE entry = ?")
        if let before = try Data.fetchOne(find, arguments: [entry]) {
            counted = PackedRows.keepingLargest(try PackedRows.unpack(before.span), counted)
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO tallies (entry, rows) VALUES (?, ?)
                ON CONFLICT (entry) DO UPDATE SET rows = excluded.rows
                """
        ).execute(arguments: [entry, Data(PackedRows.pack(counted))])
    }

    /// The rows with keys instead of texts, sorted, each name and segment once.
    private mutating func counted(_ day: Day) throws -> [CountedRow] {
        var counted: [CountedRow] = []
        counted.reserveCapacity(day.rows.count + day.groups.count)
        for group in day.groups {
            counted.append(
                CountedRow(
                    name: try names.key(ofName: GroupRow.name(of: group.name), day: day.day.ordinal, db),
                    segment: GroupRow.segment, counts: UseCounts(), devices: group.devices,
                    hours: HourCounts(group.hours)))
        }
        for row in day.rows {
            counted.append(
                CountedRow(
                    name: try names.key(ofName: row.name, day: day.day.ordinal, db),
                    segment: try names.key(ofSegment: row.segment, db),
                    counts: UseCounts(
                        dns: row.dns, tls: row.tls, quic: row.quic, http: row.http, attributed: row.attributed),
                    devices: row.devices, hours: HourCounts(row.hours)))
        }
        counted.sort { $0.key < $1.key }
        var single: [CountedRow] = []
        single.reserveCapacity(counted.count)
        for row in counted {
            if let last = single.last, last.key == row.key {
                single[single.count - 1] = last.keepingLargest(of: row)
            } else {
                single.append(row)
            }
        }
        return single
    }
}
