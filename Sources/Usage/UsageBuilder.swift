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
}

extension NameObservation {
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
