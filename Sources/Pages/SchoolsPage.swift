import Registry
import Usage

/// The schools that report, with what is in use at each.
struct SchoolsPage: Equatable {
    var title = "Schools"
    /// Such as `5 schools are reporting`.
    var headline: String
    /// Up to which day there are reports, in a sentence.
    var latest: String
    var rows: [Row]
    /// What to do where there is none.
    var none: EmptyReport?

    /// A school.
    struct Row: Equatable {
        var at: SchoolLink
        /// How many tools of each status, in the order of what needs action.
        var tools: [Cell]
        var unknown: String
        var lastDay: String
        /// Whether others have reported later days, which may mean that its agent stands still.
        var isBehind: Bool
        var agents: String
    }

    /// A number under a status.
    struct Cell: Equatable {
        var badge: StatusBadge
        var number: String
        /// Whether it asks for action.
        var isPressing: Bool
    }

    init(_ schools: [SchoolSummary]) {
        let lastDay = schools.map(\.lastDay).max() ?? ""
        headline = "\(counted(schools.count, "school")) \(schools.count == 1 ? "is" : "are") reporting"
        latest = "The last day reported is \(Days.written(lastDay))."
        rows = schools.map { Row($0, isBehind: $0.lastDay < lastDay) }
        if schools.isEmpty {
            let nothing = EmptyReport(UseReport.Scope(), schools: [])
            headline = nothing.headline
            latest = nothing.sentence
            none = nothing
        }
    }
}

extension SchoolsPage.Row {
    init(_ school: SchoolSummary, isBehind: Bool) {
        self.isBehind = isBehind
        at = SchoolLink(school: school.school, link: href("/", [("school", school.school)]))
        tools = Status.byUrgency.map { status in
            let number = school.tools[status] ?? 0
            return SchoolsPage.Cell(
                badge: StatusBadge(status), number: written(number), isPressing: status == .flagged && number > 0)
        }
        unknown = written(school.unknown)
        lastDay = Days.written(school.lastDay)
        agents = written(school.agents)
    }
}
