import Foundation
import Wire

/// A collector and the agents of some schools in a folder of their own, run as the district's IT would run them.
final class District {
    let folder: URL
    private var serving: Process?
    private(set) var address = ""

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "rollcall-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let catalogue = Program.package.appending(path: "config/catalogue.csv").path
        try write(
            """
            listen = "127.0.0.1:\(Int.random(in: 20_000...60_000))"
            database = "rollcall.sqlite"
            catalogue = "\(catalogue)"
            """, to: "collector.toml")
    }

    deinit {
        killCollector()
        try? FileManager.default.removeItem(at: folder)
    }

    var database: URL { folder.appending(path: "rollcall.sqlite") }
    private var collectorSettings: String { folder.appending(path: "collector.toml").path }

    /// Starts the collector and waits until it listens.
    func startCollector() throws {
        let log = folder.appending(path: "collector-\(UUID().uuidString).log")
        try Data().write(to: log)
        let process = Process()
        process.executableURL = Program.collector.path
        process.arguments = ["serve", "--config", collectorSettings]
        process.standardOutput = try FileHandle(forWritingTo: log)
        process.standardError = try FileHandle(forWritingTo: try emptyFile("collector.errors"))
        try process.run()
        serving = process
        for _ in 0..<200 {
            let said = try String(contentsOf: log, encoding: .utf8)
            if let line = said.split(separator: "\n").first(where: { $0.contains("listens at") }),
                let url = line.split(separator: " ").first(where: { $0.hasPrefix("http://") })
            {
                address = String(url.trimmingSuffix("/"))
                return
            }
            Thread.sleep(forTimeInterval: 0.05)
        }
        throw CocoaError(.executableLoad)
    }

    /// Asks the collector to end, as a service manager does; gives how it ended and what it said.
    func stopCollector() throws -> (status: Int32, errors: String) {
        guard let serving else { throw Failure("the collector was not started") }
        kill(serving.processIdentifier, SIGTERM)
        serving.waitUntilExit()
        let errors = try String(contentsOf: folder.appending(path: "collector.errors"), encoding: .utf8)
        return (serving.terminationStatus, errors)
    }

    private func emptyFile(_ name: String) throws -> URL {
        let url = folder.appending(path: name)
        try Data().write(to: url)
        return url
    }

    /// Ends the collector as a power cut would.
    func killCollector() {
        guard let serving, serving.isRunning else { return }
        kill(serving.processIdentifier, SIGKILL)
        serving.waitUntilExit()
    }

    /// Enrols a school's agent, which tells every name from `k` devices on.
    func enrol(_ school: String, k: Int = 1) throws {
        let token = try Program.collector.run(
            ["token", "create", "--config", collectorSettings, "--school", school])
        let home = folder.appending(path: school)
        try write(
            """
            collector = "\(address)"
            state = "\(home.path)/state"
            runtime = "\(home.path)/run"
            keep_reports = "\(home.path)/reports"
            time_zone = "UTC"
            k = \(k)
            """, to: "\(school)/agent.toml")
        let enrolment = try Program.agent.run([
            "enroll", "--collector", address, "--state", "\(home.path)/state",
            "--token", token.output.trimmingCharacters(in: .whitespacesAndNewlines),
        ])
        guard enrolment.status == 0 else { throw Failure(enrolment.errors) }
    }

    /// The command line of a school's agent that replays a capture.
    func replay(_ capture: URL, at school: String) -> [String] {
        [
            "run", "--config", folder.appending(path: "\(school)/agent.toml").path, "--read", capture.path,
            "--day", "2026-11-24",
        ]
    }

    /// The secret that a school's agent was given.
    func secret(of school: String) throws -> String {
        let identity = try Data(contentsOf: folder.appending(path: "\(school)/state/identity.json"))
        return try JSONDecoder().decode(Enrolment.self, from: identity).secret
    }

    /// The report bodies that a school's agent sent, exactly as sent.
    func reports(of school: String) throws -> [URL] {
        let reports = folder.appending(path: "\(school)/reports")
        return try FileManager.default.contentsOfDirectory(at: reports, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }
    }

    /// Sends a report body once more, and gives the status of the answer.
    func resend(_ report: URL, secret: String) throws -> String {
        try Program("/usr/bin/env").run([
            "curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}",
            "--header", "Authorization: Bearer \(secret)", "--header", "Content-Type: \(MediaType.report)",
            "--header", "Content-Encoding: gzip", "--data-binary", "@\(report.path)", address + Path.reports,
        ]).output
    }

    /// The report that ITS reads, as JSON text.
    func report() throws -> String {
        let outcome = try Program.collector.run(["report", "everything", "--config", collectorSettings])
        guard outcome.status == 0 else { throw Failure(outcome.errors) }
        return outcome.output
    }

    private func write(_ text: String, to name: String) throws {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((text + "\n").utf8).write(to: file)
    }

    /// What a program said when it failed.
    struct Failure: Error, CustomStringConvertible {
        var description: String

        init(_ description: String) {
            self.description = description
        }
    }
}

extension StringProtocol {
    func trimmingSuffix(_ suffix: String) -> SubSequence {
        hasSuffix(suffix) ? dropLast(suffix.count) : self[...]
    }
}
