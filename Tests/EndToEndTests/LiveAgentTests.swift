import Foundation
import Testing
import Wire

@Suite struct `A live agent` {
    /// A collector and an agent in a network of their own; gone when the test is.
    final class Site {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rollcall-live-\(UUID().uuidString)")
        let bottle: Bottle
        private var processes: [Process] = []

        init?() throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            guard let bottle = try Bottle(in: folder) else { return nil }
            self.bottle = bottle
        }

        deinit {
            for process in processes where process.isRunning { kill(process.processIdentifier, SIGKILL) }
            try? FileManager.default.removeItem(at: folder)
        }

        func path(_ name: String) -> String { folder.appending(path: name).path }

        func write(_ text: String, to name: String) throws {
            try Data((text + "\n").utf8).write(to: folder.appending(path: name))
        }

        func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

        func start(_ command: [String], log: String, environment: [String: String] = [:]) throws -> Process {
            let process = try bottle.start(command, log: folder.appending(path: log), environment: environment)
            processes.append(process)
            return process
        }

        func agent(_ arguments: [String]) throws -> Program.Outcome {
            try bottle.run([Program.agent.path.path] + arguments + ["--config", path("agent.toml")])
        }

        func collector(_ arguments: [String]) throws -> Program.Outcome {
            try bottle.run([Program.collector.path.path] + arguments + ["--config", path("collector.toml")])
        }

        /// Waits until something holds; ten seconds at most.
        func wait(for what: String, _ holds: () throws -> Bool) throws {
            for _ in 0..<100 {
                if try holds() { return }
                Thread.sleep(forTimeInterval: 0.1)
            }
            Issue.record("not within ten seconds: \(what)\n\((try? text("agent.log")) ?? "")")
        }

        /// Starts a collector that knows one platform and a school's token.
        func startCollector() throws {
            try write("listen = \"127.0.0.1:8080\"\ndatabase = \"rollcall.sqlite\"", to: "collector.toml")
            try write("platform,patterns,status\nSample Docs,docs.example,approved", to: "registry.csv")
            #expect(try collector(["registry", "import", path("registry.csv")]).status == 0)
            let token = try collector(["token", "create", "--school", "Sample Middle School"])
            try write(token.output, to: "token")
            _ = try start(
                [Program.collector.path.path, "serve", "--config", path("collector.toml")], log: "collector.log")
            try wait(for: "the collector") { try text("collector.log").contains("listens at") }
        }

        /// Starts the agent, which reports every second.
        func startAgent(_ more: String = "", timeZone: String = "UTC") throws -> Process {
            try write(
                """
                collector = "http://127.0.0.1:8080"
                token_file = "token"
                state = "\(path("state"))"
                runtime = "\(path("run"))"
                keep_reports = "\(path("reports"))"
                metrics_file = "\(path("rollcall.prom"))"
                time_zone = "\(timeZone)"
                interval = "1s"
                \(more)
                [capture]
                interfaces = ["inside"]
                """, to: "agent.toml")
            let agent = try start(
                [Program.agent.path.path, "run", "--config", path("agent.toml")], log: "agent.log")
            try wait(for: "the agent's status") { try self.agent(["status"]).status != 3 }
            return agent
        }

        /// What the agent would tell, with what it told.
        func queries(of name: String) throws -> Int {
            let report = try report()
            let names = report.tools.flatMap(\.names) + report.unknown
            return names.filter { $0.name == name }.reduce(0) { $0 + $1.dns }
        }

        func report() throws -> Told {
            let told = try collector(["report", "everything", "--format", "json"])
            return try JSONDecoder().decode(Told.self, from: Data(told.output.utf8))
        }

