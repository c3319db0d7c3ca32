import HTTPTypes
import HummingbirdCore
import NIOCore
import Wire

/// Where a request really comes from, and by which address it reached the collector.
struct Client: Sendable, Equatable {
    /// The client's address; of the machine behind a proxy that is trusted.
    var address: String
    /// Whether nobody on the way could read along.
    var isSecure: Bool
    /// Whether it is a program on the collector's own machine that no proxy speaks for.
    var isThisMachine: Bool
    /// Host and port as the client has them, such as `rollcall.example`.
    var authority: String

    /// The origin that pages of the collector have (RFC 6454 section 7).
    var origin: String { (isSecure ? "https://" : "http://") + authority }

    /// Finds out who sent a request.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - peer: The other end of the connection; nil where it has no address.
    ///   - access: Which proxies are trusted, and whether the connection is TLS.
    /// - Throws: That it came in the clear over a network, or through a proxy that nobody named.
    init(_ request: Request, from peer: SocketAddress?, access: AccessSettings) throws(Problem) {
        let peerAddress = peer?.plainAddress ?? ""
        let forwarded = Self.forwardedFor(request)
        authority = request.head.authority ?? ""
        if access.trustedProxies.contains(peerAddress), let last = forwarded.last {
            // Each proxy adds whom it heard; what stands before a machine that is not trusted may be made up.
            address = forwarded.reversed().first { !access.trustedProxies.contains($0) } ?? last
            isSecure = Self.scheme(request) == "https"
            isThisMachine = false
            guard isSecure else { throw Self.inTheClear }
            return
        }
        address = peerAddress
        isSecure = access.isTLS
        isThisMachine = peer?.isLoopback == true
        if access.isTLS { return }
        guard isThisMachine else { throw Self.inTheClear }
        // A proxy on this machine speaks for others, and a page of a stranger may have a name that leads here.
        if Self.isForwarded(request) { throw Self.unnamedProxy(peerAddress) }
        guard ListenAddress.isLoopback(Self.host(of: authority)) else { throw Self.foreignName(authority) }
    }

    private static func forwardedFor(_ request: Request) -> [String] {
        guard let name = HTTPField.Name("X-Forwarded-For") else { return [] }
        return request.headers[values: name].flatMap { $0.split(separator: ",") }
            .map { $0.filter { !$0.isWhitespace } }
            .map(SocketAddress.plain)
    }

    private static func scheme(_ request: Request) -> String? {
        let proto = HTTPField.Name("X-Forwarded-Proto").flatMap { request.headers[values: $0].last }
        return proto?.split(separator: ",").last?.filter { !$0.isWhitespace }.lowercased()
    }

    private static func isForwarded(_ request: Request) -> Bool {
        ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"].compactMap { HTTPField.Name($0) }
            .contains { request.headers[$0] != nil }
    }

    /// The host of `host:port`, without brackets.
    private static func host(of authority: String) -> String {
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    private static let inTheClear = Problem(
        status: 403, title: "Not encrypted",
        detail:
            "This came as plain HTTP over a network, where others can read along; use https://. A proxy in front of "
            + "the collector has to be named in trusted_proxies and has to send X-Forwarded-For and X-Forwarded-Proto: https."
    )

    private static func unnamedProxy(_ address: String) -> Problem {
        Problem(
            status: 403, title: "Proxy not named",
            detail: "A proxy at \(address) speaks for somebody else; name it in trusted_proxies of collector.toml.")
    }

    private static func foreignName(_ authority: String) -> Problem {
        Problem(
            status: 403, title: "Not by this name",
            detail: "Plain HTTP is answered only at an address of the collector's own machine, such as "
                + "http://127.0.0.1:8080/, and not at \"\(authority)\". From elsewhere use https://, or "
                + "`ssh -L 8080:127.0.0.1:8080` and open http://127.0.0.1:8080/.")
    }
}

extension SocketAddress {
    /// The address without the prefix of IPv4 in IPv6 and without the port.
    fileprivate var plainAddress: String? { ipAddress.map(Self.plain) }

    fileprivate static func plain(_ address: String) -> String {
        let mapped = "::ffff:"
        return address.hasPrefix(mapped) && address.contains(".") ? String(address.dropFirst(mapped.count)) : address
    }

    /// Whether it is of this machine.
    fileprivate var isLoopback: Bool { plainAddress.map(ListenAddress.isLoopback) == true }
}
