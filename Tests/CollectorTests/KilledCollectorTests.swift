import Foundation
import FoundationNetworking
import Store
import Synchronization
import Testing
import Wire

@Suite struct `A collector that is killed while many agents report` {
    @Test func `has kept everything that it confirmed, and starts again`() async throws {
        let folder = NSTemporaryDirectory() + "rollcall-killed-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let config = folder + "/collector.toml"
        try Data("listen = \"127.0.0.1:0\"\ndatabase = \"rollcall.sqlite\"\n".utf8)
            .write(to: URL(fileURLWithPath: config))
        let token = try Program.output(["token", "create", "--config", config, "--uses", "9"])

        let confirmed = Confirmations()
        for round in 1...3 {
            let program = try Program(["serve", "--config", config])
            let address = try program.address()
            let body = Array(#"{"school": "School \#(round)", "host": "gw", "version": "0.1.0"}"#.utf8)
            let identity = try JSONDecoder().decode(
                Enrolment.self, from: try await post(address + Path.agents, bearer: token, body).1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for sender in 0..<8 {
                    group.addTask {
                        for count in 1...10_000 {
                            let name = "n\(sender).r\(round).example"
                            let report = try Report.sample([Row(name: name, dns: count, devices: 3)])
                            // The kill ends it.
                            guard
                                let answer = try? await post(address + Path.reports, bearer: identity.secret, report),
                                answer.0 == 200
                            else { return }
                            confirmed.counts.withLock { $0[name] = count }
                        }
                    }
                }
                group.addTask {
                    // Ends, because senders go on until the collector dies.
                    while confirmed.counts.withLock({ $0.values.reduce(0, +) }) < round * 150 {
                        try await Task.sleep(for: .milliseconds(2))
                    }
                    program.kill()
                }
                try await group.waitForAll()
            }
        }
        let store = try SQLiteStore(path: folder + "/rollcall.sqlite")
        let stored = try await store.observations(in: ObservationScope()).names
        let counts = Dictionary(stored.map { ($0.name, $0.dns) }) { first, _ in first }
        let told = confirmed.counts.withLock { $0 }
        #expect(told.count == 24)
        for (name, count) in told { #expect(counts[name, default: 0] >= count, "\(name)") }
    }
}

/// The largest count of each name that the collector confirmed.
private final class Confirmations: Sendable {
    let counts = Mutex<[String: Int]>([:])
}

private func post(_ address: String, bearer: String, _ body: [UInt8]) async throws -> (Int, Data) {
    guard let url = URL(string: address) else { throw URLError(.badURL) }
    var request = URLRequest(url: url, timeoutInterval: 10)
    request.httpMethod = "POST"
    request.setValue("Bearer \(bearer)", forHTTPHeaderField: "Authorization")
    request.setValue(MediaType.json, forHTTPHeaderField: "Content-Type")
    request.httpBody = Data(body)
    let (data, response) = try await URLSession.shared.data(for: request)
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, data)
}

/// The collector's program, as users start it.
final class Program: Sendable {
    private let process: Process
    private let output: FileHandle

    init(_ arguments: [String]) throws {
        process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        output = pipe.fileHandleForReading
        try process.run()
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    /// The address that it says it listens at.
    func address() throws -> String {
        var line = ""
        // Ends with the line, or when the program does.
        while !line.hasSuffix("\n"), let data = try output.read(upToCount: 1), !data.isEmpty {
            line += String(decoding: data, as: UTF8.self)
        }
        return String(
            line.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst("Rollcall listens at ".count).dropLast())
    }

    /// Ends it without a warning.
    func kill() {
        _ = Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// What a command prints.
    static func output(_ arguments: [String]) throws -> String {
        let program = try Program(arguments)
        let data = try program.output.readToEnd() ?? Data()
        program.process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The program lies beside the tests.
    static var executable: URL {
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") }?.prefix { _ in true }
        let folder = bundle.map { path in
            path.split(separator: "/", omittingEmptySubsequences: false).prefix { !$0.hasSuffix(".xctest") }
                .joined(separator: "/")
        }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return (folder.map { URL(fileURLWithPath: $0) } ?? root.appendingPathComponent(".build/debug"))
            .appendingPathComponent("rollcall-collector")
    }
}

@Suite struct `A day of many agents` {
    @Test func `ends with exact totals, whatever comes twice, late or to a collector that was killed`() throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Benchmarks/agents").standardizedFileURL.path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", script, "--agents", "40", "--reports", "6", "--kills", "3", "--collector",
            Program.executable.path,
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let told = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(told)")
        #expect(told.contains("3 kills") && told.contains("totals exact"), "\(told)")
    }
}
