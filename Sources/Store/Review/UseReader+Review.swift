import GRDB
import Matching
import Names
import Registry
import Wire

extension UseReader: ReviewQueue {
    package func unknownDomains(in scope: UseScope, dismissed: Bool, page: ListPage) async throws -> ReviewPage {
        try await review(scope, search: page.search) { review in
            var answer = ReviewPage()
            answer.open = review.groups.open.count
            answer.openNames = review.groups.open.reduce(0) { $0 + $1.nameCount }
            answer.dismissed = review.groups.dismissed.count
            answer.groups = try review.described(review.groups.page(page, dismissed: dismissed))
            return answer
        } ?? ReviewPage()
    }

    package func allUnknownDomains(
        in scope: UseScope, dismissed: Bool, search: String
    ) async throws -> [GroupSummary] {
        try await review(scope, search: search) { review in
            try review.summaries(review.groups.page(ListPage(limit: .max), dismissed: dismissed))
        } ?? []
    }

    /// Answers from the groups of a scope that fit a search; nil where no days are on record.
    private func review<Answer: Sendable>(
        _ scope: UseScope, search: String, _ body: @escaping @Sendable (Review) throws -> Answer
    ) async throws -> Answer? {
        let dismissals = try await store.dismissals()
        return try await read(scope, by: try await mappingWithBonds()) { view in
            guard let period = view.period else { return nil }
            return try body(try Review(view, period, dismissals: dismissals, search: search.lowercased()))
        }
    }
}

/// What waits in a scope, and what was dismissed, as far as it fits a search.
private struct Review {
    let groups: ReviewGroups
    private let book: DomainBook
    private let view: View
    private let period: Period
    /// What was dismissed of the domains that are joined, in the scope or not, by the number of what joins them.
    private var dismissedKin: [Int: [DismissedDomain]] = [:]

    init(_ view: View, _ period: Period, dismissals: [String: Dismissal], search: String) throws {
        self.view = view
        self.period = period
        book = try view.domains(period, search: search)
        var numbered: [Int: Dismissal] = [:]
        for (domain, dismissal) in dismissals {
            guard let number = try view.mapping.domain(named: domain, view.db) else { continue }
            numbered[number] = dismissal
            let bond = view.mapping.bonds[number]
            if bond != 0 {
                dismissedKin[bond, default: []].append(DismissedDomain(domain: domain, dismissal: dismissal))
            }
        }
        groups = ReviewGroups(book, view.mapping.bonds, dismissals: numbered)
    }

    /// Groups with everything that a person wants to know of them.
    func described(_ chosen: [ReviewGroups.Group]) throws -> [DomainGroup] {
        guard !chosen.isEmpty else { return [] }
        let kin = try ReviewKin(view, period)
        let companions = groups.companions(of: chosen, schoolsOfScope: view.schools.count)
        let names = chosen.map { groups.names(of: $0) }
        var uses = try view.uses(of: names.flatMap { $0 }, in: period)[...]
        return try chosen.indices.map { index in
            let own = uses.prefix(names[index].count)
            uses = uses.dropFirst(names[index].count)
            return try described(chosen[index], Array(own), companions[index], kin)
        }
    }

    private func described(
        _ group: ReviewGroups.Group, _ uses: [NameUse], _ companions: [Int], _ kin: ReviewKin
    ) throws -> DomainGroup {
        let domains = try group.places.map { try text(of: $0) }
        let names = uses.sorted { ($1.figures.typicalDevices, $0.name) < ($0.figures.typicalDevices, $1.name) }
        let schools = groups.schools(of: group)
        var figures = UseFigures(largestOf: names.map(\.figures))
        figures.devicesOnSchoolDays = group.use.devices
        let dismissal = groups.dismissal(of: group)
        return DomainGroup(
            domain: domains[0], others: Array(domains.dropFirst()),
            bond: domains.count > 1 ? DomainBond(domains[0], view.mapping.words) : nil, nameCount: group.nameCount,
            names: names, figures: figures, previous: book.previous(group.use), schools: schools.count,
            firstSeen: names.compactMap(\.firstSeen).min(), suggestions: kin.suggestions(for: domains, at: schools),
            companions: try companions.prefix(Self.companions).map { try text(of: $0) },
            patterns: domains.flatMap { Self.patterns(of: $0, names.map(\.name)) }, dismissal: dismissal,
            dismissedKin: dismissal == nil ? kinDismissed(of: group) : [])
    }

