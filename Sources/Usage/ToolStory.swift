package import Registry
package import Store

/// All that is known of one tool's use.
package struct ToolStory: Sendable, Equatable {
    /// What the figures are over.
    package var basis: Basis
    /// The tool, its use and how it changed.
    package var line: ToolLine
    /// Its use day by day, oldest first.
    package var trend: [TrendPoint]
    /// The schools at which it was seen, most devices first.
    package var schools: [SchoolUse]
    /// Devices in each hour of a school day.
    package var hours: HourProfile
    /// Its names that were seen, most devices first, as many as a page shows.
    package var names: Paged<Store.NameUse>
    /// What was decided about it, newest first.
    package var history: [Decision]

    /// Makes a story.
    package init(
        basis: Basis, line: ToolLine, trend: [TrendPoint] = [], schools: [SchoolUse] = [],
        hours: HourProfile = HourProfile(period: nil, schoolDays: 0, devices: []),
        names: Paged<Store.NameUse> = Paged(items: [], total: 0), history: [Decision] = []
    ) {
        self.basis = basis
        self.line = line
        self.trend = trend
        self.schools = schools
        self.hours = hours
        self.names = names
        self.history = history
    }
}

/// A status that the district gave to a platform.
package struct Decision: Sendable, Equatable {
    /// When, in seconds since 1970.
    package var at: Int
    /// Who.
    package var who: String
    /// The status before; nil where the registry did not have the platform.
    package var old: Status?
    /// The status from then on; nil where it was taken out of the registry.
    package var new: Status?

    /// Makes a decision.
    package init(at: Int, who: String, old: Status?, new: Status?) {
        self.at = at
        self.who = who
        self.old = old
        self.new = new
    }
}
