import Registry
import Store
package import Usage
import Wire

/// One school: its tools by status, its gateways, how much could be named, and how it stands against the district.
package struct SchoolPage: Equatable {
    /// The school's name.
    package var title: String
    var subject: String
    /// Whether it reports.
    var state: Cell
    var stateSentence: String
    var over: String
    var figures: [ToolPage.Field]
    var filter: ScopeForm
    var days: ToolPage.ChartSection?
    var against: Comparison?
    /// The tools of each status, what needs action first.
    var sections: [ToolSection]
    /// All of its tools, for a file.
    package var all: Table
    var gateways: Table?
    var coverage: CoverageSection
    var csvLink: String
    var jsonLink: String
    /// Where its names of no known tool are.
    var unknownLink: String
    var unknownSentence: String

    /// The tools of a status.
    struct ToolSection: Equatable {
        /// The word of its CSS class and anchor, `flagged`.
        var style: String
        var heading: String
        var size: String
        var meaning: String
        var table: Table?
        var none: String?
        /// Such as `All 120 approved tools`; nil where all are shown.
        var more: String?
        var link: String
    }

    /// The school against the district, week by week.
    struct Comparison: Equatable {
        var chart: String
        var sentence: String
        var table: Table
    }

    /// Words a story.
    package init(_ story: SchoolStory, scope: ScopeQuery, facets: Facets, now: Int) {
        let school = story.state
        let reporting = Reporting(school, at: now)
        title = school.school
        subject = school.region.isEmpty ? "School" : "School in region \(school.region)"
        state = .mark(reporting.mark, reporting.label)
        stateSentence =
            school.reportedAt.map { "The last report came \(Moments.ago($0, now: now))." } ?? "No report ever came."
        over = story.basis.sentence
        let used = story.tools.filter { $0.isSeen && $0.manner == .used }
        var inSchool = scope
        inSchool.school = school.school
        let flagged = used.count { $0.use.platform.status == .flagged }
        figures = [
            .init(
                label: "Devices a day", value: writtenAverage(tenths: inTenths(school.typicalDevices)),
                note: "whatever they use"),
            .init(label: "Tools in use", value: written(used.count), note: "infrastructure is not counted"),
            .init(
                label: "Flagged in use", value: written(flagged),
                note: flagged == 0 ? "nothing to move off" : "to be moved off"),
            .init(
                label: school.agents == 1 ? "Gateway" : "Gateways", value: written(school.agents),
                note: "that may report"),
        ]
        filter = ScopeForm(
            action: "/school", name: school.school, scope: ScopeQuery(segment: scope.segment, period: scope.period),
            facets: Facets(segments: facets.segments))
        days = Self.days(story)
        against = Comparison(story)
        sections = Status.byUrgency.map { ToolSection($0, used, in: inSchool, over: story.basis) }
        let query = ToolsQuery(
            scope: inSchool, columns: [.status, .category, .devices, .deviceHours, .change, .busiest])
        all = Table(of: used, query: query, over: story.basis)
        gateways =
            story.agents.isEmpty
            ? nil
            : GatewaysPage.table(story.agents, caption: "Gateways of \(school.school)", now: now, hasSchool: false)
        coverage = CoverageSection(story.basis.coverage)
        let fields =
            [("name", Optional(school.school))].map { (name: $0, value: $1) }
            + ScopeQuery(segment: scope.segment, period: scope.period).fields
        (csvLink, jsonLink) = (href("/school.csv", fields), href("/school.json", fields))
        unknownLink = href("/unknown", inSchool.fields)
        unknownSentence =
            "\(counted(school.unknownNames, "name")) \(school.unknownNames == 1 ? "belongs" : "belong") to no known tool."
    }

    private static func days(_ story: SchoolStory) -> ToolPage.ChartSection? {
        guard story.days.contains(where: { $0.figures.busiestDevices > 0 }) else { return nil }
        let sentence = "Devices of each day, whatever they used: days on which few were there show as such."
        return .init(
            chart: BarChart(
                title: "Devices per day at \(story.state.school)", description: sentence,
                points: story.days.map {
                    .init(label: Days.short($0.day.description), value: $0.figures.busiestDevices)
                }
            ).svg, sentence: sentence,
            table: Table(
                caption: "Devices per day at \(story.state.school)",
                columns: [Table.Column("day", "Day"), Table.Column("devices", "Devices", isNumber: true)],
                rows: story.days.reversed().map {
                    Table.Row([.day($0.day.description), .devices($0.figures.busiestDevices)])
                }))
    }
}

