private import Foundation
private import NIOCore
private import NIOPosix
private import NIOSSL

/// Hands mails to a mail server, one connection each.
package struct SMTPClient: Sendable {
    private let server: SMTPServer
    private let tls: TLSContext?

    /// How long one mail may take altogether.
    private static let patience = Duration.seconds(60)

    /// Makes a client.
    ///
    /// - Throws: ``AlertSettingsError/certificates(_:)`` where the certificates to trust cannot be used.
    package init(server: SMTPServer) throws(AlertSettingsError) {
        self.server = server
        tls = server.security == .none ? nil : try TLSContext(certificateFile: server.certificateFile)
    }

    /// Hands a mail over; the server has it for good when this says so.
    package func send(_ mail: MailMessage) async -> DeliveryOutcome {
        await withTaskGroup(of: DeliveryOutcome.self) { group in
            group.addTask { await attempt(mail) }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return .postponed(reason: "\(server.name) did not answer in time")
            }
            defer { group.cancelAll() }
            return await group.next() ?? .postponed(reason: "stopped")
        }
    }

    private func attempt(_ mail: MailMessage) async -> DeliveryOutcome {
        do {
            let channel = try await connect()
            return try await channel.executeThenClose { inbound, outbound in
                try await converse(mail, channel.channel, inbound, outbound)
            }
        } catch let failure as SMTPFailure {
            switch failure {
            case .refused(let reason): return .refused(reason: "\(server.name): \(reason)")
            case .postponed(let reason), .protocolError(let reason):
                return .postponed(reason: "\(server.name): \(reason)")
            }
        } catch is CancellationError {
            return .postponed(reason: "stopped")
        } catch {
            return .postponed(reason: "\(server.name): \(Self.reason(error))")
        }
    }

    private func connect() async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        let (tls, server) = (tls, server)
        return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(10))
            .connect(host: server.host, port: server.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if server.security == .implicit, let tls {
                        try channel.pipeline.syncOperations.addHandler(tls.handler(host: server.host))
                    }
                    return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                }
            }
    }

    /// Speaks until the server has the mail; what comes after that is of no interest.
    private func converse(
        _ mail: MailMessage, _ channel: any NIOCore.Channel, _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws -> DeliveryOutcome {
        var session = SMTPSession(
            mail: mail, helloName: server.helloName, security: server.security, credentials: server.credentials)
        var reader = SMTPReplyReader()
        var incoming = inbound.makeAsyncIterator()
        while let bytes = try await incoming.next() {
            try reader.append(bytes.readableBytesView)
            while let reply = try reader.next() {
                var output = try session.receive(reply)
                if output == .beginTLS {
                    // Bytes that came in the clear after the reply would be taken for the server's word within TLS.
                    guard !reader.hasRest else {
                        throw SMTPFailure.protocolError("the server spoke before TLS was there")
                    }
                    try await beginTLS(channel)
                    output = session.secured()
                }
                switch output {
                case .send(let text):
                    do {
                        try await outbound.write(ByteBuffer(string: text))
                    } catch {
                        // Why the connection is closed, such as a certificate that is not trusted, is said on the other side.
                        while try await incoming.next() != nil {}
                        throw error
                    }
                case .finish(let text):
                    try? await outbound.write(ByteBuffer(string: text))
                    return .delivered
                case .beginTLS: throw SMTPFailure.protocolError("TLS would begin twice")
                }
            }
        }
        throw SMTPFailure.postponed("the server hung up")
    }

    private func beginTLS(_ channel: any NIOCore.Channel) async throws {
        guard let tls else { throw SMTPFailure.postponed("TLS is not set up") }
        let host = server.host
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(tls.handler(host: host), position: .first)
        }.get()
    }

    /// What went wrong on the way, in words that say what to do next.
    private static func reason(_ error: any Error) -> String {
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("unableToValidateCertificate") {
            return "its certificate is not trusted; where the district has its own authority, name it at [mail] ca_file"
        }
        if text.contains("failedToValidateHostname") { return "its certificate is for another name; use that name" }
        if error is NIOConnectionError { return "nothing answers there" }
        return String(text.prefix(200))
    }
}

/// Whom to trust, ready for connections.
private struct TLSContext: Sendable {
    let context: NIOSSLContext

    init(certificateFile: String?) throws(AlertSettingsError) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        do {
            if let certificateFile {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(certificateFile))
            }
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .certificates(certificateFile ?? "the system's certificates")
        }
    }

    /// A literal address is checked against the certificate's addresses, and is no server name (RFC 6066 section 3).
    func handler(host: String) throws -> NIOSSLClientHandler {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }
}

/// The mail server that takes the alerts.
package struct SMTPServer: Sendable, Equatable {
    /// Its name or address.
    package var host: String
    /// Its port.
    package var port: Int
    /// How the way to it is protected.
    package var security: SMTPSecurity
    /// With what to sign in; nil where it asks for nothing.
    package var credentials: SMTPCredentials?
    /// The certificates to trust, in PEM, in place of the system's.
    package var certificateFile: String?
    /// What the collector calls itself in EHLO.
    package var helloName: String

    /// Makes a server.
    package init(
        host: String, port: Int, security: SMTPSecurity, credentials: SMTPCredentials? = nil,
        certificateFile: String? = nil, helloName: String = "localhost"
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.credentials = credentials
        self.certificateFile = certificateFile
        self.helloName = helloName
    }

    /// The server in words of errors.
    var name: String { "mail server \(host):\(port)" }
}

/// Why the settings of alerts cannot be used.
package enum AlertSettingsError: Error, Equatable, CustomStringConvertible {
    /// A file of certificates cannot be read.
    case certificates(String)

    /// What is wrong and what to do about it.
    package var description: String {
        switch self {
        case .certificates(let file):
            "\(file): there are no readable PEM certificates in it; name another file at ca_file"
        }
    }
}
