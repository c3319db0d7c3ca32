import Capture
import Foundation
import Registry
import Settings
import Shipping
import Tally
import Testing
import Wire

@testable import rollcall_agent

/// Settings as if they had been read from a file.
func settings(_ text: String, environment: [String: String] = [:]) throws -> AgentSettings {
    let path = FileManager.default.temporaryDirectory.path + "/agent-\(DayTally.makeRun()).toml"
    try StateFile.write(Array(text.utf8), to: path)
    defer { try? StateFile.remove(path) }
    do {
        return try AgentSettings(path: path, environment: environment)
    } catch {
        // The file's name is chance.
        var named = error
        named.file = "agent.toml"
        throw named
    }
}

@Suite struct `The example of settings that is installed` {
    private static let lines: [String] = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try? String(contentsOf: package.appending(path: "config/agent.toml"), encoding: .utf8)
        return (text ?? "").split(separator: "\n").map(String.init)
    }()

    /// The lines of settings, those in comments as well; each setting once, as shown last.
    private static func everything() -> [String] {
        let setting = /^(# )?(\[.*|([a-z_]+) = .*)$/
        var place = ""
        var shown: [String: String] = [:]
        var order: [String] = []
        for line in lines {
            guard let match = line.wholeMatch(of: setting) else { continue }
            let text = String(match.output.2)
            if match.output.3 == nil { place += text }
            let key = place + (match.output.3.map { "." + $0 } ?? "")
            if shown.updateValue(text, forKey: key) == nil { order.append(key) }
        }
        return order.compactMap { shown[$0] }
    }

    /// The keys that the agent knows where an unknown one stands behind `line`, as the error lists them.
    private static func known(behind line: String?) throws -> Set<String> {
        var text = everything()
        let index = line.flatMap { text.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
        text.insert("unheard_of_by_anybody = 1", at: index)
        let error = #expect(throws: SettingsError.self) { try settings(text.joined(separator: "\n")) }
        let list = try #require(error?.description.firstMatch(of: /Known here: (.*)\./)?.output.1)
        return Set(list.split(separator: ", ").map(String.init))
    }

    private static func keys(in lines: some Sequence<String>) -> Set<String> {
        Set(lines.compactMap { $0.firstMatch(of: /^\[*([a-z_]+)/).map { String($0.output.1) } })
    }

    @Test func `is good with all that it has in comments`() throws {
        let settings = try settings(Self.everything().joined(separator: "\n"))
        #expect(settings.collectors.count == 2)
        #expect(settings.interfaces == nil)
        #expect(settings.tally.segments.map(\.name) == ["students", "staff", "guests"])
    }

    @Test func `shows every key that the agent knows`() throws {
        let all = Self.everything()
        let capture = try #require(all.firstIndex(of: "[capture]"))
        let segments = try #require(all.firstIndex(of: "[[segment]]"))
        #expect(try Self.keys(in: all[..<capture]).union(["capture", "segment"]) == Self.known(behind: nil))
        #expect(try Self.keys(in: all[(capture + 1)..<segments]) == Self.known(behind: "[capture]"))
        #expect(
            try Self.keys(in: all[segments...]).subtracting(["segment"]) == Self.known(behind: "[[segment]]"))
    }
}

@Suite struct `The agent's settings` {
    @Test func `may be empty`() throws {
        let settings = try settings("")
        #expect(settings.tally.k == 3)
        #expect(settings.interval == .seconds(300))
        #expect(settings.interfaces == nil)
        #expect(settings.takesRemoteSettings)
        #expect(settings.reportsBetweenRepeats == 24)
    }

    @Test func `say who is never observed, what is never counted, and where to report`() throws {
        let settings = try settings(
            """
            collector = ["https://a.example", "https://b.example:8443"]
            pins = ["sha256/veVyWPJ2oukK4053VueYPvDs2v6ywCMIur+muGwxN0s="]
            proxy = "http://proxy.example:3128"
            no_proxy = ["b.example"]
            exclude_names = ["clinic.example", "=www.help.example"]
            exclude_subnets = ["10.1.9.0/24"]
            exclude_vlans = [66]
            keep_apart = ["kids.example.com"]
            school_hours = "7-17"
            user = "observer"
            log_level = "warning"
            remote_settings = false
            [capture]
            interfaces = "eth1"
            """)
        #expect(settings.collectors.map(\.description) == ["https://a.example", "https://b.example:8443"])
        #expect(settings.connection.pins.count == 1)
        #expect(settings.connection.proxy.proxy(for: "a.example")?.host == "proxy.example")
        #expect(settings.connection.proxy.proxy(for: "b.example") == nil)
        #expect(settings.tally.excludedNames == [.domain("clinic.example"), .exact("www.help.example")])
        #expect(settings.tally.excludedSubnets == [Subnet("10.1.9.0/24")])
        #expect(settings.capture.excludedSubnets == ["10.1.9.0/24"])
        #expect(settings.tally.excludedVLANs == [66])
        #expect(settings.tally.keepApart == [.domain("kids.example.com")])
        #expect(settings.tally.hours == 7..<17)
        #expect(settings.interfaces == ["eth1"])
        #expect(!settings.takesRemoteSettings)
    }

    @Test(arguments: [
        ("school_hours = \"17-7\"", "\"17-7\" is no span of hours; write full hours as \"7-17\""),
        (
            "exclude_names = [\"*.example.com\"]",
            "\"*.example.com\" \(PatternMistake.wildcard)"
        ),
        (
            "exclude_subnets = [\"10.1.9.1/24\"]",
            "\"10.1.9.1/24\" is no subnet; write an address whose bits end at the prefix, \"10.1.0.0/16\""
        ),
        (
            "pins = [\"abc\"]",
            "\"abc\" is no pin; write sha256/ and the base 64 of the SHA-256 of the public key"
        ),
        (
            "log_level = \"loud\"",
            "\"loud\" is no level; write \"debug\", \"info\", \"notice\", \"warning\" or \"error\""
        ),
        (
            "proxy = \"socks5://p\"",
            "the collector's address \"socks5://p\" is no proxy; write it as http://proxy.example:3128"
        ),
        ("[capture]\ninterfaces = []", "\"interfaces\" is empty; name one, or write interfaces = \"auto\""),
        (
            "collector = \"http://collector.example\"",
            "the collector's address \"http://collector.example\" would send reports unprotected; "
                + "write https://, or use a loopback address"
        ),
    ])
    func `that are wrong are told with the line and what to write`(text: String, message: String) {
        let error = #expect(throws: SettingsError.self) { try settings(text) }
        let line = text.split(separator: "\n").count
        #expect(error?.description == "agent.toml:\(line): \(message)")
    }

    @Test func `take the proxy from the environment, unless they say otherwise`() throws {
        let environment = ["https_proxy": "http://proxy.example:3128"]
        let plain = try settings("", environment: environment)
        #expect(plain.connection.proxy.proxy(for: "a.example")?.host == "proxy.example")
        #expect(try settings("proxy = \"none\"", environment: environment).connection.proxy == .none)
    }

    @Test func `repeat a row every two hours, and oftener only where reports are rare`() throws {
        for (interval, pause) in [("5m", 24), ("1m", 24), ("30m", 4), ("1h", 2), ("6h", 1)] {
            #expect(try settings("interval = \"\(interval)\"").reportsBetweenRepeats == pause)
        }
    }
}

@Suite struct `Settings from the collector` {
    static let local = """
        k = 3
        school_hours = "7-17"
        exclude_names = ["clinic.example"]
        exclude_subnets = ["10.1.9.0/24"]
        only_names = ["example.com", "example.org"]
        """

    /// Everything that a collector could try.
    static let attempts: [RemoteSettings] = [
        RemoteSettings(version: 1), RemoteSettings(version: 2, k: 1), RemoteSettings(version: 3, k: 5),
        RemoteSettings(version: 4, k: 1_000_000), RemoteSettings(version: 5, k: -1),
        RemoteSettings(version: 6, intervalSeconds: 0), RemoteSettings(version: 7, intervalSeconds: 1 << 40),
        RemoteSettings(version: 8, schoolHours: .init(from: 0, until: 24)),
        RemoteSettings(version: 9, schoolHours: .init(from: 20, until: 24)),
        RemoteSettings(version: 10, schoolHours: .init(from: -5, until: 99)),
        RemoteSettings(version: 11, excludeNames: ["games.example", "*.bad", "com"]),
        RemoteSettings(version: 12, groups: [NameGroup(name: "Docs", patterns: ["docs.example", ""])]),
    ]

    @Test(arguments: attempts)
    func `never widen what is observed or told past the file`(remote: RemoteSettings) throws {
        let own = try settings(Self.local)
        let narrowed = own.narrowed(by: remote).settings
        #expect(narrowed.tally.k >= own.tally.k && narrowed.tally.k <= 64)
        #expect(narrowed.interval >= .seconds(60) && narrowed.interval <= .seconds(86_400))
        #expect(narrowed.tally.excludedSubnets == own.tally.excludedSubnets)
        #expect(narrowed.tally.excludedVLANs == own.tally.excludedVLANs)
        #expect(narrowed.tally.onlyNames == own.tally.onlyNames)
        #expect(narrowed.tally.excludedNames.starts(with: own.tally.excludedNames))
        let (hours, ownHours) = try (#require(narrowed.tally.hours), #require(own.tally.hours))
        #expect(hours.allSatisfy(ownHours.contains))
        // Nor where reports go, or what is kept.
        #expect(narrowed.collectors == own.collectors)
        #expect(narrowed.connection == own.connection)
        #expect(narrowed.capture == own.capture && narrowed.interfaces == own.interfaces)
    }

    @Test func `are told in words, and what cannot be used is passed over`() throws {
        let remote = RemoteSettings(
            version: 3, k: 5, intervalSeconds: 600, excludeNames: ["games.example", "*.bad"],
            schoolHours: .init(from: 8, until: 15), groups: [NameGroup(name: "Docs", patterns: ["docs.example"])])
        let (settings, changes) = try settings(Self.local).narrowed(by: remote)
        #expect(settings.tally.hours == 8..<15)
        #expect(
            changes == [
                "k is 5, not 3", "reports go every 10 min", "only hours from 8 to 15 count",
                "\"*.bad\" was passed over: it \(PatternMistake.wildcard)",
                "names of 1 pattern are not counted", "devices are counted over all names of 1 platform",
            ])
    }

    @Test func `are kept for the next start, and damaged ones are asked for again`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/rollcall-\(DayTally.makeRun())"
        try StateFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(RemoteSettings.load(from: folder) == nil)
        for remote in Self.attempts {
            try remote.save(in: folder)
            #expect(RemoteSettings.load(from: folder) == remote)
        }
        try StateFile.write([0], to: folder + "/settings.json")
        #expect(RemoteSettings.load(from: folder) == nil)
    }
}
