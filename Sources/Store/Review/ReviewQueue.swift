package import Registry
package import Wire

/// Names that belong to nobody, put together for a person to decide on: all those of one registrable domain.
package struct DomainGroup: Sendable, Equatable {
    /// The registrable domain.
    package var domain: String
    /// How many of its names were seen.
    package var names: Int
    /// Those with most devices.
    package var examples: [String]
    /// At how many schools of the scope.
    package var schools: Int
    /// Devices of a typical school day, at least: those of its largest name.
    package var typicalDevices: Double
    /// Likewise, in as many days directly before; nil where those are not on record.
    package var previousDevices: Double?
    /// The first day on which one of the names was seen.
    package var firstSeen: SchoolDay?
    /// What comes first: schools times devices times growth.
    package var score: Double
    /// Whom it probably belongs to, most likely first.
    package var suggestions: [OwnerSuggestion]
    /// The patterns to make a platform of.
    package var patterns: [NamePattern]

    /// Makes a group.
    package init(
        domain: String, names: Int, examples: [String], schools: Int, typicalDevices: Double,
        previousDevices: Double? = nil, firstSeen: SchoolDay? = nil, score: Double = 0,
        suggestions: [OwnerSuggestion] = [], patterns: [NamePattern] = []
    ) {
        self.domain = domain
        self.names = names
        self.examples = examples
        self.schools = schools
        self.typicalDevices = typicalDevices
        self.previousDevices = previousDevices
        self.firstSeen = firstSeen
        self.score = score
        self.suggestions = suggestions
        self.patterns = patterns
    }

    /// How much it matters: at many schools, by many devices, and by more than before.
    ///
    /// What was not there before counts as if it had doubled; what shrinks counts less, but never nothing.
    static func score(schools: Int, devices: Double, previous: Double?) -> Double {
        let growth = previous.map { $0 > 0 ? min(4, max(0.25, devices / $0)) : 2 } ?? 1
        return Double(schools) * max(devices, 0.1) * growth
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

/// The names that somebody has to decide on.
package protocol ReviewQueue: Sendable {
    /// Groups of unknown names, those that matter most first, without those whose domain was dismissed.
    func unknownDomains(in scope: UseScope, page: ListPage) async throws -> Paged<DomainGroup>
}
