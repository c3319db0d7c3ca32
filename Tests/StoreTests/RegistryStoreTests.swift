import GRDB
import Identity
import Registry
import Testing
import Wire

@testable import Store

@Suite struct `The registry in the store` {
    let folder: TemporaryFolder
    let store: SQLiteStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteStore(path: folder.database)
    }

    private func put(_ platforms: [Platform], replacing: Bool = false, at now: Int = 1) async throws -> ImportSummary {
        try await store.importRegistry(replacing: replacing, by: "sample", at: now) { _ in platforms }
    }

    private let quiz = Platform(
        name: "Quiz", vendor: "V", category: "games", status: .flagged,
        patterns: [.domain("quiz.example"), .exact("a.quiz.example")], conditions: "c", replacement: "Board",
        notes: "n",
        terms: Terms(
            relationship: .contract, contract: "C-1", priceVehicle: "list 4", licences: 5,
            audiences: ["students", "staff"],
            approvalExpires: monday),
        privacy: PrivacyFacts(
            studentData: ["name"], ageLimit: "13",
            agreement: PrivacyFacts.Agreement(link: "https://a.example", signed: monday, expires: monday),
            ratings: [PrivacyFacts.Rating(link: "https://r.example", day: monday)]))

    @Test func `gives back what was put in, sorted by name`() async throws {
        let board = Platform(name: "board", status: .approved)
        #expect(try await put([quiz, board]) == ImportSummary(added: 2))
        #expect(try await store.registry() == [board, quiz])
        #expect(try await put([quiz]) == ImportSummary(unchanged: 1, kept: 1))
        #expect(try await store.registry() == [board, quiz])
    }

    @Test func `takes out what the file does not have only when told so`() async throws {
        _ = try await put([quiz, Platform(name: "Board")])
        #expect(try await put([quiz], replacing: true) == ImportSummary(unchanged: 1, removed: 1))
        #expect(try await store.registry() == [quiz])
    }

    @Test func `lets a pattern move from one platform to another`() async throws {
        _ = try await put([quiz, Platform(name: "Board")])
        var bare = quiz
        bare.patterns = []
        let board = Platform(name: "Board", patterns: quiz.patterns)
        #expect(try await put([board, bare]) == ImportSummary(changed: 2))
        #expect(try await store.registry() == [board, bare])
    }

    @Test func `is as it was when an import fails`() async throws {
        _ = try await put([quiz])
        let revision = try await store.registryRevision()
        await #expect(throws: JoinRefusal.expired) {
            try await store.importRegistry(replacing: true, by: "x", at: 1) { _ in throw JoinRefusal.expired }
        }
        // The last of these cannot be stored: another platform has its pattern.
        await #expect(throws: DatabaseError.self) {
            _ = try await put([Platform(name: "New"), Platform(name: "Thief", patterns: quiz.patterns)])
        }
        #expect(try await store.registry() == [quiz])
        #expect(try await store.registryRevision() == revision)
        #expect(try await store.statusHistory().count == 1)
    }

    @Test func `remembers every status with who and when, whatever happens later`() async throws {
        _ = try await put([quiz], at: 1)
        var approved = quiz
        approved.status = .approved
        _ = try await put([approved], at: 2)
        _ = try await put([approved], at: 3)
        _ = try await put([], replacing: true, at: 4)
        #expect(
            try await store.statusHistory(of: "QUIZ") == [
                StatusChange(platform: "Quiz", at: 1, who: "sample", from: nil, to: .flagged),
                StatusChange(platform: "Quiz", at: 2, who: "sample", from: .flagged, to: .approved),
                StatusChange(platform: "Quiz", at: 4, who: "sample", from: .approved, to: nil),
            ])
        for sql in ["DELETE FROM status_changes", "UPDATE status_changes SET who = 'somebody else'"] {
            await #expect(throws: DatabaseError.self) { try await store.pool.write { try $0.execute(sql: sql) } }
        }
        #expect(try await store.statusHistory(of: "Quiz").count == 3)
    }
}

