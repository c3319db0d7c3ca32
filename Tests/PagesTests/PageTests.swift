import Registry
import Store
import Testing
import Usage
import Wire

@testable import Pages

@Suite struct `Overview page` {
    let page = OverviewPage(Samples.overview)

    @Test func `it says what is in use, what is new and what is flagged, over what`() {
        #expect(page.headline == "10 tools in use: 1 new, 2 flagged")
        #expect(page.over == "A typical day of 5 school days from November 25 to December 1, 2026 at 5 schools.")
        #expect(page.cards.map(\.number) == ["2", "1", "2", "3", "14"])
        #expect(
            page.cards.map(\.link) == [
                "/tools?status=flagged", "/tools?change=new", "/tools?change=growing", "/tools?status=not_in_registry",
                "/unknown",
            ])
    }

    @Test func `what changed is listed, the most grown first`() {
        #expect(page.lists.map(\.heading) == ["Flagged and in use", "Newly discovered", "Growing"])
        let tools = page.lists.map { list in list.table?.rows.map(\.cells[0].words) ?? [] }
        #expect(tools == [["Homework Genie", "Chatterbox"], ["Quizzard"], ["Homework Genie", "Sample Tutor"]])
    }

    @Test func `schools are told by whether they report, each with a link`() {
        #expect(page.reporting?.heading == "4 of 6 schools report")
        #expect(page.reporting?.parts.map(\.number) == ["4", "1", "1"])
        #expect(page.reporting?.parts[1].link == "/schools?state=silent")
        var overview = Samples.overview
        overview.basis.school = "Example High"
        #expect(OverviewPage(overview).reporting == nil, "a leader's own school is no list of schools")
    }

    @Test func `weeks before the first report are not drawn`() {
        #expect(page.weeks?.table.rows.count == 9)
    }

    @Test func `without a report it says what to do`() {
        let page = OverviewPage(Overview(basis: Samples.nothing))
        #expect(page.headline == "No school has reported yet")
        #expect(page.empty?.steps.count == 3)
    }

    @Test func `without days before there is nothing to compare with, and it says so`() {
        var overview = Samples.overview
        overview.basis.hasBefore = false
        overview.tools = []
        let page = OverviewPage(overview)
        #expect(page.lists[2].none == "No school reported in the days before, so there is nothing to compare with.")
    }
}

@Suite struct `Tools page` {
    func page(_ query: ToolsQuery = ToolsQuery(), over basis: Basis = Samples.basis) -> ToolsPage {
        ToolsPage(Samples.lines, query: query, over: basis, facets: Samples.facets)
    }

    func names(_ query: ToolsQuery) -> [String] { page(query).list.table.rows.map(\.cells[0].words) }

    @Test func `devices come first, and the tabs count what the filter lets through`() {
        #expect(names(ToolsQuery()).prefix(2) == ["Example Classroom", "Class Messages"])
        #expect(page().tabs.map(\.number) == ["10", "2", "3", "1", "4"])
        #expect(page(ToolsQuery(search: "messag")).tabs.map(\.number) == ["2", "1", "0", "0", "1"])
    }

