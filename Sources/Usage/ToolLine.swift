package import Store
import Wire

/// One tool in a list: its use, how that changed, and whether it is use at all.
package struct ToolLine: Sendable, Equatable {
    /// The platform and its use.
    package var use: PlatformUse
    /// How use changed.
    package var change: Change
    /// Whether it is used for itself.
    package var manner: Manner

    /// Makes a line of a platform's use in a period.
    package init(_ use: PlatformUse, in period: Period?, manner: Manner = .used) {
        self.use = use
        self.manner = manner
        change = Change(from: use.previous, to: use.figures, firstSeen: use.firstSeen, in: period)
    }

    /// Whether it was seen in the period at all, and not only before.
    package var isSeen: Bool { use.figures.daysSeen > 0 }
}
