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
    ///   - schools: The schools where the platform is in use, which some steps are told to.
    /// - Throws: ``StepRefusal`` why the step cannot be taken.
    package func take(
        _ action: Action, on platform: Platform, by taker: StepTaker, checklist: Checklist? = nil,
        usedAt schools: [String] = []
    ) async throws {
        try await pool.write { db in
            let history = try Self.certifications(db, of: platform.key)[platform.key]
            try Self.take(
                action, history ?? Certification(platform: platform.name), platform, taker, checklist: checklist,
                usedAt: schools, db)
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
                try Self.advance(
                    life, platform, taker, usedAt: facts.tool(named: platform.name)?.schoolsLately ?? [], db)
            }
            for tool in facts.tools where tool.devicesLately > 0 {
                guard let platform = tool.platform, platform.kind == .tool, lives[platform.key] == nil else { continue }
                let life = Certification(platform: platform.name)
                guard try !Self.isKnown(platform.key, db) else { continue }
                let step = Action.discover(schools: tool.schoolsLately.count, devices: tool.devicesLately)
                try Self.take(step, life, platform, taker, usedAt: tool.schoolsLately, db)
            }
            // What is left was taken out of the registry by a file.
            for life in lives.values where life.stage.map({ $0.status != .unlisted }) ?? false {
                try Self.take(
                    .takeOver(.unlisted), life, Platform(name: life.platform), taker,
                    usedAt: facts.tool(named: life.platform)?.schoolsLately ?? [], db)
            }
        }
    }

    /// Follows a registry that a file changed, and the calendar.
    private static func advance(
        _ life: Certification, _ platform: Platform, _ taker: StepTaker, usedAt schools: [String], _ db: Database
    ) throws {
        if platform.status != (life.stage?.status ?? .unlisted) {
            try take(.takeOver(platform.status), life, platform, taker, usedAt: schools, db)
        } else if life.stage == .approved, let end = life.approval?.expires ?? platform.terms.approvalExpires,
            end < taker.today
        {
            try take(.expire(on: end), life, platform, taker, usedAt: schools, db)
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
        checklist: Checklist? = nil, usedAt schools: [String], _ db: Database
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
        if var alert = alert(action, from: before?.status ?? .unlisted, platform, number) {
            alert.schools = told.contains(.schoolsUsing) ? schools : []
            try add([alert], at: taker.now, db)
        }
        // What the audit asked for was done: whoever has not heard of it yet hears of the decision.
        if action.kind != .audit { try acknowledge(.audit, of: platform.name, by: taker.actor.name, db) }
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

    /// What readers are told of a step; nil for what its own page alone tells, and for a discovery, which is told of when
    /// it is wide enough.
    private static func alert(
        _ action: Action, from before: Status, _ platform: Platform, _ number: Int64
    ) -> Alert? {
        guard let (seen, registry, ask) = sentences(action, from: before, platform) else { return nil }
        let kind: Alert.Kind = action.kind == .audit ? .audit : .decision
        return Alert(
            subject: Alert.Subject(kind, platform: platform.name), armedBy: "step \(number)", seen: seen,
            registry: registry, ask: ask, link: Alert.link(to: "/programme/platform", platform: platform.name),
            weight: 0)
    }

    /// What was done, why, and what follows for those who are told.
    private static func sentences(
        _ action: Action, from before: Status, _ platform: Platform
    ) -> (seen: String, registry: String, ask: String)? {
        let name = platform.name
        switch action {
        case .review(_, let reason):
            return (
                "\(name) is under review.", "The reason: \(reason).",
                before == .approved
                    ? "Buy no more of it until the review ends." : "Wait for the result before buying."
            )
        case .audit(let audit):
            let end = audit.result == .passed ? "passed" : "failed"
            return (
                "The audit of \(name) ended on \(audit.to.words): \(end).", "The summary: \(audit.summary)",
                audit.result == .passed
                    ? "Approve it, or say why not." : "Flag it, or ask its maker to mend what was found."
            )
        case .approve(let approval):
            let audiences = approval.audiences.map(\.label).joined(separator: ", ")
            return (
                "\(name) is approved for \(audiences) until \(approval.expires.words).",
                words(conditions: approval.conditions),
                "You may buy and use it."
            )
        case .flag(let flagging):
            return ("\(name) is flagged.", "The reason: \(flagging.reason).", moveAway(to: flagging.replacement))
        case .expire(let day):
            return (
                "The approval of \(name) ended on \(day.words).", "It waits for a new review.",
                "Do not buy more of it until it is reviewed."
            )
        case .retire(let reason):
            return ("\(name) is off the lists.", "The reason: \(reason).", "Ask for a review before buying it.")
        case .takeOver(let status): return sentences(filed: status, platform)
        case .discover: return nil
        }
    }

    /// Likewise, where a file changed the registry.
    private static func sentences(
        filed status: Status, _ platform: Platform
    ) -> (seen: String, registry: String, ask: String) {
        let (name, filed) = (platform.name, ", as a file of the registry says")
        switch status {
        case .approved:
            return ("\(name) is approved\(filed).", words(conditions: platform.conditions), "You may buy and use it.")
        case .flagged:
            let reason = platform.notes.isEmpty ? "The file gives no reason." : "The reason: \(platform.notes)."
            return ("\(name) is flagged\(filed).", reason, moveAway(to: platform.replacement))
        case .underReview:
            return (
                "\(name) is under review\(filed).", "Nobody has decided yet.", "Wait for the result before buying."
            )
        case .unlisted:
            return (
                "\(name) is off the lists: a file of the registry has it no more.", "Nobody has decided on it now.",
                "Ask for a review before buying it."
            )
        }
    }

    private static func words(conditions: String) -> String {
        conditions.isEmpty ? "There are no conditions." : "Conditions: \(conditions)."
    }

    private static func moveAway(to replacement: String) -> String {
        replacement.isEmpty
            ? "Do not buy it; where it is in use, end its use."
            : "Do not buy it; where it is in use, move to \(replacement)."
    }
}
