import Hummingbird
import Identity
import Matching
import Registry
import Store
import Wire

extension AgentRoutes {
    /// The settings for an agent that says which it has, where these are others; nothing for one that does not say.
    func settings(for agent: AgentIdentity, having version: Int?) async throws -> RemoteSettings? {
        guard let version else { return nil }
        let revision = try await store.registryRevision()
        let matcher = try await usage.matcher()
        // The catalogue comes with the version, and how many there are tells when somebody changed it beside that.
        return try await store.settings(
            for: agent, having: version, groups: matcher.groups,
            basis: "\(revision)/\(rollcallVersion)/\(matcher.grouped.count)")
    }

    /// What is known of a name, for an agent that looks for it.
    func standing(_ request: Request, _ context: CollectorContext) async throws -> Response {
        let agent = try await agent(request)
        let name = try context.parameters.require("name").lowercased()
        let platform = try await usage.matcher().platform(of: name)
        let standing = NameStanding(
            lastDay: try await store.lastDay(of: name, from: agent), platform: platform?.name,
            status: platform?.status.rawValue)
        return Response(json: standing)
    }
}

extension Matcher {
    /// The tools whose devices agents count over all of their names.
    fileprivate var groups: [NameGroup] {
        grouped.map { NameGroup(name: $0.name, patterns: $0.patterns.map(\.text)) }
    }

    fileprivate var grouped: some Collection<Platform> {
        platforms.lazy.filter { $0.kind == .tool && !$0.patterns.isEmpty }
    }
}
