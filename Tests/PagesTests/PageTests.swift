import Registry
import Testing
import Usage

@testable import Pages

@Suite struct `Tool page` {
    @Test func `it says what the status means and where to move to`() {
        let page = ToolPage(Samples.detail)
        #expect(page.title == "Homework Genie")
        #expect(page.badge.label == "Flagged")
        #expect(page.verdict == "It failed the audit. Nobody is to buy it, and schools that use it move off it.")
        #expect(page.moveTo?.replacement == "Sample Tutor")
        #expect(page.seen == "Seen from November 16 to 24, 2026 at 4 schools.")
        #expect(page.figures.map(\.value) == ["≈ 117", "4", "2,223", "1,053"])
        #expect(page.entry.map(\.label) == ["Vendor", "Category", "Names that are its own"])
        #expect(page.entry.last?.value == "genie.example and all below it")
    }

    @Test func `its trend has every day, as a chart and as a table`() throws {
        let trend = try #require(ToolPage(Samples.detail).trend)
        #expect(trend.trendSentence == "The busiest day was November 19, 2026, with about 117 devices or more.")
        #expect(trend.days.map(\.devices) == ["≈ 71", "≈ 96", "≈ 104", "≈ 117", "≈ 88", "0", "0", "≈ 109", "≈ 95"])
        #expect(trend.days.first?.day == "November 16, 2026")
    }

    @Test func `a tool that nobody used has a page too`() {
        let page = ToolPage(Samples.unused)
        #expect(page.seen == "It was not seen at any school.")
        #expect(page.trend == nil)
        #expect(page.schools == nil)
        #expect(page.names == nil)
        #expect(page.entry.last?.value == "boardly.example alone")
    }
}

@Suite struct `Schools page` {
    @Test func `each school has its tools by status and its last day`() {
        let page = SchoolsPage(Samples.summaries)
        #expect(page.headline == "5 schools are reporting")
        #expect(page.latest == "The last day reported is November 24, 2026.")
        #expect(page.rows[1].at == .init(school: "Placeholder Elementary", link: "/?school=Placeholder%20Elementary"))
        #expect(
            page.rows[1].tools.map(\.badge.label) == ["Flagged", "Not in the registry", "Under review", "Approved"])
        #expect(page.rows[1].tools.map(\.number) == ["1", "1", "1", "4"])
        #expect(page.rows[1].tools.map(\.isPressing) == [true, false, false, false])
    }

    @Test func `a school that stopped reporting shows`() {
        #expect(SchoolsPage(Samples.summaries).rows.map(\.isBehind) == [false, false, false, false, true])
    }

    @Test func `without a school it says what to do`() {
        let page = SchoolsPage([])
        #expect(page.headline == "No school has reported yet")
        #expect(page.none?.steps.count == 3)
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
        #expect(svg.contains("<title id=\"chart-title\">Devices</title>"))
        #expect(problems(inXML: svg).isEmpty)
    }

    @Test(arguments: [(0, 2), (1, 2), (3, 4), (10, 10), (11, 12), (117, 120), (121, 160), (801, 1000), (1001, 1200)])
    func `the scale ends at a round number with a round half`(largest: Int, ceiling: Int) {
        #expect(chart([0, largest]).ceiling == ceiling)
    }

    @Test func `the largest number there is draws without trapping`() {
        #expect(chart([.max, 1, 0]).svg.contains("height=\"180\""))
        #expect(ShareBar.widths(of: [.max, .max, 1]).reduce(0, +) == 10_000)
    }

    @Test(arguments: [
        (1, [0]), (2, [0, 1]), (4, [0, 1, 2, 3]), (9, [0, 2, 4, 6, 8]), (365, [0, 91, 182, 273, 364]),
    ])
    func `the first and the last day are labelled`(count: Int, labelled: [Int]) {
        #expect(chart(Array(repeating: 1, count: count)).labelled == labelled)
    }

    @Test func `a share bar fills its width and shows even the smallest share`() {
        #expect(ShareBar.widths(of: [1, 999_999]) == [60, 9940])
        #expect(ShareBar.widths(of: [1, 1, 1]).reduce(0, +) == 10_000)
        #expect(ShareBar.svg([], title: "Share") == nil)
        #expect(
            ShareBar.svg([.init(style: "flagged", label: "Flagged", amount: 0, share: "0%")], title: "Share") == nil)
    }

    @Test func `a share bar is told in words too`() throws {
        let part = ShareBar.Part(style: "flagged", label: "Flagged", amount: 3, share: "100%")
        let svg = try #require(ShareBar.svg([part], title: "Share"))
        #expect(svg.contains("role=\"img\" aria-label=\"Share: Flagged 100%\""))
    }
}
