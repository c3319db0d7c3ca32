package import Alerts
import GRDB
package import Identity
import Programme

/// An alert that fired, and what became of it.
package struct FiredAlert: Sendable, Equatable {
    /// Its number.
    package var number: Int64
    /// The alert.
    package var alert: Alert
    /// When it fired, in seconds since 1970.
    package var at: Int
    /// Who acknowledged it; nil for nobody.
    package var acknowledgedBy: String?
    /// Until when it was put off, in seconds since 1970.
    package var snoozedUntil: Int?
    /// Who takes care of it; empty for nobody.
    package var assignedTo: String
}

extension FiredAlert {
    /// Reads `id, content, at, acknowledged_by, snoozed_until, assigned_to`.
    fileprivate init(_ row: GRDB.Row) throws {
        self.init(
            number: row[0], alert: try StoredJSON.value(row[1]), at: row[2], acknowledgedBy: row[3],
            snoozedUntil: row[4], assignedTo: row[5])
    }
}

/// What became of an alert.
package enum AlertState: String, Sendable, CaseIterable {
    /// Nobody has seen it.
    case open
    /// It is told again later.
    case putOff = "put_off"
    /// Somebody has seen it.
    case acknowledged

    /// The state of a row; its one argument is the moment.
    fileprivate static let sql =
        "iif(acknowledged_by IS NOT NULL, 'acknowledged', iif(coalesce(snoozed_until, 0) > ?, 'put_off', 'open'))"
}

/// Which alerts are asked for.
package struct AlertFilter: Sendable, Equatable {
    /// What became of them.
    package var state: AlertState
    /// The rule that fired; nil for any.
    package var kind: Alert.Kind?
    /// What their text contains; empty for anything.
    package var search: String

    /// Asks for alerts.
    package init(state: AlertState = .open, kind: Alert.Kind? = nil, search: String = "") {
        self.state = state
        self.kind = kind
        self.search = search
    }

    /// Rule, text and time, whatever became of them.
    fileprivate func condition(at now: Int) -> (sql: String, arguments: StatementArguments) {
        (
            """
            at >= ? AND (? IS NULL OR kind = ?) AND (? = '' OR instr(lower(
                json_extract(content, '$.seen') || ' ' || json_extract(content, '$.registry') || ' ' || assigned_to),
                lower(?)))
            """, [now - 90 * 86_400, kind?.rawValue, kind?.rawValue, search, search]
        )
    }
}

extension SQLiteStore {
    /// A part of the alerts of the last 90 days, newest first, and how many there are in each state.
    package func alerts(
        _ filter: AlertFilter, from offset: Int, count: Int, at now: Int
    ) async throws -> (shown: [FiredAlert], totals: [AlertState: Int]) {
        try await pool.read { db in
            var totals: [AlertState: Int] = [:]
            let (condition, arguments) = filter.condition(at: now)
            let counting = "SELECT \(AlertState.sql), count(*) FROM alerts WHERE \(condition) GROUP BY 1"
            for row in try GRDB.Row.fetchAll(db, sql: counting, arguments: [now] + arguments) {
                let state: String = row[0]
                totals[AlertState(rawValue: state) ?? .open] = row[1]
            }
            let sql = """
                SELECT id, content, at, acknowledged_by, snoozed_until, assigned_to FROM alerts
                WHERE \(AlertState.sql) = ? AND \(condition) ORDER BY id DESC LIMIT ? OFFSET ?
                """
            let shown = try GRDB.Row.fetchAll(
                db, sql: sql, arguments: [now, filter.state.rawValue] + arguments + [count, offset]
            ).map(FiredAlert.init)
            return (shown, totals)
        }
    }

    /// The alert of that number.
    package func alert(_ number: Int64) async throws -> FiredAlert? {
        try await pool.read { db in
            try GRDB.Row.fetchOne(
                db, sql: "SELECT id, content, at, acknowledged_by, snoozed_until, assigned_to FROM alerts WHERE id = ?",
                arguments: [number]
            ).map(FiredAlert.init)
        }
    }

