import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identity
import Logging
import NIOCore
import Wire

/// What is known of a request beside the request itself.
struct CollectorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Where the client is; nil where it has no address.
    let client: SocketAddress?
    /// Who reads, or why nobody may: set by ``ReaderMiddleware``.
    var reader: Result<Reader, Problem> = .failure(
        Problem(status: 403, title: "Not for everybody", detail: "Nobody has said who may read this page."))
    /// What they filled in, once it is certain that they did.
    var form = FormRequest()

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        client = source.channel.remoteAddress
    }
}

/// Finds out who reads.
struct ReaderMiddleware: RouterMiddleware {
    @concurrent func handle(
        _ request: Request, context: CollectorContext,
        next: @concurrent (Request, CollectorContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.reader = Self.reader(request, from: context.client)
        return try await next(request, context)
    }

    /// Who sends a request, by where it comes from and how it came.
    static func reader(_ request: Request, from client: SocketAddress?) -> Result<Reader, Problem> {
        // A proxy on this machine speaks for others, and a page of a stranger may have a name that leads here.
        let isForwarded = HTTPField.Name.forwarded.contains { request.headers[$0] != nil }
        let host = request.head.authority.map(Self.host) ?? ""
        guard client?.isLoopback == true, !isForwarded, ListenAddress.isLoopback(host) else {
            return .failure(
                Problem(
                    status: 403, title: "Only from the collector's own machine",
                    detail: "There is no sign-in yet, so that pages are shown only to a browser on the collector's own "
                        + "machine, at an address such as http://127.0.0.1:8080/. From elsewhere, use "
                        + "`ssh -L 8080:127.0.0.1:8080` and open http://127.0.0.1:8080/."))
        }
        return .success(.local)
    }

    /// The host of `host:port`, without brackets.
    private static func host(of authority: String) -> String {
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }
}

extension Reader {
    /// A user of the collector's own machine.
    static let local = Reader(
        who: Who(name: "local", way: .page), fullName: "This machine", role: .admin, rights: Role.admin.rights,
        formToken: "local")
}

extension SocketAddress {
    /// Whether it is of this machine.
    fileprivate var isLoopback: Bool {
        guard let address = ipAddress else { return false }
        let mapped = "::ffff:"
        return ListenAddress.isLoopback(address.hasPrefix(mapped) ? String(address.dropFirst(mapped.count)) : address)
    }
}

extension HTTPField.Name {
    /// What a proxy adds.
    fileprivate static let forwarded = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"]
        .compactMap { HTTPField.Name($0) }
}
