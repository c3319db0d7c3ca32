package import Matching
import Names
package import Registry
package import Store
import Wire

/// Turns what the store holds into what people read, by what the registry and the catalogue say today.
///
/// Devices of several names cannot be added up: a platform has at least those of its largest name on its busiest day
/// at a school; schools, which share no devices, add up.
package struct UsageBuilder: Sendable {
    private let matcher: Matcher

    /// Makes a builder.
    package init(matcher: Matcher) {
        self.matcher = matcher
    }

    /// The report of a scope.
    package func report(_ observations: Observations, scope: ObservationScope) -> UseReport {
        let groups = grouped(observations.names)
        var report = UseReport(scope: Self.scope(observations, scope))
        for (owner, names) in groups {
            switch owner {
            case .platform(let index):
                let use = toolUse(matcher.platforms[index], names)
                if use.platform.kind == .tool { report.tools.append(use) } else { report.infrastructure.append(use) }
            case .local: report.infrastructure.append(toolUse(Self.localNames, names))
            case .unknown: report.unknown = Self.nameUses(names)
            }
        }
        report.tools.sort { $0.rank < $1.rank }
        report.infrastructure.sort { $0.rank < $1.rank }
        report.coverage = Self.coverage(observations)
        return report
    }

    /// Whether a host name belongs to a platform.
    package func isName(_ name: String, of platform: Platform) -> Bool {
        matcher.platform(of: name)?.key == platform.key
    }

    /// One platform over time and over schools.
    ///
    /// `days` has, day by day, the use of the names for which ``isName(_:of:)`` is true.
    package func detail(
        of platform: Platform, _ observations: Observations, days: [DayObservation], scope: ObservationScope
    ) -> ToolDetail {
        let names = observations.names.filter { isName($0.name, of: platform) }
        let scope = Self.scope(observations, scope)
        let schools = Dictionary(grouping: names, by: \.school).map { school, names in
            ToolDetail.SchoolUse(
                school: school, devices: names.map(\.devices).max() ?? 0, counts: Self.sum(names.map(\.counts)))
        }
        return ToolDetail(
            tool: toolUse(platform, names), scope: scope, trend: Self.trend(days, scope),
            schools: schools.sorted { ($1.devices, $0.school) < ($0.devices, $1.school) })
    }

    /// The schools, with how many tools of each status they use.
    package func summaries(_ observations: Observations) -> [SchoolSummary] {
        let names = Dictionary(grouping: observations.names, by: \.school)
        return observations.schools.map { school in
            let owners = grouped(names[school.school] ?? [])
            var tools: [Status: Int] = [:]
            for case .platform(let index) in owners.keys where matcher.platforms[index].kind == .tool {
                tools[matcher.platforms[index].status, default: 0] += 1
            }
            return SchoolSummary(
                school: school.school, lastDay: school.lastDay, agents: school.agents, tools: tools,
                unknown: owners[.unknown]?.count ?? 0)
        }
    }
}

extension UsageBuilder {
    /// Names that no tool can have: of the school's own network, of reverse lookups, and what is not a domain at all.
    package static let localNames = Platform(
        name: "Local names", category: "local names", kind: .infrastructure,
        notes: "names of the school's own network, reverse lookups, and names that nobody can register")

    private enum Owner: Hashable {
        case platform(Int)
        case local
        case unknown
    }

    private func grouped(_ names: [NameObservation]) -> [Owner: [NameObservation]] {
        // The same name comes once for each school.
        var owners: [String: Owner] = [:]
        return Dictionary(grouping: names) { observation in
            if let owner = owners[observation.name] { return owner }
            let owner = owner(of: observation.name)
            owners[observation.name] = owner
            return owner
        }
    }

    private func owner(of name: String) -> Owner {
        if let index = matcher.index(of: name) { return .platform(index) }
        guard let host = HostName(name), !host.isAddress, host.specialUseDomain == nil, host.parent != nil,
            !host.isPublicSuffix
        else { return .local }
        return .unknown
    }

