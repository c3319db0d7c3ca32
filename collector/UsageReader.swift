import Foundation
import Identity
import Matching
import Pages
import Registry
import Store
import Usage
import Wire

/// Puts together what a page is about, from the store's answers, by the registry as it stands.
struct UsageReader: Sendable {
    private let store: SQLiteStore
    /// What is asked of the counts.
    let uses: UseReader
    private let manners: MannerReader

    /// Makes a reader.
    init(store: SQLiteStore, catalogue: [Platform]) {
        self.init(store: store, uses: UseReader(store: store, catalogue: catalogue))
    }

    /// Makes a reader that asks another.
    init(store: SQLiteStore, uses: UseReader) {
        self.store = store
        self.uses = uses
        manners = MannerReader(uses: uses)
    }

    /// What asks for action today.
    func overview(_ query: ScopeQuery, now: Int) async throws -> Overview {
        let scope = try await scope(of: query)
        let (basis, tools, unknown) = try await lines(query, scope)
        // The last twelve weeks, whatever the period of the other figures is.
        var weeks: [StatusTrend] = []
        if let last = scope.period?.last {
            var long = scope
            long.period = Period(last.advanced(by: -83), last)
            weeks = try await statusTrends(in: long)
        }
        let states = try await uses.reports(of: scope.schools)
        let schools = states.reduce(into: [:]) { $0[Reporting($1, at: now), default: 0] += 1 }
        return Overview(basis: basis, tools: tools, unknownNames: unknown, schools: schools, weeks: weeks)
    }

    /// The tools of a part of the district, and what the figures are over.
    func tools(_ query: ScopeQuery) async throws -> (Basis, [ToolLine]) {
        let (basis, tools, _) = try await lines(query, try await scope(of: query))
        return (basis, tools)
    }

    /// One tool; nil when neither the registry nor the catalogue has it.
    func tool(named name: String, _ query: ScopeQuery) async throws -> ToolStory? {
        let scope = try await scope(of: query)
        guard let use = try await uses.use(of: name, in: scope) else { return nil }
        let subject = UseSubject.platform(use.platform.name)
        let names = try await uses.names(of: use.platform.name, in: scope, page: ListPage(limit: Self.namesOfTool))
        let basis = try await basis(query, scope, schoolDays: use.figures.schoolDays, hasBefore: use.previous != nil)
        let largest = names.items.map { LargestName(name: $0.name, devices: $0.figures.busiestDevices) }
        let manner = Manner(of: use.platform, names: largest)
        let history = try await store.statusHistory(of: use.platform.name).map(Decision.init)
        return ToolStory(
            basis: basis, line: ToolLine(use, in: scope.period, manner: manner),
            trend: try await uses.trend(of: subject, in: longer(scope, days: 28), by: .day),
            schools: try await uses.schools(using: subject, in: scope),
            hours: try await uses.hoursOfDay(of: subject, in: scope), names: names,
            history: history.sorted { $0.at > $1.at })
    }

    /// The schools, and what the figures are over.
    func schools(_ query: ScopeQuery) async throws -> (Basis, [SchoolState]) {
        let scope = try await scope(of: query)
        let states = try await uses.schools(in: scope)
        let days = states.map(\.days).max() ?? 0
        return (try await basis(query, scope, schoolDays: days, hasBefore: false), states)
    }

    /// One school; throws where there is none of that name.
    func school(named name: String, _ query: ScopeQuery, now: Int) async throws -> SchoolStory {
        var query = query
        (query.school, query.region) = (name, nil)
        let scope = try await scope(of: query)
        let (basis, tools, _) = try await lines(query, scope)
        guard let state = try await uses.schools(in: scope).first else {
            throw StoreError.unknownSchool(name, known: try await store.schools())
        }
        let weeks = longer(scope, days: 84)
        var district = weeks
        district.schools = .all
        return SchoolStory(
            basis: basis, state: state, tools: tools,
            agents: try await uses.agents(at: now).filter { $0.school == state.school },
            weeks: try await statusTrends(in: weeks), district: try await statusTrends(in: district),
            days: try await uses.trend(of: .everything, in: longer(scope, days: 28), by: .day))
    }

    /// The gateways, of one school where that is given, and what could be named in the last week.
    func gateways(school: String?, now: Int) async throws -> (Basis, [AgentState]) {
        let query = ScopeQuery(school: school)
        let scope = try await scope(of: query)
        let agents = try await uses.agents(at: now).filter { agent in
            school.map { SchoolName.key(of: $0) == SchoolName.key(of: agent.school) } ?? true
        }
        return (try await basis(query, scope, schoolDays: 0, hasBefore: false), agents)
    }

    /// A page of names of no known tool in groups, and what the figures are over; one past the end is the last.
    func unknown(_ query: UnknownQuery) async throws -> (Basis, UnknownReview) {
        let size = UnknownPage.size
        var review = try await unknown(query, ListPage(offset: (query.page - 1) * size, limit: size))
        let count = query.kind == .open ? review.page.open : review.page.dismissed
        if review.page.groups.isEmpty, count > 0 {
            review = try await unknown(query, ListPage(offset: (count - 1) / size * size, limit: size))
        }
        return (review.basis, UnknownReview(review.page, in: review.basis.period))
    }

