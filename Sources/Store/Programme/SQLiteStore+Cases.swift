import GRDB
package import Programme
import Registry
import Wire

extension SQLiteStore {
    /// Every case, open ones first.
    package func cases() async throws -> [Numbered<TransitionCase>] {
        try await pool.read { db in
            try GRDB.Row.fetchAll(db, sql: "SELECT id, content FROM transition_cases ORDER BY is_open DESC, id DESC")
                .map { Numbered(number: $0[0], value: try StoredJSON.value($0[1])) }
        }
    }

    /// Opens, closes and reopens cases by what was seen.
    ///
    /// - Parameters:
    ///   - facts: What was seen, day by day for flagged platforms and for those that are paid for.
    ///   - paid: The keys of platforms that schools pay for, with these schools.
    ///   - terms: What counts as use.
    /// - Throws: That the database cannot be written.
    package func weighCases(
        _ facts: UseFacts, paid: [String: Set<String>], terms: TransitionCase.Terms
    ) async throws {
        // The registry's platforms, not those that were seen: silence is what is looked for, too.
        for platform in try await registry() where platform.kind == .tool {
            let payers = paid[platform.key] ?? []
            guard platform.status == .flagged || (platform.status == .approved && !payers.isEmpty) else { continue }
            let uses = facts.tool(named: platform.name)?.uses ?? [:]
            // A transaction for each platform, so that reports need not wait for all.
            try await pool.write { db in
                let status = try String.fetchOne(
                    db, sql: "SELECT status FROM platforms WHERE key = ?", arguments: [platform.key])
                // Decided otherwise since the registry was read: the next time weighs it.
                guard status == platform.status.rawValue else { return }
                let kind: TransitionCase.Kind = platform.status == .flagged ? .flaggedInUse : .paidAndSilent
                for school in facts.schools where kind == .flaggedInUse || payers.contains(school.school) {
                    let days = school.days.map { TransitionCase.DayOfUse($0, uses[school.school]?.days[$0] ?? 0) }
                    try Self.weigh(kind, platform, school.school, days, terms, db)
                }
            }
        }
    }

    /// Changes a case by hand: owner, due day, tasks, a message.
    package func change(
        case number: Int64, _ body: @escaping @Sendable (inout TransitionCase) -> Void
    ) async throws {
        try await pool.write { db in
            let content = try String.fetchOne(
                db, sql: "SELECT content FROM transition_cases WHERE id = ?", arguments: [number])
            guard let content else { throw StepRefusal.invalid("there is no case \(number)") }
            var value: TransitionCase = try StoredJSON.value(content)
            body(&value)
            try Self.keep(value, db)
        }
    }

    /// Closes cases that a new status leaves without ground.
    static func dropCases(of platform: Platform, at stage: Stage, on day: SchoolDay, _ db: Database) throws {
        let sql = "SELECT content FROM transition_cases WHERE is_open AND platform = ?"
        for content in try String.fetchAll(db, sql: sql, arguments: [platform.key]) {
            var value: TransitionCase = try StoredJSON.value(content)
            let ground: Stage = value.kind == .flaggedInUse ? .flagged : .approved
            guard stage != ground else { continue }
            value.drop(on: day, because: "\(platform.name) is no longer \(ground.rawValue)")
            try keep(value, db)
        }
    }

    private static func weigh(
        _ kind: TransitionCase.Kind, _ platform: Platform, _ school: String, _ days: [TransitionCase.DayOfUse],
        _ terms: TransitionCase.Terms, _ db: Database
    ) throws {
        let sql = "SELECT content FROM transition_cases WHERE kind = ? AND platform = ? AND school = ?"
        let content = try String.fetchOne(
            db.cachedStatement(sql: sql), arguments: [kind.rawValue, platform.key, school])
        if let content {
            var value: TransitionCase = try StoredJSON.value(content)
            let before = value.replacement
            value.replacement = platform.replacement
            if value.weigh(days, terms: terms) != nil || value.replacement != before { try keep(value, db) }
        } else if let value = TransitionCase(
            kind, platform: platform.name, school: school, replacement: platform.replacement, days: days, terms: terms)
        {
            try keep(value, db)
        }
    }

    private static func keep(_ value: TransitionCase, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO transition_cases (kind, platform, school, is_open, content) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (kind, platform, school) DO UPDATE SET is_open = excluded.is_open, content = excluded.content
                """,
            arguments: [
                value.kind.rawValue, Platform.key(of: value.platform), value.school, value.isOpen,
                try StoredJSON.text(value),
            ])
    }
}