    private func toolUse(_ platform: Platform, _ names: [NameObservation]) -> ToolUse {
        ToolUse(
            platform: platform, schools: Set(names.map(\.school)).sorted(),
            devices: Self.devices(names), counts: Self.sum(names.map(\.counts)), names: Self.nameUses(names))
    }

    private static func nameUses(_ names: [NameObservation]) -> [NameUse] {
        Dictionary(grouping: names, by: \.name).map { name, observations in
            NameUse(
                name: name, schools: observations.map(\.school).sorted(), devices: devices(observations),
                counts: sum(observations.map(\.counts)))
        }.sorted { $0.rank < $1.rank }
    }

    /// Per school the largest, added up over schools.
    private static func devices(_ names: [NameObservation]) -> Int {
        var schools: [String: Int] = [:]
        for name in names { schools[name.school] = max(schools[name.school] ?? 0, name.devices) }
        return schools.values.reduce(into: 0) { $0.addSaturating($1) }
    }

    private static func sum(_ counts: [Counts]) -> Counts {
        counts.reduce(into: Counts()) { $0 += $1 }
    }

    private static func coverage(_ observations: Observations) -> Coverage {
        let named = sum(observations.names.map(\.counts))
        let encrypted = observations.encryptedDNS
        let withheld = observations.withheld
        return Coverage(
            named: named, attributed: named.attributed, unnamedTLS: observations.unnamed.tls,
            unnamedQUIC: observations.unnamed.quic, encryptedDNS: (encrypted.dot, encrypted.doq, encrypted.doh),
            withheld: Counts(
                dns: withheld.dns, tls: withheld.tls, quic: withheld.quic, attributed: withheld.attributed),
            withheldNames: withheld.names, agents: observations.schools.reduce(0) { $0 + $1.agents })
    }

    private static func scope(_ observations: Observations, _ scope: ObservationScope) -> UseReport.Scope {
        let schools = observations.schools
        return UseReport.Scope(
            // As the school is written, however it was asked for.
            school: scope.school.map { asked in schools.first?.school ?? asked },
            from: scope.from?.description, to: scope.to?.description, firstDay: schools.map(\.firstDay).min(),
            lastDay: schools.map(\.lastDay).max(), schools: schools.map(\.school))
    }

    /// Every day from the first to the last with data, also those on which the platform was not used.
    private static func trend(_ days: [DayObservation], _ scope: UseReport.Scope) -> [ToolDetail.DayUse] {
        guard let first = scope.firstDay.flatMap({ SchoolDay($0) }), let last = scope.lastDay.flatMap({ SchoolDay($0) })
        else { return [] }
        let used = Dictionary(grouping: days, by: \.day)
        return (first.ordinal...max(first.ordinal, last.ordinal)).map { ordinal in
            let day = SchoolDay(ordinal: ordinal).description
            let schools = used[day] ?? []
            return ToolDetail.DayUse(
                day: day, devices: schools.reduce(into: 0) { $0.addSaturating($1.devices) },
                counts: sum(schools.map(\.counts)))
        }
    }
}

extension NameObservation {
    fileprivate var counts: Counts { Counts(dns: dns, tls: tls, quic: quic, attributed: attributed) }
}

extension DayObservation {
    fileprivate var counts: Counts { Counts(dns: dns, tls: tls, quic: quic, attributed: attributed) }
}

/// What comes first in a list: most devices, then most used, then by name.
private struct Rank: Comparable {
    var devices: Int
    var uses: Int
    var name: String

    init(_ devices: Int, _ counts: Counts, _ name: String) {
        self.devices = devices
        self.name = name
        uses = counts.dns
        uses.addSaturating(counts.tls)
        uses.addSaturating(counts.quic)
    }

    static func < (left: Rank, right: Rank) -> Bool {
        (right.devices, right.uses, left.name) < (left.devices, left.uses, right.name)
    }
}

extension ToolUse {
    fileprivate var rank: Rank { Rank(devices, counts, platform.name) }
}

extension NameUse {
    fileprivate var rank: Rank { Rank(devices, counts, name) }
}