    @Test func `embedded tools and infrastructure are hidden, and it says why and how to see them`() {
        #expect(page().hidden.map(\.link) == ["/tools?manner=embedded", "/tools?manner=infrastructure"])
        #expect(names(ToolsQuery(manner: .embedded)) == ["Clip Player"])
        #expect(names(ToolsQuery(manner: .infrastructure)) == ["Example CDN"])
        let remark = page(ToolsQuery(manner: .embedded)).list.table.rows[0].remarks[2]?.words
        #expect(
            remark
                == "93 devices spoke with player.clip.example, embed.clip.example, from which pages of others load parts, "
                + "and only 2 with a name of its own site")
    }

    @Test(arguments: [
        (ToolOrder(by: nil, .ascending), "Boardly"), (ToolOrder(by: .change, .descending), "Quizzard"),
        (ToolOrder(by: .schools, .ascending), "Video Corner"), (ToolOrder(by: .status, .ascending), "Chatterbox"),
        (ToolOrder(by: .firstSeen, .descending), "Quizzard"),
    ])
    func `any column gives the order`(order: ToolOrder, first: String) {
        #expect(names(ToolsQuery(order: order)).first == first)
    }

    @Test func `a click on the head in force turns the order round`() {
        let columns = page().list.table.columns
        let devices = columns.first { $0.key == "devices" }
        #expect(devices?.sort?.current == .descending)
        #expect(devices?.sort?.link == "/tools?sort=devices")
        #expect(columns[0].sort?.link == "/tools?sort=tool")
    }

    @Test func `a flagged tool says what to move to, an approved one its conditions`() {
        let rows = page(ToolsQuery(order: ToolOrder(by: nil, .ascending))).all.rows
        #expect(rows.first { $0.cells[0].words == "Homework Genie" }?.remarks[0]?.words == "Sample Tutor")
        #expect(rows.first { $0.cells[0].words == "Sample Tutor" }?.remarks[1]?.words == "Grades 9 to 12 only")
    }

    @Test func `nothing found says which way leads back`() {
        #expect(
            page(ToolsQuery(search: "nothing like it")).list.none?.sentence == "Nothing matches all of these filters.")
        #expect(
            ToolsPage([], query: ToolsQuery(), over: Samples.nothing, facets: Facets()).list.none?.sentence
                == "No school reported on these days.")
    }

    @Test func `each part of the filter can be taken off alone`() {
        let query = ToolsQuery(scope: ScopeQuery(school: "Example High"), status: .flagged, search: "genie")
        #expect(page(query).chipList?.chips.map(\.label) == ["“genie”", "Flagged", "School: Example High"])
        #expect(page(query).chipList?.chips[1].without == "/tools?school=Example%20High&search=genie")
    }
}

@Suite struct `Tool page` {
    let page = ToolPage(Samples.story, scope: ScopeQuery(), facets: Samples.facets)

    @Test func `it says what the status means and where to move to`() {
        #expect(page.title == "Homework Genie")
        #expect(page.badge.label == "Flagged")
        #expect(page.verdict == "It failed the audit. Nobody is to buy it, and schools that use it move off it.")
        #expect(page.moveTo?.replacement == "Sample Tutor")
        #expect(page.figures.map(\.value) == ["117", "234", "4", "+95%", "2,223"])
        #expect(page.figures[0].note == "up to ≈ 146 on the busiest")
        #expect(page.figures[2].note == "of 5 schools that reported")
    }

    @Test func `its trend and its hours are a chart and a table`() throws {
        let trend = try #require(page.trend)
        #expect(trend.sentence == "The busiest day was November 26, 2026, with about 146 devices or more.")
        #expect(trend.table.rows.count == 9)
        #expect(try #require(page.hours).table.rows[15].cells[1].words == "30")
    }

    @Test func `it says by which pattern each name was recognised`() {
        let rows = page.names?.nameTable.rows ?? []
        #expect(rows.map(\.cells[1].words) == Array(repeating: "homeworkgenie.example and all below it", count: 2))
        #expect(rows.map(\.cells[3].words) == ["itself", "parts of other pages"])
    }

    @Test func `a tool that nobody used has a page too`() {
        let page = ToolPage(Samples.unused, scope: ScopeQuery(), facets: Facets())
        #expect(page.over == "It was not seen from November 25 to December 1, 2026.")
        #expect(page.trend == nil && page.schools == nil && page.names == nil && page.hours == nil)
        #expect(page.entry.last?.value == "unseen.example alone")
    }

    @Test func `a link that would run something is shown as text`() {
        var platform = Platform(name: "A")
        platform.privacy.agreement = PrivacyFacts.Agreement(link: "javascript:alert(1)")
        #expect(platform.facts.first { $0.label == "Privacy agreement" }?.link == nil)
    }
}