    /// All groups of names of no known tool that fit the filter, for a file.
    func allUnknown(_ query: UnknownQuery) async throws -> (Basis, [UnknownLine]) {
        let scope = try await scope(of: query.scope)
        let groups = try await uses.allUnknownDomains(
            in: scope, dismissed: query.kind == .dismissed, search: query.search ?? "")
        let schoolDays = groups.first?.figures.schoolDays ?? 0
        let basis = try await basis(query.scope, scope, schoolDays: schoolDays, hasBefore: true)
        return (basis, groups.map { UnknownLine($0, in: basis.period) })
    }

    private func unknown(_ query: UnknownQuery, _ page: ListPage) async throws -> (basis: Basis, page: ReviewPage) {
        let scope = try await scope(of: query.scope)
        var page = page
        page.search = query.search ?? ""
        let review = try await uses.unknownDomains(in: scope, dismissed: query.kind == .dismissed, page: page)
        let schoolDays = review.groups.first?.figures.schoolDays ?? 0
        return (try await basis(query.scope, scope, schoolDays: schoolDays, hasBefore: true), review)
    }

    /// The names of all platforms that are tools, to choose from.
    func platformNames() async throws -> [String] {
        try await matcher().platforms.filter { $0.kind == .tool }.map(\.name).sorted()
    }

    /// What there is to choose from; for somebody of one school, nothing of others.
    func facets(school: String?) async throws -> Facets {
        if school != nil { return Facets(segments: try await uses.segments()) }
        return Facets(
            schools: try await store.schools(), regions: try await uses.regions(), segments: try await uses.segments())
    }

    /// Every name with exact counts, for programs.
    func report(in scope: ObservationScope) async throws -> UseReport {
        let builder = UsageBuilder(matcher: try await matcher())
        return builder.report(try await store.observations(in: scope), scope: scope)
    }

    /// The mapping of names, by the registry as it stands.
    func matcher() async throws -> Matcher {
        try await uses.matcher()
    }

    /// How many names of a tool are looked at, most devices first.
    private static let namesOfTool = 100
}

extension UsageReader {
    /// The scope that an address asks for, its days reckoned from the last with a report.
    private func scope(of query: ScopeQuery) async throws -> UseScope {
        let record = try await uses.daysOnRecord()
        let schools = query.school.map(UseScope.Schools.school) ?? query.region.map(UseScope.Schools.region) ?? .all
        return UseScope(period: record.map { query.days(onRecord: $0) }, schools: schools, segment: query.segment)
    }

    private func basis(
        _ query: ScopeQuery, _ scope: UseScope, schoolDays: Int, hasBefore: Bool
    ) async throws -> Basis {
        let coverage = try await uses.coverage(in: scope)
        return basis(query, scope, coverage, schoolDays: schoolDays, hasBefore: hasBefore)
    }

    private func basis(
        _ query: ScopeQuery, _ scope: UseScope, _ coverage: CoverageFigures, schoolDays: Int, hasBefore: Bool
    ) -> Basis {
        let today = SchoolDay(ordinal: Int(Date().timeIntervalSince1970) / 86_400)
        return Basis(
            period: scope.period ?? Period(today, today), school: query.school, region: query.region,
            segment: query.segment, schools: coverage.reportingSchools, schoolDays: schoolDays, hasBefore: hasBefore,
            coverage: coverage)
    }

    private func lines(_ query: ScopeQuery, _ scope: UseScope) async throws -> (Basis, [ToolLine], unknown: Int) {
        let table = try await uses.platformUse(in: scope)
        let hasBefore = table.platforms.contains { $0.previous != nil }
        let basis = basis(
            query, scope, table.coverage, schoolDays: table.everything.schoolDays, hasBefore: hasBefore)
        let manners = try await manners.manners()
        let lines = table.platforms.map { use in
            ToolLine(
                use, in: scope.period,
                manner: use.platform.kind == .infrastructure ? .infrastructure : manners[use.platform.name] ?? .used)
        }
        let unknown = try await uses.unknownNameCount(in: scope)
        return (basis, lines, unknown)
    }

    private func statusTrends(in scope: UseScope) async throws -> [StatusTrend] {
        let trends = try await uses.statusTrends(in: scope, by: .week)
        return Status.allCases.map { StatusTrend(status: $0, points: trends[$0] ?? []) }
    }

    /// The scope with at least so many days, for a trend.
    private func longer(_ scope: UseScope, days: Int) -> UseScope {
        var scope = scope
        if let period = scope.period, period.count < days {
            scope.period = Period(period.last.advanced(by: 1 - days), period.last)
        }
        return scope
    }
}

extension Decision {
    /// A change of a status, as the history has it.
    fileprivate init(_ change: StatusChange) {
        self.init(at: change.at, who: change.who, old: change.from, new: change.to)
    }
}
