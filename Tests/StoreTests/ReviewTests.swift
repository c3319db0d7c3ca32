import GRDB
import Identity
import Registry
import Testing
import Wire

@testable import Store

@Suite struct `Names that nobody knows` {
    let folder: TemporaryFolder
    let store: SQLiteStore
    let reader: UseReader
    private let somebody = Who(name: "sample", way: .page)
    private let catalogue = [
        Platform(name: "Quiz Rocket", vendor: "Sample Learning", patterns: [.domain("quizrocket.com")]),
        Platform(name: "Board", vendor: "Boardmakers", patterns: [.domain("board.com")]),
    ]

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteStore(path: folder.database)
        reader = UseReader(store: store, catalogue: catalogue)
    }

    private func groups() async throws -> [DomainGroup] {
        let scope = UseScope(period: Period(monday.advanced(by: 1), monday.advanced(by: 1)))
        return try await reader.unknownDomains(in: scope, page: ListPage()).items
    }

    private func tell() async throws {
        let schools = [try await store.join("A"), try await store.join("B")]
        for (index, agent) in schools.enumerated() {
            try await store.keep(day(monday, [Row(name: "old.stale.org", devices: 40)]), from: agent)
            var rows = [
                Row(name: "old.stale.org", devices: 20), Row(name: "a.fresh.org", devices: 20),
                Row(name: "b.fresh.org", devices: 6), Row(name: "printer.local", devices: 90),
                Row(name: "www.quizrocket.com", devices: 90),
            ]
            if index == 0 { rows.append(Row(name: "cdn.quizrocket-files.net", devices: 5)) }
            try await store.keep(day(monday.advanced(by: 1), rows), from: agent)
        }
    }

    @Test func `are grouped by domain, what grows at many schools first, infrastructure left out`() async throws {
        try await tell()
        let groups = try await groups()
        #expect(groups.map(\.domain) == ["fresh.org", "stale.org", "quizrocket-files.net"])
        #expect(groups[0].names == 2 && groups[0].examples == ["a.fresh.org", "b.fresh.org"])
        #expect(groups[0].schools == 2 && groups[0].typicalDevices == 40 && groups[0].previousDevices == 0)
        #expect(groups[0].firstSeen == monday.advanced(by: 1) && groups[1].firstSeen == monday)
        #expect(groups[0].patterns == [.domain("fresh.org")])
        #expect(groups[2].suggestions == [OwnerSuggestion(platform: "Quiz Rocket", reason: .name)])
        #expect(groups[0].suggestions.isEmpty)
        let searched = try await reader.unknownDomains(in: UseScope(), page: ListPage(search: "B.fre"))
        #expect(searched.items.map(\.names) == [1])
    }

    @Test func `become a platform, or an existing one's, or are dismissed until somebody thinks again`() async throws {
        try await tell()
        let fresh = try await groups()[0]
        try await store.addPlatform(
            Platform(name: "Fresh", status: .underReview, patterns: fresh.patterns), by: somebody, at: 1)
        #expect(try await reader.use(of: "Fresh", in: UseScope())?.figures.busiestDevices == 40)
        await #expect(throws: ReviewRefusal.platformExists("Fresh")) {
            try await store.addPlatform(Platform(name: "FRESH"), by: somebody, at: 1)
        }
        await #expect(throws: ReviewRefusal.patternTaken("fresh.org", by: "Fresh")) {
            try await store.addPlatform(Platform(name: "X", patterns: fresh.patterns), by: somebody, at: 1)
        }
        try await store.assign(
            [.domain("quizrocket-files.net")], to: "quiz rocket", catalogue: catalogue, by: somebody, at: 2)
        let names = try await reader.names(of: "Quiz Rocket", in: UseScope(), page: ListPage())
        #expect(names.items.map(\.name) == ["www.quizrocket.com", "cdn.quizrocket-files.net"])
        await #expect(throws: ReviewRefusal.noPlatform("Nothing")) {
            try await store.assign([], to: "Nothing", catalogue: catalogue, by: somebody, at: 2)
        }
        try await store.dismiss("stale.org", because: "a news site", by: somebody, at: 3)
        #expect(try await groups().isEmpty)
        #expect(
            try await store.dismissals() == ["stale.org": Dismissal(reason: "a news site", who: "sample", at: 3)])
        try await store.restore("stale.org", by: somebody, at: 4)
        #expect(try await groups().map(\.domain) == ["stale.org"])
        let log = try await store.pool.read {
            try String.fetchAll($0, sql: "SELECT what || ' ' || subject FROM audit WHERE what <> 'agent.join'")
        }
        #expect(
            log == [
                "platform.add Fresh", "platform.assign Quiz Rocket", "names.dismiss stale.org",
                "names.restore stale.org",
            ])
    }
}
