internal import AsyncHTTPClient
private import Foundation
internal import NIOCore
internal import NIOHTTP1
private import NIOPosix
private import NIOSSL
private import Synchronization
package import Wire

/// Whom a connection believes, and which way it goes.
package struct ConnectionSettings: Sendable, Equatable {
    /// The certificates to trust, in PEM, in place of the system's.
    package var certificateFile: String?
    /// If there are some, the collector's key has to be one of these.
    package var pins: Set<CertificatePin>
    package var proxy: ProxyRule

    package init(certificateFile: String? = nil, pins: Set<CertificatePin> = [], proxy: ProxyRule = .none) {
        self.certificateFile = certificateFile
        self.pins = pins
        self.proxy = proxy
    }
}

/// Speaks with the collector over HTTPS, or over HTTP on loopback, at the first of its addresses that answers.
///
/// Call ``shutdown()`` when done.
package final class CollectorClient: Sendable {
    /// An address of the collector, and the connections to it, which are kept open between reports.
    private struct Way {
        var address: CollectorAddress
        var client: HTTPClient
    }

    private let ways: [Way]
    /// The way that worked last.
    private let preferred = Mutex(0)

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - collectors: The collector's addresses, in the order in which to try them.
    ///   - settings: Whom to believe, and which way to go.
    /// - Throws: ``ShippingError/badCertificates(path:reason:)`` when the certificates cannot be used.
    package init(
        collectors: [CollectorAddress], settings: ConnectionSettings = ConnectionSettings()
    ) throws(ShippingError) {
        precondition(!collectors.isEmpty, "a client has an address")
        let tls = try Self.tls(settings)
        ways = collectors.map { address in
            var configuration = HTTPClient.Configuration(
                tlsConfiguration: tls, redirectConfiguration: .disallow,
                timeout: HTTPClient.Configuration.Timeout(connect: .seconds(10)))
            // The machine that decides on pauses is ours.
            configuration.connectionPool.retryConnectionEstablishment = false
            configuration.connectionPool.idleTimeout = .seconds(70)
            configuration.httpVersion = .http1Only
            configuration.proxy = settings.proxy.proxy(for: address.host).map(HTTPClient.Configuration.Proxy.init)
            if !settings.pins.isEmpty, address.isSecure {
                configuration.http1_1ConnectionDebugInitializer = Self.checkingPins(settings.pins)
            }
            return Way(
                address: address,
                client: HTTPClient(
                    eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration))
        }
    }

    /// The address that is used at the moment.
    package var collector: CollectorAddress { ways[preferred.withLock { $0 }].address }

    /// Closes the connections.
    package func shutdown() async {
        for way in ways { try? await way.client.shutdown() }
    }

    /// Asks whether a collector is there, as anybody may.
    ///
    /// - Throws: ``ShippingError/unavailable(collector:reason:)`` when none answers as one does.
    package func reach() async throws(ShippingError) {
        let response = try await ask(.GET, Path.health)
        guard response.status == 200 else {
            throw .unavailable(
                collector: collector.description,
                reason: "status \(response.status) for \(Path.health); is this a Rollcall collector?")
        }
    }

    /// Sends a report that is already packed.
    package func send(_ packed: [UInt8], secret: String) async -> Reply {
        var headers = HTTPHeaders([("Content-Type", MediaType.report)])
        headers.add(name: "Content-Encoding", value: "gzip")
        do {
            let response = try await ask(.POST, Path.reports, headers: headers, body: packed, bearer: secret)
            return Reply(answer: response.answer, clockAheadSeconds: response.clockAheadSeconds)
        } catch {
            return Reply(answer: .unavailable(reason: error.reason, retryAfter: nil), clockAheadSeconds: nil)
        }
    }

    /// Asks for an identity.
    package func enrol(_ enrolment: EnrolmentRequest, token: String) async throws(ShippingError) -> Enrolment {
        let headers = HTTPHeaders([("Content-Type", MediaType.json)])
        let body = (try? JSONEncoder().encode(enrolment)).map(Array.init) ?? []
        let response = try await ask(.POST, Path.agents, headers: headers, body: body, bearer: token)
        switch response.status {
        case 201:
            guard let enrolment = try? JSONDecoder().decode(Enrolment.self, from: Data(response.body)) else {
                throw .unavailable(
                    collector: collector.description, reason: "its answer is no identity; is this a Rollcall collector?"
                )
            }
            return enrolment
        case 401, 403:
            throw .tokenRefused(collector: collector.description, detail: response.detail)
        case 400..<500:
            throw .enrolmentRefused(collector: collector.description, detail: response.detail)
        default:
            throw .unavailable(
                collector: collector.description, reason: "status \(response.status): \(response.detail)")
        }
    }

    /// Asks what the collector knows of a name at the agent's school.
    package func nameStanding(_ name: String, secret: String) async throws(ShippingError) -> NameStanding {
        let response = try await ask(.GET, Path.names + "/" + name.percentEncoded, bearer: secret)
        switch response.status {
        case 200:
            guard let standing = try? JSONDecoder().decode(NameStanding.self, from: Data(response.body)) else { break }
            return standing
        case 401, 403: throw .unauthorized(collector: collector.description, detail: response.detail)
        default: break
        }
        throw .unavailable(
            collector: collector.description, reason: "status \(response.status) for a name: \(response.detail)")
    }

    /// Asks each address in turn, from the one that worked last, until one answers.
    ///
    /// - Throws: ``ShippingError/unavailable(collector:reason:)`` when none does.
    private func ask(
        _ method: HTTPMethod, _ path: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil, bearer: String? = nil
    ) async throws(ShippingError) -> Response {
        let first = preferred.withLock { $0 }
        var reasons: [String] = []
        for offset in ways.indices {
            let index = (first + offset) % ways.count
            let way = ways[index]
            do {
                let response = try await Self.ask(way, method, path, headers: headers, body: body, bearer: bearer)
                // A broken or busy collector may have a neighbour that is not; the last answer counts.
                if response.status >= 500, response.retryAfter == nil, offset < ways.count - 1 { continue }
                preferred.withLock { $0 = index }
                return response
            } catch {
                let reason = await Self.reason(error, at: way.address)
                reasons.append(ways.count == 1 ? reason : "\(way.address): \(reason)")
            }
        }
        throw .unavailable(collector: ways[first].address.description, reason: reasons.joined(separator: "; "))
    }

    private static func ask(
        _ way: Way, _ method: HTTPMethod, _ path: String, headers: HTTPHeaders, body: [UInt8]?, bearer: String?
    ) async throws -> Response {
        var request = HTTPClientRequest(url: way.address.appending(path))
        request.method = method
        request.headers = headers
        if let bearer { request.headers.add(name: "Authorization", value: "Bearer \(bearer)") }
        request.headers.add(name: "Accept", value: "\(MediaType.json), \(MediaType.problem)")
        if let body { request.body = .bytes(body) }
        let response = try await way.client.execute(request, timeout: .seconds(60))
        let answer = try await response.body.collect(upTo: longestAnswer)
        return Response(
            status: Int(response.status.code), retryAfter: response.headers.first(name: "Retry-After"),
            date: response.headers.first(name: "Date"), body: Array(answer.readableBytesView))
    }

    private static func tls(_ settings: ConnectionSettings) throws(ShippingError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        guard let path = settings.certificateFile else { return tls }
        do {
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path))
        } catch {
            let isThere = FileManager.default.isReadableFile(atPath: path)
            throw .badCertificates(
                path: path, reason: isThere ? "no PEM certificates in it" : "not there, or not readable")
        }
        return tls
    }

    /// Looks at the collector's key before the first request, and with it the agent's secret, is sent.
    private static func checkingPins(
        _ pins: Set<CertificatePin>
    ) -> @Sendable (any Channel) -> EventLoopFuture<Void> {
        { channel in
            channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
                let shown = try certificate.map(CertificatePin.init(of:))
                guard let shown, pins.contains(shown) else { throw PinMismatch(shown: shown) }
            }.flatMapErrorThrowing { error in
                channel.close(promise: nil)
                throw error
            }
        }
    }

    /// What went wrong on the way, in words that say what to do next.
    private static func reason(_ error: any Error, at address: CollectorAddress) async -> String {
        switch error {
        case let mismatch as PinMismatch:
            return "its key is not the pinned one (it shows \(mismatch.shown?.description ?? "none")); "
                + "if the collector has a new key, set pins in agent.toml, otherwise somebody is in between"
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            return "its certificate is for another name; use the name that is in the certificate"
        case let error as NIOSSLError:
            guard "\(error)".contains("CERTIFICATE_VERIFY_FAILED") else { return "no TLS with it (\(error))" }
            return await CertificateDiagnosis.reason(host: address.host, port: address.port)
        case is NIOConnectionError, is IOError:
            return "nothing answers there; check the address and the way to it, and whether the collector runs"
        case let error as HTTPClientError where error == .connectTimeout:
            return "nothing answers there within ten seconds; check the address and the way to it"
        case let error as HTTPClientError where error == .invalidProxyResponse || error == .proxyAuthenticationRequired:
            return
                "the proxy does not let it through; allow the collector there, or set proxy or no_proxy in agent.toml"
        case let error as HTTPClientError:
            return "\(error)".replacing("HTTPClientError.", with: "")
        default:
            return "\(error)"
        }
    }

    /// A receipt lists the skipped rows, so it is about as long as a report at most.
    private static let longestAnswer = 4 << 20
}

