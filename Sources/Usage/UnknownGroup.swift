import Registry
package import Store
package import Wire

/// Names of no known tool that seem to belong together, to be reviewed at once.
package struct UnknownGroup: Sendable, Equatable {
    /// What identifies the group in addresses and forms: most often its registrable domain.
    package var key: String
    /// How many names it has.
    package var nameCount: Int
    /// Its names, most devices first; of very many, some.
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
        key: String, nameCount: Int? = nil, names: [Store.NameUse], figures: UseFigures, change: Change = .unknown,
        schools: Int = 0,
        firstSeen: SchoolDay? = nil, hints: [String] = [], likely: String? = nil, patterns: [String] = [],
        dismissal: Dismissal? = nil
    ) {
        self.key = key
        self.nameCount = nameCount ?? names.count
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

extension UnknownGroup {
    /// Makes a group of what the store has found in a period.
    package init(_ group: DomainGroup, in period: Period?) {
        let isNew = if let first = group.firstSeen, let period { period.contains(first) } else { false }
        self.init(
            key: group.domain, nameCount: group.nameCount, names: group.names, figures: group.figures,
            change: Change(from: group.previous, to: group.figures, isNew: isNew), schools: group.schools,
            firstSeen: group.firstSeen, hints: Self.hints(group), likely: group.suggestions.first?.platform,
            patterns: group.patterns.map(\.text), dismissal: group.dismissal)
    }

    private static func hints(_ group: DomainGroup) -> [String] {
        var hints: [String] = []
        if group.nameCount > 1 { hints.append("\(group.nameCount) names lie below this one registered domain.") }
        let named = group.suggestions.filter { $0.reason == .name }.map(\.platform)
        switch named.count {
        case 0: break
        case 1: hints.append("It has the name of \(named[0]) in it, and likely belongs to it.")
        default:
            // The longer name has the shorter one in it: canvas, and canva.
            hints.append(
                "It has the names of \(named.joined(separator: " and of ")) in it: look whose it is, if it is one of theirs."
            )
        }
        hints += group.suggestions.compactMap { suggestion in
            switch suggestion.reason {
            case .name: nil
            case .vendor: "It has the name of the vendor of \(suggestion.platform) in it."
            case .prefix(let label): "It begins like \(label), a domain of \(suggestion.platform)."
            case .sameSchools: "It was seen at the same schools as \(suggestion.platform), and at no others."
            }
        }
        if !group.names.isEmpty, group.names.allSatisfy({ servesParts($0.name) }) {
            hints.append("All of its names serve parts of other pages: it may be infrastructure.")
        }
        return hints
    }
}
