import GRDB
import Matching
import Names
import Registry
import Wire

extension UseReader: ReviewQueue {
    package func unknownDomains(in scope: UseScope, page: ListPage) async throws -> Paged<DomainGroup> {
        try await read(scope) { view in
            let groups = try view.domains(search: page.search.lowercased())
            let chosen = page.cut(groups)
            return Paged(items: try view.described(chosen.items), total: chosen.total)
        }
    }
}

/// Unknown names of one domain, as they are added up.
private struct Domain {
    var text: String
    var names: [Int64] = []
    /// Devices on school days of the largest name.
    var devices = 0
    var previous = 0
    var schools = SchoolSet()

    /// Takes in a name.
    mutating func add(_ name: Int64, _ rank: NameRank, previous: Int) {
        names.append(name)
        devices = max(devices, rank.devices)
        self.previous = max(self.previous, previous)
        schools.formUnion(rank.schools)
    }
}

extension View {
    /// The domains of unknown names that contain a text, without those that were dismissed, what matters most first.
    fileprivate func domains(search: String) throws -> [Domain] {
        guard let period else { return [] }
        let isUnknown = { (name: Int64) in mapping.number(of: name) == Mapping.unknown }
        let schoolDays = try everything(period).schoolDays(of: period.count)
        let ranks = try ranks(period, schoolDays: schoolDays, isUnknown)
        var before: [Int64: NameRank] = [:]
        var daysBefore = 0
        if let previous {
            let schoolDays = try everything(previous).schoolDays(of: previous.count)
            daysBefore = schoolDays.count { $0 }
            before = try self.ranks(previous, schoolDays: schoolDays, isUnknown)
        }
        let dismissed = Set(try String.fetchAll(db, sql: "SELECT key FROM dismissals"))
        var domains: [String: Domain] = [:]
        for (name, rank) in ranks {
            let text = try text(of: name).text
            let domain = HostName(text)?.registrableDomain?.text ?? text
            guard search.isEmpty || text.contains(search), !dismissed.contains(domain) else { continue }
            domains[domain, default: Domain(text: domain)].add(name, rank, previous: before[name]?.devices ?? 0)
        }
        let days = Double(max(1, schoolDays.count { $0 }))
        let scored = domains.values.map { domain in
            let previous = self.previous == nil ? nil : Double(domain.previous) / Double(max(1, daysBefore))
            let score = DomainGroup.score(
                schools: domain.schools.count, devices: Double(domain.devices) / days, previous: previous)
            return (domain, score)
        }
        return scored.sorted { ($1.1, $0.0.text) < ($0.1, $1.0.text) }.map(\.0)
    }

    /// The groups with everything that a person wants to know of them.
    fileprivate func described(_ domains: [Domain]) throws -> [DomainGroup] {
        guard let period else { return [] }
        let kin = try Kin(self, period)
        return try domains.map { domain in
            // Those that were seen first are the ones that the domain began with.
            let names = Array(domain.names.sorted().prefix(200))
            let ledger = try self.names(period, names)
            let before = try previous.map { try self.names($0, names) }
            let figures = names.indices.map { ledger.uses[$0].figures(schoolDays: ledger.schoolDays) }
            let largest = figures.map(\.typicalDevices).max() ?? 0
            let earlier = before.map { ledger in
                names.indices.map { ledger.uses[$0].figures(schoolDays: ledger.schoolDays).typicalDevices }.max() ?? 0
            }
            let texts = try names.map { try text(of: $0) }
            let order = names.indices.sorted { figures[$0].devicesOnSchoolDays > figures[$1].devicesOnSchoolDays }
            let pattern = try? NamePattern(domain.text)
            return DomainGroup(
                domain: domain.text, names: domain.names.count, examples: order.prefix(5).map { texts[$0].text },
                schools: domain.schools.count, typicalDevices: largest, previousDevices: earlier,
                firstSeen: texts.compactMap(\.firstDay).min(),
                score: DomainGroup.score(schools: domain.schools.count, devices: largest, previous: earlier),
                suggestions: kin.suggestions(for: domain.text, at: domain.schools),
                patterns: pattern.map { [$0] } ?? texts.prefix(20).compactMap { try? NamePattern("=" + $0.text) })
        }
    }
}

/// What platforms have in common with names that nobody knows.
private struct Kin {
    private var words: [(word: String, platform: String, reason: OwnerSuggestion.Reason)] = []
    private var schools: [(platform: String, schools: SchoolSet)] = []

    /// Fewer letters than this in common are chance.
    private static let fewestLetters = 5

    init(_ view: View, _ period: Period) throws {
        let uses = try view.platforms(period).uses
        for (number, platform) in view.mapping.matcher.platforms.enumerated() where platform.kind == .tool {
            words.append((Self.letters(of: platform.name), platform.name, .name))
            words.append((Self.letters(of: platform.vendor), platform.name, .vendor))
            for pattern in platform.patterns {
                let label = HostName(pattern.name)?.registrableDomain?.labels.first ?? ""
                words.append((Self.letters(of: label), platform.name, .prefix(label)))
            }
            // At every school, or at two, platforms coincide by chance.
            let count = uses[number].schools.count
            if count >= 3, count <= view.schools.count / 2 { schools.append((platform.name, uses[number].schools)) }
        }
        words.removeAll { $0.word.count < Self.fewestLetters }
    }

    func suggestions(for domain: String, at schools: SchoolSet) -> [OwnerSuggestion] {
        let label = Self.letters(of: domain.split(separator: ".").first.map(String.init) ?? domain)
        var reasons: [String: OwnerSuggestion.Reason] = [:]
        for (word, platform, reason) in words {
            let isKin =
                if case .prefix = reason {
                    label.hasPrefix(word) || word.hasPrefix(label) && label.count >= Self.fewestLetters
                } else { label.contains(word) }
            if isKin { reasons[platform] = min(reasons[platform] ?? reason, reason) }
        }
        for (platform, used) in self.schools where used == schools && reasons[platform] == nil {
            reasons[platform] = .sameSchools
        }
        let sorted = reasons.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        return sorted.prefix(3).map { OwnerSuggestion(platform: $0.key, reason: $0.value) }
    }

    private static func letters(of text: String) -> String {
        text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}
