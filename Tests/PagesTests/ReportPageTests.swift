import Registry
import Testing
import Usage

@testable import Pages

@Suite struct `Report page` {
    let page = ReportPage(Samples.report, schools: Samples.schools)

    @Test func `its headline says how many tools at how many schools and when`() {
        #expect(page.headline == "10 online tools in use at 5 schools")
        #expect(page.days == "Seen from November 16 to 24, 2026.")
        #expect(page.summary == "2 are flagged and 4 are not yet audited; 4 names belong to no known tool.")
    }

    @Test func `one tool at one school on one day is told in the singular`() {
        let scope = UseReport.Scope(
            school: "Example High", firstDay: "2026-11-24", lastDay: "2026-11-24", schools: ["Example High"])
        let page = ReportPage(
            UseReport(
                scope: scope, tools: [Samples.tool("Quizzard", "", "", .flagged, 3, 1, "quizzard.example")],
                unknown: [Samples.unknown("a.example", 3, 1)]),
            schools: ["Example High"])

        #expect(page.subject == "Example High")
        #expect(page.headline == "1 online tool in use at Example High")
        #expect(page.days == "Seen on November 24, 2026.")
        #expect(page.summary == "1 is flagged and none is not yet audited; 1 name belongs to no known tool.")
    }

    @Test func `what needs action comes first`() throws {
        let sections = try #require(page.content).sections
        #expect(
            sections.map(\.heading) == [
                "Flagged and in use", "Not in the registry", "Under review", "Approved and in use",
            ])
        #expect(sections.map(\.size) == ["2 tools", "3 tools", "1 tool", "4 tools"])
        #expect(sections.map { $0.queue?.queueSize } == [nil, "4 names", nil, nil])
    }

    @Test func `a flagged tool says what to move to, an approved one its conditions`() throws {
        let sections = try #require(page.content).sections
        let flagged = try #require(sections[0].tools).rows
        #expect(flagged.map(\.tool) == ["Homework Genie", "Chatterbox"])
        #expect(flagged.map { $0.moveTo?.replacement } == ["Sample Tutor", "Class Messages"])
        #expect(
            flagged.map { $0.moveTo?.replacementLink } == [
                "/tools?name=Sample%20Tutor", "/tools?name=Class%20Messages",
            ])

        let approved = try #require(sections[3].tools).rows
        #expect(approved.last?.conditions == "Grades 9 to 12 only")
        #expect(approved.allSatisfy { $0.moveTo == nil })
    }

    @Test func `more than 64 devices are marked as an estimate`() throws {
        let flagged = try #require(page.content?.sections[0].tools).rows
        #expect(flagged.map(\.devices) == ["≈ 117", "58"])
        #expect(writtenDevices(64) == "64")
        #expect(writtenDevices(65) == "≈ 65")
    }

    @Test func `links keep the days that were asked for, and the downloads are of the same scope`() throws {
        var report = Samples.report
        report.scope.school = "Sample & Middle"
        report.scope.from = "2026-11-16"
        let page = ReportPage(report, schools: Samples.schools)

        #expect(page.csvLink == "/report.csv?school=Sample%20%26%20Middle&from=2026-11-16")
        #expect(page.jsonLink == "/report.json?school=Sample%20%26%20Middle&from=2026-11-16")
        let first = try #require(page.content?.sections[0].tools?.rows.first?.schools.first.first)
        #expect(first.link == "/?school=Example%20High&from=2026-11-16")
        #expect(page.filter?.from == "2026-11-16")
        #expect(
            page.filter?.options.last == .init(value: "Sample & Middle", label: "Sample & Middle", isSelected: true))
    }

    @Test func `many schools are folded, but never a single one`() {
        let schools = ["A", "B", "C", "D"]
        #expect(SchoolLinks(Array(schools.prefix(3)), in: .init()).more == nil)
        let folded = SchoolLinks(schools, in: .init())
        #expect(folded.first.map(\.school) == ["A", "B"])
        #expect(folded.more?.label == "and 2 more")
        #expect(folded.more?.links.map(\.school) == ["C", "D"])
    }

    @Test func `the review queue shows every name, the first 25 unfolded`() throws {
        let content = try #require(ReportPage(Samples.report(names: 1000), schools: []).content)
        let queue = try #require(content.sections[1].queue)
        #expect(queue.head.rows.count == 25)
        #expect(queue.rest?.table.rows.count == 975)
        #expect(queue.rest?.label == "Show the other 975 names")
    }

    @Test func `shares are of connections, and never rounded to nothing or everything`() throws {
        let shares = try #require(page.content).shares
        #expect(
            shares.rows.map(\.badge.label) == [
                "Flagged", "Not in the registry", "Unknown names", "Under review", "Approved",
            ])
        #expect(shares.rows.map(\.share) == ["12%", "13%", "1%", "5%", "66%"])
        #expect(percentage(1, of: 1000) == "<1%")
        #expect(percentage(999, of: 1000) == "99%")
        #expect(percentage(7, of: 7) == "100%")
        #expect(percentage(0, of: 0) == nil)
        #expect(percentage(.max, of: .max) == "100%")
    }

    @Test func `coverage says what could not be named`() throws {
        let coverage = try #require(page.content).coverage
        #expect(coverage.coverageHeading == "95% of connections could be named")
        #expect(coverage.figures.map(\.label) == ["Named", "Attributed", "Unnamed", "Encrypted DNS", "Withheld"])
        #expect(coverage.figures.map(\.value) == ["77,945", "3,377", "3,591", "443", "74"])
        #expect(coverage.figures.allSatisfy { $0.sentence.hasSuffix(".") })
        #expect(CoverageFigures(Coverage()).coverageHeading == "No connection was seen")
    }

    @Test func `infrastructure is summed up by category and is no tool`() throws {
        let cdn = Samples.tool("Example CDN", "", "cdn", .unlisted, 10, 2, "cdn.example", kind: .infrastructure)
        let other = Samples.tool("Sample CDN", "", "cdn", .unlisted, 30, 1, "cdn.test", kind: .infrastructure)
        let summary = try #require(InfrastructureSummary([cdn, other]))
        #expect(summary.label == "4 names in 1 category")
        #expect(summary.rows.map(\.devices) == ["30"], "devices of several platforms cannot be added up")
        #expect(summary.rows.map(\.counts.dns) == ["360"])
        #expect(InfrastructureSummary([]) == nil)
    }

    @Test func `without any school it says which commands lead to a first report`() throws {
        let page = ReportPage(UseReport(scope: .init()), schools: [])
        #expect(page.headline == "No school has reported yet")
        #expect(page.filter == nil)
        #expect(page.content == nil)
        let commands = try #require(page.empty).steps.map(\.command)
        #expect(commands.count == 3)
        #expect(commands[1].hasPrefix("rollcall-agent enroll --collector "))
    }

    @Test func `a question without an answer is repeated in words`() {
        let scope = UseReport.Scope(school: "Example High", from: "2026-07-01")
        let page = ReportPage(UseReport(scope: scope), schools: ["Example High"])
        #expect(page.headline == "Nothing was reported here")
        #expect(
            page.days
                == "There is no report for Example High from July 1, 2026 on. Choose another school or other days.")
        #expect(page.filter?.isNarrowed == true)
        #expect(page.empty?.steps.isEmpty == true)
    }
}

@Suite struct `Wording` {
    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "−1,000")])
    func `numbers have their thousands apart`(number: Int, expected: String) {
        #expect(written(number) == expected)
    }

    @Test(arguments: [
        ("2026-11-24", "2026-11-24", "on November 24, 2026"),
        ("2026-11-16", "2026-11-24", "from November 16 to 24, 2026"),
        ("2026-11-30", "2026-12-01", "from November 30 to December 1, 2026"),
        ("2026-12-31", "2027-01-02", "from December 31, 2026 to January 2, 2027"),
        ("yesterday", "2027-13-02", "from yesterday to 2027-13-02"),
    ])
    func `days are written as people write them`(first: String, last: String, expected: String) {
        #expect(Days.span(first, last) == expected)
    }
}
