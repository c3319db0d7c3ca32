import Store
import Testing
import Wire

/// What any store of observations must do; see ``StoreKind`` for those that do it.
@Suite struct `Observations` {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func uses(
        _ store: TestedStore, _ scope: ObservationScope = ObservationScope()
    ) async throws -> [NameObservation] {
        try await store.store.observations(in: scope).names.sorted { ($0.school, $0.name) < ($1.school, $1.name) }
    }

    @Test(arguments: StoreKind.allCases) func `add segments up, for a device is in one of them`(kind: StoreKind)
        async throws
    {
        let store = try kind.make(folder)
        let agent = try await store.join("A")
        try await store.keep(
            day([
                Row(segment: "students", name: "x.example", dns: 1, devices: 5),
                Row(segment: "staff", name: "x.example", tls: 2, devices: 3),
            ]), from: agent)
        #expect(try await uses(store) == [NameObservation(school: "A", name: "x.example", devices: 8, dns: 1, tls: 2)])
    }

    @Test(arguments: StoreKind.allCases)
    func `take the largest of a day's runs, for they are the same devices, but add counts up`(kind: StoreKind)
        async throws
    {
        let store = try kind.make(folder)
        let agent = try await store.join("A")
        try await store.keep(day(run: 1, [Row(name: "x.example", dns: 1, devices: 5)]), from: agent)
        try await store.keep(day(run: 2, [Row(name: "x.example", dns: 2, devices: 7)]), from: agent)
        #expect(try await uses(store) == [NameObservation(school: "A", name: "x.example", devices: 7, dns: 3)])
    }

    @Test(arguments: StoreKind.allCases) func `add the agents of a school up`(kind: StoreKind) async throws {
        let store = try kind.make(folder)
        for _ in 0..<2 {
            let agent = try await store.join("A")
            try await store.keep(day([Row(name: "x.example", quic: 1, devices: 5)]), from: agent)
        }
        #expect(try await uses(store) == [NameObservation(school: "A", name: "x.example", devices: 10, quic: 2)])
        #expect(
            try await store.store.observations(in: ObservationScope()).schools == [
                SchoolObservation(school: "A", firstDay: "\(monday)", lastDay: "\(monday)", agents: 2)
            ])
    }

    @Test(arguments: StoreKind.allCases) func `take the busiest day, and keep schools apart`(kind: StoreKind)
        async throws
    {
        let store = try kind.make(folder)
        let (a, b) = (try await store.join("A"), try await store.join("B"))
        try await store.keep(day(monday, [Row(name: "x.example", dns: 1, devices: 5)]), from: a)
        try await store.keep(day(monday.advanced(by: 1), [Row(name: "x.example", dns: 1, devices: 3)]), from: a)
        try await store.keep(day(monday, [Row(name: "x.example", dns: 1, devices: 4)]), from: b)
        #expect(
            try await uses(store) == [
                NameObservation(school: "A", name: "x.example", devices: 5, dns: 2),
                NameObservation(school: "B", name: "x.example", devices: 4, dns: 1),
            ])
        let tuesday = ObservationScope(school: "a", from: monday.advanced(by: 1))
        #expect(try await uses(store, tuesday) == [NameObservation(school: "A", name: "x.example", devices: 3, dns: 1)])
        #expect(try await uses(store, ObservationScope(to: monday.advanced(by: -1))) == [])
    }

    @Test(arguments: StoreKind.allCases) func `tell the days of a tool by the largest of its names`(kind: StoreKind)
        async throws
    {
        let store = try kind.make(folder)
        let agent = try await store.join("A")
        try await store.keep(
            day([
                Row(name: "x.example", dns: 1, devices: 5), Row(name: "y.example", dns: 2, devices: 6),
                Row(name: "z.example", dns: 4, devices: 9),
            ]), from: agent)
        let (_, days) = try await store.store.observations(in: ObservationScope()) { $0 != "z.example" }
        #expect(days == [DayObservation(day: "\(monday)", school: "A", devices: 6, dns: 3)])
        #expect(try await store.store.observations(in: ObservationScope()) { _ in false }.1 == [])
    }

    @Test(arguments: StoreKind.allCases) func `of an unknown school are an error that names the schools`(
        kind: StoreKind
    ) async throws {
        let store = try kind.make(folder)
        _ = try await store.join("Example High")
        await #expect(throws: StoreError.unknownSchool("Nowhere", known: ["Example High"])) {
            try await store.store.observations(in: ObservationScope(school: "Nowhere"))
        }
    }

    @Test(arguments: StoreKind.allCases) func `survive absurd counts`(kind: StoreKind) async throws {
        let store = try kind.make(folder)
        let agent = try await store.join("A")
        let most = 1 << 53
        for number in 0..<3 {
            let rows = (0..<700).map { Row(segment: "\($0)", name: "x.example", dns: most, devices: most) }
            try await store.keep(day(run: number, rows), from: agent)
        }
        #expect(try await uses(store) == [NameObservation(school: "A", name: "x.example", devices: most, dns: most)])
    }
}
