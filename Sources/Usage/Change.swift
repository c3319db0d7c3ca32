package import Store
package import Wire

/// How use went from as many days before to the days of a scope.
package enum Change: Sendable, Equatable {
    /// It was seen for the first time ever.
    case new
    /// Devices of a typical school day rose by this many percent.
    case growing(percent: Int)
    /// They fell by this many percent.
    case shrinking(percent: Int)
    /// It was not seen in the days before, but earlier.
    case back
    /// Neither.
    case steady
    /// There are no days before to compare with.
    case unknown

    /// The least difference that is told, in devices of a typical school day: below, chance decides, and at a school so few are not told at all.
    package static let leastDifference = 2
    /// The least growth that is told, in percent.
    package static let leastPercent = 25

    /// Compares.
    ///
    /// - Parameters:
    ///   - before: The use in the days before; nil where those are not on record.
    ///   - now: The use in the days of the scope.
    ///   - isNew: Whether it was first seen in these.
    package init(from before: UseFigures?, to now: UseFigures, isNew: Bool) {
        guard let before else {
            self = .unknown
            return
        }
        let (old, new) = (before.typicalDevices, now.typicalDevices)
        if isNew {
            self = .new
        } else if before.daysSeen == 0 {
            self = .back
        } else if abs(new - old) < Double(Self.leastDifference) || old == 0 {
            self = .steady
        } else {
            let percent = Int(min(abs(new - old) / old * 100, 1_000_000))
            if percent < Self.leastPercent {
                self = .steady
            } else {
                self = new > old ? .growing(percent: percent) : .shrinking(percent: percent)
            }
        }
    }

    /// Likewise; new is what was first seen in the period.
    package init(from before: UseFigures?, to now: UseFigures, firstSeen: SchoolDay?, in period: Period?) {
        let isNew = if let firstSeen, let period { period.contains(firstSeen) } else { false }
        self.init(from: before, to: now, isNew: isNew)
    }
}
