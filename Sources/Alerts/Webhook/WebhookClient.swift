private import AsyncHTTPClient
private import NIOCore
private import NIOHTTP1
private import NIOPosix
private import NIOSSL

/// Sends messages to webhooks.
///
/// Call ``shutdown()`` when done.
package struct WebhookClient: Sendable {
    private let client: HTTPClient

    /// Makes a client.
    ///
    /// - Parameter certificateFile: The certificates to trust, in PEM, in place of the system's.
    /// - Throws: ``AlertSettingsError/certificates(_:)`` where they cannot be used.
    package init(certificateFile: String? = nil) throws(AlertSettingsError) {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let certificateFile {
            do {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(certificateFile))
            } catch {
                throw .certificates(certificateFile)
            }
        }
        // A redirect would carry the message to somebody whom the settings do not name.
        client = HTTPClient(
            eventLoopGroup: HTTPClient.defaultEventLoopGroup,
            configuration: HTTPClient.Configuration(
                tlsConfiguration: tls, redirectConfiguration: .disallow,
                timeout: HTTPClient.Configuration.Timeout(connect: .seconds(10))))
    }

    /// Closes the connections.
    package func shutdown() async {
        try? await client.shutdown()
    }

    /// Sends a message.
    package func send(_ entry: OutboxEntry, to target: WebhookTarget, at now: Int) async -> DeliveryOutcome {
        let body = WebhookBody.json(entry, shape: target.shape)
        var request = HTTPClientRequest(url: target.address)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: "Rollcall")
        request.headers.add(name: "Idempotency-Key", value: entry.key)
        if let secret = target.secret {
            request.headers.add(
                name: "Rollcall-Signature", value: WebhookSignature.header(body: body, secret: secret, at: now))
        }
        request.body = .bytes(body)
        do {
            let response = try await client.execute(request, timeout: .seconds(30))
            // Read to its end, so that the connection can be used again.
            _ = try? await response.body.collect(upTo: 64 * 1024)
            return Self.outcome(status: Int(response.status.code))
        } catch {
            return .postponed(reason: "the web address does not answer (\("\(error)".prefix(200)))")
        }
    }

    /// What a status says: that of a body that will never be taken is a refusal; that of a wrong address or secret is not,
    /// because a message must not be lost to a mistake in the settings.
    static func outcome(status: Int) -> DeliveryOutcome {
        switch status {
        case 200..<300: .delivered
        case 400, 410, 413, 422: .refused(reason: "the web address answered \(status): it will not take this message")
        default: .postponed(reason: "the web address answered \(status); check it, and its secret")
        }
    }
}
