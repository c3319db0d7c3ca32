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
    private func group(_ names: [String], suggestions: [OwnerSuggestion] = [], first: Int = 12) -> UnknownGroup {
        let uses = names.map { Store.NameUse(name: $0, figures: UseFigures(devicesOnSchoolDays: 8, schoolDays: 1)) }
        return UnknownGroup(
            DomainGroup(
                domain: "quiz.example", nameCount: names.count, names: uses,
                figures: UseFigures(devicesOnSchoolDays: 8, schoolDays: 1, daysSeen: 1),
                previous: UseFigures(schoolDays: 1), schools: 1, firstSeen: SchoolDay(ordinal: first),
                suggestions: suggestions, patterns: [.domain("quiz.example")]),
            in: Period(SchoolDay(ordinal: 10), SchoolDay(ordinal: 16)))
    }

    @Test func `say whom they likely belong to, and why`() {
        let group = group(
            ["a.quiz.example", "b.quiz.example"],
            suggestions: [
                OwnerSuggestion(platform: "Sample Quiz", reason: .name),
                OwnerSuggestion(platform: "Board", reason: .sameSchools),
            ])
        #expect(group.likely == "Sample Quiz" && group.patterns == ["quiz.example"])
        #expect(
            group.hints == [
                "2 names lie below this one registered domain.",
                "It has the name of Sample Quiz in it, and likely belongs to it.",
                "It was seen at the same schools as Board, and at no others.",
            ])
    }

    @Test func `say in one sentence that several may be meant`() {
        let names = ["Canva", "Canvas"].map { OwnerSuggestion(platform: $0, reason: .name) }
        #expect(
            group(["quiz.example"], suggestions: names).hints == [
                "It has the names of Canva and of Canvas in it: look whose it is, if it is one of theirs."
            ])
    }

    private func joined(
        _ bond: DomainBond, suggestions: [OwnerSuggestion] = [], companions: [String] = [],
        dismissed: [DismissedDomain] = []
    ) -> UnknownGroup {
        UnknownGroup(
            DomainGroup(
                domain: "quiz.example", others: ["quizcdn.example", "quiz-files.example"], bond: bond, nameCount: 3,
                names: [], figures: UseFigures(), schools: 1, suggestions: suggestions, companions: companions,
                dismissedKin: dismissed), in: nil)
    }

    @Test func `say why several domains are one`() {
        let platform = joined(
            .platform("Sample Quiz"),
            suggestions: [
                OwnerSuggestion(platform: "Sample Quiz", reason: .vendor),
                OwnerSuggestion(platform: "Board", reason: .prefix("quizboard")),
            ])
        #expect(platform.likely == "Sample Quiz" && platform.stem == nil)
        #expect(
            platform.hints == [
                "One group, because each has the name of Sample Quiz or of its vendor in it: "
                    + "quiz.example, quizcdn.example and quiz-files.example.",
                "They likely belong to Sample Quiz.",
            ])
        let stem = joined(
            .stem("quiz"), suggestions: [OwnerSuggestion(platform: "Board", reason: .prefix("quizboard"))],
            companions: ["a.com", "b.net"])
        #expect(stem.stem == "quiz")
        #expect(
            stem.hints == [
                "One group, because all are called quiz, apart from their endings: "
                    + "quiz.example, quizcdn.example and quiz-files.example.",
                "One of them begins like quizboard, a domain of Board.",
                "Seen at the same schools as a.com and b.net, and at no others.",
            ])
    }

    @Test func `say that others like them were dismissed, and why`() {
        func dismissed(_ domain: String, _ reason: String, at: Int) -> DismissedDomain {
            DismissedDomain(domain: domain, dismissal: Dismissal(reason: reason, who: "sample", at: at))
        }
        let one = joined(.stem("quiz"), dismissed: [dismissed("quizapp.example", "ours", at: 9)])
        #expect(one.hints.last == "It would be one group with quizapp.example, which was dismissed: “ours”.")
        let several = joined(
            .stem("quiz"),
            dismissed: [
                dismissed("quiza.example", "ours", at: 9), dismissed("quizb.example", "ours", at: 9),
                dismissed("quizc.example", "news", at: 2),
            ])
        #expect(
            several.hints.last
                == "It would be one group with quiza.example and quizb.example, which were dismissed: “ours”. "
                + "1 more was dismissed before.")
    }

    @Test func `say when all of their names serve parts of pages`() {
        #expect(group(["cdn.quiz.example"]).hints.last?.contains("infrastructure") == true)
        #expect(group(["quiz.example"]).hints.isEmpty)
    }

    @Test func `are new when their first name was seen in the period`() {
        #expect(group(["quiz.example"]).change == .new)
        #expect(group(["quiz.example"], first: 9).change == .back)
    }
}
