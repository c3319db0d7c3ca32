package import Store
package import Usage
import Wire

/// Every gateway's agent, those with problems first, each problem with what to do.
package struct GatewaysPage: Equatable {
    /// The page's title.
    package var title = "Gateways"
    var subject: String
    /// Such as `2 of 34 gateways have problems`.
    var headline: String
    var over: String
    var tabs: [StatusTab]
    var tabsLabel = "State"
    var search: String
    var carriedState: String?
    /// The problems, with what to do, worst first; nil where all is well.
    var problemList: ProblemList?
    /// All gateways that match, for a file.
    package var all: Table
    var list: Listing
    var empty: EmptyReport?
    var coverage: CoverageSection

    /// The worst problems.
    struct ProblemList: Equatable {
        var problems: [ProblemLine]
        /// Such as `and 12 more, in the table below`; nil where all are shown.
        var moreProblems: String?
    }

    /// A gateway's problem.
    struct ProblemLine: Equatable {
        var school: String
        var link: String
        var host: String
        var isGrave: Bool
        var what: String
        var remedy: String
    }

    /// How many problems show above the table.
    static let shown = 12

    /// Makes the page.
    package init(_ agents: [AgentState], query: GatewaysQuery, over basis: Basis, now: Int) {
        subject = basis.subject
        let found = agents.filter { agent in
            guard let search = query.search?.lowercased() else { return true }
            return [agent.school, agent.host, agent.identifier, agent.version].contains {
                $0.lowercased().contains(search)
            }
        }
        let usual = Self.usualVersion(agents)
        let matching = found.filter { query.matches($0, now: now) }
        let withProblems = agents.filter { !$0.problems.isEmpty }
        let count = withProblems.count
        headline =
            count == 0
            ? "\(counted(agents.count, "gateway")), and nothing is wrong"
            : "\(written(count)) of \(counted(agents.count, "gateway")) \(count == 1 ? "has" : "have") problems"
        over = usual.map { "Most run version \($0). An agent reports every five minutes." } ?? ""
        tabs = GatewaysQuery.Kind.allCases.map { kind in
            let chosen = query.changed { $0.kind = kind == .all ? nil : kind }
            return StatusTab(
                label: kind.label, number: written(found.count { chosen.matches($0, now: now) }), link: chosen.link(),
                isCurrent: chosen.kind == query.kind)
        }
        search = query.search ?? ""
        let lines = withProblems.flatMap { agent in agent.problems.map { ProblemLine($0, of: agent) } }
            .enumerated().sorted { ($0.element.isGrave ? 0 : 1, $0.offset) < ($1.element.isGrave ? 0 : 1, $1.offset) }
            .map(\.element)
        if !lines.isEmpty {
            problemList = ProblemList(
                problems: Array(lines.prefix(Self.shown)),
                moreProblems: lines.count > Self.shown
                    ? "and \(written(lines.count - Self.shown)) more, in the table below" : nil)
        }
        carriedState = query.kind?.rawValue
        coverage = CoverageSection(basis.coverage)
        all = Self.table(
            matching, caption: "Gateways, those with problems first", now: now, hasSchool: basis.school == nil)
        list = Listing(
            all, page: query.page, "gateway",
            none: EmptyList(sentence: "No gateway matches all of these filters.", link: "/gateways"),
            link: { page in query.changed { $0.page = page }.link() },
            files: (query.changed { _ in }.link(to: "/gateways.csv"), query.changed { _ in }.link(to: "/gateways.json"))
        )
        if agents.isEmpty {
            var nothing = EmptyReport()
            nothing.headline = "No gateway has joined yet"
            (headline, over) = (nothing.headline, nothing.sentence)
            empty = nothing
        }
    }

    /// The version that most gateways run; nil without any.
    static func usualVersion(_ agents: [AgentState]) -> String? {
        Dictionary(grouping: agents, by: \.version).max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }?.key
    }

    /// Gateways in a table.
    static func table(_ agents: [AgentState], caption: String, now: Int, hasSchool: Bool) -> Table {
        let columns = [
            Table.Column("gateway", "Gateway"), Table.Column("school", "School"), Table.Column("state", "State"),
            Table.Column("reported", "Last report"), Table.Column("version", "Version"),
            Table.Column("frames", "Frames", isNumber: true), Table.Column("dropped", "Dropped", isNumber: true),
            Table.Column("devices", "Addresses today", isNumber: true),
            Table.Column("memory", "Memory", isNumber: true),
        ]
        return Table(
            caption: caption, columns: columns.filter { hasSchool || $0.key != "school" },
            remarks: [Table.Column("problems", "Problem:"), Table.Column("agent", "Agent")],
            rows: agents.map { agent in
                var row = Table.Row(agent, now: now)
                if !hasSchool { row.cells.remove(at: 1) }
                return row
            })
    }
}

