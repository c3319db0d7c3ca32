import Hummingbird
import NIOCore
import Wire

/// What is known of a request beside the request itself.
struct CollectorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The other end of the connection; nil where it has no address.
    let peer: SocketAddress?
    /// Where the request comes from: set by ``ClientMiddleware``.
    var client: Result<Client, Problem> = .failure(Self.unknown)
    /// Who reads, or why nobody may: set by ``ReaderMiddleware``.
    var reader: Result<Reader, Problem> = .failure(Self.unknown)
    /// What they filled in, or why it is not taken: set by ``ReaderMiddleware``.
    var form: Result<FormRequest, Problem> = .failure(Self.unknown)

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress
    }

    private static let unknown = Problem(
        status: 403, title: "Not for everybody", detail: "Nobody has said who may ask this.")
}
