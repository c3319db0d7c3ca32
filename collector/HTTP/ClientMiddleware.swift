import Hummingbird
import HummingbirdCore
import Wire

/// Finds out where requests come from, and slows down an address that asks for more than its share.
struct ClientMiddleware: RouterMiddleware {
    let access: AccessSettings
    let limiter: RateLimiter
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    @concurrent func handle(
        _ request: Request, context: CollectorContext,
        next: @concurrent (Request, CollectorContext) async throws -> Response
    ) async throws -> Response {
        let client = try Client(request, from: context.peer, access: access)
        // Whoever is on this machine can take all of it anyway.
        if !client.isThisMachine, let wait = limiter.take(client.address, now: now()) {
            throw Busy(status: 429, "This address sends more requests than it may.", retryAfter: wait)
        }
        var context = context
        context.client = .success(client)
        return try await next(request, context)
    }
}

/// That something can be had later.
struct Busy: Error {
    /// What is said of it.
    var problem: Problem
    /// After how many seconds to try again.
    var retryAfter: Int

    /// Makes an answer with status 429 or 503.
    init(status: Int, _ reason: String, retryAfter: Int) {
        problem = Problem(
            status: status, title: status == 429 ? "Too many requests" : "Too busy",
            detail: "\(reason) Try again in \(retryAfter) s.")
        self.retryAfter = retryAfter
    }
}
