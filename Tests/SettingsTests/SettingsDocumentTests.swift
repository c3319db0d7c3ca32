import Settings
import Testing

@Suite struct `Settings file` {
    static let good = """
        # A comment with = and [brackets]
        collector = "https://collector.example"
        interval = "5m"   # how often
        k = 3
        note = \"""
        unknown = "inside a text"
        \"""
        list = [
            "a", # first
            "b",
        ]

        [capture]
        interfaces = ["eth0"]
        promiscuous = true

        [[segment]]
        name = "students"
        vlans = [10, 20]

        [[segment]]
        name = "staff"
        vlans = [30]
        """

    @Test func `gives what is in it`() throws {
        let document = try SettingsDocument(text: Self.good, file: "agent.toml")
        #expect(try document.requiredString("collector") == "https://collector.example")
        #expect(try document.duration("interval") == .seconds(300))
        #expect(try document.integer("k", in: 1...100) == 3)
        #expect(try document.string("note") == "unknown = \"inside a text\"\n")
        #expect(try document.strings("list") == ["a", "b"])
        #expect(try document.string("ca_file") == nil)
        let capture = try #require(try document.table("capture"))
        #expect(try capture.strings("interfaces") == ["eth0"])
        #expect(try capture.boolean("promiscuous") == true)
        let segments = try document.tables("segment")
        #expect(try segments.map { try $0.string("name") } == ["students", "staff"])
        #expect(try segments.map { try $0.integers("vlans", in: 0...4095) } == [[10, 20], [30]])
        try document.finish()
    }

    @Test func `an unknown key is named with its line and the key that was meant`() throws {
        let document = try SettingsDocument(text: "k = 3\n\nintervall = \"5m\"\n", file: "agent.toml")
        _ = try document.duration("interval")
        _ = try document.integer("k", in: 1...9)
        let error = #expect(throws: SettingsError.self) { try document.finish() }
        #expect(error?.description == "agent.toml:3: unknown key \"intervall\". Did you mean \"interval\"?")
    }

    @Test func `an unknown key unlike any other is answered with the known ones`() throws {
        let document = try SettingsDocument(text: "colour = \"red\"", file: "agent.toml")
        _ = try document.string("state")
        _ = try document.string("collector")
        let error = #expect(throws: SettingsError.self) { try document.finish() }
        #expect(error?.description == "agent.toml:1: unknown key \"colour\". Known here: collector, state.")
    }

    @Test func `an unknown key in the second of two tables is found in that table`() throws {
        let text = Self.good + "\nvlan = 31\n"
        let document = try SettingsDocument(text: text, file: "agent.toml")
        for key in ["collector", "interval", "note"] { _ = try document.string(key) }
        _ = try document.integer("k", in: 1...9)
        _ = try document.strings("list")
        let capture = try document.table("capture")
        _ = try capture?.strings("interfaces")
        _ = try capture?.boolean("promiscuous")
        for segment in try document.tables("segment") {
            _ = try segment.string("name")
            _ = try segment.integers("vlans", in: 0...4095)
        }
        let error = #expect(throws: SettingsError.self) { try document.finish() }
        #expect(error?.description == "agent.toml:24: unknown key \"vlan\". Did you mean \"vlans\"?")
    }

    @Test(arguments: [
        ("k = \"three\"", "agent.toml:1: \"k\" is a text, but a number is wanted; write k = 1"),
        ("\nk = 0", "agent.toml:2: \"k\" is 0; it has to be from 1 to 100"),
        ("k = 3.5", "agent.toml:1: \"k\" is a fraction, but a number is wanted; write k = 1"),
    ])
    func `a wrong number is told with its line and a right one`(text: String, message: String) throws {
        let document = try SettingsDocument(text: text, file: "agent.toml")
        let error = #expect(throws: SettingsError.self) { try document.integer("k", in: 1...100) }
        #expect(error?.description == message)
    }

    @Test(arguments: ["", "5", "m", "5 m", "-5m", "0s", "5w", "99999999999999999999s", "1e3s"])
    func `a wrong duration is told`(text: String) throws {
        let document = try SettingsDocument(text: "interval = \"\(text)\"", file: "agent.toml")
        let error = #expect(throws: SettingsError.self) { try document.duration("interval") }
        #expect(error?.line == 1)
        #expect(error?.message.hasPrefix("\"\(text)\" is no duration") == true)
    }

    @Test func `durations are in seconds, minutes, hours and days`() {
        #expect(Duration(settingsText: "30s") == .seconds(30))
        #expect(Duration(settingsText: "5m") == .seconds(300))
        #expect(Duration(settingsText: "2h") == .seconds(7200))
        #expect(Duration(settingsText: "7d") == .seconds(604_800))
    }

    @Test func `a missing key is told with a line to add`() throws {
        let document = try SettingsDocument(text: "[tls]\n", file: "collector.toml")
        let tls = try document.table("tls")
        let error = #expect(throws: SettingsError.self) { try tls?.requiredString("certificate") }
        #expect(
            error?.description
                == "collector.toml:1: \"certificate\" is missing in [tls]; add a line certificate = \"…\"")
    }

    @Test func `a syntax error is told with its line`() {
        let error = #expect(throws: SettingsError.self) {
            try SettingsDocument(text: "k = 3\nstate = /var/lib\n", file: "agent.toml")
        }
        #expect(error?.line == 2)
    }

    @Test func `a file that is not there is told`() {
        let error = #expect(throws: SettingsError.self) { try SettingsDocument(path: "/nonexistent/agent.toml") }
        #expect(
            error?.description
                == "/nonexistent/agent.toml: there is no such file; name a readable TOML file with --config")
    }

    @Test func `a relative path starts at the settings file`() throws {
        let text = "catalogue = \"catalogue.csv\"\ndatabase = \"/var/db\""
        let document = try SettingsDocument(text: text, file: "/etc/rollcall/collector.toml")
        #expect(try document.path("catalogue") == "/etc/rollcall/catalogue.csv")
        #expect(try document.path("database") == "/var/db")
    }
}
