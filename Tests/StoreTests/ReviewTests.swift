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
        try await store.dismiss(["stale.org"], because: "a news site", by: somebody, at: 3)
        #expect(try await groups().map(\.domain) == ["fresh.org", "quizrocket-files.net"])
        let dismissed = try await reader.unknownDomains(in: UseScope(), dismissed: true, page: ListPage())
        #expect(dismissed.groups.map(\.domain) == ["stale.org"] && dismissed.dismissed == 1 && dismissed.open == 2)
        #expect(dismissed.groups[0].dismissal == Dismissal(reason: "a news site", who: "sample", at: 3))
        try await store.restore(["stale.org"], by: somebody, at: 4)
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

@Suite struct `What a domain is called` {
    @Test(arguments: [
        ("quizrocket.io", "quizrocket"), ("quizrocket-files.net", "quizrocket"), ("quizrocketcdn.com", "quizrocket"),
        ("QuizRocket-static-assets.net", "quizrocket"), ("quizrocketusercontent.com", "quizrocket"),
        ("site12.example", "site12"), ("site123.example", "site123"), ("quiz-rocket.com", "quiz-rocket"),
        ("xn--bcher-kva-cdn.example", "xn--bcher-kva-cdn"),
    ])
    func `is its first label without endings that say nothing`(domain: String, stem: String) {
        #expect(DomainStem.stem(of: domain) == stem)
    }

    @Test(arguments: [
        "quiz.com", "quiz-cdn.com", "123456.com", "12-34-56.com", "static-content.com", "cdn.net", "media-api.example",
        "",
    ])
    func `is nothing where too little is left`(domain: String) {
        #expect(DomainStem.stem(of: domain) == nil)
    }
}

@Suite struct `The platform that a domain is certainly one of` {
    private let words = KinWords([
        Platform(name: "Quiz Rocket", vendor: "Sample Learning", patterns: [.domain("quizrocket.com")]),
        Platform(name: "Board", vendor: "Boardmakers"), Platform(name: "Canva", vendor: "Canva"),
        Platform(name: "Canvas", vendor: "Structure"), Platform(name: "Docs", vendor: "Searchlight"),
        Platform(name: "Mails", vendor: "Searchlight"),
        Platform(name: "Elsewhere CDN", vendor: "Elsewhere", kind: .infrastructure),
    ])

    @Test(arguments: [
        ("quizrocket-files.net", "Quiz Rocket"), ("myquizrocket.io", "Quiz Rocket"),
        ("quiz-rocket-static.net", "Quiz Rocket"), ("samplelearning.org", "Quiz Rocket"), ("board-cdn.net", "Board"),
        ("boardapp.com", "Board"), ("boardmakers-eu.com", "Board"), ("canva-apps.com", "Canva"),
    ])
    func `has its name in it, or else its vendor's`(domain: String, platform: String) {
        #expect(words.owner(of: domain) == platform)
    }

    @Test(arguments: [
        // A short word within another.
        "cupboard.com", "boarding.com",
        // Two names; a vendor of two.
        "canvas-cdn.net", "searchlight-static.com",
        // Infrastructure is nobody's tool; a domain that only begins alike is no name.
        "elsewhere-files.net", "quizrock.example",
    ])
    func `is none where chance or another may be meant`(domain: String) {
        #expect(words.owner(of: domain) == nil)
    }
}

