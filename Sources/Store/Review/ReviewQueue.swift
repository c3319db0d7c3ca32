package import Registry
package import Wire

/// Names that belong to nobody, put together for a person to decide on: all those of one registrable domain, because
/// somebody registered that domain for one purpose, and of others that are joined to it.
package struct DomainGroup: Sendable, Equatable {
    /// The registrable domain, or that of several which matters most.
    package var domain: String
    /// The others, what matters more first.
    package var others: [String]
    /// What joins them; nil for a domain by itself.
    package var bond: DomainBond?
    /// How many of its names were seen.
    package var nameCount: Int
    /// Those with most devices, and of each domain some.
    package var names: [NameUse]
    /// Its use: devices are at least those of its largest name, connections add up over ``names``.
    package var figures: UseFigures
    /// The devices of as many days directly before; nil where those are not on record.
    package var previous: UseFigures?
    /// At how many schools of the scope.
    package var schools: Int
    /// The first day on which one of ``names`` was seen.
    package var firstSeen: SchoolDay?
    /// Whom it probably belongs to, most likely first.
    package var suggestions: [OwnerSuggestion]
    /// Domains of others that were seen at the same schools and at no others, those with most devices first.
    package var companions: [String]
    /// The patterns to make a platform of, at least one for each domain.
    package var patterns: [NamePattern]
    /// That somebody dismissed it; nil where nobody did.
    package var dismissal: Dismissal?
    /// Domains that would be one group with it, but were dismissed, the last first.
    package var dismissedKin: [DismissedDomain]

    /// Makes a group.
    package init(
        domain: String, others: [String] = [], bond: DomainBond? = nil, nameCount: Int, names: [NameUse],
        figures: UseFigures, previous: UseFigures? = nil, schools: Int, firstSeen: SchoolDay? = nil,
        suggestions: [OwnerSuggestion] = [], companions: [String] = [], patterns: [NamePattern] = [],
        dismissal: Dismissal? = nil, dismissedKin: [DismissedDomain] = []
    ) {
        self.domain = domain
        self.others = others
        self.bond = bond
        self.nameCount = nameCount
        self.names = names
        self.figures = figures
        self.previous = previous
        self.schools = schools
        self.firstSeen = firstSeen
        self.suggestions = suggestions
        self.companions = companions
        self.patterns = patterns
        self.dismissal = dismissal
        self.dismissedKin = dismissedKin
    }

    /// All of its domains, what matters most first.
    package var domains: [String] { [domain] + others }
}

/// A domain that somebody dismissed.
package struct DismissedDomain: Sendable, Equatable {
    /// The registrable domain.
    package var domain: String
    /// Why, and by whom.
    package var dismissal: Dismissal

    /// Makes one.
    package init(domain: String, dismissal: Dismissal) {
        self.domain = domain
        self.dismissal = dismissal
    }
}

/// A platform to which names probably belong, and why.
package struct OwnerSuggestion: Sendable, Equatable {
    /// The platform's name.
    package var platform: String
    /// Why it is thought so.
    package var reason: Reason

    /// Makes a suggestion.
    package init(platform: String, reason: Reason) {
        self.platform = platform
        self.reason = reason
    }

    /// The ways in which names are akin to a platform.
    package enum Reason: Sendable, Hashable, Comparable {
        /// The domain has the name of the platform in it, such as `quizrocket` in `quizrocket-cdn.net`.
        case name
        /// It has the vendor's name in it.
        case vendor
        /// It begins like a domain of the platform.
        case prefix(String)
        /// It is seen at the schools where the platform is seen, and at no others.
        case sameSchools
    }
}

/// A page of groups, and how many there are in all that fit the search.
package struct ReviewPage: Sendable, Equatable {
    /// The page, what matters most first.
    package var groups: [DomainGroup] = []
    /// How many groups wait for review.
    package var open = 0
    /// How many names those have.
    package var openNames = 0
    /// How many groups were dismissed.
    package var dismissed = 0

    /// Makes a page without groups.
    package init() {}
}

/// What a list of all groups says of one: no more than was counted for all of them at once.
package struct GroupSummary: Sendable, Equatable {
    /// Its registrable domains, what matters most first.
    package var domains: [String]
    /// How many of its names were seen.
    package var nameCount: Int
    /// Some of them, those first that the district saw first of each domain.
    package var names: [String]
    /// Devices of a typical school day, of its largest name.
    package var figures: UseFigures
    /// Likewise in as many days directly before; nil where those are not on record.
    package var previous: UseFigures?
    /// At how many schools of the scope.
    package var schools: Int
    /// The first day on which one of ``names`` was seen.
    package var firstSeen: SchoolDay?
    /// The platform that it most likely belongs to; nil where none comes to mind.
    package var likely: String?
    /// That somebody dismissed it; nil where nobody did.
    package var dismissal: Dismissal?

    /// Makes a summary.
    package init(
        domains: [String], nameCount: Int, names: [String], figures: UseFigures, previous: UseFigures? = nil,
        schools: Int, firstSeen: SchoolDay? = nil, likely: String? = nil, dismissal: Dismissal? = nil
    ) {
        self.domains = domains
        self.nameCount = nameCount
        self.names = names
        self.figures = figures
        self.previous = previous
        self.schools = schools
        self.firstSeen = firstSeen
        self.likely = likely
        self.dismissal = dismissal
    }
}

/// The names that somebody has to decide on.
package protocol ReviewQueue: Sendable {
    /// Groups of unknown names: those that wait for review, or those that were dismissed.
    ///
    /// What matters most is first: schools × devices × growth, then what the district saw first.
    func unknownDomains(in scope: UseScope, dismissed: Bool, page: ListPage) async throws -> ReviewPage

    /// All groups that fit a search, in the same order, of a hundred thousand as soon as of ten.
    func allUnknownDomains(in scope: UseScope, dismissed: Bool, search: String) async throws -> [GroupSummary]
}
