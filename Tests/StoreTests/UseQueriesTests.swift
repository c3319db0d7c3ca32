import Registry
import Testing
import Wire

@testable import Store

@Suite struct `The use of platforms` {
    let folder: TemporaryFolder
    let store: SQLiteStore
    let reader: UseReader
    private let catalogue = [
        Platform(name: "Quiz", vendor: "Maker", category: "games", patterns: [.domain("quiz.example")]),
        Platform(name: "Fonts", category: "cdn", kind: .infrastructure, patterns: [.domain("fonts.example")]),
    ]

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteStore(path: folder.database)
        reader = UseReader(store: store, catalogue: catalogue)
    }

    private func decide(_ platforms: Platform...) async throws {
        _ = try await store.importRegistry(replacing: true, by: "sample", at: 1) { _ in platforms }
    }

    private func use(_ scope: UseScope = UseScope(), of name: String = "Quiz") async throws -> PlatformUse {
        try #require(try await reader.platformUse(in: scope).platforms.first { $0.platform.name == name })
    }

    @Test func `is that of the largest of its names, segments and agents added up`() async throws {
        let (first, second) = (try await store.join("A"), try await store.join("A"))
        try await store.keep(
            day([
                Row(
                    segment: "staff", name: "quiz.example", dns: 1, tls: 2, quic: 3, http: 4, attributed: 1, devices: 5),
                Row(segment: "students", name: "quiz.example", dns: 10, devices: 20, hours: [9: 7, 10: 8]),
                Row(segment: "students", name: "www.quiz.example", dns: 100, devices: 24, hours: [9: 9]),
            ]), from: first)
        try await store.keep(day([Row(name: "quiz.example", dns: 1000, devices: 3, hours: [9: 3])]), from: second)
        let use = try await use()
        #expect(
            use.figures
                == UseFigures(
                    devicesOnSchoolDays: 28, deviceHoursOnSchoolDays: 18, schoolDays: 1, busiestDevices: 28,
                    daysSeen: 1, counts: UseCounts(dns: 1111, tls: 2, quic: 3, http: 4, attributed: 1)))
        #expect(use.schools == 1 && use.firstSeen == monday && use.previous == nil && !use.isRegistered)
        #expect(try await self.use(UseScope(segment: "staff")).figures.devicesOnSchoolDays == 5)
        let profile = try await reader.hoursOfDay(of: .platform("quiz"), in: UseScope())
        #expect(profile.typical(9) == 10 && profile.typical(10) == 8 && profile.typical(11) == 0)
    }

    @Test func `is told per school day, which a quiet day is not`() async throws {
        let agent = try await store.join("A")
        for (offset, devices) in [100, 90, 80, 20, 100].enumerated() {
            var day = day(monday.advanced(by: offset), [Row(name: "quiz.example", dns: 1, devices: devices / 2)])
            day.devices = devices
            try await store.keep(day, from: agent)
        }
        let figures = try await use().figures
        #expect(figures.schoolDays == 4 && figures.daysSeen == 5 && figures.counts.dns == 5)
        #expect(figures.typicalDevices == (50 + 45 + 40 + 50) / 4.0)
        let everything = try await reader.platformUse(in: UseScope()).everything
        #expect(everything.typicalDevices == 370 / 4.0)
    }

    @Test func `stands beside that of as many days before, and the day on which it was first seen`() async throws {
        let agent = try await store.join("A")
        for offset in 0..<4 {
            let rows = [Row(name: "quiz.example", dns: 1, devices: 10 * (offset + 1))]
            try await store.keep(day(monday.advanced(by: offset), rows), from: agent)
        }
        let later = try await use(UseScope(period: Period(monday.advanced(by: 2), monday.advanced(by: 3))))
        #expect(later.figures.typicalDevices == 35)
        #expect(later.previous?.typicalDevices == 15)
        #expect(later.firstSeen == monday)
        let all = try await use(UseScope(period: Period(monday, monday.advanced(by: 3))))
        #expect(all.previous == nil)
    }

    @Test func `is counted for the schools, region, status and category that are asked for`() async throws {
        let (a, b) = (try await store.join("A"), try await store.join("B"))
        try await store.keep(day([Row(name: "quiz.example", dns: 1, devices: 5)]), from: a)
        try await store.keep(
            day([Row(name: "quiz.example", dns: 1, devices: 7), Row(name: "x.example.com", devices: 4)]), from: b)
        try await decide(Platform(name: "QUIZ", status: .flagged))
        #expect(try await use(of: "QUIZ").figures.devicesOnSchoolDays == 12)
        #expect(try await use(UseScope(schools: .school("b")), of: "QUIZ").figures.devicesOnSchoolDays == 7)
        #expect(try await reader.platformUse(in: UseScope(statuses: [.approved])).platforms.isEmpty)
        #expect(try await use(UseScope(statuses: [.flagged]), of: "QUIZ").isRegistered)
        #expect(try await reader.platformUse(in: UseScope(categories: ["Games"])).platforms.count == 1)
        #expect(try await reader.unknownNames(in: UseScope(), page: ListPage()).total == 1)
        #expect(try await reader.platformUse(in: UseScope(schools: .region("North"))).platforms.isEmpty)
        await #expect(throws: StoreError.unknownSchool("C", known: ["A", "B"])) {
            try await reader.platformUse(in: UseScope(schools: .school("C")))
        }
        let schools = try await reader.schools(using: .status(.flagged), in: UseScope())
        #expect(schools.map(\.school) == ["B", "A"])
        #expect(schools.map(\.figures.devicesOnSchoolDays) == [7, 5])
        #expect(try await reader.use(of: "Fonts", in: UseScope())?.figures == UseFigures(schoolDays: 1))
        #expect(try await reader.use(of: "Nothing", in: UseScope()) == nil)
    }

    @Test func `over thousands of years is that of the days on record, and of a time long ago none`() async throws {
        let agent = try await store.join("A")
        try await store.keep(day(monday, [Row(name: "quiz.example", dns: 1, devices: 10)]), from: agent)
        let (first, last) = (SchoolDay(ordinal: 0), SchoolDay(ordinal: 2_932_896))
        let ages = try await reader.platformUse(in: UseScope(period: Period(first, last)))
        #expect(ages.platforms.map(\.figures.busiestDevices) == [10])
        #expect(try #require(ages.period).count <= 801)
        let long = try await reader.platformUse(in: UseScope(period: Period(first, first.advanced(by: 9))))
        #expect(long.period == nil && long.platforms.isEmpty)
    }

    @Test func `has a trend by day and by week, with the days without any`() async throws {
        let agent = try await store.join("A")
        for offset in [0, 2, 8] {
            let rows = [Row(name: "quiz.example", dns: 1, devices: 10 + offset)]
            try await store.keep(day(monday.advanced(by: offset), rows), from: agent)
        }
        let days = try await reader.trend(of: .platform("Quiz"), in: UseScope(), by: .day)
        #expect(days.map(\.day) == (0...8).map(monday.advanced(by:)))
        #expect(days.map(\.figures.busiestDevices) == [10, 0, 12, 0, 0, 0, 0, 0, 18])
        let weeks = try await reader.trend(of: .platform("Quiz"), in: UseScope(), by: .week)
        #expect(weeks.map(\.day) == [monday.advanced(by: -1), monday.advanced(by: 6)])
        #expect(weeks.map(\.figures.typicalDevices) == [11, 18])
    }

    @Test func `has names with the pattern that matched, and other names belong to nobody`() async throws {
        let agent = try await store.join("A")
        let names = ["quiz.example", "www.quiz.example", "a.other.com", "b.other.com", "printer.local"]
        try await store.keep(
            day(names.enumerated().map { Row(name: $1, dns: 1, devices: 9 - $0) }), from: agent)
        let own = try await reader.names(of: "quiz", in: UseScope(), page: ListPage())
        #expect(own.items.map(\.name) == ["quiz.example", "www.quiz.example"])
        #expect(own.items.map(\.pattern) == [.domain("quiz.example"), .domain("quiz.example")])
        #expect(own.items.map(\.isRegistered) == [false, false])
        let unknown = try await reader.unknownNames(in: UseScope(), page: ListPage(offset: 1, limit: 5))
        #expect(unknown.items.map(\.name) == ["b.other.com"] && unknown.total == 2)
        #expect(try await reader.unknownNames(in: UseScope(), page: ListPage(search: "A.o")).total == 1)
        try await decide(Platform(name: "Other", patterns: [.exact("a.other.com")]))
        let decided = try await reader.names(of: "Other", in: UseScope(), page: ListPage())
        #expect(decided.items.map(\.pattern) == [.exact("a.other.com")] && decided.items[0].isRegistered)
        #expect(try await use(of: "Local names").platform.kind == .infrastructure)
    }

    @Test func `stands beside what could not be named, and the schools that are silent`() async throws {
        let agent = try await store.join("A")
        _ = try await store.join("B")
        var told = day([Row(name: "quiz.example", dns: 1, tls: 2, devices: 5)])
        told.unnamed = Unnamed(tls: 3, quic: 4)
        told.encryptedDNS = EncryptedDNS(dot: 5, doq: 6, doh: 7)
        told.hidden = Hidden(relay: 8, vpn: 9)
        told.declines = Declines(encryptedDNS: .init(declined: 10, allowed: 11), privateRelay: .init(declined: 12))
        told.withheld = Withheld(names: 1, dns: 2, tls: 3, quic: 4, http: 5, attributed: 6)
        try await store.keep(told, from: agent)
        #expect(
            try await reader.coverage(in: UseScope())
                == CoverageFigures(
                    named: UseCounts(dns: 1, tls: 2), unnamed: told.unnamed, encryptedDNS: told.encryptedDNS,
                    hidden: told.hidden, declines: told.declines, withheld: told.withheld, reportingSchools: 1,
                    silentSchools: 1, agents: 1))
        let schools = try await reader.schools(in: UseScope())
        #expect(schools.map(\.school) == ["A", "B"])
        #expect(schools[0].tools == [.unlisted: 1] && schools[0].days == 1 && schools[0].lastDay == monday)
        #expect(schools[1].days == 0 && schools[1].agents == 1 && schools[1].reportedAt == nil)
    }
}