extension SchoolPage.ToolSection {
    fileprivate init(_ status: Status, _ used: [ToolLine], in scope: ScopeQuery, over basis: Basis) {
        let lines = used.filter { $0.use.platform.status == status }
            .sorted { $0.use.figures.typicalDevices > $1.use.figures.typicalDevices }
        let query = ToolsQuery(scope: scope, status: status)
        style = StatusBadge(status).style
        heading = status.label
        size = counted(lines.count, "tool")
        meaning = status.meaning
        link = query.link
        guard !lines.isEmpty else {
            none = status.nothing
            return
        }
        let columns: [ToolColumn] = [.category, .devices, .deviceHours, .change]
        table = Table(
            caption: "\(heading): tools in use at \(scope.school ?? "the school"). \(basis.sentence)",
            columns: [Table.Column("tool", "Tool")]
                + columns.map { Table.Column($0.rawValue, $0.label, isNumber: $0.isNumber) },
            remarks: Table.toolRemarks,
            rows: lines.prefix(15).map { Table.Row(of: $0, columns: columns, scope: scope) })
        if lines.count > 15 { more = "All \(counted(lines.count, "tool"))" }
    }
}

extension Status {
    /// What a list of this status says that is empty.
    var nothing: String {
        switch self {
        case .flagged: "No flagged tool is in use."
        case .unlisted: "Every known tool in use is in the registry."
        case .underReview: "No tool under review is in use."
        case .approved: "No approved tool is in use."
        }
    }
}

extension SchoolPage.Comparison {
    /// What share of the use goes to approved tools; nil where there are no two weeks to compare.
    fileprivate init?(_ story: SchoolStory) {
        // Both from the first week on in which either has something.
        let both = story.weeks + story.district
        let (ownTrends, districtTrends) = (
            story.weeks.map { $0.sinceSomething(in: both) }, story.district.map { $0.sinceSomething(in: both) }
        )
        let weeks = ownTrends.first?.points.map(\.day) ?? []
        let own = Self.shares(ownTrends, weeks.count)
        let district = Self.shares(districtTrends, weeks.count)
        guard weeks.count > 1, own.contains(where: { $0 != nil }) else { return nil }
        let (last, all) = (own.last ?? nil, district.last ?? nil)
        sentence =
            last.flatMap { last in
                all.map {
                    "In the last week, \(last)% of the use went to approved tools; \($0)% in the whole district."
                }
            } ?? "How much of the use went to approved tools, week by week."
        let labels = weeks.map { Days.short($0.description) }
        chart =
            LineChart(
                title: "Share of device-hours that goes to approved tools, week by week", description: sentence,
                words: { "\($0)%" }, ceiling: 100, labels: labels,
                lines: [
                    .init(style: "chart-line-district", label: "District", values: district),
                    .init(style: "chart-line-own", label: story.state.school, values: own),
                ]
            ).svg
        table = Table(
            caption: "Share of device-hours that goes to approved tools, in percent",
            columns: [
                Table.Column("week", "Week from"), Table.Column("school", "School", isNumber: true),
                Table.Column("district", "District", isNumber: true),
            ],
            rows: weeks.indices.reversed().map { index in
                func cell(_ share: Int?) -> Cell { share.map { .share($0, of: 100) } ?? .share(0, of: 0) }
                return Table.Row([.day(weeks[index].description), cell(own[index]), cell(district[index])])
            })
    }

    private static func shares(_ trends: [StatusTrend], _ count: Int) -> [Int?] {
        (0..<count).map { index in
            let amounts = trends.map { trend in
                trend.points.indices.contains(index) ? inTenths(trend.points[index].figures.typicalDeviceHours) : 0
            }
            let whole = amounts.reduce(0, +)
            guard whole > 0, let approved = trends.firstIndex(where: { $0.status == .approved }) else { return nil }
            return fraction(amounts[approved], of: whole, in: 100)
        }
    }
}
