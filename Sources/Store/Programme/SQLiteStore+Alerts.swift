package import Alerts
import GRDB
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

extension SQLiteStore {
    /// How many alerts the page shows at most.
    package static let alertsShown = 500

    /// The alerts of the last 90 days, those that nobody acknowledged first, newest first.
    package func alerts(at now: Int) async throws -> (shown: [FiredAlert], total: Int) {
        try await pool.read { db in
            let since = now - 90 * 86_400
            let total = try Int.fetchOne(db, sql: "SELECT count(*) FROM alerts WHERE at >= ?", arguments: [since]) ?? 0
            let shown = try GRDB.Row.fetchAll(
                db,
                sql: """
                    SELECT id, content, at, acknowledged_by, snoozed_until, assigned_to FROM alerts WHERE at >= ?
                    ORDER BY acknowledged_by IS NOT NULL, id DESC LIMIT ?
                    """, arguments: [since, Self.alertsShown]
            ).map {
                FiredAlert(
                    number: $0[0], alert: try StoredJSON.value($0[1]), at: $0[2], acknowledgedBy: $0[3],
                    snoozedUntil: $0[4], assignedTo: $0[5])
            }
            return (shown, total)
        }
    }

    /// Keeps those alerts that are news, and says how many they are.
    package func admit(_ alerts: [Alert], at now: Int, rearmDays: Int) async throws -> Int {
        try await pool.write { db in
            var memory = try Self.memory(db)
            let news = memory.news(among: alerts, at: now, rearmDays: rearmDays)
            try Self.add(news, at: now, db)
            return news.count
        }
    }

    /// Somebody has seen an alert; it is told to nobody else.
    package func acknowledge(alerts numbers: [Int64], by who: String) async throws {
        try await pool.write { db in
            for number in numbers {
                try db.execute(
                    sql: "UPDATE alerts SET acknowledged_by = coalesce(acknowledged_by, ?) WHERE id = ?",
                    arguments: [who, number])
            }
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
