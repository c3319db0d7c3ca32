import Foundation
import Hummingbird
import Pages
import Registry
import SignOn
import Store
import Wire

/// Everything that the collector answers.
struct CollectorRoutes {
    let store: SQLiteStore
    let usage: UsageReader
    let pages: Pages
    let programme: ProgrammeReader
    private let catalogue: [Platform]
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    let access: AccessSettings
    let signIn: SignIn
    private let openID: OpenIDSignIn?
    let queries: UseReader
    private let metrics: Metrics
    private let bodies: BodyGate
    private let addressLimiter: RateLimiter
    private let agentLimiter: RateLimiter

    init(
        store: SQLiteStore, catalogue: [Platform], access: AccessSettings = AccessSettings(),
        openID: OpenIDSettings? = nil, desk: PasswordDesk = PasswordDesk(),
        programme settings: ProgrammeSettings = ProgrammeSettings(),
        now: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }
    ) throws {
        self.store = store
        self.catalogue = catalogue
        self.now = now
        self.access = access
        let signIn = SignIn(store: store, desk: desk, now: now)
        self.signIn = signIn
        self.openID = openID.map {
            OpenIDSignIn(provider: OpenIDProvider($0), store: store, signIn: signIn, access: access)
        }
        queries = UseReader(store: store, catalogue: catalogue)
        metrics = Metrics(startedAt: now())
        bodies = BodyGate(limit: access.limits.bodies, waiting: access.limits.waiting)
        addressLimiter = RateLimiter(rate: access.limits.perAddress, burst: access.limits.perAddress * 10)
        agentLimiter = RateLimiter(rate: access.limits.perAgent, burst: access.limits.perAgent * 60)
        usage = UsageReader(store: store, uses: queries)
        pages = try Pages()
        programme = ProgrammeReader(store: store, uses: queries, settings: settings, now: now)
    }

    /// Who may use each route; a route without a line here fails the tests.
    static let access: [RouteAccess] =
        AgentRoutes.access + PageRoutes.access + ReviewRoutes.access + SignInRoutes.access + AccountRoutes.access
        + PeopleRoutes.access + AuditRoutes.access + GatewayKeyRoutes.access + APIRoutes.access + HealthRoutes.access
        + ProcurementRoutes.access + ProgrammeRoutes.access + AlertRoutes.access + PublicRoutes.access
        + [.get("/static/style.css", .everybody)]

    /// The routes: those of agents, who prove themselves with a secret, and those of people, who need to be known.
    func router() -> Router<CollectorContext> {
        let router = Router(context: CollectorContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: MetricsMiddleware(metrics: metrics))
        router.add(middleware: SecurityHeadersMiddleware(isTLS: access.isTLS))
        router.add(middleware: ProblemMiddleware(pages: pages))
        router.add(middleware: ClientMiddleware(access: access, limiter: addressLimiter, now: now))
        router.add(middleware: ReaderMiddleware(store: store, access: access, now: now))
        // Once more, where it is known who reads.
        router.add(middleware: ProblemMiddleware(pages: pages))
        AgentRoutes(
            store: store, usage: usage, bodies: bodies, metrics: metrics, limiter: agentLimiter, now: now
        ).add(to: router)
        SignInRoutes(store: store, pages: pages, signIn: signIn, access: access, openID: openID, now: now)
            .add(to: router)
        AccountRoutes(store: store, pages: pages, signIn: signIn, access: access, now: now).add(to: router)
        PeopleRoutes(store: store, pages: pages, access: access, now: now).add(to: router)
        AuditRoutes(store: store, pages: pages).add(to: router)
        GatewayKeyRoutes(store: store, queries: queries, pages: pages, now: now).add(to: router)
        APIRoutes(store: store, queries: queries, now: now).add(to: router)
        HealthRoutes(store: store, queries: queries, metrics: metrics, bodies: bodies, now: now).add(to: router)
        PageRoutes(usage: usage, pages: pages, now: now).add(to: router)
        ReviewRoutes(store: store, usage: usage, pages: pages, catalogue: catalogue, now: now).add(to: router)
        ProcurementRoutes(reader: programme, pages: pages).add(to: router)
        ProgrammeRoutes(reader: programme, pages: pages).add(to: router)
        AlertRoutes(reader: programme, pages: pages).add(to: router)
        PublicRoutes(reader: programme, pages: pages).add(to: router)
        router.get("static/style.css") { _, _ in
            var response = Response(text: Pages.styleSheet, type: "text/css; charset=utf-8")
            response.headers[.cacheControl] = "max-age=300"
            return response
        }
        return router
    }
}
