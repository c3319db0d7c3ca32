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
    /// Whether it was given up.
    package var isDead: Bool
    /// Why the last attempt failed.
    package var reason: String
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

    /// What waits and what was given up, oldest first.
    package func undelivered() async throws -> [OutboxLine] {
        try await pool.read { db in
            try GRDB.Row.fetchAll(
                db,
                sql: """
                    SELECT id, destination, content ->> 'subject', written_at, attempts, state = 'dead', reason
                    FROM outbox WHERE state <> 'delivered' ORDER BY id LIMIT 500
                    """
            ).map {
                OutboxLine(
                    number: $0[0], destination: $0[1], subject: $0[2], writtenAt: $0[3], attempts: $0[4], isDead: $0[5],
                    reason: $0[6])
            }
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