@Suite struct `School pages` {
    @Test func `schools that do not report come first`() {
        let page = SchoolsPage(
            Samples.states, query: SchoolsQuery(), over: Samples.basis, facets: Samples.facets, now: Samples.now)
        #expect(page.headline == "3 of 5 schools report")
        #expect(page.list.table.rows.prefix(2).map(\.cells[0].words) == ["Specimen Elementary", "Test Academy"])
        #expect(page.list.table.rows[0].cells[2] == .mark(.bad, "Silent"))
        #expect(page.list.table.rows[1].cells[3].words == "never")
    }

    @Test func `a school has its tools by status, what needs action first`() {
        let page = SchoolPage(Samples.schoolStory, scope: ScopeQuery(), facets: Samples.facets, now: Samples.now)
        #expect(page.sections.map(\.size) == ["2 tools", "3 tools", "1 tool", "4 tools"])
        #expect(page.sections[0].link == "/tools?school=Example%20High&status=flagged")
        #expect(page.stateSentence == "The last report came 2 minutes ago.")
        #expect(page.gateways?.rows.count == 1)
        #expect(page.against?.table.rows.count == 9)
    }
}

@Suite struct `Review queue` {
    func page(_ query: UnknownQuery = UnknownQuery()) -> UnknownPage {
        UnknownPage(
            query.kind == .open ? Samples.review : Samples.dismissed, query: query, over: Samples.basis,
            facets: Samples.facets, platforms: [])
    }

    @Test func `names below one domain are one group, with what a platform of it would be`() throws {
        let group = try #require(page().groups.first)
        #expect(page().headline == "1 group of names waits for review")
        #expect(group.key == "quizrocket.example")
        #expect(group.names.rows.count == 2)
        #expect(group.proposal.name == "Quizrocket")
        #expect(group.proposal.patterns == "quizrocket.example")
        #expect(group.hints == ["2 names lie below this one registered domain."])
    }

    @Test func `domains that belong together are one group, with all that would be decided on`() throws {
        let page = UnknownPage(
            Samples.joined, query: UnknownQuery(), over: Samples.basis, facets: Samples.facets, platforms: [],
            done: .dismissed("a.example b.example"))
        let group = try #require(page.groups.first)
        let domains = "lessonworld.example lessonworldcdn.example lessonworld-files.example"
        #expect(group.heading == "lessonworld.example and 2 more domains" && group.key == domains)
        #expect(group.proposal.patterns == domains && group.proposal.name == "Lessonworld")
        // Those with most devices would all be of one domain.
        #expect(group.names.rows.count == 8 && group.moreNames == "and 6 more names")
        #expect(
            group.names.rows.map { $0.cells[0] }.suffix(2) == [
                .text("static.lessonworldcdn.example"), .text("lessonworld-files.example"),
            ])
        #expect(page.notice?.sentence == "a.example and 1 more domain were dismissed.")
        #expect(page.notice?.undo == "a.example b.example")
    }

    @Test func `a file has a line for each group, with its domains and names`() throws {
        let summary = GroupSummary(
            domains: ["a.example", "b.example"], nameCount: 60, names: ["x.a.example", "b.example"],
            figures: UseFigures(devicesOnSchoolDays: 27, schoolDays: 5),
            previous: UseFigures(devicesOnSchoolDays: 0, schoolDays: 5), schools: 2, firstSeen: Samples.day(2),
            likely: "Quizzard")
        let file = UnknownFile([UnknownLine(summary, in: Samples.period)], over: Samples.basis)
        let row = file.all.csv.split(separator: "\r\n")[1]
        let day = Samples.day(2).description
        #expect(row == "a.example,a.example; b.example,2,5.4,new,\(day),60,x.a.example; b.example,Quizzard,")
    }

    @Test func `what was dismissed has its reason, and can come back`() throws {
        let group = try #require(page(UnknownQuery(kind: .dismissed)).groups.first)
        #expect(group.dismissal == "Dismissed on November 25, 2026 by sample: a school’s own page")
        #expect(!group.isOpen)
    }
}

@Suite struct `Gateways page` {
    let page = GatewaysPage(Samples.agents, query: GatewaysQuery(), over: Samples.basis, now: Samples.now)

