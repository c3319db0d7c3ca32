import Registry
import Store
package import Usage
import Wire

/// What ITS opens every morning: what asks for action today, already worded, each with the list behind it.
package struct OverviewPage: Equatable {
    /// The page's title.
    package var title = "Overview"
    var subject: String
    /// Such as `3 new tools this week, and 12 flagged ones in use`.
    var headline: String
    /// What the figures are over.
    var over: String
    /// What changed since the period before, and what asks for action.
    var cards: [Card]
    /// Whether schools report, as a bar and with links; nil where one school is asked about.
    var reporting: ReportingStrip?
    /// What share of the use falls to each status.
    var shares: ShareSection?
    /// The lists of what changed.
    var lists: [ChangeList]
    var weeks: WeekSection?
    var coverage: CoverageSection?
    /// What to do where nobody has reported yet.
    var empty: EmptyReport?
    /// The table of what changed and asks for action, for a file.
    package var all: Table

    /// A number, what it counts, and where the list is.
    struct Card: Equatable {
        /// The word of its CSS class, `flagged`.
        var style: String
        var number: String
        var label: String
        /// What it is over, or since when.
        var note: String
        var link: String
    }

    /// Tools that changed in one way, with the longest list behind a link.
    struct ChangeList: Equatable {
        /// The word of its anchor.
        var anchor: String
        var heading: String
        var meaning: String
        var table: Table?
        /// What it says in place of a table.
        var none: String?
        /// Such as `All 14 growing tools`; nil where all are shown.
        var more: String?
        var link: String
    }

    /// How many tools a list shows before the others are behind a link.
    static let shown = 5

    /// Words an overview.
    package init(_ overview: Overview, scope: ScopeQuery = ScopeQuery()) {
        let basis = overview.basis
        all = Table(of: overview, scope: scope)
        let used = overview.tools.filter { $0.manner == .used && $0.isSeen }
        subject = basis.subject
        over = basis.sentence
        reporting = basis.school == nil ? ReportingStrip(overview.schools) : nil
        guard basis.schools > 0 || (overview.schools[.reporting] ?? 0) + (overview.schools[.silent] ?? 0) > 0 else {
            let nothing = EmptyReport()
            headline = nothing.headline
            over = nothing.sentence
            (cards, lists) = ([], [])
            empty = nothing
            return
        }
        headline = Self.headline(used, basis)
        cards = Self.cards(overview, used, scope)
        lists = Self.lists(used, basis, scope)
        shares = ShareSection(used, overview, scope)
        weeks = WeekSection(overview.weeks)
        coverage = CoverageSection(basis.coverage)
    }

    private static func headline(_ used: [ToolLine], _ basis: Basis) -> String {
        let flagged = used.count { $0.use.platform.status == .flagged }
        let new = used.count { $0.change == .new }
        let tools = counted(used.count, "tool") + " in use"
        let parts = [
            new > 0 ? "\(written(new)) new" : nil, flagged > 0 ? "\(written(flagged)) flagged" : nil,
        ].compactMap { $0 }
        return parts.isEmpty ? "\(tools), none of them flagged" : "\(tools): \(parts.joined(separator: ", "))"
    }

    private static func cards(_ overview: Overview, _ used: [ToolLine], _ scope: ScopeQuery) -> [Card] {
        let since = overview.basis.hasBefore ? "since \(overview.basis.before)" : "nothing to compare with yet"
        func link(_ change: (inout ToolsQuery) -> Void) -> String { ToolsQuery(scope: scope).changed(change).link }
        let flagged = used.filter { $0.use.platform.status == .flagged }
        let places = flagged.map(\.use.schools).max() ?? 0
        return [
            Card(
                style: "flagged", number: written(flagged.count), label: "flagged in use",
                note: flagged.isEmpty ? "at no school" : "the widest at \(counted(places, "school"))",
                link: link { $0.status = .flagged }),
            Card(
                style: "new", number: written(used.count { $0.change == .new }), label: "newly discovered",
                note: overview.basis.hasBefore ? "first seen on these days" : since, link: link { $0.change = .new }),
            Card(
                style: "growing", number: written(used.count { ChangeKind.growing.contains($0.change) }),
                label: "growing", note: since, link: link { $0.change = .growing }),
            Card(
                style: "unlisted", number: written(used.count { $0.use.platform.status == .unlisted }),
                label: "not in the registry", note: "known tools without a decision",
                link: link { $0.status = .unlisted }),
            Card(
                style: "unknown", number: written(overview.unknownNames),
                label: overview.unknownNames == 1 ? "unknown name" : "unknown names",
                note: "of no known tool", link: href("/unknown", scope.fields)),
        ]
    }

    private static func lists(_ used: [ToolLine], _ basis: Basis, _ scope: ScopeQuery) -> [ChangeList] {
        let flagged = ToolsQuery(scope: scope, status: .flagged)
        let new = ToolsQuery(scope: scope, change: .new)
        let growing = ToolsQuery(scope: scope, change: .growing, order: ToolOrder(by: .change))
        let nothing =
            basis.hasBefore ? nil : "No school reported in the days before, so there is nothing to compare with."
        return [
            ChangeList(
                "flagged", "Flagged and in use", "They failed the audit. Schools that use them move off them.",
                used.filter { $0.use.platform.status == .flagged }, flagged, basis, none: "No flagged tool is in use."),
            ChangeList(
                "new", "Newly discovered", "Seen for the first time ever on these days.",
                used.filter { $0.change == .new }, new, basis, none: nothing ?? "No tool was seen for the first time."),
            ChangeList(
                "growing", "Growing",
                "At least \(Change.leastPercent)% and \(Change.leastDifference) devices a day more than \(basis.before).",
                used.filter { ChangeKind.growing.contains($0.change) }, growing, basis,
                none: nothing ?? "Nothing grew by that much."),
        ]
    }
}

