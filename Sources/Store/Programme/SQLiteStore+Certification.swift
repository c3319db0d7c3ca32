import Alerts
import GRDB
package import Identity
package import Programme
package import Registry
package import Wire

/// Who takes a step of the programme, and when.
package struct StepTaker: Sendable {
    /// For whom and under which name.
    package var actor: Actor
    /// For the audit log.
    package var who: Who
    /// Seconds since 1970.
    package var now: Int
    /// The day in the district.
    package var today: SchoolDay

    /// Makes one.
    package init(actor: Actor, who: Who, now: Int, today: SchoolDay) {
        self.actor = actor
        self.who = who
        self.now = now
        self.today = today
    }

    /// Rollcall itself.
    package static func rollcall(now: Int, today: SchoolDay) -> StepTaker {
        StepTaker(actor: .rollcall, who: Who(name: "rollcall", way: .collector), now: now, today: today)
    }
}

extension SQLiteStore {
    /// Every platform that the programme has met, by name.
    package func certifications() async throws -> [Certification] {
        try await pool.read { db in try Self.certifications(db).values.sorted { $0.platform < $1.platform } }
    }

    /// The checklist of that version, which an audit used.
    package func checklist(version: String) async throws -> Checklist? {
        try await pool.read { db in
            try String.fetchOne(db, sql: "SELECT content FROM checklists WHERE version = ?", arguments: [version])
                .map { try StoredJSON.value($0) }
        }
    }

    /// Takes a step: history, registry, requests, cases and messages change together or not at all.
    ///
    /// - Parameters:
    ///   - action: The step.
    ///   - platform: The platform, as it is to be in the registry where it is not there yet.
    ///   - taker: Who and when.
    ///   - checklist: The checklist that an audit used.
    /// - Throws: ``StepRefusal`` why the step cannot be taken.
    package func take(
        _ action: Action, on platform: Platform, by taker: StepTaker, checklist: Checklist? = nil
    ) async throws {
        try await pool.write { db in
            let history = try Self.certifications(db, of: platform.key)[platform.key]
            try Self.take(
                action, history ?? Certification(platform: platform.name), platform, taker, checklist: checklist, db)
        }
    }

    /// Brings the programme up to date with what was seen, with the calendar, and with a registry that a file changed.
    ///
    /// - Parameters:
    ///   - facts: What was seen.
    ///   - now: Seconds since 1970.
    /// - Throws: That the database cannot be written.
    package func advanceProgramme(_ facts: UseFacts, at now: Int) async throws {
        let taker = StepTaker.rollcall(now: now, today: facts.today)
        try await pool.write { db in
            var lives = try Self.certifications(db)
            for platform in try Self.registry(db) where platform.kind == .tool {
                let life = lives.removeValue(forKey: platform.key) ?? Certification(platform: platform.name)
                try Self.advance(life, platform, taker, db)
            }
            for tool in facts.tools where tool.devicesLately > 0 {
                guard let platform = tool.platform, platform.kind == .tool, lives[platform.key] == nil else { continue }
                let life = Certification(platform: platform.name)
                guard try !Self.isKnown(platform.key, db) else { continue }
                let step = Action.discover(schools: tool.schoolsLately.count, devices: tool.devicesLately)
                try Self.take(step, life, platform, taker, db)
            }
            // What is left was taken out of the registry by a file.
            for life in lives.values where life.stage.map({ $0.status != .unlisted }) ?? false {
                try Self.take(.takeOver(.unlisted), life, Platform(name: life.platform), taker, db)
            }
        }
    }

    /// Follows a registry that a file changed, and the calendar.
    private static func advance(
        _ life: Certification, _ platform: Platform, _ taker: StepTaker, _ db: Database
    ) throws {
        if platform.status != (life.stage?.status ?? .unlisted) {
            try take(.takeOver(platform.status), life, platform, taker, db)
        } else if life.stage == .approved, let end = life.approval?.expires ?? platform.terms.approvalExpires,
            end < taker.today
        {
            try take(.expire(on: end), life, platform, taker, db)
        }
    }