extension Table.Row {
    fileprivate init(_ agent: AgentState, now: Int) {
        let state = Reporting(agent, at: now)
        let frames = agent.health.map { $0.interfaces.reduce(0) { $0 + $1.frames } }
        let dropped = agent.health.map { $0.interfaces.reduce(0) { $0 + $1.droppedByKernel + $1.droppedByInterface } }
        let problems = agent.problems.map(\.what)
        self.init(
            [
                .text(agent.host.isEmpty ? agent.identifier : agent.host),
                .text(agent.school, link: schoolHref(agent.school)), .mark(state.mark, state.label),
                .moment(agent.reportedAt, ago: agent.reportedAt.map { Moments.ago($0, now: now) } ?? "never"),
                .text(agent.version), frames.map { .number($0) } ?? .text(""),
                dropped.map { dropped in .share(dropped, of: (frames ?? 0) + dropped) } ?? .text(""),
                agent.health.map { .number($0.deviceAddresses) } ?? .text(""),
                agent.health.map { .text("\(written($0.memoryBytes / 1_000_000)) MB") } ?? .text(""),
            ], remarks: [problems.isEmpty ? nil : .list(problems), .text(agent.identifier)])
    }
}

extension GatewaysPage.ProblemLine {
    fileprivate init(_ problem: AgentProblem, of agent: AgentState) {
        school = agent.school
        link = schoolHref(agent.school)
        host = agent.host.isEmpty ? agent.identifier : agent.host
        isGrave = problem.isGrave
        what = problem.what
        remedy = problem.remedy
    }
}

/// What the page of gateways is asked.
package struct GatewaysQuery: Sendable, Equatable {
    /// What kind of gateways; nil for all.
    package var kind: Kind?
    /// What school, host, identifier or version contains.
    package var search: String?
    /// The page, from 1.
    package var page: Int

    /// Asks for all gateways.
    package init(kind: Kind? = nil, search: String? = nil, page: Int = 1) {
        self.kind = kind
        self.search = search
        self.page = page
    }

    /// Reads an address.
    package init(_ fields: AddressFields) throws(AddressMistake) {
        kind = try fields.choice("state", of: Kind.self)
        search = fields.text("search")
        page = try fields.number("page", upTo: 1_000_000) ?? 1
    }

    /// Kinds of gateways to ask for.
    package enum Kind: String, Sendable, CaseIterable {
        /// All of them.
        case all
        /// Those with problems.
        case problems
        /// Those that report.
        case reporting
        /// Those that once reported.
        case silent
        /// Those that never did.
        case never
        /// Those whose secret was taken back, or whose school was closed.
        case closed

        var label: String {
            switch self {
            case .all: "All"
            case .problems: "With problems"
            case .reporting: "Reporting"
            case .silent: "Silent"
            case .never: "Never reported"
            case .closed: "Retired"
            }
        }
    }

    func matches(_ agent: AgentState, now: Int) -> Bool {
        switch kind {
        case nil, .all?: true
        case .problems?: !agent.problems.isEmpty
        case .reporting?: Reporting(agent, at: now) == .reporting
        case .silent?: Reporting(agent, at: now) == .silent
        case .never?: Reporting(agent, at: now) == .never
        case .closed?: Reporting(agent, at: now) == .closed
        }
    }

    func changed(_ change: (inout GatewaysQuery) -> Void) -> GatewaysQuery {
        var query = self
        query.page = 1
        change(&query)
        return query
    }

    func link(to path: String = "/gateways") -> String {
        href(path, [("state", kind?.rawValue), ("search", search), ("page", page == 1 ? nil : String(page))])
    }
}