    /// Somebody has seen all alerts that a filter has open; gives how many they are.
    package func acknowledge(_ filter: AlertFilter, by who: String, at now: Int) async throws -> Int {
        try await pool.write { db in
            let (condition, arguments) = filter.condition(at: now)
            let sql = "UPDATE alerts SET acknowledged_by = ? WHERE \(AlertState.sql) = 'open' AND \(condition)"
            try db.execute(sql: sql, arguments: [who, now] + arguments)
            return db.changesCount
        }
    }

    /// What people changed of the alerts, in place of what the file says.
    package func alertChanges() async throws -> AlertChanges {
        try await pool.read { db in try Self.alertChanges(db) }
    }

    /// Changes the alerts in place of what the file says, and keeps who did.
    ///
    /// - Parameters:
    ///   - entry: What the audit log says of it.
    ///   - body: The change.
    /// - Throws: That the database cannot be written.
    package func change(
        alerts entry: AuditEntry, _ body: @escaping @Sendable (inout AlertChanges) -> Void
    ) async throws {
        try await pool.write { db in
            var changes = try Self.alertChanges(db)
            body(&changes)
            try db.execute(
                sql: """
                    INSERT INTO alert_changes (id, content) VALUES (1, ?)
                    ON CONFLICT (id) DO UPDATE SET content = excluded.content
                    """, arguments: [try StoredJSON.text(changes)])
            try AuditLog.record(entry, in: db)
        }
    }

    private static func alertChanges(_ db: Database) throws -> AlertChanges {
        let content = try String.fetchOne(db, sql: "SELECT content FROM alert_changes")
        return try content.map { try StoredJSON.value($0) } ?? AlertChanges()
    }

    /// Keeps those alerts that are news, and says how many they are.
    package func admit(_ alerts: [Alert], at now: Int, rearmDays: Int) async throws -> Int {
        try await pool.write { db in
            var memory = try Self.memory(db)
            let changes = try Self.certifications(db).compactMapValues(\.statusChanged)
            let news = memory.news(among: alerts, at: now, rearmDays: rearmDays, changes: changes)
            try Self.add(news, at: now, db)
            return news.count
        }
    }

    /// Somebody has seen an alert; it is told to nobody else.
    package func acknowledge(alert number: Int64, by who: String) async throws {
        try await pool.write { db in
            try db.execute(
                sql: "UPDATE alerts SET acknowledged_by = coalesce(acknowledged_by, ?) WHERE id = ?",
                arguments: [who, number])
        }
    }

    /// Puts an alert off: it is told again then.
    package func snooze(alert number: Int64, until moment: Int) async throws {
        try await pool.write { db in
            try db.execute(
                sql: "UPDATE alerts SET snoozed_until = ?, acknowledged_by = NULL WHERE id = ?",
                arguments: [moment, number])
        }
    }

    /// Gives an alert to somebody.
    package func assign(alert number: Int64, to who: String) async throws {
        try await pool.write { db in
            try db.execute(sql: "UPDATE alerts SET assigned_to = ? WHERE id = ?", arguments: [who, number])
        }
    }

    /// Writes what readers are due into the outbox: one message for each reader at most.
    ///
    /// Message, marks and what was told change together, so that a collector that is killed neither forgets an alert nor
    /// writes it twice.
    package func dispatch(_ settings: AlertSettings, at now: Int) async throws {
        for reader in settings.readers {
            try await pool.write { db in try Self.dispatch(to: reader, settings, at: now, db) }
        }
    }