@Suite struct `Domains that belong together` {
    let folder: TemporaryFolder
    let store: SQLiteStore
    let reader: UseReader
    private let somebody = Who(name: "sample", way: .page)
    private let scope = UseScope(period: Period(monday.advanced(by: 1), monday.advanced(by: 1)))
    private let catalogue = [
        Platform(name: "Star Words", vendor: "Sample Learning", patterns: [.domain("starwords.com")])
    ]

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteStore(path: folder.database)
        reader = UseReader(store: store, catalogue: catalogue)
    }

    /// Tells which names each of some schools used, by so many devices.
    private func tell(_ schools: [[(name: String, devices: Int)]]) async throws {
        for (index, names) in schools.enumerated() {
            let agent = try await store.join("School \(index)")
            let rows = names.map { Row(name: $0.name, devices: $0.devices) }
            try await store.keep(day(monday, [Row(name: "starwords.com", devices: 200)]), from: agent)
            let everybody = [Row(name: "starwords.com", devices: 200)]
            try await store.keep(day(monday.advanced(by: 1), rows + everybody), from: agent)
        }
    }

    private func page(_ search: String = "", dismissed: Bool = false, _ page: ListPage = ListPage()) async throws
        -> ReviewPage
    {
        var page = page
        page.search = search
        return try await reader.unknownDomains(in: scope, dismissed: dismissed, page: page)
    }

    private let rocket: [[(name: String, devices: Int)]] = [
        [("www.quizrocket.io", 9), ("a.quizrocket-files.net", 5), ("alone.example", 50)],
        [("www.quizrocket.io", 6), ("b.quizrocketcdn.com", 30), ("c.quizrocketcdn.com", 4)],
    ]

    @Test func `are one group where all are called the same, with the schools of all and the largest devices`()
        async throws
    {
        try await tell(rocket)
        let page = try await page()
        #expect(page.open == 2 && page.openNames == 5)
        let group = try #require(page.groups.first { $0.others != [] })
        // Two schools × 15 devices are as much as one × 30: the first that was seen.
        #expect(group.domains == ["quizrocket.io", "quizrocketcdn.com", "quizrocket-files.net"])
        #expect(group.bond == .stem("quizrocket") && group.nameCount == 4)
        #expect(group.schools == 2 && group.figures.typicalDevices == 30)
        #expect(
            group.names.map(\.name) == [
                "b.quizrocketcdn.com", "www.quizrocket.io", "a.quizrocket-files.net", "c.quizrocketcdn.com",
            ])
        #expect(
            group.patterns == [.domain("quizrocket.io"), .domain("quizrocketcdn.com"), .domain("quizrocket-files.net")])
        // 2 × 30 against 1 × 50.
        #expect(page.groups.map(\.domain) == ["quizrocket.io", "alone.example"])
    }

    @Test func `are one group where one platform is in all of them`() async throws {
        try await tell([[("starwords-cdn.net", 5), ("mystarwords.org", 4), ("samplelearning.example", 3)]])
        let group = try #require(try await page().groups.first)
        #expect(group.domains == ["starwords-cdn.net", "mystarwords.org", "samplelearning.example"])
        #expect(group.bond == .platform("Star Words"))
        #expect(group.suggestions.first == OwnerSuggestion(platform: "Star Words", reason: .name))
    }

    @Test func `stay apart when they only begin alike, have other numbers, or are very many`() async throws {
        let numbers: [(name: String, devices: Int)] = [("site12.org", 4), ("site123.org", 4), ("site1234-cdn.org", 4)]
        let plans = ["com", "net", "org", "io"].map { (name: "lessonplan.\($0)", devices: 3) }
        try await tell([numbers + plans + [("lessonplanner.com", 3)]])
        let before = try await page()
        #expect(before.groups.first { $0.domain.hasPrefix("lessonplan.") }?.others.count == 3)
        #expect(before.open == 5 && before.groups.filter { $0.others != [] }.count == 1)
        let endings = [
            "de", "fr", "it", "es", "pl", "se", "no", "fi", "dk", "nl", "be", "at", "ch", "cz", "pt", "gr", "ie",
        ]
        try await tell([endings.map { ("lessonplan.\($0)", 3) }])
        let after = try await page().groups.filter { $0.domain.hasPrefix("lessonplan.") }
        #expect(after.count == 21 && after.allSatisfy { $0.others == [] && $0.bond == nil })
    }

    @Test func `are found by any of their names, all of them`() async throws {
        try await tell(rocket)
        let found = try await page("C.quizrocketC")
        #expect(found.open == 1 && found.groups.first?.domains.count == 3 && found.groups.first?.nameCount == 4)
        #expect(try await page("nothing").groups.isEmpty)
    }

    @Test func `are on pages, each group once`() async throws {
        try await tell(rocket)
        let pages = [
            try await page(ListPage(offset: 0, limit: 1)), try await page(ListPage(offset: 1, limit: 1)),
            try await page(ListPage(offset: 2, limit: 1)),
        ]
        #expect(pages.map { $0.groups.map(\.domain) } == [["quizrocket.io"], ["alone.example"], []])
        #expect(pages.allSatisfy { $0.open == 2 })
    }

    private func page(_ page: ListPage) async throws -> ReviewPage { try await self.page("", page) }

    @Test func `are one group also after a night, when the database knows their domains`() async throws {
        try await tell(rocket)
        let before = try await page()
        _ = try await reader.rollUp(before: monday.advanced(by: 9))
        #expect(try await page() == before)
        #expect(
            try await UseReader(store: store, catalogue: catalogue).unknownDomains(
                in: scope, dismissed: false, page: ListPage()) == before)
        // A domain of the next morning joins them.
        try await tell([[("quizrocketapp.org", 3)]])
        #expect(try await page("quizrocket").groups.first?.domains.count == 4)
    }

    @Test func `follow the registry as it stands`() async throws {
        try await tell(rocket)
        #expect(try await page("quizrocket").groups.first?.bond == .stem("quizrocket"))
        for (moment, status) in [Status.underReview, .approved].enumerated() {
            _ = try await store.importRegistry(replacing: false, by: "sample", at: moment) { _ in
                [Platform(name: "Quiz-Rocket", status: status, patterns: [.domain("quizrocket.io")])]
            }
            let group = try #require(try await page("quizrocket").groups.first)
            #expect(group.domains == ["quizrocketcdn.com", "quizrocket-files.net"])
            #expect(group.bond == .platform("Quiz-Rocket"))
        }
        try await tell([[("quizrocketapp.org", 3)]])
        #expect(try await page("quizrocket").groups.first?.domains.count == 3)
    }

    @Test func `are dismissed together and come back together; a new one is open, and says so`() async throws {
        try await tell(rocket)
        let domains = try #require(try await page().groups.first).domains
        try await store.dismiss(domains, because: "a news site", by: somebody, at: 3)
        #expect(try await page().groups.map(\.domain) == ["alone.example"])
        let gone = try await page(dismissed: true)
        #expect(gone.groups.map(\.domains) == [domains] && gone.dismissed == 1)
        let dismissal = Dismissal(reason: "a news site", who: "sample", at: 3)
        #expect(gone.groups.first?.dismissal == dismissal && gone.groups.first?.dismissedKin == [])

        try await tell([[("quizrocketapp.org", 3)]])
        let new = try #require(try await page().groups.first { $0.domain == "quizrocketapp.org" })
        #expect(new.others == [] && new.dismissal == nil && new.nameCount == 1)
        #expect(Set(new.dismissedKin.map(\.domain)) == Set(domains))
        #expect(new.dismissedKin.allSatisfy { $0.dismissal == dismissal })

        try await store.restore(domains, by: somebody, at: 4)
        let back = try #require(try await page("quizrocket").groups.first)
        #expect(Set(back.domains) == Set(domains + ["quizrocketapp.org"]) && back.dismissedKin == [])
    }

    @Test func `that were dismissed one by one, for reasons of their own, are told one by one`() async throws {
        try await tell(rocket)
        try await store.dismiss(["quizrocket.io"], because: "ours", by: somebody, at: 3)
        try await store.dismiss(["quizrocketcdn.com"], because: "its parts", by: somebody, at: 5)
        #expect(
            Set(try await page(dismissed: true).groups.map(\.domains)) == [["quizrocket.io"], ["quizrocketcdn.com"]])
        let open = try #require(try await page().groups.first { $0.domain == "quizrocket-files.net" })
        #expect(open.dismissedKin.map(\.dismissal.reason) == ["its parts", "ours"])
    }

    @Test func `are told when they were seen at the same schools as others, from any page, without being joined`()
        async throws
    {
        let trio: [(name: String, devices: Int)] = [
            ("anna.example", 9), ("berta.example", 8), ("carla.example", 7), ("doris.example", 6), ("erika.example", 5),
        ]
        // At two schools, and at more than half of them, chance does that too.
        let pair: [(name: String, devices: Int)] = [("frida.example", 4), ("gerda.example", 4)]
        let most: [(name: String, devices: Int)] = [("hanna.example", 2), ("ilse.example", 2)]
        try await tell([trio + pair + most, trio + pair + most, trio + most, most, most, []])
        let first = try await page(ListPage(limit: 1))
        #expect(first.open == 9 && first.groups.map(\.domain) == ["anna.example"])
        #expect(first.groups.first?.companions == ["berta.example", "carla.example", "doris.example"])
        let others = try await page().groups.filter { ["frida.example", "hanna.example"].contains($0.domain) }
        #expect(others.count == 2 && others.allSatisfy { $0.companions == [] })
        try await store.dismiss(["berta.example"], because: "ours", by: somebody, at: 3)
        #expect(
            try await page().groups.first { $0.domain == "anna.example" }?.companions == [
                "carla.example", "doris.example", "erika.example",
            ])
    }

    @Test func `are all in the list for a file, with the devices of the page`() async throws {
        try await tell(rocket + [(1...60).map { ("n\($0).large.example", $0 + 3) }])
        try await store.dismiss(["alone.example"], because: "ours", by: somebody, at: 3)
        for isDismissed in [false, true] {
            for search in ["", "quizrocketcdn", "n7"] {
                let page = try await page(search, dismissed: isDismissed)
                let list = try await reader.allUnknownDomains(in: scope, dismissed: isDismissed, search: search)
                #expect(list.map(\.domains) == page.groups.map(\.domains))
                #expect(list.map(\.figures.typicalDevices) == page.groups.map(\.figures.typicalDevices))
                #expect(list.map(\.previous) == page.groups.map(\.previous))
                #expect(list.map(\.schools) == page.groups.map(\.schools))
                #expect(list.map(\.nameCount) == page.groups.map(\.nameCount))
                #expect(list.map(\.firstSeen) == page.groups.map(\.firstSeen))
                #expect(list.map { Set($0.names) } == page.groups.map { Set($0.names.map(\.name)) })
                #expect(list.map(\.likely) == page.groups.map { $0.suggestions.first?.platform })
                #expect(list.map(\.dismissal) == page.groups.map(\.dismissal))
            }
        }
        let large = try await reader.allUnknownDomains(in: scope, dismissed: false, search: "large").first
        // The largest is not among the fifty that are told.
        #expect(large?.nameCount == 60 && large?.names.count == 50 && large?.figures.typicalDevices == 63)
    }
}