@Suite struct `The database` {
    @Test func `can be opened again, by two at a time, with everything in it`() async throws {
        let folder = try TemporaryFolder()
        let first = try SQLiteStore(path: folder.database)
        let agent = try await first.join("A")
        try await first.keep(day([Row(name: "x.example", dns: 1)]), from: agent)
        let second = try SQLiteStore(path: folder.database)
        try await second.keep(day([Row(name: "y.example", dns: 1)]), from: agent)
        #expect(try await first.observations(in: ObservationScope()).names.count == 2)
    }

    @Test func `is on the disk when a method returns`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let modes = try await store.pool.write { db in
            [try String.fetchOne(db, sql: "PRAGMA journal_mode"), try String.fetchOne(db, sql: "PRAGMA synchronous")]
        }
        #expect(modes == ["wal", "2"])
    }

    @Test func `keeps no secret`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        var random = SystemRandomNumberGenerator()
        let token = JoinToken(using: &random)
        try await store.keep(token, terms: JoinTokenTerms(school: "A", usesLeft: 1, expiresAt: 9), at: 0)
        let secret = AgentSecret(using: &random)
        let request = EnrolmentRequest(school: nil, host: "h", version: "v")
        _ = try await store.enrol(request, token: token.text, as: secret, at: 0)
        await #expect(throws: JoinRefusal.usedUp) {
            _ = try await store.enrol(request, token: token.text, as: AgentSecret(using: &random), at: 0)
        }
        try store.checkpoint()
        let bytes = try #require(FileBytes(folder.database))
        #expect(!bytes.contains(token.text) && !bytes.contains(secret.text))
        #expect(bytes.contains(secret.agent))
    }

    @Test func `refuses an agent with another's or a revoked secret`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        var random = SystemRandomNumberGenerator()
        let token = JoinToken(using: &random)
        try await store.keep(token, terms: JoinTokenTerms(school: nil, usesLeft: 1, expiresAt: 9), at: 0)
        let secret = AgentSecret(using: &random)
        let request = EnrolmentRequest(school: "A", host: "h", version: "v")
        _ = try await store.enrol(request, token: token.text, as: secret, at: 0)
        #expect(try await store.agent(proving: secret)?.identifier == secret.agent)
        let forged = try #require(
            AgentSecret(bearer: secret.text.dropLast() + (secret.text.hasSuffix("0") ? "1" : "0")))
        #expect(try await store.agent(proving: forged) == nil)
        try await store.revoke(agent: secret.agent, by: Who(name: "sample", way: .command), at: 1)
        #expect(try await store.agent(proving: secret) == nil)
    }

    @Test func `of a newer version is left alone`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        try await store.pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: later')") }
        try store.close()
        #expect(throws: StoreError.newerSchema(path: folder.database)) { try SQLiteStore(path: folder.database) }
    }

    @Test func `in a folder that is not there is an error that names the folder`() {
        #expect(throws: StoreError.noFolder(path: "/nowhere/x.sqlite", folder: "/nowhere")) {
            try SQLiteStore(path: "/nowhere/x.sqlite")
        }
    }

    @Test(arguments: [
        "UPDATE days SET run = 'x'", "UPDATE days SET day = 'x'", "UPDATE days SET devices = -1",
        "UPDATE days SET dot = 'many'", "DELETE FROM agents", "DELETE FROM days", "UPDATE tallies SET rows = 'x'",
        "UPDATE tallies SET entry = 99", "UPDATE weeks SET rolled = version + 1",
    ])
    func `stores no nonsense, whoever says it`(sql: String) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        try await store.keep(day([Row(name: "x.example", dns: 1)]), from: try await store.join("A"))
        await #expect(throws: DatabaseError.self) { try await store.pool.write { try $0.execute(sql: sql) } }
    }
}