extension OverviewPage.ChangeList {
    fileprivate init(
        _ anchor: String, _ heading: String, _ meaning: String, _ lines: [ToolLine], _ query: ToolsQuery,
        _ basis: Basis,
        none: String
    ) {
        self.anchor = anchor
        self.heading = heading
        self.meaning = meaning
        link = query.link
        let lines = lines.sorted {
            query.order.column == .change
                ? $0.growth > $1.growth : $0.use.figures.typicalDevices > $1.use.figures.typicalDevices
        }
        guard !lines.isEmpty else {
            self.none = none
            return
        }
        var columns: [ToolColumn] = [.category, .schools, .devices, .deviceHours, .change]
        if query.status == nil { columns.insert(.status, at: 0) }
        table = Table(
            caption: "\(heading). \(basis.sentence)",
            columns: [Table.Column("tool", "Tool")]
                + columns.map { Table.Column($0.rawValue, $0.label, isNumber: $0.isNumber) },
            remarks: Table.toolRemarks,
            rows: lines.prefix(OverviewPage.shown).map { Table.Row(of: $0, columns: columns, scope: query.scope) })
        if lines.count > OverviewPage.shown { more = "All \(counted(lines.count, "tool"))" }
    }
}

extension Basis {
    /// The period before, in words: `the 7 days before`.
    var before: String { "the \(counted(period.count, "day")) before" }
}

/// Whether schools report: reporting, silent, never, each with its list.
struct ReportingStrip: Equatable {
    /// Such as `4 of 4 schools report`.
    var heading: String
    var parts: [Part]
    var bar: String?
    var table: Table

    /// Schools in one state.
    struct Part: Equatable {
        /// The word of its CSS class, `silent`.
        var style: String
        var number: String
        var label: String
        var meaning: String
        var link: String
    }

    init(_ schools: [Reporting: Int]) {
        func number(_ state: Reporting) -> Int { schools[state] ?? 0 }
        let expected = number(.reporting) + number(.silent) + number(.never)
        heading =
            "\(written(number(.reporting))) of \(counted(expected, "school")) \(expected == 1 ? "reports" : "report")"
        let states: [Reporting] = [.reporting, .silent, .never]
        parts = states.map { state in
            Part(
                style: state.rawValue, number: written(number(state)), label: state.label, meaning: state.meaning,
                link: href("/schools", [("state", state.rawValue)]))
        }
        bar = ShareBar.svg(
            states.map { state in
                ShareBar.Part(
                    style: "state-\(state.rawValue)", label: state.label, amount: number(state),
                    share: "\(written(number(state)))")
            }, title: "Schools by whether they report")
        table = Table(
            caption: "Schools by whether they report",
            columns: [Table.Column("state", "State"), Table.Column("schools", "Schools", isNumber: true)],
            rows: states.map { .init([.text($0.label), .number(number($0))]) })
    }
}

extension Reporting {
    /// The state in a word.
    var label: String {
        switch self {
        case .reporting: "Reporting"
        case .silent: "Silent"
        case .never: "Never reported"
        case .closed: "Closed"
        }
    }

    /// What the state means.
    var meaning: String {
        switch self {
        case .reporting: "a gateway of theirs reported within a day"
        case .silent: "no gateway of theirs reported for a day"
        case .never: "they joined, and nothing ever came"
        case .closed: "nothing is expected of them any more"
        }
    }
}

/// What share of the use falls to tools of each status, now and in the period before.
struct ShareSection: Equatable {
    var bar: String
    var barBefore: String?
    var table: Table

