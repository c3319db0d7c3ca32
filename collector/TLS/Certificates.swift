import Foundation
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// The collector's certificate and key, read again whenever their files change: a connection that stands goes on with
/// what it began with, and the next handshake uses the new pair.
final class Certificates: Service {
    private let files: CollectorSettings.TLSFiles
    private let logger: Logger
    private let current: Mutex<Pair>
    private let period: Duration

    /// A certificate with its chain, its key, and when the files were as they were read.
    private struct Pair {
        var chain: [NIOSSLCertificateSource]
        var key: NIOSSLPrivateKeySource
        var stamp: Stamp
    }

    /// What tells that a file was replaced or written.
    private struct Stamp: Equatable {
        var files: [File?]

        /// A file behind whatever links lead to it.
        struct File: Equatable {
            var number: Int?
            var size: Int?
            var changedAt: Date?
        }
    }

    /// Reads the files, which have to be there and belong together; looks every `period` whether they changed.
    init(_ files: CollectorSettings.TLSFiles, period: Duration = .seconds(10), logger: Logger) throws(Failure) {
        self.files = files
        self.period = period
        self.logger = logger
        current = Mutex(try Self.read(files))
    }

    /// TLS 1.2 or later with the pair of the moment.
    func configuration() -> TLSConfiguration {
        let pair = current.withLock { $0 }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: pair.chain, privateKey: pair.key)
        configuration.minimumTLSVersion = .tlsv12
        configuration.sslContextCallback = { _, promise in
            let pair = self.current.withLock { $0 }
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = pair.chain
            override.privateKey = pair.key
            promise.succeed(override)
        }
        return configuration
    }

    /// Looks for changes until the collector stops.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            var failed: Stamp?
            while !Task.isCancelled {
                do { try await Task.sleep(for: self.period) } catch { return }
                self.reload(&failed)
            }
        }
    }

    /// Reads the files where they changed; a pair that does not belong together, because only one of the two was written
    /// yet, leaves the old one in use.
    private func reload(_ failed: inout Stamp?) {
        let stamp = Self.stamp(files)
        guard stamp != current.withLock({ $0.stamp }), stamp != failed else { return }
        do {
            let pair = try Self.read(files)
            current.withLock { $0 = pair }
            failed = nil
            logger.notice("certificate read again", metadata: ["file": "\(files.certificate)"])
        } catch {
            failed = stamp
            logger.error("certificate not taken, the old one stays", metadata: ["reason": "\(error.message)"])
        }
    }

    private static func read(_ files: CollectorSettings.TLSFiles) throws(Failure) -> Pair {
        // Before the files, so that one that is written meanwhile is read once more.
        let stamp = stamp(files)
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKey
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) }
        } catch {
            throw Failure("\(files.certificate): it is no readable PEM certificate; name another at [tls] certificate")
        }
        do {
            key = try NIOSSLPrivateKey(file: files.privateKey, format: .pem)
        } catch {
            throw Failure("\(files.privateKey): it is no readable PEM key; name another at [tls] private_key")
        }
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(key))
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw Failure(
                "\(files.privateKey): it is not the key of \(files.certificate); give a pair that belongs together")
        }
        return Pair(chain: chain, key: .privateKey(key), stamp: stamp)
    }

    private static func stamp(_ files: CollectorSettings.TLSFiles) -> Stamp {
        Stamp(
            files: [files.certificate, files.privateKey].map { path in
                let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
                guard let facts = try? FileManager.default.attributesOfItem(atPath: target) else { return nil }
                return Stamp.File(
                    number: (facts[.systemFileNumber] as? NSNumber)?.intValue,
                    size: (facts[.size] as? NSNumber)?.intValue, changedAt: facts[.modificationDate] as? Date)
            })
    }
}
