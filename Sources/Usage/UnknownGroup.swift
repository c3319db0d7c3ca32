import Registry
package import Store
package import Wire

/// Names of no known tool that seem to belong together, to be reviewed at once.
package struct UnknownGroup: Sendable, Equatable {
    /// The domains that somebody registered, what matters most first; at least one.
    package var domains: [String]
    /// What they are called in common; nil where that is not why they are one group.
    package var stem: String?
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
        domains: [String], stem: String? = nil, nameCount: Int? = nil, names: [Store.NameUse], figures: UseFigures,
        change: Change = .unknown, schools: Int = 0, firstSeen: SchoolDay? = nil, hints: [String] = [],
        likely: String? = nil, patterns: [String] = [], dismissal: Dismissal? = nil
    ) {
        self.domains = domains
        self.stem = stem
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
        self.init(
            domains: group.domains, nameCount: group.nameCount, names: group.names, figures: group.figures,
            change: Change(from: group.previous, to: group.figures, firstSeen: group.firstSeen, in: period),
            schools: group.schools, firstSeen: group.firstSeen, hints: Self.hints(group),
            likely: group.suggestions.first?.platform, patterns: group.patterns.map(\.text),
            dismissal: group.dismissal)
        if case .stem(let text) = group.bond { stem = text }
    }

    private static func hints(_ group: DomainGroup) -> [String] {
        var hints = [bondHint(group)].compactMap { $0 }
        if group.others.isEmpty, group.nameCount > 1 {
            hints.append("\(group.nameCount) names lie below this one registered domain.")
        }
        hints += kinHints(group)
        if !group.companions.isEmpty {
            hints.append("Seen at the same schools as \(list(group.companions)), and at no others.")
        }
        if !group.names.isEmpty, group.names.allSatisfy({ servesParts($0.name) }) {
            hints.append("All of its names serve parts of other pages: it may be infrastructure.")
        }
        if let dismissed = dismissedHint(group.dismissedKin) { hints.append(dismissed) }
        return hints
    }

    /// Why several domains are one group.
    private static func bondHint(_ group: DomainGroup) -> String? {
        guard let bond = group.bond, !group.others.isEmpty else { return nil }
        let domains = list(group.domains)
        return switch bond {
        case .platform(let platform):
            "One group, because each has the name of \(platform) or of its vendor in it: \(domains)."
        case .stem(let stem): "One group, because all are called \(stem), apart from their endings: \(domains)."
        }
    }

    /// Whom it may belong to, and why.
    private static func kinHints(_ group: DomainGroup) -> [String] {
        // What joins them is stronger than what else one of them has in common with others.
        if case .platform(let platform) = group.bond { return ["They likely belong to \(platform)."] }
        let it = group.others.isEmpty ? "It" : "One of them"
        let named = group.suggestions.filter { $0.reason == .name }.map(\.platform)
        var hints: [String] = []
        switch named.count {
        case 0: break
        case 1: hints.append("\(it) has the name of \(named[0]) in it, and likely belongs to it.")
        default:
            // The longer name has the shorter one in it: canvas, and canva.
            hints.append(
                "\(it) has the names of \(named.joined(separator: " and of ")) in it: look whose it is, if it is one of theirs."
            )
        }
        let were = group.others.isEmpty ? "It was" : "They were"
        return hints
            + group.suggestions.compactMap { suggestion in
                switch suggestion.reason {
                case .name: nil
                case .vendor: "\(it) has the name of the vendor of \(suggestion.platform) in it."
                case .prefix(let label): "\(it) begins like \(label), a domain of \(suggestion.platform)."
                case .sameSchools: "\(were) seen at the same schools as \(suggestion.platform), and at no others."
                }
            }
    }

    /// That others like it were dismissed, and why.
    private static func dismissedHint(_ dismissed: [DismissedDomain]) -> String? {
        guard let last = dismissed.first else { return nil }
        let together = dismissed.filter { $0.dismissal == last.dismissal }.map(\.domain)
        let (was, others) = (together.count == 1 ? "was" : "were", dismissed.count - together.count)
        let more = others == 0 ? "" : " \(others) more \(others == 1 ? "was" : "were") dismissed before."
        return "It would be one group with \(list(together)), which \(was) dismissed: “\(last.dismissal.reason)”."
            + more
    }

    /// Several, as a sentence has them.
    private static func list(_ texts: [String]) -> String {
        texts.count < 2
            ? texts.joined() : texts.dropLast().joined(separator: ", ") + " and " + texts[texts.count - 1]
    }
}
