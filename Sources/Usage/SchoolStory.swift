package import Store

/// All that is known of one school.
package struct SchoolStory: Sendable, Equatable {
    /// What the figures are over.
    package var basis: Basis
    /// The school, and how it reports.
    package var state: SchoolState
    /// Its tools.
    package var tools: [ToolLine]
    /// Its gateways.
    package var agents: [AgentState]
    /// Use of each status at the school, week by week.
    package var weeks: [StatusTrend]
    /// The same for the whole district.
    package var district: [StatusTrend]
    /// Devices of the school day by day, whatever they used.
    package var days: [TrendPoint]

    /// Makes a story.
    package init(
        basis: Basis, state: SchoolState, tools: [ToolLine] = [], agents: [AgentState] = [], weeks: [StatusTrend] = [],
        district: [StatusTrend] = [], days: [TrendPoint] = []
    ) {
        self.basis = basis
        self.state = state
        self.tools = tools
        self.agents = agents
        self.weeks = weeks
        self.district = district
        self.days = days
    }
}
