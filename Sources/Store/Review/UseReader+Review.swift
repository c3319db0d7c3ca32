import GRDB
import Matching
import Names
import Registry
import Wire

extension UseReader: ReviewQueue {
    package func unknownDomains(in scope: UseScope, dismissed: Bool, page: ListPage) async throws -> ReviewPage {
        let dismissals = try await store.dismissals()
        return try await read(scope) { view in
            guard let period = view.period else { return ReviewPage() }
            let book = try view.domains(period, search: page.search.lowercased())
            var gone: [Int: Dismissal] = [:]
            for (domain, dismissal) in dismissals {
                if let number = try view.mapping.domain(named: domain, view.db) { gone[number] = dismissal }
            }
            let open = book.domains.filter { gone[$0.number] == nil }
            var answer = ReviewPage()
            answer.open = open.count
            answer.openNames = open.reduce(0) { $0 + $1.names.count }
            answer.dismissed = book.domains.count - open.count
            let listed = dismissed ? book.domains.filter { gone[$0.number] != nil } : open
            let chosen = page.cut(book.sorted(listed)).items
            answer.groups = try view.described(chosen, of: book, period, dismissals: gone)
            return answer
        }
    }
}

/// Unknown names of one domain, as they are added up.
private struct Domain {
    var number: Int
    /// Its place among all.
    var place: Int
    var names: [Int64] = []
    /// The one that the district saw first.
    var firstName = Int64.max
    /// Devices on school days of the largest name.
    var devices = 0
    var previous = 0

    mutating func add(_ name: Int64, devices: Int, previous: Int) {
        names.append(name)
        firstName = min(firstName, name)
        self.devices = max(self.devices, devices)
        self.previous = max(self.previous, previous)
    }
}

/// The domains of unknown names.
private struct DomainBook {
    private(set) var domains: [Domain]
    private let schools: SchoolTable
    private let days: Double
    private let daysBefore: Double?

    /// - Parameters:
    ///   - sums: What the names add up to.
    ///   - before: Their devices in the days before.
    ///   - days: How many school days the devices are over.
    ///   - daysBefore: Likewise of those before; nil where those are not on record.
    init(_ sums: UnknownSums, before: NameTally, days: Int, daysBefore: Int?) {
        domains = sums.domains.enumerated().map { Domain(number: Int($1), place: $0) }
        schools = sums.schools
        self.days = Double(max(1, days))
        self.daysBefore = daysBefore.map { Double(max(1, $0)) }
        for (slot, name) in sums.tally.names.enumerated() {
            domains[Int(sums.places[slot])].add(
                name, devices: sums.tally.devices[slot], previous: before.devices(of: name))
        }
    }

    /// The schools of a domain.
    func schools(of domain: Domain) -> SchoolSet { schools.schools(at: domain.place) }

    /// What matters most first: at many schools, by many devices, and by more than before; then what was seen first.
    func sorted(_ listed: [Domain]) -> [Domain] {
        let scored = listed.indices.map { (score: score(listed[$0]), place: $0) }
        return scored.sorted {
            ($1.score, listed[$0.place].firstName) < ($0.score, listed[$1.place].firstName)
        }.map { listed[$0.place] }
    }

    /// What was not there before counts as if it had doubled; what shrinks counts less, but never nothing.
    private func score(_ domain: Domain) -> Double {
        let devices = Double(domain.devices) / days
        let previous = daysBefore.map { Double(domain.previous) / $0 }
        let growth = previous.map { $0 > 0 ? min(4, max(0.25, devices / $0)) : 2 } ?? 1
        return Double(schools(of: domain).count) * max(devices, 0.1) * growth
    }
}

extension View {
    /// The domains of unknown names that contain a text.
    fileprivate func domains(_ period: Period, search: String) throws -> DomainBook {
        let schoolDays = try everything(period).schoolDays(of: period.count)
        let daysBefore = try previous.map { try everything($0).schoolDays(of: $0.count) }
        let found = search.isEmpty ? nil : try names(containing: search)
        let sums = try unknownSums(period, schoolDays: schoolDays, tellsDomains: true, only: found)
        var before = NameTally()
        if let previous, let daysBefore {
            before = try unknownSums(previous, schoolDays: daysBefore, only: found).tally
        }
        return DomainBook(sums, before: before, days: schoolDays.count { $0 }, daysBefore: daysBefore?.count { $0 })
    }

    /// How many names a group tells: a group of thousands has no more to say.
    private static var namesOfGroup: Int { 50 }

    /// The groups with everything that a person wants to know of them.
    fileprivate func described(
        _ domains: [Domain], of book: DomainBook, _ period: Period, dismissals: [Int: Dismissal]
    ) throws -> [DomainGroup] {
        let kin = domains.isEmpty ? nil : try Kin(self, period)
        // Those that were seen first are the ones that a large domain began with.
        let chosen = domains.map { Array($0.names.sorted().prefix(Self.namesOfGroup)) }
        var uses = try self.uses(of: chosen.flatMap { $0 }, in: period)[...]
        return try zip(domains, chosen).map { domain, names in
            let text = try mapping.text(ofDomain: domain.number, db)
            let own = uses.prefix(names.count).sorted {
                ($1.figures.typicalDevices, $0.name) < ($0.figures.typicalDevices, $1.name)
            }
            uses = uses.dropFirst(names.count)
            let previous = own.compactMap(\.previous)
            let pattern = try? NamePattern(text)
            let schools = book.schools(of: domain)
            return DomainGroup(
                domain: text, nameCount: domain.names.count, names: own,
                figures: UseFigures(largestOf: own.map(\.figures)),
                previous: previous.isEmpty ? nil : UseFigures(largestOf: previous), schools: schools.count,
                firstSeen: own.compactMap(\.firstSeen).min(),
                suggestions: kin?.suggestions(for: text, at: schools) ?? [],
                patterns: pattern.map { [$0] } ?? own.prefix(20).compactMap { try? NamePattern("=" + $0.name) },
                dismissal: dismissals[domain.number])
        }
    }
}

extension UseFigures {
    /// Several that may share devices: those of the largest, all connections.
    fileprivate init(largestOf figures: [UseFigures]) {
        self = figures.first ?? UseFigures()
        for other in figures.dropFirst() {
            devicesOnSchoolDays = max(devicesOnSchoolDays, other.devicesOnSchoolDays)
            deviceHoursOnSchoolDays = max(deviceHoursOnSchoolDays, other.deviceHoursOnSchoolDays)
            busiestDevices = max(busiestDevices, other.busiestDevices)
            daysSeen = max(daysSeen, other.daysSeen)
            counts += other.counts
        }
    }
}

/// What platforms have in common with names that nobody knows.
private struct Kin {
    private let words: KinWords
    private var schools: [(platform: String, schools: SchoolSet)] = []

    init(_ view: View, _ period: Period) throws {
        words = view.mapping.words
        let users = try view.users(period)
        for (number, platform) in view.mapping.matcher.platforms.enumerated() where platform.kind == .tool {
            // At every school, or at two, platforms coincide by chance.
            let count = users[number].count
            if count >= 3, count <= view.schools.count / 2 { schools.append((platform.name, users[number])) }
        }
    }

    func suggestions(for domain: String, at schools: SchoolSet) -> [OwnerSuggestion] {
        var reasons = words.reasons(for: domain)
        for (platform, used) in self.schools where reasons[platform] == nil && used == schools {
            reasons[platform] = .sameSchools
        }
        let sorted = reasons.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        return sorted.prefix(3).map { OwnerSuggestion(platform: $0.key, reason: $0.value) }
    }
}
