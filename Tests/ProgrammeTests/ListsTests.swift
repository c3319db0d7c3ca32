import Registry
import Testing
import Wire

@testable import Programme

@Suite struct `The lists` {
    private let clock = DistrictClock()

    private func lived() throws -> Certification {
        var life = Certification(platform: "Sample Quiz")
        let day = SchoolDay.day("2026-09-10")
        _ = try life.take(.discover(schools: 1, devices: 9), by: .rollcall, at: 1, on: day)
        _ = try life.take(.review(reviewer: "x", reason: "x"), by: .its, at: 2, on: day)
        _ = try life.take(.audit(.sample(.passed)), by: .its, at: 3, on: day, checklist: .sample)
        _ = try life.take(.approve(.sample), by: .its, at: 4, on: day)
        _ = try life.take(
            .flag(Flagging(reason: "sold", severity: .high, replacement: "Kahoot!")), by: .its, at: 5, on: day)
        return life
    }

    @Test func `tell what changed since a moment, newest first`() throws {
        let changes = ListChange.all(in: [try lived()])
        #expect(
            changes.map(\.sentence) == [
                "Sample Quiz is now flagged: do not buy (sold; use Kahoot! instead).",
                "Sample Quiz is now approved (education tenant only).",
            ])
        #expect(ListChange.all(in: [try lived()], since: 5).count == 1)
        #expect(changes.allSatisfy { $0.concerns(.acceptable) })
        #expect(changes.map { $0.concerns(.doNotBuy) } == [true, false])
    }

    @Test func `have what is approved and what is flagged, and no infrastructure`() throws {
        let platforms = [
            Platform(name: "B", status: .approved), Platform(name: "A", status: .approved),
            Platform(name: "Sample Quiz", status: .flagged, replacement: "A"),
            Platform(name: "CDN", kind: .infrastructure, status: .approved),
        ].map { ListedPlatform($0, $0.name == "Sample Quiz" ? try? lived() : nil, clock: clock) }
        #expect(PlatformList.acceptable.platforms(among: platforms).map(\.platform.name) == ["A", "B"])
        let flagged = PlatformList.doNotBuy.platforms(among: platforms)
        #expect(flagged.map(\.reason) == ["sold"])
        #expect(flagged.map(\.replacement) == ["Kahoot!"])
    }

    @Test func `answer a buyer in one look`() {
        let day = SchoolDay.day("2026-10-01")
        let platforms = [
            Platform(name: "Kahoot!", vendor: "Kahoot", status: .approved, patterns: [.domain("kahoot.it")]),
            Platform(name: "Sample Quiz", vendor: "Sample Rocket", status: .flagged),
            Platform(name: "Sample Reader", vendor: "Sample Rocket"),
        ].map { ListedPlatform($0, nil, clock: clock) }
        let facts = UseFacts(
            today: day,
            tools: [
                ToolFacts(
                    name: "Sample Reader", platform: platforms[2].platform,
                    uses: ["A": UseAtSchool(devices: 5, firstDay: day), "B": UseAtSchool(devices: 7, firstDay: day)])
            ])
        func answers(_ question: String) -> [PurchaseAnswer] {
            PurchaseAnswer.answers(to: question, among: platforms, facts: facts)
        }
        #expect(answers("kahoot") == [.approved(platforms[0])])
        #expect(answers("kahoot.it") == [.approved(platforms[0])])
        #expect(
            answers("sample rocket") == [
                .flagged(platforms[1]), .undecided(platforms[2], use: PurchaseAnswer.Use(schools: 2, devices: 12)),
            ])
        #expect(
            answers("sampel reader") == [.undecided(platforms[2], use: PurchaseAnswer.Use(schools: 2, devices: 12))])
        #expect(answers("nothing like that").isEmpty)
        #expect(answers("  ").isEmpty)
    }
}

@Suite struct `Price leverage` {
    private let day = SchoolDay.day("2026-10-01")

    private func tool(_ name: String, _ devices: [String: Int], category: String = "assessment") -> ToolFacts {
        ToolFacts(
            name: name, platform: Platform(name: name, category: category),
            uses: SchoolUses(devices.mapValues { UseAtSchool(devices: $0, firstDay: day) }))
    }

    @Test func `weighs use against spend and licences`() throws {
        let facts = UseFacts(
            today: day,
            tools: [
                tool("Quiz A", ["S1": 10, "S2": 20]), tool("Quiz B", ["S1": 30]),
                tool("Alone", ["S1": 4, "S2": 4, "S3": 4], category: "maps"),
            ])
        var platforms = ["Quiz A", "Quiz B", "Alone", "Paid and never seen"].map { Platform(name: $0) }
        platforms.append(Platform(name: "Held and never seen", terms: Terms(licences: 7)))
        let spends = try SpendFile.read(
            Array(
                """
                platform,school,period,amount,licences
                Paid and never seen,S1,2026-27,100,
                Quiz A,S1,2026-27,"$1,200.50",50
                quiz a,S2,2026-27,800,50
                Quiz B,,2026-27,10,
                """.utf8), file: "spend.csv", naming: ToolSpelling(platforms))
        let leverage = Leverage(facts: facts, spends: spends, platforms: platforms)
        let a = try #require(leverage.lines.first { $0.platform == "Quiz A" })
        #expect(a.cents == 200_050)
        #expect(a.licences == 100)
        #expect(a.others == ["Quiz B"])
        #expect(
            a.argument
                == "100 licences are paid for, and its busiest day saw at least 30 devices: ask whether fewer will do. 2 schools pay for themselves: one contract of the district replaces 2."
        )
        let alone = try #require(leverage.lines.first { $0.platform == "Alone" })
        #expect(alone.argument == "3 schools use it: ask for a price for the whole district.")
        for name in ["Paid and never seen", "Held and never seen"] {
            let unseen = try #require(leverage.lines.first { $0.platform == name })
            #expect(unseen.argument == "It is paid for and was not seen in use: end or move the licences.")
        }
        #expect(leverage.overlaps.map(\.category) == ["assessment"])
        // At S1 the largest of the two tools counts, for the same devices may use both.
        #expect(leverage.overlaps.first?.devices == 50)
        #expect(leverage.overlaps.first?.cents == 201_050)
        #expect(leverage.overlaps.first?.licences == 100 && leverage.overlaps.first?.devicesBefore == 0)
        #expect(
            leverage.overlaps.first?.argument
                == "None is approved: once one is, a contract for all 2 schools may replace the other tool.")
        var tools = facts.tools
        tools[1].platform?.status = .approved
        let approved = UseFacts(today: facts.today, schools: facts.schools, tools: tools)
        #expect(
            Leverage(facts: approved, spends: spends, platforms: platforms).overlaps.first?.argument
                == "Quiz B is approved: one contract for all 2 schools may replace the other tool.")
    }

    @Test(arguments: ["", "-5", "12.345", "1e3", "twelve", "９"]) func `takes amounts alone`(text: String) {
        #expect(SpendFile.cents(text) == nil)
    }
}
