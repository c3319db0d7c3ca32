import Names
package import Registry
package import Store

extension UnknownGroup {
    /// Groups names of no known tool for review, what matters most first.
    ///
    /// Names below one registrable domain are one group, because somebody registered that domain for one purpose. A group
    /// matters by schools × devices × growth: what is new counts twice, what grows half again as much.
    ///
    /// - Parameters:
    ///   - names: The names, each with its use.
    ///   - period: The days of that use.
    ///   - platforms: What is known, to tell what a group likely belongs to.
    ///   - dismissals: What somebody dismissed, by key.
    /// - Returns: The groups, dismissed ones among them.
    package static func groups(
        of names: [Store.NameUse], in period: Period?, platforms: [Platform], dismissals: [String: Dismissal]
    ) -> [UnknownGroup] {
        let known = LikelyPlatforms(platforms)
        return Dictionary(grouping: names) { key(of: $0.name) }
            .map { key, names in
                var group = UnknownGroup(key: key, names: names, in: period)
                group.dismissal = dismissals[key]
                group.likely = known.platform(like: key)
                group.hints = group.reasons
                return group
            }
            .sorted { ($1.score, $0.key) < ($0.score, $1.key) }
    }

    /// What a name is grouped by: its registrable domain, or itself where it has none.
    package static func key(of name: String) -> String {
        HostName(name)?.registrableDomain?.description ?? name
    }

    /// Adds up what names of one group say: devices are at least those of the largest, connections add up.
    private init(key: String, names: [Store.NameUse], in period: Period?) {
        let names = names.sorted {
            ($1.figures.typicalDevices, $0.name) < ($0.figures.typicalDevices, $1.name)
        }
        let figures = Self.together(names.map(\.figures))
        let previous = names.compactMap(\.previous)
        let first = names.compactMap(\.firstSeen).min()
        let isNew = if let first, let period { period.contains(first) } else { false }
        self.init(
            key: key, names: names, figures: figures,
            change: Change(from: previous.isEmpty ? nil : Self.together(previous), to: figures, isNew: isNew),
            schools: names.map(\.schools).max() ?? 0, firstSeen: first, patterns: [key])
    }

    private static func together(_ figures: [UseFigures]) -> UseFigures {
        figures.dropFirst().reduce(into: figures.first ?? UseFigures()) { sum, other in
            sum.devicesOnSchoolDays = max(sum.devicesOnSchoolDays, other.devicesOnSchoolDays)
            sum.deviceHoursOnSchoolDays = max(sum.deviceHoursOnSchoolDays, other.deviceHoursOnSchoolDays)
            sum.busiestDevices = max(sum.busiestDevices, other.busiestDevices)
            sum.daysSeen = max(sum.daysSeen, other.daysSeen)
            sum.counts += other.counts
        }
    }

    private var score: Double {
        let growth =
            switch change {
            case .new: 2.0
            case .growing, .back: 1.5
            case .shrinking, .steady, .unknown: 1.0
            }
        return Double(schools) * max(figures.typicalDevices, 0.1) * growth
    }

    private var reasons: [String] {
        var reasons: [String] = []
        if names.count > 1 { reasons.append("\(names.count) names lie below this one registered domain.") }
        if let likely { reasons.append("It is called like \(likely), and likely belongs to it.") }
        if names.allSatisfy({ servesParts($0.name) }) {
            reasons.append("All of its names serve parts of other pages: it may be infrastructure.")
        }
        return reasons
    }
}

/// Which platform has a domain of almost the same name.
private struct LikelyPlatforms {
    private var platforms: [Substring: String] = [:]

    init(_ known: [Platform]) {
        for platform in known where platform.kind == .tool {
            for pattern in platform.patterns {
                if let label = Self.label(of: UnknownGroup.key(of: pattern.name)) {
                    platforms[label] = platforms[label] ?? platform.name
                }
            }
        }
    }

    /// The platform that has `example.com` where the domain is `example.org`.
    func platform(like domain: String) -> String? {
        Self.label(of: domain).flatMap { platforms[$0] }
    }

    /// The first label, where it is long enough to say something.
    private static func label(of domain: String) -> Substring? {
        domain.split(separator: ".").first.flatMap { $0.count >= 4 ? $0 : nil }
    }
}