@Suite struct `Agents` {
    let folder: TemporaryFolder
    let store: SQLiteStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteStore(path: folder.database)
    }

    private func report(_ health: Health, from agent: AgentIdentity, sentAt: Int, at now: Int) async throws {
        let report = Report(sentAt: sentAt, version: "2", days: [], health: health)
        try await store.record(AcceptedReport(checking: report, today: monday), from: agent, at: now)
    }

    private func states(at now: Int) async throws -> [AgentState] {
        try await UseReader(store: store, catalogue: []).agents(at: now)
    }

    @Test func `with problems come first, the worst of them first`() async throws {
        let (well, late, bad) = (try await store.join("A"), try await store.join("B"), try await store.join("C"))
        _ = try await store.join("D")
        let up = Health.Interface(name: "eth1", isUp: true, frames: 1_000_000)
        try await report(Health(uptimeSeconds: 9, interfaces: [up]), from: well, sentAt: 10_000, at: 10_000)
        try await report(Health(uptimeSeconds: 9, interfaces: [up]), from: late, sentAt: 1000, at: 1000)
        let down = Health.Interface(name: "eth2", isUp: false, frames: 900, droppedByKernel: 100)
        let health = Health(uptimeSeconds: 3600, interfaces: [down], rows: 95, rowCapacity: 100, deviceAddresses: 1)
        try await report(health, from: bad, sentAt: 10_500, at: 10_000)
        let states = try await states(at: 10_100)
        #expect(states.map(\.school) == ["D", "B", "C", "A"])
        #expect(
            states.map(\.problems) == [
                [.neverReported], [.silent(seconds: 9100)],
                [
                    .interfaceDown("eth2"), .drops(perMillion: 100_000), .clock(ahead: 500),
                    .nearlyFull(percent: 95), .seesOneDevice,
                ], [],
            ])
        #expect(states[2].health == health && states[2].version == "2" && states[2].clockAhead == 500)
    }

    @Test func `keep the health of their newest report`() async throws {
        let agent = try await store.join("A")
        try await report(Health(uptimeSeconds: 2), from: agent, sentAt: 20, at: 20)
        try await report(Health(uptimeSeconds: 1), from: agent, sentAt: 10, at: 21)
        #expect(try await states(at: 22)[0].health?.uptimeSeconds == 2)
    }

    @Test func `may tell nonsense of their health, which is passed over and told`() async throws {
        let nonsense = Health(uptimeSeconds: -1)
        let report = AcceptedReport(
            checking: Report(sentAt: 0, version: "1", days: [], health: nonsense), today: monday)
        #expect(report.health == nil)
        #expect(report.skipped.map(\.pointer) == ["/health/uptime_seconds"])
        let many = Health(uptimeSeconds: 1, evictions: ["a\n": 1])
        let second = AcceptedReport(checking: Report(sentAt: 0, version: "1", days: [], health: many), today: monday)
        #expect(second.skipped.map(\.pointer) == ["/health/evictions"])
    }
}

