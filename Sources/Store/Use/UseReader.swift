import GRDB
package import Matching
import Names
package import Registry
import Synchronization
import Wire

/// Answers what people ask, from the store, by the registry as it stands and the catalogue.
package final class UseReader: UseQueries {
    let store: SQLiteStore
    let catalogue: [Platform]
    private let current = Mutex<(revision: Int, matcher: Matcher)?>(nil)

    /// Makes a reader.
    package init(store: SQLiteStore, catalogue: [Platform]) {
        self.store = store
        self.catalogue = catalogue
    }

    /// The mapping of names, made anew when the registry changed, also by a command beside this process.
    package func matcher() async throws -> Matcher {
        let revision = try await store.registryRevision()
        if let known = current.withLock({ $0 }), known.revision == revision { return known.matcher }
        let matcher = Matcher(registry: try await store.registry(), catalogue: catalogue)
        current.withLock { $0 = (revision, matcher) }
        return matcher
    }

    package func daysOnRecord() async throws -> Period? {
        try await store.pool.read { db in try Self.daysOnRecord(db) }
    }

    package func platformUse(in scope: UseScope) async throws -> UseTable {
        let matcher = try await matcher()
        return try await store.pool.read { db in
            let (view, names) = (try View(scope, db), try NameOwners(matcher, db))
            guard let period = view.period else { return view.emptyTable }
            let ledger = try view.ledger(of: period, db) { name, _ in names.owner(of: name) }
            let before = try view.previousLedger(db) { name, _ in names.owner(of: name) }
            let first = try view.firstDays(db) { name in names.owner(of: name) }
            var unknown: Set<Int64> = []
            for case .unknown(let name) in ledger.uses.keys { unknown.insert(name) }
            var table = view.emptyTable
            table.everything = ledger.everything.figures(schoolDays: ledger.schoolDays)
            table.reportingSchools = ledger.everything.schools.count
            table.unknownNames = unknown.count
            table.platforms = ledger.uses.compactMap { owner, use in
                guard let platform = names.platform(of: owner), scope.includes(platform.platform) else { return nil }
                return PlatformUse(
                    platform: platform.platform, isRegistered: platform.isRegistered,
                    figures: use.figures(schoolDays: ledger.schoolDays),
                    previous: before.map { ($0.uses[owner] ?? Use()).figures(schoolDays: $0.schoolDays) },
                    schools: use.schools.count, firstSeen: first[owner])
            }.sorted { UseRank($0.figures, $0.platform.name) < UseRank($1.figures, $1.platform.name) }
            return table
        }
    }

    package func use(of platform: String, in scope: UseScope) async throws -> PlatformUse? {
        let matcher = try await matcher()
        guard let position = matcher.position(of: platform) else { return nil }
        var scope = scope
        (scope.statuses, scope.categories) = ([], [])
        let table = try await platformUse(in: scope)
        let found = matcher.platforms[position]
        if let use = table.platforms.first(where: { $0.platform.key == found.key }) { return use }
        let none = UseFigures(schoolDays: table.everything.schoolDays)
        return PlatformUse(platform: found, isRegistered: matcher.isRegistered(position), figures: none)
    }

    package func trend(
        of subject: UseSubject, in scope: UseScope, by step: TrendStep
    ) async throws -> [TrendPoint] {
        let matcher = try await matcher()
        return try await store.pool.read { db in
            let (view, names) = (try View(scope, db), try NameOwners(matcher, db))
            guard let period = view.period else { return [] }
            let ledger = try view.ledger(of: period, db) { name, _ in names.isNamed(name, subject) ? 0 : nil }
            let use = subject == .everything ? ledger.everything : ledger.uses[0] ?? Use()
            let days = (period.first.ordinal...period.last.ordinal)
            return step.starts(of: days).map { start in
                let part = step.days(from: start).clamped(to: days)
                let figures = Use(days: use.days.filter { part.contains($0.key) })
                    .figures(schoolDays: ledger.schoolDays.filter(part.contains))
                return TrendPoint(day: SchoolDay(ordinal: start), figures: figures)
            }
        }
    }

    package func hoursOfDay(of subject: UseSubject, in scope: UseScope) async throws -> HourProfile {
        let matcher = try await matcher()
        return try await store.pool.read { db in
            let (view, names) = (try View(scope, db), try NameOwners(matcher, db))
            guard let whole = view.period else { return HourProfile(period: nil, schoolDays: 0, devices: []) }
            let period = Period(max(whole.first, whole.last.advanced(by: -27)), whole.last)
            let ledger = try view.ledger(of: period, db) { name, _ in names.isNamed(name, subject) ? 0 : nil }
            let use = subject == .everything ? ledger.everything : ledger.uses[0] ?? Use()
            let schoolDays = ledger.schoolDays
            var hours = HourCounts()
            for (day, use) in use.days where schoolDays.contains(day) { hours.add(use.hours) }
            return HourProfile(
                period: period, schoolDays: schoolDays.count, devices: (0..<24).map { hours[$0] })
        }
    }

    package func schools(using subject: UseSubject, in scope: UseScope) async throws -> [SchoolUse] {
        let matcher = try await matcher()
        return try await store.pool.read { db in
            let (view, names) = (try View(scope, db), try NameOwners(matcher, db))
            guard let period = view.period else { return [] }
            let ledger = try view.ledger(of: period, db) { name, school in
                names.isNamed(name, subject) ? school : nil
            }
            return view.schools.compactMap { school in
                ledger.uses[school.key].map { use in
                    SchoolUse(
                        school: school.name, region: school.region,
                        figures: use.figures(schoolDays: ledger.schoolDays),
                        lastSeen: use.days.keys.max().map(SchoolDay.init(ordinal:)))
                }
            }.sorted { UseRank($0.figures, $0.school) < UseRank($1.figures, $1.school) }
        }
    }

    package func names(of platform: String, in scope: UseScope, page: ListPage) async throws -> Paged<NameUse> {
        let matcher = try await matcher()
        guard let position = matcher.position(of: platform) else { return Paged(items: [], total: 0) }
        return try await names(in: scope, page, matcher) { $0 == .platform(position) }
    }

    package func unknownNames(in scope: UseScope, page: ListPage) async throws -> Paged<NameUse> {
        try await names(in: scope, page, try await matcher()) { owner in
            if case .unknown = owner { true } else { false }
        }
    }

    private func names(
        in scope: UseScope, _ page: ListPage, _ matcher: Matcher, where belongs: @escaping @Sendable (NameOwner) -> Bool
    ) async throws -> Paged<NameUse> {
        try await store.pool.read { db in
            let (view, names) = (try View(scope, db), try NameOwners(matcher, db))
            guard let period = view.period else { return Paged(items: [], total: 0) }
            func chosen(_ name: Int64) -> Int64? { belongs(names.owner(of: name)) ? name : nil }
            let ledger = try view.ledger(of: period, db) { name, _ in chosen(name) }
            let before = try view.previousLedger(db) { name, _ in chosen(name) }
            let first = try view.firstDays(db, key: chosen)
            let search = page.search.lowercased()
            let uses = ledger.uses.map { key, use in
                let name = names.text(of: key)
                let evidence = matcher.evidence(for: name)
                return NameUse(
                    name: name, pattern: evidence?.pattern, isRegistered: evidence?.isRegistered ?? false,
                    figures: use.figures(schoolDays: ledger.schoolDays),
                    previous: before.map { ($0.uses[key] ?? Use()).figures(schoolDays: $0.schoolDays) },
                    schools: use.schools.count, firstSeen: first[key])
            }.filter { search.isEmpty || $0.name.contains(search) }
            return page.cut(uses.sorted { UseRank($0.figures, $0.name) < UseRank($1.figures, $1.name) })
        }
    }

    static func daysOnRecord(_ db: Database) throws -> Period? {
        let row = try GRDB.Row.fetchOne(db, sql: "SELECT min(day), max(day) FROM days")
        guard let first = (row?[0] as String?).flatMap({ SchoolDay($0) }),
            let last = (row?[1] as String?).flatMap({ SchoolDay($0) })
        else { return nil }
        return Period(first, last)
    }
}

