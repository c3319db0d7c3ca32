package import Registry
package import Store

/// What ITS opens every morning: what is in use, what changed since the week before, and whether everybody reports.
package struct Overview: Sendable, Equatable {
    /// What the figures are over.
    package var basis: Basis
    /// The tools of these days and of those before.
    package var tools: [ToolLine]
    /// How many names belong to no known tool.
    package var unknownNames: Int
    /// The schools, and whether they report.
    package var schools: [Reporting: Int]
    /// Use of each status week by week, oldest first.
    package var weeks: [StatusTrend]

    /// Makes an overview.
    package init(
        basis: Basis, tools: [ToolLine] = [], unknownNames: Int = 0, schools: [Reporting: Int] = [:],
        weeks: [StatusTrend] = []
    ) {
        self.basis = basis
        self.tools = tools
        self.unknownNames = unknownNames
        self.schools = schools
        self.weeks = weeks
    }
}

/// The use of all tools of one status over time.
package struct StatusTrend: Sendable, Equatable {
    /// The status.
    package var status: Status
    /// Its use, a point for each step, in the same steps for each status.
    package var points: [TrendPoint]

    /// Makes a trend.
    package init(status: Status, points: [TrendPoint]) {
        self.status = status
        self.points = points
    }
}
