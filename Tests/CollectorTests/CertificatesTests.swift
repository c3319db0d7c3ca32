import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

@testable import rollcall_collector

@Suite struct `The collector's certificate` {
    @Test func `is read again when its files change, and connections that stand go on`() async throws {
        let folder = NSTemporaryDirectory() + "rollcall-tls-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = CollectorSettings.TLSFiles(certificate: folder + "/cert.pem", privateKey: folder + "/key.pem")
        try await makePair("first", files)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let certificates = try Certificates(files, period: .milliseconds(20), logger: logger)
        let router = Router()
        router.get("healthz") { _, _ in "ok" }
        let (ports, gotPort) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, server: try .tls(.http1(), tlsConfiguration: certificates.configuration()),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { gotPort.yield($0.localAddress?.port ?? 0) }, logger: logger)
        let group = ServiceGroup(services: [certificates, application], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try #require(await ports.first { _ in true })
            let standing = try OpenSSL(["s_client", "-quiet", "-connect", "127.0.0.1:\(port)"])
            #expect(try await subject(at: port) == "first")
            #expect(await standing.ask("/healthz").hasPrefix("HTTP/1.1 200"))

            // Half a pair is nobody's pair: the old one stays.
            try Data("no certificate".utf8).write(to: URL(fileURLWithPath: files.certificate))
            try await Task.sleep(for: .milliseconds(100))
            #expect(try await subject(at: port) == "first")

            try await makePair("second", files)
            var served = ""
            for _ in 0..<100 where served != "second" {
                try await Task.sleep(for: .milliseconds(20))
                served = try await subject(at: port)
            }
            #expect(served == "second")
            #expect(await standing.ask("/healthz").hasPrefix("HTTP/1.1 200"), "the connection from before")
            standing.end()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `has to be one, and the key its own`() async throws {
        let folder = NSTemporaryDirectory() + "rollcall-tls-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = CollectorSettings.TLSFiles(certificate: folder + "/cert.pem", privateKey: folder + "/key.pem")
        let other = CollectorSettings.TLSFiles(certificate: folder + "/other.pem", privateKey: folder + "/other.key")
        try await makePair("first", files)
        try await makePair("second", other)
        func mistake(_ certificate: String, _ key: String) -> String {
            do {
                _ = try Certificates(
                    .init(certificate: certificate, privateKey: key), logger: Logger(label: "test"))
                return ""
            } catch {
                return error.message
            }
        }
        #expect(mistake(files.certificate, files.privateKey).isEmpty)
        #expect(mistake(folder + "/none.pem", files.privateKey).contains("no readable PEM certificate"))
        #expect(mistake(files.certificate, folder + "/none.key").contains("no readable PEM key"))
        #expect(mistake(files.certificate, other.privateKey).contains("is not the key of"))
    }

    private func makePair(_ name: String, _ files: CollectorSettings.TLSFiles) async throws {
        let program = try OpenSSL([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
            "-subj", "/CN=\(name)", "-out", files.certificate, "-keyout", files.privateKey,
        ])
        _ = await program.output()
    }

    /// The name in the certificate that a new connection gets.
    private func subject(at port: Int) async throws -> String {
        let program = try OpenSSL(["s_client", "-connect", "127.0.0.1:\(port)", "-tls1_3"])
        let text = await program.output()
        return text.firstMatch(of: /subject=CN ?= ?(\w+)/).map { String($0.output.1) } ?? text
    }
}

/// The program `openssl`.
private final class OpenSSL: Sendable {
    private let process: Process
    private let input = Pipe()
    private let answers = Pipe()

    init(_ arguments: [String]) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardInput = input
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// Sends a request on the connection that stands, and gives what comes back first.
    func ask(_ path: String) async -> String {
        await elsewhere { [self] in
            input.fileHandleForWriting.write(Data("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
            var text = ""
            // Ends with the body, or with the connection, which then gives nothing.
            while !text.hasSuffix("ok") {
                let data = answers.fileHandleForReading.availableData
                if data.isEmpty { break }
                text += String(decoding: data, as: UTF8.self)
            }
            return text
        }
    }

    /// Everything that it prints when there is nothing to say to it.
    func output() async -> String {
        await elsewhere { [self] in
            try? input.fileHandleForWriting.close()
            let data = try? answers.fileHandleForReading.readToEnd()
            process.waitUntilExit()
            return String(decoding: data ?? Data(), as: UTF8.self)
        }
    }

    /// Waits on a thread of its own: the server under test needs those of the tasks.
    private func elsewhere(_ work: @escaping @Sendable () -> String) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: work()) }
        }
    }

    /// Ends it for certain: it inherits from the tests' process which gentler signals are passed over.
    func end() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
