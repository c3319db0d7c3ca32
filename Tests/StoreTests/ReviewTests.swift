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
        return try await reader.unknownDomains(in: scope, dismissed: false, page: ListPage()).groups
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
        #expect(groups[0].nameCount == 2 && groups[0].names.map(\.name) == ["a.fresh.org", "b.fresh.org"])
        #expect(
            groups[0].schools == 2 && groups[0].figures.typicalDevices == 40 && groups[0].previous?.typicalDevices == 0)
        #expect(groups[0].firstSeen == monday.advanced(by: 1) && groups[1].firstSeen == monday)
        #expect(groups[0].patterns == [.domain("fresh.org")])
        #expect(groups[2].suggestions == [OwnerSuggestion(platform: "Quiz Rocket", reason: .name)])
        #expect(groups[0].suggestions.isEmpty)
        let searched = try await reader.unknownDomains(
            in: UseScope(), dismissed: false, page: ListPage(search: "B.fre"))
        #expect(searched.groups.map(\.nameCount) == [1] && searched.open == 1 && searched.openNames == 1)
    }

    @Test func `are dismissed until somebody thinks again`() async throws {
        try await tell()
        try await store.dismiss("stale.org", because: "a news site", by: somebody, at: 3)
        #expect(try await groups().map(\.domain) == ["fresh.org", "quizrocket-files.net"])
        let dismissed = try await reader.unknownDomains(in: UseScope(), dismissed: true, page: ListPage())
        #expect(dismissed.groups.map(\.domain) == ["stale.org"] && dismissed.dismissed == 1 && dismissed.open == 2)
        #expect(dismissed.groups[0].dismissal == Dismissal(reason: "a news site", who: "sample", at: 3))
        try await store.restore("stale.org", by: somebody, at: 4)
        #expect(try await groups().count == 3)
        let log = try await store.pool.read {
            try String.fetchAll($0, sql: "SELECT what || ' ' || subject FROM audit WHERE what <> 'agent.join'")
        }
        #expect(log == ["names.dismiss stale.org", "names.restore stale.org"])
    }

    @Test func `are on pages, each group once`() async throws {
        try await tell()
        var pages: [String] = []
        for offset in 0..<4 {
            let page = try await reader.unknownDomains(
                in: UseScope(), dismissed: false, page: ListPage(offset: offset, limit: 1))
            #expect(page.open == 3 && page.openNames == 4)
            pages += page.groups.map(\.domain)
        }
        #expect(Set(pages) == ["fresh.org", "stale.org", "quizrocket-files.net"] && pages.count == 3)
    }
}
