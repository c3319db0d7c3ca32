import Foundation
import Hummingbird
import Pages
import Registry
import Store
import Wire

/// Everything that the collector answers.
struct CollectorRoutes {
    let store: SQLiteStore
    let usage: UsageReader
    let pages: Pages
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    init(
        store: SQLiteStore, catalogue: [Platform],
        now: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }
    ) throws {
        self.store = store
        self.now = now
        usage = UsageReader(store: store, catalogue: catalogue)
        pages = try Pages()
    }

    /// Who may use each route; a route without a line here fails the tests.
    static let access: [RouteAccess] =
        AgentRoutes.access + PageRoutes.access + [.get("/healthz", .everybody), .get("/static/style.css", .everybody)]

    /// The routes: those of agents, who prove themselves with a secret, and those of people, who need to be known.
    func router() -> Router<CollectorContext> {
        let router = Router(context: CollectorContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: SecurityHeadersMiddleware())
        router.add(middleware: ProblemMiddleware(pages: pages))
        router.add(middleware: ReaderMiddleware())
        AgentRoutes(store: store, now: now).add(to: router)
        PageRoutes(usage: usage, pages: pages).add(to: router)
        router.get("healthz") { _, _ in
            _ = try await store.registryRevision()
            return Response(text: "ok\n", type: "text/plain; charset=utf-8")
        }
        router.get("static/style.css") { _, _ in
            var response = Response(text: Pages.styleSheet, type: "text/css; charset=utf-8")
            response.headers[.cacheControl] = "max-age=300"
            return response
        }
        return router
    }
}
