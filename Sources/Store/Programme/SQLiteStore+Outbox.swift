package import Alerts
import GRDB

/// A message of the outbox as its page shows it.
package struct OutboxLine: Sendable, Equatable {
    /// Its number.
    package var number: Int64
    /// Where it goes, in words.
    package var destination: String
    /// Its subject line.
    package var subject: String
    /// When it was written, in seconds since 1970.
    package var writtenAt: Int
    /// How often it was tried.
    package var attempts: Int
    /// Why the last attempt failed.
    package var reason: String
}

/// Why a message is not with its receiver.
package enum OutboxState: String, Sendable, CaseIterable {
    /// It was given up.
    case dead
    /// It is tried again.
    case waiting
}

extension SQLiteStore {
    /// The first message that waits for each destination, where its time has come: those behind it wait for it.
    package func dueMessages(at now: Int) async throws -> [OutboxEntry] {
        try await pool.read { db in
            try GRDB.Row.fetchAll(
                db,
                sql: """
                    SELECT id, key, destination, content, written_at, tried_since, attempts FROM outbox
                    WHERE id IN (SELECT min(id) FROM outbox WHERE state = 'waiting' GROUP BY destination)
                        AND not_before <= ?
                    ORDER BY id
                    """, arguments: [now]
            ).compactMap { row in
                guard let destination = Destination(text: row[2]) else { return nil }
                return OutboxEntry(
                    identifier: row[0], key: row[1], destination: destination, message: try StoredJSON.value(row[3]),
                    writtenAt: row[4], triedSince: row[5], attempts: row[6])
            }
        }
    }

    /// Keeps what became of a message after an attempt.
    package func settle(_ entry: OutboxEntry, _ step: DeliveryStep, at now: Int) async throws {
        try await pool.write { db in
            switch step {
            case .delivered:
                try db.execute(
                    sql: """
                        UPDATE outbox SET state = 'delivered', attempts = attempts + 1, ended_at = ?, reason = ''
                        WHERE id = ?
                        """, arguments: [now, entry.identifier])
            case .dead(let reason):
                try db.execute(
                    sql:
                        "UPDATE outbox SET state = 'dead', attempts = attempts + 1, ended_at = ?, reason = ? WHERE id = ?",
                    arguments: [now, reason, entry.identifier])
            case .retry(let moment, let reason):
                try db.execute(
                    sql: "UPDATE outbox SET attempts = attempts + 1, not_before = ?, reason = ? WHERE id = ?",
                    arguments: [moment, reason, entry.identifier])
            }
        }
    }

    /// A part of the messages that were not delivered, and how many there are in each state.
    ///
    /// - Parameters:
    ///   - state: Which ones are shown: what waits oldest first, in the order of delivery; what was given up newest first.
    ///   - search: What subject, receiver or the receiver's last answer contain; empty for anything.
    ///   - offset: How many to pass over.
    ///   - count: How many at most.
    /// - Returns: The part, and how many match in each state; a state without any is missing.
    /// - Throws: That the database cannot be read.
    package func outbox(
        _ state: OutboxState, containing search: String = "", from offset: Int = 0, count: Int = 50
    ) async throws -> (shown: [OutboxLine], totals: [OutboxState: Int]) {
        let matches = """
            (?1 = '' OR instr(lower((content ->> 'subject') || ' ' || destination || ' ' || reason), lower(?1)))
            """
        return try await pool.read { db in
            var totals: [OutboxState: Int] = [:]
            let counting = "SELECT state, count(*) FROM outbox WHERE state <> 'delivered' AND \(matches) GROUP BY 1"
            for row in try GRDB.Row.fetchAll(db, sql: counting, arguments: [search]) {
                if let state = OutboxState(rawValue: row[0]) { totals[state] = row[1] }
            }
            let order = state == .waiting ? "id" : "id DESC"
            let sql = """
                SELECT id, destination, content ->> 'subject', written_at, attempts, reason FROM outbox
                WHERE state = ?2 AND \(matches) ORDER BY \(order) LIMIT ?3 OFFSET ?4
                """
            let shown = try GRDB.Row.fetchAll(db, sql: sql, arguments: [search, state.rawValue, count, offset]).map {
                OutboxLine(
                    number: $0[0], destination: $0[1], subject: $0[2], writtenAt: $0[3], attempts: $0[4], reason: $0[5])
            }
            return (shown, totals)
        }
    }

    /// Sends a dead letter once more, under the key that it always had; in the place that it had.
    package func revive(message number: Int64, at now: Int) async throws {
        try await pool.write { db in
            try db.execute(
                sql: """
                    UPDATE outbox SET state = 'waiting', attempts = 0, tried_since = ?, not_before = ?, ended_at = NULL
                    WHERE id = ? AND state = 'dead'
                    """, arguments: [now, now, number])
        }
    }

    /// Forgets what was delivered before that moment.
    package func forgetDelivered(before moment: Int) async throws {
        try await pool.write { db in
            try db.execute(
                sql: "DELETE FROM outbox WHERE state = 'delivered' AND ended_at < ?", arguments: [moment])
        }
    }

    static func write(_ message: Message, to destination: Destination, at now: Int, _ db: Database) throws {
        // 128 random bits: no two messages share a key, and nobody can guess one.
        let key = (0..<16).map { _ in
            let byte = UInt8.random(in: 0...255)
            return String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
        try db.execute(
            sql: """
                INSERT INTO outbox (key, destination, content, written_at, tried_since, not_before, state)
                VALUES (?, ?, ?, ?, ?, ?, 'waiting')
                """, arguments: [key, destination.text, try StoredJSON.text(message), now, now, now])
    }
}
