import Registry
package import Store
package import Usage
import Wire

/// The schools, with what is in use at each and whether they report; those that do not come first.
package struct SchoolsPage: Equatable {
    /// The page's title.
    package var title = "Schools"
    var subject = "Whole district"
    /// Such as `3 of 4 schools report`.
    var headline: String
    var over: String
    /// The states to choose from, with how many schools are in each.
    var tabs: [StatusTab]
    var tabsLabel = "State"
    var search: String
    var scope: ScopeChoices
    var carriedState: String?
    /// All schools that match, for a file.
    package var all: Table
    var list: Listing
    /// What to do where there is no school at all.
    var empty: EmptyReport?

    /// Makes the page.
    package init(_ schools: [SchoolState], query: SchoolsQuery, over basis: Basis, facets: Facets, now: Int) {
        let states = schools.map { (school: $0, state: Reporting($0, at: now)) }
        let found = states.filter { state in
            query.search.map { state.school.school.lowercased().contains($0.lowercased()) } ?? true
        }
        let matching = found.filter { query.state == nil || query.state == $0.state }
            .sorted { ($0.state.urgency, $0.school.school) < ($1.state.urgency, $1.school.school) }
        headline = ReportingStrip(states.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }).heading
        over = basis.sentence
        tabs =
            [
                StatusTab(
                    label: "All", number: written(found.count), link: query.changed { $0.state = nil }.link(),
                    isCurrent: query.state == nil)
            ]
            + Reporting.allCases.map { state in
                StatusTab(
                    label: state.label, number: written(found.count { $0.state == state }),
                    link: query.changed { $0.state = state }.link(), isCurrent: query.state == state)
            }
        search = query.search ?? ""
        scope = ScopeChoices(query.scope, among: Facets(regions: facets.regions))
        carriedState = query.state?.rawValue
        all = Table(
            caption: "Schools. \(basis.sentence)", columns: Self.columns,
            rows: matching.map { Table.Row($0.school, $0.state, query: query, now: now) })
        list = Listing(
            all, page: query.page, "school",
            none: EmptyList(sentence: "No school matches all of these filters.", link: "/schools"),
            link: { page in query.changed { $0.page = page }.link() },
            files: (query.changed { _ in }.link(to: "/schools.csv"), query.changed { _ in }.link(to: "/schools.json")))
        if schools.isEmpty {
            let nothing = EmptyReport()
            (headline, over) = (nothing.headline, nothing.sentence)
            empty = nothing
        }
    }

    private static let columns =
        [Table.Column("school", "School"), Table.Column("region", "Region"), Table.Column("state", "State")]
        + [Table.Column("reported", "Last report"), Table.Column("devices", "Devices a day", isNumber: true)]
        + Status.byUrgency.map { Table.Column($0.rawValue, $0.label, isNumber: true) }
        + [
            Table.Column("unknown_names", "Unknown names", isNumber: true),
            Table.Column("gateways", "Gateways", isNumber: true),
        ]
}

extension Table.Row {
    fileprivate init(_ school: SchoolState, _ state: Reporting, query: SchoolsQuery, now: Int) {
        let scope = ScopeQuery(period: query.period)
        var cells: [Cell] = [
            .text(school.school, link: schoolHref(school.school, in: scope)), .text(school.region),
            .mark(state.mark, state.label),
            .moment(school.reportedAt, ago: school.reportedAt.map { Moments.ago($0, now: now) } ?? "never"),
            .average(school.typicalDevices),
        ]
        cells += Status.byUrgency.map { .number(school.tools[$0] ?? 0) }
        cells += [.number(school.unknownNames), .number(school.agents)]
        self.init(cells)
    }
}

extension Reporting {
    /// What comes first in a list: what does not report.
    var urgency: Int {
        switch self {
        case .silent: 0
        case .never: 1
        case .reporting: 2
        case .closed: 3
        }
    }

    /// How urgently the state asks for attention.
    var mark: Cell.Mark {
        switch self {
        case .reporting: .good
        case .silent: .bad
        case .never: .warning
        case .closed: .plain
        }
    }
}
