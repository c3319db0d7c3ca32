package import Store
import Wire

/// What a list of all groups of names of no known tool says of one.
package struct UnknownLine: Sendable, Equatable {
    /// The group.
    package var summary: GroupSummary
    /// How it changed.
    package var change: Change

    /// Makes a line of what the store has found in a period.
    package init(_ summary: GroupSummary, in period: Period?) {
        self.summary = summary
        change = Change(from: summary.previous, to: summary.figures, firstSeen: summary.firstSeen, in: period)
    }
}
