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

    let access: AccessSettings
    let signIn: SignIn
    private let openID: OpenIDSignIn?
    private let bodies: BodyGate
    private let addressLimiter: RateLimiter
    private let agentLimiter: RateLimiter

    init(
        store: SQLiteStore, catalogue: [Platform], access: AccessSettings = AccessSettings(),
        openID: OpenIDSignIn? = nil, desk: PasswordDesk = PasswordDesk(),
        now: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }
    ) throws {
        self.store = store
        self.now = now
        self.access = access
        self.openID = openID
        signIn = SignIn(store: store, desk: desk, now: now)
        bodies = BodyGate(limit: access.limits.bodies, waiting: access.limits.waiting)
        addressLimiter = RateLimiter(rate: access.limits.perAddress, burst: access.limits.perAddress * 10)
        agentLimiter = RateLimiter(rate: access.limits.perAgent, burst: access.limits.perAgent * 60)
        usage = UsageReader(store: store, catalogue: catalogue)
        pages = try Pages()
    }

    /// Who may use each route; a route without a line here fails the tests.
    static let access: [RouteAccess] =
        AgentRoutes.access + PageRoutes.access + SignInRoutes.access + AccountRoutes.access + PeopleRoutes.access
        + AuditRoutes.access + [.get("/healthz", .everybody), .get("/static/style.css", .everybody)]

    /// The routes: those of agents, who prove themselves with a secret, and those of people, who need to be known.
    func router() -> Router<CollectorContext> {
        let router = Router(context: CollectorContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: SecurityHeadersMiddleware(isTLS: access.isTLS))
        router.add(middleware: ProblemMiddleware(pages: pages))
        router.add(middleware: ClientMiddleware(access: access, limiter: addressLimiter, now: now))
        router.add(middleware: ReaderMiddleware(store: store, access: access, now: now))
        // Once more, where it is known who reads.
        router.add(middleware: ProblemMiddleware(pages: pages))
        AgentRoutes(store: store, usage: usage, bodies: bodies, limiter: agentLimiter, now: now).add(to: router)
        SignInRoutes(store: store, pages: pages, signIn: signIn, access: access, openID: openID, now: now)
            .add(to: router)
        AccountRoutes(store: store, pages: pages, signIn: signIn, access: access, now: now).add(to: router)
        PeopleRoutes(store: store, pages: pages, access: access, now: now).add(to: router)
        AuditRoutes(store: store, pages: pages).add(to: router)
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
