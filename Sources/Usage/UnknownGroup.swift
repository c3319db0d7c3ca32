package import Store
package import Wire

/// Names of no known tool that seem to belong together, to be reviewed at once.
package struct UnknownGroup: Sendable, Equatable {
    /// What identifies the group in addresses and forms: most often its registrable domain.
    package var key: String
    /// Its names, most devices first.
    package var names: [Store.NameUse]
    /// Its use.
    package var figures: UseFigures
    /// How it changed.
    package var change: Change
    /// At how many schools it was seen.
    package var schools: Int
    /// The first day on which it was seen.
    package var firstSeen: SchoolDay?
    /// Why these names are one group, or what they may be, each in a sentence.
    package var hints: [String]
    /// The platform that it likely belongs to, by name.
    package var likely: String?
    /// The patterns that a new platform would get, as people write them.
    package var patterns: [String]
    /// That somebody dismissed it; nil where nobody did.
    package var dismissal: Dismissal?

    /// Makes a group.
    package init(
        key: String, names: [Store.NameUse], figures: UseFigures, change: Change = .unknown, schools: Int = 0,
        firstSeen: SchoolDay? = nil, hints: [String] = [], likely: String? = nil, patterns: [String] = [],
        dismissal: Dismissal? = nil
    ) {
        self.key = key
        self.names = names
        self.figures = figures
        self.change = change
        self.schools = schools
        self.firstSeen = firstSeen
        self.hints = hints
        self.likely = likely
        self.patterns = patterns
        self.dismissal = dismissal
    }
}
