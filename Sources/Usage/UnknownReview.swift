package import Store

/// A page of the review queue.
package struct UnknownReview: Sendable, Equatable {
    /// The groups, what matters most first.
    package var groups: [UnknownGroup]
    /// How many groups that fit the search wait for review.
    package var open: Int
    /// How many names those have.
    package var openNames: Int
    /// How many groups that fit the search were dismissed.
    package var dismissed: Int

    /// Makes a page.
    package init(groups: [UnknownGroup] = [], open: Int = 0, openNames: Int = 0, dismissed: Int = 0) {
        self.groups = groups
        self.open = open
        self.openNames = openNames
        self.dismissed = dismissed
    }

    /// Makes a page of what the store has found in a period.
    package init(_ page: ReviewPage, in period: Period?) {
        self.init(
            groups: page.groups.map { UnknownGroup($0, in: period) }, open: page.open, openNames: page.openNames,
            dismissed: page.dismissed)
    }
}
