internal import AsyncHTTPClient
private import Foundation
internal import NIOCore
internal import NIOHTTP1
private import NIOPosix
private import NIOSSL
package import Wire

/// Speaks with the collector over HTTPS, or over HTTP on loopback.
///
/// Call ``shutdown()`` when done.
package struct CollectorClient: Sendable {
    package let collector: CollectorAddress
    private let client: HTTPClient

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - collector: Whom to speak with.
    ///   - certificateFile: The certificates to trust, in PEM, in place of the system's.
    /// - Throws: ``ShippingError/badCertificates(path:reason:)`` when they cannot be used.
    package init(collector: CollectorAddress, certificateFile: String? = nil) throws(ShippingError) {
        self.collector = collector
        var tls = TLSConfiguration.makeClientConfiguration()
        if let certificateFile {
            do {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(certificateFile))
            } catch {
                let isThere = FileManager.default.isReadableFile(atPath: certificateFile)
                throw .badCertificates(
                    path: certificateFile, reason: isThere ? "no PEM certificates in it" : "not there, or not readable")
            }
        }
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

    /// Sends a report that is already packed.
    package func send(_ packed: [UInt8], secret: String) async -> ShippingMachine.Answer {
        var request = HTTPClientRequest(url: collector.appending(Path.reports))
        request.headers.add(name: "Content-Type", value: MediaType.report)
        request.headers.add(name: "Content-Encoding", value: "gzip")
        request.body = .bytes(packed)
        do {
            let response = try await post(request, bearer: secret)
            return response.answer
        } catch {
            return .unavailable(reason: Self.reason(error), retryAfter: nil)
        }
    }

    /// Asks for an identity.
    package func enrol(_ enrolment: EnrolmentRequest, token: String) async throws(ShippingError) -> Enrolment {
        var request = HTTPClientRequest(url: collector.appending(Path.agents))
        request.headers.add(name: "Content-Type", value: MediaType.json)
        let response: Response
        do {
            request.body = .bytes(Array(try JSONEncoder().encode(enrolment)))
            response = try await post(request, bearer: token)
        } catch {
            throw .unavailable(collector: collector.description, reason: Self.reason(error))
        }
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

    private func post(_ request: HTTPClientRequest, bearer: String) async throws -> Response {
        var request = request
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Bearer \(bearer)")
        request.headers.add(name: "Accept", value: "\(MediaType.json), \(MediaType.problem)")
        let response = try await client.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: Self.longestAnswer)
        return Response(
            status: Int(response.status.code), retryAfter: response.headers.first(name: "Retry-After"),
            body: Array(body.readableBytesView))
    }

    /// What went wrong on the way, in words that say what to do next.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            return "its certificate is for another name; use the name that is in the certificate"
        case let error as NIOSSLError:
            guard "\(error)".contains("CERTIFICATE_VERIFY_FAILED") else { return "no TLS with it (\(error))" }
            return
                "its certificate is not trusted; check this machine's clock, and where the district has a certificate "
                + "authority of its own, name its PEM file (--ca-file, or ca_file in agent.toml)"
        case is NIOConnectionError:
            return "nothing answers there; check the address and the way to it, and whether the collector runs"
        case let error as HTTPClientError where error == .connectTimeout:
            return "nothing answers there within ten seconds; check the address and the way to it"
        case let error as HTTPClientError:
            return "\(error)".replacing("HTTPClientError.", with: "")
        default:
            return "\(error)"
        }
    }

    /// A receipt lists the skipped rows, so it is about as long as a report at most.
    private static let longestAnswer = 4 << 20
}

/// An answer of the collector, read.
struct Response: Equatable {
    var status: Int
    var retryAfter: String?
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

    /// Retry-After in seconds (RFC 9110 section 10.2.3); a date there is left to the back-off.
    private var pause: Duration? {
        retryAfter.flatMap { Int($0) }.flatMap { (0...1_000_000).contains($0) ? .seconds($0) : nil }
    }
}
