import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identity
import Pages
import Registry
import Store
import Wire

/// What programs read.
struct APIRoutes {
    let store: SQLiteStore
    let queries: UseReader
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    static let access: [RouteAccess] = [
        .get(Path.agents, .people(.readDistrict)), .get("/v1/schools", .people(.readDistrict)),
        .get("/v1/tools", .people(.read)), .get("/v1/names", .people(.read)), .get("/v1/audit", .people(.audit)),
        .get("/openapi.json", .everybody),
    ]

    /// The description of all this, in OpenAPI 3.1.
    static let description = String(decoding: PackageResources.openapi_json, as: UTF8.self)

    func add(to router: some RouterMethods<CollectorContext>) {
        router.get("openapi.json") { _, _ in
            Response(text: Self.description, type: "application/vnd.oai.openapi+json;version=3.1")
        }
        addDistrict(to: router.group("v1", context: DistrictContext.self))
        let own = router.group("v1", context: ReaderContext.self)
        own.get("tools") { request, context in
            let page = try APIPage(request, beside: Self.scopeFields)
            let use = try await queries.platformUse(in: try Self.scope(request, context.reader)).platforms
            return Response(tagged: page.cut(use, by: { $0.platform.key }, APITool.init), for: request)
        }
        own.get("names") { request, context in
            let page = try APIPage(request, beside: Self.scopeFields + ["search"])
            let offset = try Self.offset(page)
            let names = try await queries.unknownNames(
                in: try Self.scope(request, context.reader),
                page: ListPage(offset: offset, limit: page.limit, search: request.fields.text("search") ?? ""))
            let end = offset + names.items.count
            let next = end < names.total ? APIPage.cursor(String(end)) : nil
            return Response(tagged: APIList(items: names.items.map(APIName.init), next: next), for: request)
        }
        router.group("v1", context: AuditContext.self).get("audit") { request, _ in
            let page = try APIPage(request, beside: ["who", "what", "subject", "from", "to"])
            var query = try AuditQuery(request, limit: page.limit + 1)
            query.olderThan = try page.after.map { key throws(Problem) in
                guard let number = Int64(key) else { throw Self.foreignCursor }
                return number
            }
            let found = try await store.auditEntries(query)
            let part = found.prefix(page.limit)
            let next = found.count > part.count ? part.last.map { APIPage.cursor(String($0.number)) } : nil
            return Response(tagged: APIList(items: part.map(APIAuditEntry.init), next: next), for: request)
        }
    }

    private func addDistrict(to router: some RouterMethods<DistrictContext>) {
        router.get("agents") { request, _ in
            let page = try APIPage(request, beside: ["school"])
            let school = request.fields.text("school").map(SchoolName.key)
            let agents = try await queries.agents(at: now())
                .filter { agent in school.map { $0 == SchoolName.key(of: agent.school) } ?? true }
            return Response(tagged: page.cut(agents, by: \.identifier, APIAgent.init), for: request)
        }
        router.get("schools") { request, context in
            let page = try APIPage(request, beside: Self.scopeFields)
            let schools = try await queries.schools(in: try Self.scope(request, context.reader))
            return Response(
                tagged: page.cut(schools, by: { SchoolName.key(of: $0.school) }, APISchool.init), for: request)
        }
    }

    private static let scopeFields = ["school", "from", "to"]

    /// What `?school=&from=&to=` asks for: all days on record without them.
    private static func scope(_ request: Request, _ reader: Reader) throws -> UseScope {
        let asked = try ScopeQuery(request, for: reader)
        var scope = UseScope()
        if let school = asked.school { scope.schools = .school(school) }
        if case .days(let from, let to) = asked.period {
            scope.period = Period(from ?? SchoolDay(ordinal: 0), to ?? SchoolDay(ordinal: 2_932_896))
        }
        return scope
    }

    /// Names are sorted by their use, which is no key: a cursor says how many were read.
    private static func offset(_ page: APIPage) throws(Problem) -> Int {
        guard let after = page.after else { return 0 }
        guard let offset = Int(after), (0...100_000_000).contains(offset) else { throw foreignCursor }
        return offset
    }

    private static let foreignCursor = Problem(
        status: 400, title: "Not a cursor",
        detail: "after is a cursor of another list; send what an answer had as next.")
}
