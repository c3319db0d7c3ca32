import ArgumentParser
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Store
import UnixSignals

/// `rollcall-collector serve`: the collector itself.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Takes reports and shows pages, until SIGTERM or Ctrl-C.")

    @OptionGroup var config: ConfigOption

    func run() async throws {
        let settings = try config.settings()
        let catalogue = try settings.readCatalogue()
        let server = try settings.server()
        let store = try SQLiteStore(path: settings.database)
        defer {
            // Fails while a command beside this process reads, and then the next stop does it.
            try? store.checkpoint()
            try? store.close()
        }
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        let logger = Logger(label: "rollcall-collector")
        let scheme = settings.tls == nil ? "http" : "https"
        let host = settings.listen.host.contains(":") ? "[\(settings.listen.host)]" : settings.listen.host
        let application = Application(
            router: try CollectorRoutes(store: store, catalogue: catalogue).router(), server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(settings.listen.host, port: settings.listen.port)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.listen.port
                Terminal.print("Rollcall listens at \(scheme)://\(host):\(port)/")
            }, logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        // An agent that stops in the middle of sending must not keep the collector from stopping.
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError {
            throw Failure(
                "listen \(settings.listen.host):\(settings.listen.port): \(Self.reason(error)); "
                    + "stop what uses it, or set another listen address in \(config.path)")
        }
    }

    private static func reason(_ error: IOError) -> String {
        switch error.errnoCode {
        case EADDRINUSE: "the port is in use"
        case EADDRNOTAVAIL: "this machine has no such address"
        case EACCES: "this user may not use this port"
        default: "\(error)"
        }
    }
}

extension CollectorSettings {
    /// How the collector speaks: HTTP/1.1, over TLS 1.2 or later where there is a certificate.
    func server() throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(75)))
        guard let tls else { return plain }
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKey
        do {
            chain = try NIOSSLCertificate.fromPEMFile(tls.certificate).map { .certificate($0) }
        } catch {
            throw Failure("\(tls.certificate): it is no readable PEM certificate; name another at [tls] certificate")
        }
        do {
            key = try NIOSSLPrivateKey(file: tls.privateKey, format: .pem)
        } catch {
            throw Failure("\(tls.privateKey): it is no readable PEM key; name another at [tls] private_key")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw Failure(
                "\(tls.privateKey): it is not the key of \(tls.certificate); give a pair that belongs together")
        }
        return try .tls(plain, tlsConfiguration: configuration)
    }
}
