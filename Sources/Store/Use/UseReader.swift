import GRDB
package import Matching
package import Registry
import Synchronization
package import Wire

/// Answers what people ask, from the store, by the registry as it stands and the catalogue.
package final class UseReader: UseQueries {
    let store: SQLiteStore
    private let catalogue: [Platform]
    private let current = Mutex<Mapping?>(nil)
    private let openDays: OpenDays
    private let keptSums = KeptSums()

    /// Makes a reader.
    package convenience init(store: SQLiteStore, catalogue: [Platform]) {
        self.init(store: store, catalogue: catalogue, openDays: OpenDays())
    }

    init(store: SQLiteStore, catalogue: [Platform], openDays: OpenDays) {
        self.store = store
        self.catalogue = catalogue
        self.openDays = openDays
    }

    /// What tells platforms, made anew when the registry changed, also by a command beside this process.
    package func matcher() async throws -> Matcher {
        try await mapping().matcher
    }

    /// Adds up the days that are over and not settled; gives how many weeks there were.
    ///
    /// Answers are the same before and after, only sooner.
    package func rollUp(before today: SchoolDay) async throws -> Int {
        let count = try await store.rollUp(before: today, try await mapping())
        if var known = current.withLock({ $0 }), !known.unassigned.isEmpty {
            known = try await store.pool.read { [known] db in
                var mapping = known
                try mapping.readAssigned(db)
                return mapping
            }
            current.withLock { $0 = known }
        }
        return count
    }

    /// Whom names belong to.
    func mapping() async throws -> Mapping {
        let revision = try await store.registryRevision()
        if let known = current.withLock({ $0 }), known.revision == revision {
            let mapping = try await store.pool.read { db in
                var mapping = known
                try mapping.readNames(db)
                return mapping
            }
            current.withLock { $0 = mapping }
            return mapping
        }
        let matcher = Matcher(registry: try await store.registry(), catalogue: catalogue)
        var mapping = try await store.mapping(matcher, revision: revision)
        if let earlier = current.withLock({ $0 }) { mapping.takeBonds(of: earlier) }
        current.withLock { [mapping] in $0 = mapping }
        return mapping
    }

    /// Whom names belong to, and what joins the domains of those that belong to nobody.
    func mappingWithBonds() async throws -> Mapping {
        let known = try await mapping()
        let mapping = try await store.pool.read { db in
            var mapping = known
            try mapping.readBonds(db)
            return mapping
        }
        current.withLock { if $0?.revision == mapping.revision { $0 = mapping } }
        return mapping
    }

    /// Answers a question about a scope from one snapshot of the database.
    func read<Answer: Sendable>(
        _ scope: UseScope, _ body: @escaping @Sendable (View) throws -> Answer
    ) async throws -> Answer {
        try await read(scope, by: try await mapping(), body)
    }

    /// Likewise, by a mapping that was asked for before.
    func read<Answer: Sendable>(
        _ scope: UseScope, by mapping: Mapping, _ body: @escaping @Sendable (View) throws -> Answer
    ) async throws -> Answer {
        try await store.pool.read { [openDays, keptSums] db in
            try body(try View(scope, mapping, openDays, keptSums, db))
        }
    }

    /// Reads what came since for the days that are not added up, so that the next question does not have to.
    package func readOpenDays() async throws {
        try await store.pool.read { [openDays] db in
            let days = try OpenDays.latest(db)
            for day in days { _ = try openDays.counts(of: day, db) }
            openDays.keepOnly(days)
        }
    }

    package func daysOnRecord() async throws -> Period? {
        try await store.pool.read { db in try Self.daysOnRecord(db) }
    }

    static func daysOnRecord(_ db: Database) throws -> Period? {
        let row = try GRDB.Row.fetchOne(db, sql: "SELECT (SELECT min(day) FROM days), (SELECT max(day) FROM days)")
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
