import Matching
import Registry
import Store
import Synchronization
import Usage

/// Answers what people ask, from the store, by the registry as it stands.
final class UsageReader: Sendable {
    private let store: SQLiteStore
    private let catalogue: [Platform]
    private let current = Mutex<(revision: Int, matcher: Matcher)?>(nil)

    init(store: SQLiteStore, catalogue: [Platform]) {
        self.store = store
        self.catalogue = catalogue
    }

    /// The report of a scope.
    func report(in scope: ObservationScope) async throws -> UseReport {
        let builder = UsageBuilder(matcher: try await matcher())
        return builder.report(try await store.observations(in: scope), scope: scope)
    }

    /// The use of one platform; nil when neither the registry nor the catalogue has one of that name.
    func tool(named name: String, in scope: ObservationScope) async throws -> ToolDetail? {
        let matcher = try await matcher()
        guard let platform = matcher.platform(named: name) else { return nil }
        let builder = UsageBuilder(matcher: matcher)
        let (observations, days) = try await store.observations(in: scope) { builder.isName($0, of: platform) }
        return builder.detail(of: platform, observations, days: days, scope: scope)
    }

    /// The schools with data.
    func schools() async throws -> [SchoolSummary] {
        let builder = UsageBuilder(matcher: try await matcher())
        return builder.summaries(try await store.observations(in: ObservationScope()))
    }

    /// The names of all schools, to choose from.
    func schoolNames() async throws -> [String] {
        try await store.schools()
    }

    /// The mapping of names, made anew when the registry changed, also by a command beside this process.
    func matcher() async throws -> Matcher {
        let revision = try await store.registryRevision()
        if let known = current.withLock({ $0 }), known.revision == revision { return known.matcher }
        let matcher = Matcher(registry: try await store.registry(), catalogue: catalogue)
        current.withLock { $0 = (revision, matcher) }
        return matcher
    }
}