    @Test func `problems come first, the grave ones before all, each with what to do`() throws {
        #expect(page.headline == "2 of 3 gateways have problems")
        let problems = try #require(page.problemList).problems
        #expect(
            problems.map(\.what) == [
                "no report for 4 days", "3% of the frames were dropped before it saw them",
                "its clock is 6 minutes ahead",
            ])
        #expect(problems.map(\.isGrave) == [true, true, false])
        #expect(problems.allSatisfy { !$0.remedy.isEmpty })
    }

    @Test func `each has its version, last report, drops and state`() {
        let row = page.list.table.rows[1].cells.map(\.words)
        #expect(
            row == ["gateway-1", "Example High", "Reporting", "1 minute ago", "0.2.0", "970,000", "3%", "214", "31 MB"])
        #expect(page.tabs.map(\.number) == ["3", "2", "2", "1", "0", "0"])
    }
}

@Suite struct `Charts` {
    func chart(_ values: [Int]) -> BarChart {
        let points = values.enumerated().map { BarChart.Point(label: "Nov \($0.offset)", value: $0.element) }
        return BarChart(title: "Devices", description: "By day", points: points)
    }

    @Test(arguments: [0, 1, 2, 9, 1000])
    func `each number has a bar`(count: Int) {
        let svg = chart((0..<count).map { $0 * 3 }).svg
        #expect(svg.occurrences(of: "<rect ") == count)
        #expect(svg.contains("aria-label=\"Devices. By day\""))
        #expect(problems(inXML: svg).isEmpty)
    }

    @Test(arguments: [(0, 2), (1, 2), (3, 4), (10, 10), (11, 12), (117, 120), (121, 160), (801, 1000), (1001, 1200)])
    func `the scale ends at a round number with a round half`(largest: Int, ceiling: Int) {
        #expect(ChartFrame.ceiling(of: largest) == ceiling)
    }

    @Test func `the largest number there is draws without trapping`() {
        #expect(chart([.max, 1, 0]).svg.contains("height=\"180\""))
        #expect(ShareBar.widths(of: [.max, .max, 1]).reduce(0, +) == 10_000)
    }

    @Test(arguments: [
        (1, [0]), (2, [0, 1]), (4, [0, 1, 2, 3]), (9, [0, 2, 4, 6, 8]), (365, [0, 91, 182, 273, 364]),
    ])
    func `the first and the last day are labelled`(count: Int, labelled: [Int]) {
        #expect(ChartFrame(largest: 1, count: count).labelled == labelled)
    }

    @Test func `the parts of a stacked bar stand on each other`() {
        let chart = StackedChart(
            title: "Use", description: "By week",
            parts: [.init(style: "a", label: "A"), .init(style: "b", label: "B")],
            points: [.init(label: "Nov 24", values: [50, 50])])
        #expect(chart.svg.contains("<rect class=\"a\" x=\"49.25%\" y=\"114\" width=\"8.00%\" height=\"90\">"))
        #expect(chart.svg.contains("<rect class=\"b\" x=\"49.25%\" y=\"24\" width=\"8.00%\" height=\"90\">"))
    }

    @Test func `a line leaves out what there is not`() {
        let chart = LineChart(
            title: "Share", description: "By week", labels: ["a", "b", "c"],
            lines: [.init(style: "own", label: "Own", values: [1, nil, 3])])
        #expect(chart.svg.occurrences(of: "<circle ") == 2)
        #expect(chart.svg.occurrences(of: "<line class=\"own\"") == 1)
    }

    @Test func `a share bar fills its width and shows even the smallest share`() {
        #expect(ShareBar.widths(of: [1, 999_999]) == [60, 9940])
        #expect(ShareBar.widths(of: [1, 1, 1]).reduce(0, +) == 10_000)
        #expect(ShareBar.svg([], title: "Share") == nil)
    }

    @Test func `a share bar is told in words too`() throws {
        let part = ShareBar.Part(style: "status-flagged", label: "Flagged", amount: 3, share: "100%")
        let svg = try #require(ShareBar.svg([part], title: "Share"))
        #expect(svg.contains("role=\"img\" aria-label=\"Share: Flagged 100%\""))
    }
}
