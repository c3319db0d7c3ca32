import Registry
import Store
import Testing
import Usage
import Wire

@Suite struct `Change of use` {
    func figures(_ devices: Int) -> UseFigures {
        UseFigures(devicesOnSchoolDays: devices, schoolDays: 1, daysSeen: devices > 0 ? 1 : 0)
    }

    @Test(
        arguments: [
            (60, 117, .growing(percent: 95)), (100, 124, .steady), (100, 125, .growing(percent: 25)), (3, 4, .steady),
            (4, 6, .growing(percent: 50)), (100, 60, .shrinking(percent: 40)), (0, 12, .back), (50, 50, .steady),
        ] as [(Int, Int, Change)])
    func `is told from two devices and a quarter on`(before: Int, now: Int, change: Change) {
        #expect(Change(from: figures(before), to: figures(now), isNew: false) == change)
    }

    @Test func `is nothing without days before, and new comes before all`() {
        #expect(Change(from: nil, to: figures(9), isNew: true) == .unknown)
        #expect(Change(from: figures(0), to: figures(9), isNew: true) == .new)
    }

    @Test func `is new where the first day lies in the period`() {
        let period = Period(SchoolDay(ordinal: 10), SchoolDay(ordinal: 16))
        func change(_ first: Int) -> Change {
            let use = PlatformUse(
                platform: Platform(name: "A"), isRegistered: true, figures: figures(9), previous: figures(0),
                schools: 1,
                firstSeen: SchoolDay(ordinal: first))
            return ToolLine(use, in: period).change
        }
        #expect(change(9) == .back)
        #expect(change(10) == .new)
    }
}

@Suite struct `Manner of use` {
    func manner(_ names: [(String, Int)]) -> Manner {
        Manner(names: names.map { LargestName(name: $0.0, devices: $0.1) })
    }

    @Test(arguments: [
        [("player.clip.example", 93), ("www.clip.example", 9)], [("cdn-2.clip.example", 40)],
        [("www.youtube-nocookie.com", 30)], [("embed.clip.example", 100), ("clip.example", 10)],
    ])
    func `is embedded where a tenth or less used its own names`(names: [(String, Int)]) {
        guard case .embedded(let evidence) = manner(names) else {
            Issue.record("it is not called embedded")
            return
        }
        #expect(evidence.devices == names[0].1)
        #expect(evidence.names == [names[0].0])
    }

    @Test(arguments: [
        [("player.clip.example", 93), ("www.clip.example", 10)], [("www.clip.example", 1)], [],
        [("embed.clip.example", 9), ("clip.example", 1)], [("cdn.example", 50)], [("images.clip.example", 50)],
    ])
    func `is use otherwise`(names: [(String, Int)]) {
        #expect(manner(names) == .used)
    }

    @Test func `is never use of infrastructure`() {
        let platform = Platform(name: "Example CDN", kind: .infrastructure)
        #expect(Manner(of: platform, names: []) == .infrastructure)
    }
}

@Suite struct `Groups of unknown names` {
    func use(_ name: String, _ devices: Int, schools: Int = 1, first: Int = 0) -> Store.NameUse {
        Store.NameUse(
            name: name,
            figures: UseFigures(
                devicesOnSchoolDays: devices, schoolDays: 1, daysSeen: 1, counts: UseCounts(dns: devices)),
            previous: UseFigures(schoolDays: 1), schools: schools, firstSeen: SchoolDay(ordinal: first))
    }

    func groups(_ names: [Store.NameUse], platforms: [Platform] = []) -> [UnknownGroup] {
        UnknownGroup.groups(
            of: names, in: Period(SchoolDay(ordinal: 10), SchoolDay(ordinal: 16)), platforms: platforms,
            dismissals: ["gone.example": Dismissal(reason: "ours", who: "sample", at: 1)])
    }

    @Test func `are by registered domain, with the devices of the largest name`() {
        let groups = groups([use("a.quiz.example", 5), use("b.quiz.example", 8), use("quiz.co.uk", 1)])
        #expect(groups.map(\.key) == ["quiz.example", "quiz.co.uk"])
        #expect(groups[0].figures.typicalDevices == 8)
        #expect(groups[0].figures.counts.dns == 13)
        #expect(groups[0].names.map(\.name) == ["b.quiz.example", "a.quiz.example"])
        #expect(groups[0].patterns == ["quiz.example"])
    }

    @Test func `are in the order of schools times devices times growth`() {
        let groups = groups([
            use("many.example", 10), use("schools.example", 5, schools: 4), use("new.example", 8, first: 12),
        ])
        #expect(groups.map(\.key) == ["schools.example", "new.example", "many.example"])
    }

    @Test func `say which platform is called like them`() {
        let zoom = Platform(name: "Sample Zoom", patterns: [.domain("samplezoom.example")])
        let groups = groups([use("cdn.samplezoom.com", 5)], platforms: [zoom])
        #expect(groups[0].likely == "Sample Zoom")
        #expect(groups[0].hints.count == 2)
    }

    @Test func `know that they were dismissed`() {
        #expect(groups([use("gone.example", 3)])[0].dismissal?.reason == "ours")
    }
}