/// What comes first in a list: most devices on a typical day, then most used, then by name.
struct UseRank: Comparable {
    private var (devices, busiest, uses): (Int, Int, Int)
    private var name: String

    init(_ figures: UseFigures, _ name: String) {
        devices = figures.devicesOnSchoolDays
        busiest = figures.busiestDevices
        uses = figures.counts.connections.addingWithinBound(figures.counts.dns)
        self.name = name
    }

    static func < (left: UseRank, right: UseRank) -> Bool {
        (right.devices, right.busiest, right.uses, left.name) < (left.devices, left.busiest, left.uses, right.name)
    }
}

extension TrendStep {
    /// The first day of each step that has one of these days.
    fileprivate func starts(of days: ClosedRange<Int>) -> [Int] {
        switch self {
        case .day: Array(days)
        case .week: Array(stride(from: Week(day: days.lowerBound).monday, through: days.upperBound, by: 7))
        }
    }

    fileprivate func days(from start: Int) -> ClosedRange<Int> {
        switch self {
        case .day: start...start
        case .week: start...(start + 6)
        }
    }
}

/// A week, Monday to Sunday.
struct Week: Hashable, Comparable {
    /// Weeks since that of 1969-12-29.
    var number: Int

    /// The week with that number.
    init(number: Int) { self.number = number }

    /// The week of a day, given in days since 1970-01-01, a Thursday.
    init(day: Int) { number = (day + 3) / 7 }

    /// Its first day, in days since 1970.
    var monday: Int { number * 7 - 3 }

    static func < (left: Week, right: Week) -> Bool { left.number < right.number }
}
