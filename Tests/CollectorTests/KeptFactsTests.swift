import Programme
import Registry
import Store
import Testing
import Wire

@testable import rollcall_collector

@Suite struct `What was seen lately` {
    private static let catalogue = ["quiz", "board"].map {
        Platform(name: $0, category: "games", patterns: [.domain("\($0).example")])
    }

    private let clock = TestClock(TestCollector.now)
    private let collector: TestCollector
    private let quiz = Row(name: "quiz.example", dns: 1, devices: 9)

    init() throws {
        collector = try TestCollector(catalogue: Self.catalogue) { [clock] in clock.now }
    }

    @Test func `shows at once when nothing was seen before, is kept for ten minutes at most, and never for alerts`()
        async throws
    {
        let (programme, store) = (collector.programme, collector.store)
        let secret = try await collector.secret()
        try await collector.run { [clock, quiz] client in
            #expect(try await programme.facts().tools.isEmpty)
            _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample([quiz]))
            #expect(try await programme.facts().tools.map(\.name) == ["quiz"])

            let rows = [quiz, Row(name: "board.example", dns: 1, devices: 9)]
            _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample(rows, sequence: 2))
            clock.now = TestCollector.now + 59
            #expect(try await programme.facts().tools.map(\.name) == ["quiz"])
            #expect(try await programme.newFacts().tools.map(\.name) == ["quiz"])
            clock.now = TestCollector.now + 61
            #expect(try await programme.newFacts().tools.map(\.name) == ["board", "quiz"])

            // An hour later, a page waits for new ones.
            let more = rows + [Row(name: "some.unknown.org", dns: 1, devices: 90)]
            _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample(more, sequence: 3))
            clock.now = TestCollector.now + 61 + 600
            #expect(try await programme.facts().tools.map(\.name) == ["board", "quiz", "some.unknown.org"])

            // A decision shows at once.
            _ = try await store.importRegistry(replacing: true, by: "sample", at: 1) { _ in
                [Platform(name: "Else", patterns: [.domain("unknown.org")])]
            }
            #expect(try await programme.facts().tools.map(\.name) == ["Else", "board", "quiz"])
        }
    }

    @Test func `is shown as it was while new facts are counted`() async throws {
        let programme = collector.programme
        let secret = try await collector.secret()
        try await collector.run { [clock, quiz] client in
            _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample([quiz]))
            #expect(try await programme.facts().tools.map(\.name) == ["quiz"])
            let rows = [quiz, Row(name: "board.example", dns: 1, devices: 9)]
            _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample(rows, sequence: 2))
            clock.now = TestCollector.now + 120
            #expect(try await programme.facts().tools.map(\.name) == ["quiz"])
            // What was counted behind it is there soon; a test that waits for ever is ended by its own bound.
            for _ in 0..<500 where try await programme.facts().tools.count < 2 {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(try await programme.facts().tools.map(\.name) == ["board", "quiz"])
        }
    }
}