        /// What the collector says of days and names.
        struct Told: Decodable {
            struct Scope: Decodable {
                var first_day: String?
                var last_day: String?
            }
            struct Name: Decodable {
                var name: String
                var dns: Int
            }
            struct Tool: Decodable {
                var names: [Name]
            }
            var scope: Scope
            var tools: [Tool]
            var unknown: [Name]
        }
    }

    @Test func `tells the day that ends while it runs, and the next`() throws {
        guard let site = try Site() else { return }
        try site.startCollector()
        // Where it is never the same day; the clock of the machine that tests must stay as it is.
        let (west, east) = ("Etc/GMT+12", "Pacific/Kiritimati")
        let agent = try site.startAgent(timeZone: west)
        try site.bottle.ask(for: "www.docs.example", devices: 10..<15)
        try site.wait(for: "the first day's counts") { try site.queries(of: "www.docs.example") == 5 }
        try site.write(site.text("agent.toml").replacing(west, with: east), to: "agent.toml")
        kill(agent.processIdentifier, SIGHUP)
        try site.wait(for: "the settings") { try site.text("agent.log").contains("the settings were read again") }
        try site.bottle.ask(for: "www.docs.example", devices: 10..<15)
        try site.wait(for: "the next day's counts") { try site.queries(of: "www.docs.example") == 10 }
        let scope = try site.report().scope
        let (first, last) = (try #require(scope.first_day), try #require(scope.last_day))
        #expect(first < last)
        try site.wait(for: "the end of the first day") {
            try !FileManager.default.contentsOfDirectory(atPath: site.path("state")).contains { $0.contains(first) }
        }
    }

    @Test func `counts what devices ask for, through an interface that goes away, and says how it is`() throws {
        guard let site = try Site() else { return }
        try site.startCollector()
        let agent = try site.startAgent()
        try site.bottle.ask(for: "www.docs.example", devices: 10..<15)
        try site.bottle.ask(for: "rare.docs.example", devices: 10..<12)
        try site.wait(for: "the first counts") { try site.queries(of: "www.docs.example") == 5 }

        try site.bottle.disconnect()
        try site.wait(for: "the loss of the interface") {
            let status = try site.agent(["status"])
            return status.status == 1 && status.output.contains("TO DO:      inside cannot be listened on")
        }
        try site.bottle.connect()
        try site.wait(for: "the interface's return") { try site.text("agent.log").contains("is there again") }
        try site.bottle.ask(for: "www.docs.example", devices: 10..<15)

        // The status is a moment old.
        try site.wait(for: "the collector's settings, and the interface in the status") {
            let output = try site.agent(["status"]).output
            return output.contains("settings version") && !output.contains("AWAY")
        }
        let status = try site.agent(["status"])
        #expect(status.status == 0, "\(status.output)")
        #expect(status.output.split(separator: "\n").count == 5)
        #expect(status.output.contains("for Sample Middle School"))
        #expect(status.output.contains("settings version 1 from the collector"))
        #expect(status.output.hasSuffix("all is well\n"))
        try expectPrivacy(of: site)
        kill(agent.processIdentifier, SIGTERM)
        agent.waitUntilExit()
        #expect(agent.terminationStatus == 0)
        #expect(try site.queries(of: "www.docs.example") == 10)
        #expect(try site.agent(["status"]).status == 3)
        try expectNothingLeaked(at: site)
    }

    @Test(arguments: [nil, "nobody"])
    func `has no capability left in any thread, is the user that it should be, and leaves no core`(
        user: String?
    ) throws {
        guard let site = try Site() else { return }
        try site.write("rcj_00", to: "token")
        let agent = try site.startAgent(user.map { "user = \"\($0)\"" } ?? "")
        let number = user == nil ? "0" : "65534"
        let folder = "/proc/\(agent.processIdentifier)/task"
        let threads = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(threads.count > 2)
        for thread in threads {
            let status = try String(contentsOfFile: "\(folder)/\(thread)/status", encoding: .utf8)
            let lines = Dictionary(
                status.split(separator: "\n").compactMap { line -> (Substring, String)? in
                    let parts = line.split(separator: ":", maxSplits: 1)
                    return parts.count == 2 ? (parts[0], parts[1].trimmingCharacters(in: .whitespaces)) : nil
                }, uniquingKeysWith: { first, _ in first })
            for kind in ["CapInh", "CapPrm", "CapEff", "CapAmb"] { #expect(lines[kind[...]] == "0000000000000000") }
            #expect(lines["NoNewPrivs"] == "1")
            #expect(lines["Uid"]?.split(separator: "\t").allSatisfy { $0 == number } == true)
            #expect(user == nil || lines["Groups"] == "")
        }
        let state = try FileManager.default.attributesOfItem(atPath: site.path("state"))
        #expect(state[.ownerAccountID] as? Int == Int(number))
        #expect(state[.posixPermissions] as? Int == 0o700)
        let limits = try String(contentsOfFile: "/proc/\(agent.processIdentifier)/limits", encoding: .utf8)
        let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
        #expect(core?.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"])
    }

    @Test func `without a collector counts and saves, and says what to do`() throws {
        guard let site = try Site() else { return }
        try site.write("rcj_00", to: "token")
        let agent = try site.startAgent(
            "k = 1\nexclude_names = [\"clinic.example\"]\nexclude_subnets = [\"10.77.9.0/24\"]")
        try site.bottle.ask(for: "www.docs.example", devices: 10..<12)
        try site.bottle.ask(for: "clinic.example", devices: 10..<12)
        try site.bottle.ask(for: "counsel.example", devices: 10..<12, subnet: 9)
        Thread.sleep(forTimeInterval: 0.5)
        kill(agent.processIdentifier, SIGHUP)
        try site.wait(for: "the settings") { try site.text("agent.log").contains("the settings were read again") }
        kill(agent.processIdentifier, SIGTERM)
        agent.waitUntilExit()
        #expect(agent.terminationStatus == 0)
        let told = try site.agent(["privacy", "--format", "json"])
        let report = try JSONDecoder().decode(Report.self, from: Data(told.output.utf8))
        #expect(report.days.flatMap(\.rows).map(\.name) == ["www.docs.example"])
        #expect(report.days.first?.devices == 2)
        let check = try site.agent(["check", "--seconds", "1", "clinic.example"])
        #expect(check.status == 1)
        for words in [
            "PROBLEM  agent: no agent runs", "PROBLEM  traffic: inside: silent, not one frame in 1 s",
            "PROBLEM  tally: clinic.example is left out", "first of all: no agent runs",
        ] { #expect(check.output.contains(words), "\(check.output)") }
        // Quiet: a day of this must not fill anybody's journal.
        #expect(try site.text("agent.log").split(separator: "\n").count <= 10)
    }

    /// A name below k is held, and told to nobody; `check` says where each name stops.
    private func expectPrivacy(of site: Site) throws {
        let text = try site.agent(["privacy"]).output
        #expect(!text.contains("rare.docs.example"))
        let asking = try site.start(site.bottle.asking(for: "more.example", devices: 20..<30), log: "asking.log")
        let told = try site.agent(["check", "--seconds", "1", "www.docs.example"])
        kill(asking.processIdentifier, SIGKILL)
        #expect(told.output.contains("ok       traffic: inside:"), "\(told.output)")
        #expect(told.output.contains("tally: www.docs.example was counted"), "\(told.output)")
        #expect(told.output.contains("registry: www.docs.example belongs to Sample Docs, which is approved"))
        let held = try site.agent(["check", "--seconds", "1", "rare.docs.example"])
        #expect(held.status == 1)
        #expect(held.output.contains("is held back because fewer than 3 devices shared it"), "\(held.output)")
        #expect(try site.text("rollcall.prom").contains("rollcall_interface_up{interface=\"inside\"} 1"))
    }

    /// No address of a device in any form, and no name below k, in what left, in the state, the status or the log.
    private func expectNothingLeaked(at site: Site) throws {
        let reports = try FileManager.default.contentsOfDirectory(
            at: site.folder.appending(path: "reports"), includingPropertiesForKeys: nil
        ).map { Data(try Gzip.decompress([UInt8](Data(contentsOf: $0)), limit: 1 << 24)) }
        #expect(reports.count > 1)
        let log = try Data(site.text("agent.log").utf8)
        let state = try FileManager.default.contentsOfDirectory(
            at: site.folder.appending(path: "state"), includingPropertiesForKeys: nil
        ).map { try Data(contentsOf: $0) }
        for device: UInt8 in 10..<15 {
            let hardware: [UInt8] = [2, 0xaa, 0xbb, 0xcc, 0xee, device]
            let address: [UInt8] = [10, 77, 0, device]
            let digits = hardware.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            let texts = [
                digits.joined(separator: ":"), digits.joined(), address.map(String.init).joined(separator: "."),
            ]
            for needle in [Data(hardware), Data(hardware.reversed())] + texts.map({ Data($0.utf8) }) {
                #expect(!(reports + state + [log]).contains { $0.range(of: needle) != nil })
            }
        }
        #expect(!(reports + [log]).contains { $0.range(of: Data("rare.docs.example".utf8)) != nil })
        #expect(state.contains { $0.range(of: Data("www.docs.example".utf8)) != nil })
    }
}