@Suite struct `Devices that an agent counted once over all names of a platform` {
    private let catalogue = [Platform(name: "Quiz", patterns: [.domain("quiz.example")])]

    private func reader() async throws -> UseReader {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        var told = day([Row(name: "a.quiz.example", dns: 1, devices: 5), Row(name: "b.quiz.example", devices: 6)])
        told.groups = [GroupDevices(name: "quiz", devices: 9, hours: [10: 7])]
        try await store.keep(told, from: try await store.join("A"))
        let others = day([Row(segment: "staff", name: "a.quiz.example", devices: 4)])
        try await store.keep(others, from: try await store.join("B"))
        return UseReader(store: store, catalogue: catalogue)
    }

    @Test func `stand in place of those of the largest name, at the schools that tell them`() async throws {
        let reader = try await reader()
        #expect(try await reader.platformUse(in: UseScope()).platforms.map(\.figures.busiestDevices) == [13])
        let schools = try await reader.schools(using: .platform("Quiz"), in: UseScope())
        #expect(schools.map(\.figures.busiestDevices) == [9, 4])
        #expect(try await reader.hoursOfDay(of: .platform("Quiz"), in: UseScope()).devices[10] == 7)
    }

    @Test func `are of no segment, and no name`() async throws {
        let reader = try await reader()
        let staff = try await reader.platformUse(in: UseScope(segment: "staff")).platforms
        #expect(staff.map(\.figures.busiestDevices) == [4])
        let names = try await reader.names(of: "Quiz", in: UseScope(), page: ListPage())
        #expect(names.items.map(\.name) == ["a.quiz.example", "b.quiz.example"])
        #expect(try await reader.largestNames(in: UseScope())["Quiz"]?.map(\.name).sorted() == names.items.map(\.name))
        #expect(try await reader.store.observations(in: ObservationScope()).names.count == 3)
        #expect(try await reader.store.findings() == [])
    }
}