    private static func isKnown(_ key: String, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM certification_steps WHERE platform = ?)", arguments: [key]) ?? false
    }

    static func certifications(_ db: Database, of key: String? = nil) throws -> [String: Certification] {
        let condition = key == nil ? "" : "WHERE platform = ?"
        var names: [String: String] = [:]
        var steps: [String: [Certification.Step]] = [:]
        let rows = try GRDB.Row.fetchAll(
            db,
            sql:
                "SELECT platform, name, at, who, party, action, stage FROM certification_steps \(condition) ORDER BY id",
            arguments: key.map { [$0] } ?? [])
        for row in rows {
            let (platform, party, stage): (String, String, String) = (row[0], row[4], row[6])
            names[platform] = row[1]
            steps[platform, default: []].append(
                Certification.Step(
                    at: row[2], who: row[3], party: Party(rawValue: party) ?? .system,
                    action: try StoredJSON.value(row[5]), stage: Stage(rawValue: stage) ?? .discovered))
        }
        return steps.reduce(into: [:]) { lives, entry in
            lives[entry.key] = Certification(platform: names[entry.key] ?? entry.key, history: entry.value)
        }
    }

    private static func take(
        _ action: Action, _ life: Certification, _ platform: Platform, _ taker: StepTaker,
        checklist: Checklist? = nil, _ db: Database
    ) throws {
        var life = life
        let before = life.stage
        let told = try life.take(action, by: taker.actor, at: taker.now, on: taker.today, checklist: checklist)
        guard let step = life.history.last else { return }
        if case .audit = action, let checklist { try keep(checklist, db) }
        try db.execute(
            sql: """
                INSERT INTO certification_steps (platform, name, at, who, party, action, stage)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                platform.key, platform.name, step.at, step.who, step.party.rawValue, try StoredJSON.text(step.action),
                step.stage.rawValue,
            ])
        let number = db.lastInsertedRowID
        if case .takeOver = action {} else { try settle(action, step.stage, platform, taker, db) }
        try AuditLog.record(
            AuditEntry(
                at: taker.now, who: taker.who, what: "platform.\(action.kind.rawValue)", subject: platform.name,
                before: before?.rawValue, after: step.stage.rawValue), in: db)
        if let decision = decision(action, platform, number), told.contains(.procurement) {
            try add([decision], at: taker.now, db)
        }
        try answerRequests(for: life, platform, taker, db)
        try dropCases(of: platform, at: step.stage, on: taker.today, db)
    }

    /// A version that an audit used stays as it was.
    private static func keep(_ checklist: Checklist, _ db: Database) throws {
        let content = try StoredJSON.text(checklist)
        try db.execute(
            sql: "INSERT INTO checklists (version, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
            arguments: [checklist.version, content])
        let kept = try String.fetchOne(
            db, sql: "SELECT content FROM checklists WHERE version = ?", arguments: [checklist.version])
        if kept != content {
            throw StepRefusal.invalid(
                "an audit used the checklist \"\(checklist.version)\" with other questions; the file needs a new version"
            )
        }
    }

    /// Lets the registry say what the programme decided.
    private static func settle(
        _ action: Action, _ stage: Stage, _ platform: Platform, _ taker: StepTaker, _ db: Database
    ) throws {
        let existing = try registry(db).first { $0.key == platform.key }
        var entry = existing ?? platform
        entry.status = stage.status
        switch action {
        case .approve(let approval):
            entry.conditions = approval.conditions
            entry.terms.audiences = approval.audiences.map(\.label)
            entry.terms.approvalExpires = approval.expires
            entry.replacement = ""
        case .flag(let flagging):
            entry.replacement = flagging.replacement
            // Notes that somebody wrote stay; the programme's history has the reason.
            if entry.notes.isEmpty { entry.notes = flagging.reason }
        case .discover, .review, .audit, .expire, .retire, .takeOver: break
        }
        guard entry != existing, existing != nil || entry.status != .unlisted else { return }
        try db.execute(
            sql: "DELETE FROM patterns WHERE platform = (SELECT id FROM platforms WHERE key = ?)",
            arguments: [entry.key])
        try keep(entry, db)
        if existing?.status != entry.status {
            try note(entry.name, existing?.status, entry.status, taker.actor.name, taker.now, db)
        }
        try db.execute(
            sql: "INSERT INTO registry_imports (at, who, platforms) VALUES (?, ?, 1)",
            arguments: [taker.now, taker.actor.name])
    }

    /// What readers are told of a step; nil for what only its own page tells.
    private static func decision(_ action: Action, _ platform: Platform, _ number: Int64) -> Alert? {
        let (seen, registry, ask): (String, String, String)
        switch action {
        case .review(_, let reason):
            (seen, registry) = ("\(platform.name) is under review.", "The reason: \(reason).")
            ask = "Wait for the result before buying."
        case .approve(let approval):
            let audiences = approval.audiences.map(\.label).joined(separator: ", ")
            seen = "\(platform.name) is approved for \(audiences) until \(approval.expires.words)."
            registry = approval.conditions.isEmpty ? "There are no conditions." : "Conditions: \(approval.conditions)."
            ask = "You may buy it."
        case .flag(let flagging):
            (seen, registry) = ("\(platform.name) is flagged.", "The reason: \(flagging.reason).")
            ask = "Do not buy it" + (flagging.replacement.isEmpty ? "." : "; use \(flagging.replacement) instead.")
        case .expire(let day):
            (seen, registry) = ("The approval of \(platform.name) ended on \(day.words).", "It waits for a new review.")
            ask = "Do not buy more of it until it is reviewed."
        case .retire(let reason):
            (seen, registry) = ("\(platform.name) is off the lists.", "The reason: \(reason).")
            ask = "Ask for a review before buying it."
        case .discover, .audit, .takeOver: return nil
        }
        return Alert(
            subject: Alert.Subject(.decision, platform: platform.name), armedBy: "step \(number)", seen: seen,
            registry: registry, ask: ask, link: Alert.link(to: "/programme/platform", platform: platform.name),
            weight: 0)
    }
}