    /// Settles the open alerts of a kind about a platform, because what they ask for was done.
    static func acknowledge(_ kind: Alert.Kind, of platform: String, by who: String, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE alerts SET acknowledged_by = ? WHERE kind = ? AND platform = ? AND acknowledged_by IS NULL",
            arguments: [who, kind.rawValue, platform])
    }

    static func add(_ alerts: [Alert], at now: Int, _ db: Database) throws {
        for alert in alerts {
            try db.cachedStatement(
                sql: "INSERT INTO alerts (kind, platform, school, armed_by, at, content) VALUES (?, ?, ?, ?, ?, ?)"
            ).execute(arguments: [
                alert.subject.kind.rawValue, alert.subject.platform, alert.subject.school, alert.armedBy, now,
                try StoredJSON.text(alert),
            ])
        }
    }

    private static func memory(_ db: Database) throws -> AlertMemory {
        let sql = "SELECT kind, platform, school, armed_by, max(at) FROM alerts GROUP BY kind, platform, school"
        var fired: [Alert.Subject: AlertMemory.Firing] = [:]
        for row in try GRDB.Row.fetchAll(db, sql: sql) {
            guard let kind = Alert.Kind(rawValue: row[0]) else { continue }
            fired[Alert.Subject(kind, platform: row[1], school: row[2])] = AlertMemory.Firing(
                at: row[4], armedBy: row[3])
        }
        return AlertMemory(fired)
    }

    private static func dispatch(
        to reader: AlertReader, _ settings: AlertSettings, at now: Int, _ db: Database
    ) throws {
        let mark = try mark(of: reader, at: now, db)
        let dispatch = Dispatch(
            try pending(for: reader, mark, at: now, db), to: reader, mark: mark, now: now, clock: settings.clock,
            urgentGap: settings.urgentGap)
        if !dispatch.alerts.isEmpty {
            let message = Message(alerts: dispatch.alerts.map(\.alert), root: settings.root)
            try write(message, to: reader.channel.destination(reader: reader.name), at: now, db)
        }
        for pending in dispatch.alerts {
            try db.cachedStatement(
                sql: """
                    INSERT INTO alert_tellings (alert, reader, at) VALUES (?, ?, ?)
                    ON CONFLICT (alert, reader) DO UPDATE SET at = excluded.at
                    """
            ).execute(arguments: [pending.identifier, reader.name, now])
        }
        guard dispatch.mark != mark else { return }
        try db.execute(
            sql: "UPDATE alert_readers SET digest = ?, urgent = ? WHERE name = ?",
            arguments: [dispatch.mark.digest, dispatch.mark.urgent, reader.name])
    }

    private static func mark(of reader: AlertReader, at now: Int, _ db: Database) throws -> Dispatch.Mark {
        let sql = "SELECT since, digest, urgent FROM alert_readers WHERE name = ?"
        if let row = try GRDB.Row.fetchOne(db, sql: sql, arguments: [reader.name]) {
            return Dispatch.Mark(since: row[0], digest: row[1], urgent: row[2])
        }
        let mark = Dispatch.Mark(since: now)
        try db.execute(
            sql: "INSERT INTO alert_readers (name, since, digest, urgent) VALUES (?, ?, ?, ?)",
            arguments: [reader.name, mark.since, mark.digest, mark.urgent])
        return mark
    }

    /// What fired since the reader is known, is not settled, and was not told since it was last put off.
    private static func pending(
        for reader: AlertReader, _ mark: Dispatch.Mark, at now: Int, _ db: Database
    ) throws -> [Dispatch.Pending] {
        try GRDB.Row.fetchAll(
            db,
            sql: """
                SELECT id, content FROM alerts
                WHERE at >= ? AND acknowledged_by IS NULL AND coalesce(snoozed_until, 0) <= ?
                    AND NOT EXISTS (SELECT 1 FROM alert_tellings
                        WHERE alert = alerts.id AND reader = ? AND alert_tellings.at >= coalesce(snoozed_until, 0))
                ORDER BY id
                """, arguments: [max(mark.since, now - 90 * 86_400), now, reader.name]
        ).map { Dispatch.Pending(identifier: $0[0], alert: try StoredJSON.value($0[1])) }
    }
}
