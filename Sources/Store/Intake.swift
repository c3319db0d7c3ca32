import Foundation
import GRDB
import Synchronization
import Wire

/// The way of reports to the disk: those that come while others are written go together, in one transaction and with
/// one wait for the disk.
final class Intake: Sendable {
    private let pool: DatabasePool
    private let state = Mutex(State())

    init(pool: DatabasePool) {
        self.pool = pool
    }

    /// Keeps a report; when this returns, it is on the disk.
    func record(_ report: AcceptedReport, from agent: AgentIdentity, at now: Int) async throws {
        try await withCheckedThrowingContinuation { continuation in
            let mustWrite = state.withLock { state in
                state.waiting.append(Waiting(report: report, agent: agent, now: now, continuation: continuation))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if mustWrite { Task { await self.writeAll() } }
        }
    }

    /// Writes until nothing waits.
    private func writeAll() async {
        // Ends, because each turn takes what waits, and who comes later starts it again.
        while true {
            let batch = state.withLock { state in
                let batch = Array(state.waiting.prefix(Self.mostInTransaction))
                state.waiting.removeFirst(batch.count)
                if batch.isEmpty { state.isWriting = false }
                return batch
            }
            if batch.isEmpty { return }
            await write(batch)
        }
    }

    private func write(_ batch: [Waiting]) async {
        do {
            try await commit(batch)
            for waiting in batch { waiting.continuation.resume() }
        } catch {
            guard batch.count > 1 else {
                for waiting in batch { waiting.continuation.resume(throwing: error) }
                return
            }
            // What is wrong with one must not lose the others: each for itself.
            for waiting in batch { await write([waiting]) }
        }
    }

    private func commit(_ batch: [Waiting]) async throws {
        // Taken out and not copied; when the transaction fails, keys that it made are forgotten with it.
        let (names, watch) = state.withLock { state in
            defer { state.names = NameKeys() }
            return (state.names, state.watch)
        }
        let (newNames, newWatch) = try await pool.write { db in
            var keeper = try ReportKeeper(db, names: names, watch: watch)
            for waiting in batch { try keeper.keep(waiting.report, from: waiting.agent, at: waiting.now) }
            return (keeper.names, keeper.watch)
        }
        state.withLock { ($0.names, $0.watch) = (newNames, newWatch) }
    }

    /// Enough to make the wait for the disk cheap, few enough that nobody waits long.
    private static let mostInTransaction = 64

    private struct State {
        var waiting: [Waiting] = []
        var isWriting = false
        var names = NameKeys()
        var watch = RunWatch()
    }

    private struct Waiting: Sendable {
        var report: AcceptedReport
        var agent: AgentIdentity
        var now: Int
        var continuation: CheckedContinuation<Void, any Error>
    }
}

/// The keys of texts that are stored once each.
///
/// A key never changes and no text is ever taken out, so that what was looked up once stays true. When the table is full,
/// it begins anew: a district's day has a tenth of so many names.
struct NameKeys: Sendable {
    private static let capacity = 250_000
    private var names: [String: (key: Int64, firstDay: Int)] = [:]
    private var segments: [String: Int64] = [:]

    /// The key of a name that was seen on a day; notes the day when it is the first.
    mutating func key(ofName name: String, day: Int, _ db: Database) throws -> Int64 {
        if let known = names[name], known.firstDay <= day { return known.key }
        if names.count >= Self.capacity { names = [:] }
        let find = try db.cachedStatement(sql: "SELECT id, first_day FROM names WHERE name = ?")
        guard let row = try GRDB.Row.fetchOne(find, arguments: [name]) else {
            try db.cachedStatement(sql: "INSERT INTO names (name, first_day) VALUES (?, ?)")
                .execute(arguments: [name, day])
            names[name] = (db.lastInsertedRowID, day)
            return db.lastInsertedRowID
        }
        let (key, firstDay): (Int64, Int) = (row[0], row[1])
        if day < firstDay || firstDay == 0 {
            try db.cachedStatement(sql: "UPDATE names SET first_day = ? WHERE id = ?").execute(arguments: [day, key])
        }
        names[name] = (key, firstDay == 0 ? day : min(day, firstDay))
        return key
    }

    /// The key of a segment.
    mutating func key(ofSegment segment: String, _ db: Database) throws -> Int64 {
        if let key = segments[segment] { return key }
        if segments.count >= Self.capacity { segments = [:] }
        let find = try db.cachedStatement(sql: "SELECT id FROM segments WHERE name = ?")
        if let key = try Int64.fetchOne(find, arguments: [segment]) {
            segments[segment] = key
            return key
        }
        try db.cachedStatement(sql: "INSERT INTO segments (name) VALUES (?)").execute(arguments: [segment])
        segments[segment] = db.lastInsertedRowID
        return db.lastInsertedRowID
    }
}
