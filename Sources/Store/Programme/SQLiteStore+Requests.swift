import Alerts
import GRDB
package import Programme
import Registry
import Wire

/// Something of the programme that lies under a number.
package struct Numbered<Value: Sendable>: Sendable {
    /// The number, which pages name it by.
    package var number: Int64
    /// The thing.
    package var value: Value
}

extension SQLiteStore {
    /// Every request, newest first.
    package func requests() async throws -> [Numbered<ToolRequest>] {
        try await pool.read { db in
            try GRDB.Row.fetchAll(db, sql: "SELECT id, content FROM tool_requests ORDER BY id DESC")
                .map { Numbered(number: $0[0], value: try StoredJSON.value($0[1])) }
        }
    }

    /// Takes requests: what the programme has decided already is answered at once, and every contact is written to.
    package func ask(
        _ questions: [ToolRequest.Question], telling circle: RequestCircle = RequestCircle(), at now: Int
    ) async throws -> [Numbered<ToolRequest>] {
        try await pool.write { db in
            try questions.map { question in
                let decision = try question.platform.flatMap { try Self.decision(on: $0, db) }
                let request = try ToolRequest(asking: question, decision: decision, at: now)
                try db.execute(
                    sql: "INSERT INTO tool_requests (platform, school, is_open, content) VALUES (?, ?, ?, ?)",
                    arguments: [
                        Platform.key(of: question.platform ?? question.tool), question.school, !request.state.isAnswer,
                        try StoredJSON.text(request),
                    ])
                let number = db.lastInsertedRowID
                try Self.tell(request, circle, at: now, db)
                return Numbered(number: number, value: request)
            }
        }
    }

    /// Takes a step of a request, and writes to its contact.
    package func take(
        _ event: ToolRequest.Event, request number: Int64, by actor: Actor,
        telling circle: RequestCircle = RequestCircle(),
        at now: Int
    ) async throws {
        try await pool.write { db in
            try Self.take(event, number, Self.request(number, db), by: actor, telling: circle, at: now, db)
        }
    }

    /// Says which platform a request means; what the programme has decided on it answers the request at once.
    ///
    /// - Parameters:
    ///   - number: The request.
    ///   - platform: The platform's name.
    ///   - actor: Who says so.
    ///   - now: Seconds since 1970.
    /// - Throws: ``StepRefusal`` where there is no such request, or it was answered already.
    package func settle(request number: Int64, means platform: String, by actor: Actor, at now: Int) async throws {
        try await pool.write { db in
            var request = try Self.request(number, db)
            try request.take(.means(platform: platform), by: actor, at: now)
            try db.execute(
                sql: "UPDATE tool_requests SET platform = ?, content = ? WHERE id = ?",
                arguments: [Platform.key(of: platform), try StoredJSON.text(request), number])
            guard let decision = try Self.decision(on: platform, db) else { return }
            try Self.take(.decided(decision), number, request, by: actor, at: now, db)
        }
    }

    private static func request(_ number: Int64, _ db: Database) throws -> ToolRequest {
        let content = try String.fetchOne(
            db, sql: "SELECT content FROM tool_requests WHERE id = ?", arguments: [number])
        guard let content else { throw StepRefusal.invalid("there is no request \(number)") }
        return try StoredJSON.value(content)
    }

    /// Answers the open requests for a platform that was just decided on, or takes them along into its review.
    static func answerRequests(
        for life: Certification, _ platform: Platform, _ taker: StepTaker, _ db: Database
    ) throws {
        let rows = try GRDB.Row.fetchAll(
            db, sql: "SELECT id, content FROM tool_requests WHERE is_open AND platform = ? ORDER BY id",
            arguments: [platform.key])
        let decision = try decision(on: platform.name, db)
        for row in rows {
            let request: ToolRequest = try StoredJSON.value(row[1])
            if let decision {
                try take(.decided(decision), row[0], request, by: taker.actor, at: taker.now, db)
            } else if life.stage == .underReview, request.state != .inReview, taker.actor.party == .its {
                try take(.reviewerTakes, row[0], request, by: taker.actor, at: taker.now, db)
            }
        }
    }

    private static func take(
        _ event: ToolRequest.Event, _ number: Int64, _ request: ToolRequest, by actor: Actor,
        telling circle: RequestCircle = RequestCircle(), at now: Int, _ db: Database
    ) throws {
        var request = request
        try request.take(event, by: actor, at: now)
        try db.execute(
            sql: "UPDATE tool_requests SET is_open = ?, content = ? WHERE id = ?",
            arguments: [!request.state.isAnswer, try StoredJSON.text(request), number])
        try tell(request, circle, at: now, db)
    }

    /// Writes to whoever asked, and to those whose turn it is.
    private static func tell(_ request: ToolRequest, _ circle: RequestCircle, at now: Int, _ db: Database) throws {
        for letter in try circle.letters(for: request, db) {
            try write(letter.message, to: .mail(letter.to), at: now, db)
        }
        guard let address = EmailAddress(request.question.contact) else { return }
        let message = Message(
            subject: "Your request for \(request.question.platform ?? request.question.tool)",
            paragraphs: [request.message])
        try write(message, to: .mail(address), at: now, db)
    }

    /// What the registry says of a platform, where that answers a request.
    private static func decision(on platform: String, _ db: Database) throws -> ToolRequest.Decision? {
        let row = try GRDB.Row.fetchOne(
            db, sql: "SELECT status, conditions, notes, replacement FROM platforms WHERE key = ?",
            arguments: [Platform.key(of: platform)])
        guard let row, let status = Status(rawValue: row[0]) else { return nil }
        switch status {
        case .approved: return .approved(conditions: row[1])
        case .flagged:
            let life = try certifications(db, of: Platform.key(of: platform))[Platform.key(of: platform)]
            let reason: String = life?.flagging?.reason ?? row[2]
            return .flagged(reason: reason.isEmpty ? "it failed the audit" : reason, replacement: row[3])
        case .underReview, .unlisted: return nil
        }
    }
}
