import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A server on loopback that gives the same answer to every request, over TLS with one of the tests' certificates.
final class LocalServer: Sendable {
    struct Answer: Sendable {
        var status = HTTPResponseStatus.ok
        var headers: HTTPHeaders = [:]
        var body = #"{"stored": 0, "skipped": []}"#
    }

    /// What came: the request line, and its Authorization.
    struct Asked: Sendable, Equatable {
        var line: String
        var authorization: String?
    }

    private let channel: any Channel
    private let log = Mutex<[Asked]>([])
    private let connections = Mutex<[any Channel]>([])

    let port: Int
    let isSecure: Bool

    static let certificates = URL(filePath: #filePath).deletingLastPathComponent().path + "/Certificates/"

    /// Starts one with a certificate of that name, or with plain HTTP.
    static func start(certificate: String?, answer: Answer = Answer()) async throws -> LocalServer {
        let context = try certificate.map { name in
            let chain = try NIOSSLCertificate.fromPEMFile(certificates + name + ".pem")
            let key = try NIOSSLPrivateKey(file: certificates + name + ".key", format: .pem)
            return try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key)))
        }
        let box = Box()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    box.server?.connections.withLock { $0.append(channel) }
                    try channel.pipeline.syncOperations.addHandler(Handler(box: box, answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = LocalServer(channel, isSecure: context != nil)
        box.server = server
        return server
    }

    private init(_ channel: any Channel, isSecure: Bool) {
        self.channel = channel
        self.isSecure = isSecure
        port = channel.localAddress?.port ?? 0
    }

    var asked: [Asked] { log.withLock { $0 } }
    var connectionCount: Int { connections.withLock { $0.count } }
    var address: String { "\(isSecure ? "https" : "http")://127.0.0.1:\(port)" }

    func stop() async {
        try? await channel.close()
        for connection in connections.withLock({ $0 }) { try? await connection.close() }
    }

    private final class Box: Sendable {
        private let value = Mutex<LocalServer?>(nil)
        var server: LocalServer? {
            get { value.withLock { $0 } }
            set { value.withLock { $0 = newValue } }
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let box: Box
        private let answer: Answer

        init(box: Box, answer: Answer) {
            self.box = box
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                let asked = Asked(
                    line: "\(head.method.rawValue) \(head.uri)",
                    authorization: head.headers.first(name: "Authorization"))
                box.server?.log.withLock { $0.append(asked) }
            case .body: break
            case .end:
                var headers = answer.headers
                headers.replaceOrAdd(name: "Content-Length", value: String(answer.body.utf8.count))
                let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                let body = context.channel.allocator.buffer(string: answer.body)
                context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