    init?(_ used: [ToolLine], _ overview: Overview, _ scope: ScopeQuery) {
        let rows = Status.byUrgency.map { status in
            let lines = used.filter { $0.use.platform.status == status }
            return (
                status: status, tools: lines.count,
                now: lines.reduce(0) { $0 + inTenths($1.use.figures.typicalDeviceHours) },
                before: lines.reduce(0) { $0 + inTenths($1.use.previous?.typicalDeviceHours ?? 0) }
            )
        }
        let (all, allBefore) = (rows.reduce(0) { $0 + $1.now }, rows.reduce(0) { $0 + $1.before })
        func bar(_ title: String, _ amount: (Int) -> Int, _ whole: Int) -> String? {
            ShareBar.svg(
                rows.indices.map { index in
                    ShareBar.Part(
                        style: "status-" + StatusBadge(rows[index].status).style, label: rows[index].status.label,
                        amount: amount(index), share: percentage(amount(index), of: whole) ?? "0%")
                }, title: title)
        }
        guard let now = bar("Share of device-hours by status", { rows[$0].now }, all) else { return nil }
        let before = bar("Share of device-hours by status, in \(overview.basis.before)", { rows[$0].before }, allBefore)
        var columns = [
            Table.Column("status", "Status"), Table.Column("tools", "Tools", isNumber: true),
            Table.Column("device_hours", "Device-hours a day", isNumber: true),
            Table.Column("share", "Share", isNumber: true),
        ]
        if before != nil { columns.append(Table.Column("share_before", "Share before", isNumber: true)) }
        self.bar = now
        barBefore = before
        table = Table(
            caption: "Share of use by status, in device-hours of tools. \(overview.basis.sentence)", columns: columns,
            rows: rows.map { row in
                var cells: [Cell] = [
                    .status(row.status, link: ToolsQuery(scope: scope, status: row.status).link), .number(row.tools),
                    .average(tenths: row.now), .share(row.now, of: all),
                ]
                if before != nil { cells.append(.share(row.before, of: allBefore)) }
                return Table.Row(cells)
            })
    }
}

/// Use by status week by week, as stacked bars and the table behind them.
struct WeekSection: Equatable {
    var chart: String
    var table: Table

    init?(_ trends: [StatusTrend], of place: String = "the district") {
        let trends = trends.map { $0.sinceSomething(in: trends) }
        let weeks = trends.first?.points.map(\.day) ?? []
        guard weeks.count > 1 else { return nil }
        func amount(_ status: Status, _ index: Int) -> Int {
            let points = trends.first { $0.status == status }?.points ?? []
            return points.indices.contains(index) ? inTenths(points[index].figures.typicalDeviceHours) : 0
        }
        let statuses = Array(Status.byUrgency.reversed())
        let title = "Device-hours of a typical school day by status, week by week"
        chart =
            StackedChart(
                title: title,
                description: "Each bar is a week at \(place); its parts are the statuses, approved tools below.",
                parts: statuses.map { StackedChart.Part(style: "status-" + StatusBadge($0).style, label: $0.label) },
                points: weeks.indices.map { index in
                    StackedChart.Point(
                        label: Days.short(weeks[index].description), values: statuses.map { amount($0, index) })
                }
            ).svg
        table = Table(
            caption: title,
            columns: [Table.Column("week", "Week from")]
                + Status.byUrgency.map { Table.Column($0.rawValue, $0.label, isNumber: true) },
            rows: weeks.indices.reversed().map { index in
                Table.Row(
                    [.day(weeks[index].description)]
                        + Status.byUrgency.map { .average(tenths: amount($0, index)) })
            })
    }
}

extension Table {
    /// Every tool that is flagged, new or growing, with why it stands there.
    fileprivate init(of overview: Overview, scope: ScopeQuery) {
        let lines = overview.tools.filter { line in
            line.isSeen && line.manner == .used
                && (line.use.platform.status == .flagged || line.change == .new
                    || ChangeKind.growing.contains(line.change))
        }
        let columns: [ToolColumn] = [.status, .change, .category, .schools, .devices, .deviceHours, .firstSeen]
        self.init(
            caption: "What asks for action: flagged, newly discovered and growing tools. \(overview.basis.sentence)",
            columns: [Column("tool", "Tool")] + columns.map { Column($0.rawValue, $0.label, isNumber: $0.isNumber) },
            remarks: Self.toolRemarks, rows: lines.map { Row(of: $0, columns: columns, scope: scope) })
    }
}

extension StatusTrend {
    /// The trend from the first step on in which any of the trends has something: what was before the first report says
    /// nothing.
    func sinceSomething(in trends: [StatusTrend]) -> StatusTrend {
        let firsts = trends.compactMap { $0.points.firstIndex { $0.figures.daysSeen > 0 } }
        return StatusTrend(status: status, points: Array(points.dropFirst(firsts.min() ?? 0)))
    }
}
