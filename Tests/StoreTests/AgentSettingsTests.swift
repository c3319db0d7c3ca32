import Identity
import Store
import Registry
import Testing
import Wire

@Suite struct `Settings of agents` {
    static let who = Who(name: "sample", way: .command)
    static let groups = [NameGroup(name: "Docs", patterns: ["docs.example"])]

    /// What an agent that has `version` is handed.
    static func handed(
        _ store: SQLiteStore, _ agent: AgentIdentity, having version: Int = 0, groups: [NameGroup] = [],
        basis: String = "1"
    ) async throws -> RemoteSettings? {
        try await store.settings(for: agent, having: version, groups: groups, basis: basis)
    }

    @Test func `are none where nothing is set and there is no platform`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let agent = try await store.join("Example High")
        #expect(try await Self.handed(store, agent) == nil)
    }

    @Test func `are handed once, and again with a higher version when they or the platforms change`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let agent = try await store.join("Example High")
        let first = try await Self.handed(store, agent, groups: Self.groups)
        #expect(first == RemoteSettings(version: 1, groups: Self.groups))
        #expect(try await Self.handed(store, agent, having: 1, groups: Self.groups) == nil)
        // An agent that lost them gets the same again.
        #expect(try await Self.handed(store, agent, groups: Self.groups) == first)
        try await store.setAgentSettings(RemoteSettings(version: 0, k: 5), for: .everybody, by: Self.who, at: 1)
        #expect(try await Self.handed(store, agent, having: 1)?.version == 2)
        #expect(try await Self.handed(store, agent, having: 2, basis: "2")?.version == 3)
        try await store.setAgentSettings(nil, for: .everybody, by: Self.who, at: 2)
        let cleared = try await Self.handed(store, agent, having: 3, basis: "2")
        #expect(cleared == RemoteSettings(version: 4))
    }

    @Test func `of all schools, a school and an agent come together, the stricter of each`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let agent = try await store.join("Example High")
        let other = try await store.join("Sample Elementary")
        let all = RemoteSettings(version: 0, k: 5, intervalSeconds: 600, excludeNames: ["a.example"])
        let school = RemoteSettings(
            version: 0, k: 4, excludeNames: ["b.example"], schoolHours: .init(from: 7, until: 17))
        let alone = RemoteSettings(
            version: 0, intervalSeconds: 900, excludeNames: ["a.example"], keepApart: ["c.example"])
        try await store.setAgentSettings(all, for: .everybody, by: Self.who, at: 1)
        try await store.setAgentSettings(school, for: .school("example high"), by: Self.who, at: 1)
        try await store.setAgentSettings(alone, for: .agent(agent.identifier), by: Self.who, at: 1)
        #expect(
            try await Self.handed(store, agent)
                == RemoteSettings(
                    version: 1, k: 5, intervalSeconds: 900, excludeNames: ["a.example", "b.example"],
                    schoolHours: .init(from: 7, until: 17), keepApart: ["c.example"]))
        #expect(
            try await Self.handed(store, other)
                == RemoteSettings(version: 1, k: 5, intervalSeconds: 600, excludeNames: ["a.example"]))
        #expect(
            try await store.agentSettings().map(\.scope) == [
                .everybody, .school("Example High"), .agent(agent.identifier),
            ])
    }

    @Test func `are for schools and agents that there are`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let settings = RemoteSettings(version: 0, k: 5)
        await #expect(throws: StoreError.self) {
            try await store.setAgentSettings(settings, for: .school("Nowhere"), by: Self.who, at: 1)
        }
        await #expect(throws: UnknownAgent.self) {
            try await store.setAgentSettings(settings, for: .agent("0123"), by: Self.who, at: 1)
        }
    }

    @Test func `show which agents have them`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let agent = try await store.join("Example High")
        _ = try await Self.handed(store, agent, groups: Self.groups)
        let health = Health(uptimeSeconds: 1, settingsVersion: 1)
        let report = Report(sentAt: 1, version: "0.1.0", days: [], health: health)
        let accepted = AcceptedReport(checking: report, today: SchoolDay(ordinal: 20_000))
        try await store.record(accepted, from: agent, at: 1)
        let progress = try #require(try await store.settingsProgress().first)
        #expect(progress.agent == agent.identifier && progress.school == "Example High")
        #expect(progress.given == 1 && progress.has == 1)
    }
}

@Suite struct `Devices of platforms` {
    @Test func `are the largest ever said of a day, and the busiest day's of a school`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let agent = try await store.join("Example High")
        func report(_ day: Int, _ devices: Int, name: String = "Docs") async throws -> [Receipt.Skipped] {
            let run = String(repeating: "0", count: 31) + "\(day % 10)"
            let groups = [GroupDevices(name: name, devices: devices, hours: [9: devices])]
            let day = Day(
                day: SchoolDay(ordinal: 20_000 + day), run: run, sequence: 1, ended: false, rows: [], groups: groups)
            let accepted = AcceptedReport(
                checking: Report(sentAt: 1, version: "0.1.0", days: [day]), today: SchoolDay(ordinal: 20_010))
            try await store.record(accepted, from: agent, at: 1)
            return accepted.skipped
        }
        for (day, devices) in [(1, 30), (1, 20), (2, 12)] { #expect(try await report(day, devices) == []) }
        let reader = UseReader(store: store, catalogue: [Platform(name: "docs")])
        func devices(_ period: Period?) async throws -> Int? {
            try await reader.use(of: "Docs", in: UseScope(period: period))?.figures.busiestDevices
        }
        let second = SchoolDay(ordinal: 20_002)
        #expect(try await devices(nil) == 30)
        #expect(try await devices(Period(second, second)) == 12)
        for (name, devices) in [("", 3), ("a\nb", 3), ("Docs", -1)] {
            let skipped = try await report(3, devices, name: name)
            #expect(skipped.map(\.pointer) == ["/days/0/groups/0"])
        }
    }
}
