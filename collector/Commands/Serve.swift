import ArgumentParser
import Foundation
import Identity
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import Service
import ServiceLifecycle
import Store
import UnixSignals

/// `rollcall-collector serve`: the collector itself.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Takes reports and shows pages, until SIGTERM or Ctrl-C.")

    @OptionGroup var config: ConfigOption

    func run() async throws {
        // What a question about a year takes goes back to the system when it is answered.
        ProcessMemory.keepHeapsSmall()
        let settings = try config.settings()
        let catalogue = try settings.readCatalogue()
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        let logger = Logger(label: "rollcall-collector")
        let certificates = try settings.tls.map { files throws(Failure) in try Certificates(files, logger: logger) }
        let store = try SQLiteStore(path: settings.database)
        defer {
            // Fails while a command beside this process reads, and then the next stop does it.
            try? store.checkpoint()
            try? store.close()
        }
        let setUp = try await Self.setUpLink(store)
        let scheme = settings.tls == nil ? "http" : "https"
        let host = settings.listen.host.contains(":") ? "[\(settings.listen.host)]" : settings.listen.host
        let routes = try CollectorRoutes(
            store: store, catalogue: catalogue, access: settings.access, openID: settings.openID,
            programme: settings.programme)
        let application = Application(
            router: routes.router(),
            server: try Self.server(certificates),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.listen.host, port: settings.listen.port)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.listen.port
                Terminal.print("Rollcall listens at \(scheme)://\(host):\(port)/")
                if let setUp {
                    Terminal.print(
                        "Nobody can sign in yet. Within a day, open \(settings.address(of: setUp, port: port))")
                }
            }, logger: logger)
        let housekeeping = Housekeeping(reader: routes.queries, retention: settings.retention, logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: (certificates.map { [$0 as any Service] } ?? []) + [
                application, housekeeping, try settings.programme.service(routes.programme, logger: logger),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
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

    /// The link for the first administrator, where there is none yet.
    private static func setUpLink(_ store: SQLiteStore) async throws -> PersonSecret? {
        guard try await !store.hasAdministrator() else { return nil }
        return try await SetUp.makeLink(store, at: Int(Date().timeIntervalSince1970))
    }

    /// How the collector speaks: HTTP/1.1, over TLS where there is a certificate.
    static func server(
        _ certificates: Certificates?, patience: BodyDeadline.Patience = BodyDeadline.Patience()
    ) throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(
            configuration: .init(
                additionalChannelHandlers: [BodyDeadline(patience: patience)], idleTimeout: .seconds(75)))
        guard let certificates else { return plain }
        return try .tls(plain, tlsConfiguration: certificates.configuration())
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
