internal import Foundation
internal import NIOCore
private import NIOPosix
private import NIOSSL
private import Synchronization

/// Says why a collector's certificate is not accepted, in words that tell what to do.
///
/// The TLS library only says that it is not. So the certificate is fetched once more, on a connection that sends nothing,
/// and its dates are compared with this machine's clock.
enum CertificateDiagnosis {
    /// The reason, for a collector at a host and port.
    static func reason(host: String, port: Int, now: Date = Date()) async -> String {
        guard let certificate = await certificate(host: host, port: port) else { return untrusted }
        return reason(validFrom: certificate.notValidBefore, until: certificate.notValidAfter, now: now)
    }

    static func reason(validFrom start: Int, until end: Int, now: Date) -> String {
        let clock = "this machine's clock says \(format(now))"
        if now < Date(timeIntervalSince1970: Double(start)) {
            return "its certificate is valid from \(format(start)), and \(clock): "
                + "set the clock (timedatectl set-ntp true)"
        }
        if now > Date(timeIntervalSince1970: Double(end)) {
            return "its certificate expired on \(format(end)), and \(clock): if the clock is right, "
                + "the collector needs a new certificate"
        }
        return untrusted
    }

    private static let untrusted =
        "its certificate is signed by an authority that this machine does not trust; where the district has a "
        + "certificate authority of its own, name its PEM file (--ca-file, or ca_file in agent.toml)"

    private static func format(_ seconds: Int) -> String { format(Date(timeIntervalSince1970: Double(seconds))) }
    private static func format(_ date: Date) -> String { String(date.formatted(.iso8601).prefix(16)) + "Z" }

    /// The certificate that is shown there, believed by nobody.
    private static func certificate(host: String, port: Int) async -> NIOSSLCertificate? {
        let seen = SeenCertificate()
        let isName = (try? SocketAddress(ipAddress: host, port: port)) == nil
        do {
            let context = try NIOSSLContext(configuration: .makeClientConfiguration())
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(5))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = try NIOSSLClientHandler(
                            context: context, serverHostname: isName ? host : nil
                        ) { certificates, promise in
                            seen.first = certificates.first
                            // Seen is all that is wanted: nothing is ever sent to whoever that is.
                            promise.succeed(NIOSSLVerificationResult.failed)
                        }
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .connect(host: host, port: port).get()
            try? await channel.closeFuture.get()
        } catch {
            return seen.first
        }
        return seen.first
    }

    private final class SeenCertificate: Sendable {
        private let certificate = Mutex<NIOSSLCertificate?>(nil)
        var first: NIOSSLCertificate? {
            get { certificate.withLock { $0 } }
            set { certificate.withLock { $0 = newValue } }
        }
    }
}