    /// How many domains a group was seen together with are told.
    private static let companions = 3

    private func text(of place: Int) throws -> String {
        try view.mapping.text(ofDomain: book.domains[place].number, view.db)
    }

    private func kinDismissed(of group: ReviewGroups.Group) -> [DismissedDomain] {
        (dismissedKin[group.bond] ?? []).sorted { ($1.dismissal.at, $0.domain) < ($0.dismissal.at, $1.domain) }
    }

    /// The domain as a pattern, or where it cannot be one, some of its names.
    private static func patterns(of domain: String, _ names: [String]) -> [NamePattern] {
        if let pattern = try? NamePattern(domain) { return [pattern] }
        let own = names.filter { Mapping.domain(of: $0) == domain }
        return own.prefix(20).compactMap { try? NamePattern("=" + $0) }
    }
}

extension Review {
    /// Groups with what was counted of all of them.
    func summaries(_ chosen: [ReviewGroups.Group]) throws -> [GroupSummary] {
        guard !chosen.isEmpty else { return [] }
        let kin = try ReviewKin(view, period)
        var summaries: [GroupSummary] = []
        summaries.reserveCapacity(chosen.count)
        // So many at once that their texts are read together, and so few that those of all are never there twice.
        for start in stride(from: 0, to: chosen.count, by: 500) {
            let part = chosen[start..<min(start + 500, chosen.count)]
            let names = part.map { groups.names(of: $0) }
            let facts = try view.texts(andFirstDaysOf: names.flatMap { $0 })
            let domains = try view.texts(ofDomains: part.flatMap(\.places).map { book.domains[$0].number })
            for (group, names) in zip(part, names) {
                summaries.append(summary(group, names.compactMap { facts[$0] }, domains, kin))
            }
        }
        return summaries
    }

    private func summary(
        _ group: ReviewGroups.Group, _ names: [NameFacts], _ texts: [Int: String], _ kin: ReviewKin
    ) -> GroupSummary {
        let domains = group.places.map { texts[book.domains[$0].number] ?? "" }
        let schools = groups.schools(of: group)
        let first = names.map(\.firstDay).filter { $0 <= period.last.ordinal }.min()
        return GroupSummary(
            domains: domains, nameCount: group.nameCount, names: names.map(\.text),
            figures: book.figures(group.use), previous: book.previous(group.use), schools: schools.count,
            firstSeen: first.map { SchoolDay(ordinal: $0) },
            likely: kin.suggestions(for: domains, at: schools).first?.platform,
            dismissal: groups.dismissal(of: group))
    }
}

/// A name's text, and the first day on which a school of the district was seen to use it, in days since 1970.
private struct NameFacts {
    var text: String
    var firstDay: Int
}

extension View {
    /// The texts and first days of names, by their keys.
    fileprivate func texts(andFirstDaysOf names: [Int64]) throws -> [Int64: NameFacts] {
        var facts: [Int64: NameFacts] = [:]
        facts.reserveCapacity(names.count)
        try forEachRow("SELECT id, name, first_day FROM names", of: names) { row in
            facts[row[0]] = NameFacts(text: row[1], firstDay: row[2])
        }
        return facts
    }

    /// The texts of domains, by their numbers.
    fileprivate func texts(ofDomains numbers: [Int]) throws -> [Int: String] {
        var texts: [Int: String] = [:]
        texts.reserveCapacity(numbers.count)
        for number in numbers where number < 0 { texts[number] = try mapping.text(ofDomain: number, db) }
        try forEachRow("SELECT id, name FROM domains", of: numbers.filter { $0 > 0 }.map(Int64.init)) { row in
            texts[row[0]] = row[1]
        }
        return texts
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
