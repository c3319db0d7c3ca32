import GRDB
import Identity
import Testing
import Wire

@testable import Store

private let somebody = Who(name: "sample", way: .command)

@Suite struct `A school` {
    let folder: TemporaryFolder
    let store: SQLiteStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteStore(path: folder.database)
    }

    private func days(at school: String) async throws -> [String] {
        let reader = UseReader(store: store, catalogue: [])
        let scope = UseScope(period: Period(monday, monday.advanced(by: 9)), schools: .school(school))
        return try await reader.trend(of: .everything, in: scope, by: .day)
            .filter { $0.figures.daysSeen > 0 }.map(\.day.description)
    }

    @Test func `takes its history along when it is renamed, and is found by both names`() async throws {
        let agent = try await store.join("Example High")
        try await store.keep(day([Row(name: "x.example", devices: 3)]), from: agent)
        try await store.renameSchool("example high", to: "Sample Academy", by: somebody, at: 1)
        #expect(try await store.schools() == ["Sample Academy"])
        #expect(try await days(at: "Example High") == ["\(monday)"])
        #expect(try await store.join("EXAMPLE HIGH").school == "Sample Academy")
        await #expect(throws: StoreError.unknownSchool("Nowhere", known: ["Sample Academy"])) {
            try await store.renameSchool("Nowhere", to: "X", by: somebody, at: 1)
        }
        _ = try await store.join("Other")
        await #expect(throws: StoreError.schoolNameTaken("other", by: "Other")) {
            try await store.renameSchool("Sample Academy", to: "other", by: somebody, at: 1)
        }
        try await store.renameSchool("Sample Academy", to: "Example High", by: somebody, at: 2)
        #expect(try await store.schools() == ["Example High", "Other"])
        let log = try await store.pool.read {
            try String.fetchAll($0, sql: "SELECT what || ' ' || subject FROM audit WHERE what <> 'agent.join'")
        }
        #expect(log == ["school.rename Sample Academy", "school.rename Example High"])
    }

    @Test func `is not missed once it is closed, and what it still tells is kept`() async throws {
        let agent = try await store.join("Example High")
        try await store.setClosed(true, school: "Example High", by: somebody, at: 5)
        let reader = UseReader(store: store, catalogue: [])
        #expect(try await reader.agents(at: 9999)[0].problems.isEmpty)
        try await store.keep(day([Row(name: "x.example", devices: 3)]), from: agent)
        #expect(try await days(at: "Example High") == ["\(monday)"])
        #expect(try await reader.schools(in: UseScope())[0].closedAt == 5)
        try await store.setClosed(false, school: "Example High", by: somebody, at: 6)
        #expect(try await reader.schools(in: UseScope())[0].closedAt == nil)
    }

    @Test func `keeps the days of an agent that moved away, the day of the move among them`() async throws {
        let agent = try await store.join("Old")
        _ = try await store.join("New")
        try await store.keep(day([Row(name: "x.example", devices: 3)]), from: agent)
        try await store.move(agent: agent.identifier, to: "New", by: somebody, at: 1)
        try await store.keep(day(sequence: 2, [Row(name: "y.example", devices: 3)]), from: agent)
        try await store.keep(day(monday.advanced(by: 1), [Row(name: "x.example", devices: 3)]), from: agent)
        #expect(try await days(at: "Old") == ["\(monday)"])
        #expect(try await days(at: "New") == ["\(monday.advanced(by: 1))"])
        await #expect(throws: StoreError.unknownAgent("nobody")) {
            try await store.move(agent: "nobody", to: "New", by: somebody, at: 1)
        }
    }
}

@Suite struct `An identity that two gateways use` {
    @Test func `is told as a problem when their runs come in turns`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let agent = try await store.join("A")
        let reader = UseReader(store: store, catalogue: [])
        for turn in 0..<4 {
            for number in 1...2 {
                let rows = [Row(name: "x.example", dns: turn + 1, devices: 3)]
                try await store.keep(day(run: number, sequence: turn, rows), from: agent)
            }
        }
        #expect(try await reader.agents(at: 2)[0].problems.contains(.usedTwice))
        // Each has its own run, so that nothing that they tell is lost.
        #expect(try await reader.platformUse(in: UseScope()).everything.counts.dns == 8)
    }

    @Test func `is not suspected after a restart without state, a late report, or a replay`() {
        var watch = RunWatch()
        var suspicions = ["a", "a", "b", "a", "b", "b", "c", "d"].map { watch.isUsedTwice(1, day: monday, run: $0) }
        #expect(!suspicions.contains(true))
        suspicions = ["c", "d", "c"].map { watch.isUsedTwice(1, day: monday, run: $0) }
        #expect(suspicions.last == true)
        let (other, later) = (
            watch.isUsedTwice(2, day: monday, run: "d"), watch.isUsedTwice(1, day: monday.advanced(by: 1), run: "e")
        )
        #expect(!other && !later)
    }
}