/// What became of a report that was sent.
package struct Reply: Sendable {
    package var answer: ShippingMachine.Answer
    /// How far this machine's clock is ahead of the collector's; nil where the answer has no date.
    package var clockAheadSeconds: Int?
}

/// An answer of the collector, read.
struct Response: Equatable {
    var status: Int
    var retryAfter: String?
    var date: String?
    var body: [UInt8]

    /// What it means for a report.
    var answer: ShippingMachine.Answer {
        switch status {
        case 200:
            guard let receipt = try? JSONDecoder().decode(Receipt.self, from: Data(body)) else {
                return .unavailable(reason: "its answer is no receipt; is this a Rollcall collector?", retryAfter: nil)
            }
            return .confirmed(receipt)
        case 401, 403: return .unauthorized(detail: detail)
        case 413: return .tooLarge
        case 408, 425, 429, 500...: return .unavailable(reason: "status \(status): \(detail)", retryAfter: pause)
        default: return .refused(status: status, detail: detail)
        }
    }

    /// What the collector says of it.
    var detail: String {
        if let problem = try? JSONDecoder().decode(Problem.self, from: Data(body)) { return problem.detail }
        return "no reason given"
    }

    /// How far this machine's clock is ahead of the collector's (RFC 9110 section 6.6.1).
    var clockAheadSeconds: Int? {
        date.flatMap { HTTPDate.seconds($0) }.map { Int(Date().timeIntervalSince1970) - $0 }
    }

    /// Retry-After (RFC 9110 section 10.2.3): seconds, or a date, which is compared with the collector's own clock.
    var pause: Duration? {
        guard let retryAfter else { return nil }
        if let seconds = Int(retryAfter) { return (0...1_000_000).contains(seconds) ? .seconds(seconds) : nil }
        guard let then = HTTPDate.seconds(retryAfter), let now = date.flatMap({ HTTPDate.seconds($0) }) else {
            return nil
        }
        return .seconds(max(0, then - now))
    }
}

extension HTTPClient.Configuration.Proxy {
    init(_ proxy: ProxyRule.Proxy) {
        let authorization = proxy.user.map {
            HTTPClient.Authorization.basic(username: $0, password: proxy.password ?? "")
        }
        self = .server(host: proxy.host, port: proxy.port, authorization: authorization)
    }
}
