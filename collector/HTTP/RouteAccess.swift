import HTTPTypes
import Identity

/// Who may use a route, said beside the route.
///
/// The tests compare these lines with the router's own list and try each route as each role and as a stranger, so that
/// a route without such a line fails them.
struct RouteAccess: Sendable {
    /// The request's method.
    var method: HTTPRequest.Method
    /// The path as the router has it, such as `/people/{id}`.
    var path: String
    /// For whom it is.
    var audience: Audience

    /// Whether a request for `path` would come to this route.
    func matches(_ path: String) -> Bool {
        let pattern = self.path.split(separator: "/")
        let parts = path.split(separator: "/")
        return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }

    /// For whom a route is.
    enum Audience: Sendable, Equatable {
        /// Everybody, without a sign-in.
        case everybody
        /// Gateways, which prove themselves with a join token or their agent's secret.
        case gateways
        /// People and scripts that have this right.
        case people(Right)
    }

    /// Declares a `GET` route.
    static func get(_ path: String, _ audience: Audience) -> RouteAccess {
        RouteAccess(method: .get, path: path, audience: audience)
    }

    /// Declares a `POST` route.
    static func post(_ path: String, _ audience: Audience) -> RouteAccess {
        RouteAccess(method: .post, path: path, audience: audience)
    }
}
