import Capture
import Foundation
import Logging
import Registry
import Settings
import Shipping
import Tally

/// What `agent.toml` says.
struct AgentSettings: Sendable {
    static let defaultState = "/var/lib/rollcall-agent"
    static let defaultRuntime = "/run/rollcall-agent"

    /// The collector's addresses, in the order in which to try them.
    var collectors: [CollectorAddress]
    var connection: ConnectionSettings
    var state: String
    var runtime: String
    /// How much disk the days that wait for the collector may take, before they are kept in less detail.
    var stateBytes: Int
    var interval: Duration
    var tally: TallySettings
    var keepReports: String?
    var token: String?
    var tokenFile: String?
    var school: String?
    /// The user to go on as when started as root; nil for the agent's own, where there is one.
    var user: String?
    /// Nil to choose by what the machine has.
    var interfaces: [String]?
    var capture: LiveOptions
    /// Whether the collector may narrow what is observed and told.
    var takesRemoteSettings: Bool
    var logLevel: Logger.Level
    var metricsFile: String?

    /// Reads the file.
    init(
        path: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(SettingsError) {
        let document = try SettingsDocument(path: path)
        collectors = try Self.collectors(document)
        connection = ConnectionSettings(
            certificateFile: try document.path("ca_file"), pins: try Self.pins(document),
            proxy: try Self.proxy(document, environment))
        state = try document.path("state") ?? Self.defaultState
        runtime = try document.path("runtime") ?? Self.defaultRuntime
        stateBytes = try document.integer("state_bytes", in: 1 << 20...1 << 40) ?? 64 << 20
        interval = try document.duration("interval") ?? .seconds(300)
        keepReports = try document.path("keep_reports")
        token = try document.string("token")
        tokenFile = try document.path("token_file")
        school = try document.string("school")
        user = try document.string("user")
        takesRemoteSettings = try document.boolean("remote_settings") ?? true
        logLevel = try Self.logLevel(document)
        metricsFile = try document.path("metrics_file")
        tally = try Self.tally(document)
        (interfaces, capture) = try Self.capture(document)
        capture.excludedSubnets = try document.strings("exclude_subnets") ?? []
        try document.finish()
    }

    private static func collectors(_ document: SettingsDocument) throws(SettingsError) -> [CollectorAddress] {
        var collectors: [CollectorAddress] = []
        for text in try document.oneOrMoreStrings("collector") ?? [] {
            do throws(ShippingError) {
                collectors.append(try CollectorAddress(text))
            } catch {
                throw document.error("collector", "\(error)")
            }
        }
        return collectors
    }

    private static func pins(_ document: SettingsDocument) throws(SettingsError) -> Set<CertificatePin> {
        var pins = Set<CertificatePin>()
        for text in try document.strings("pins") ?? [] {
            guard let pin = CertificatePin(text) else {
                throw document.error(
                    "pins", "\"\(text)\" is no pin; write sha256/ and the base 64 of the SHA-256 of the public key")
            }
            pins.insert(pin)
        }
        return pins
    }

    /// `proxy` and `no_proxy` in the file, or else in the environment.
    private static func proxy(
        _ document: SettingsDocument, _ environment: [String: String]
    ) throws(SettingsError) -> ProxyRule {
        let text = try document.string("proxy")
        let exceptions = try document.strings("no_proxy") ?? []
        do throws(ShippingError) {
            guard let text else { return try ProxyRule(environment: environment) }
            return text == "none" ? .none : try ProxyRule(text, exceptions: exceptions.joined(separator: ","))
        } catch {
            throw document.error("proxy", "\(error)")
        }
    }

    private static func logLevel(_ document: SettingsDocument) throws(SettingsError) -> Logger.Level {
        guard let text = try document.string("log_level") else { return .info }
        guard let level = Logger.Level(rawValue: text), level >= .debug, level <= .error else {
            throw document.error(
                "log_level", "\"\(text)\" is no level; write \"debug\", \"info\", \"notice\", \"warning\" or \"error\"")
        }
        return level
    }
}

extension AgentSettings {
    private static func tally(_ document: SettingsDocument) throws(SettingsError) -> TallySettings {
        var tally = TallySettings(
            k: try document.integer("k", in: 1...DeviceSketch.exactLimit) ?? 3, devices: try devices(document),
            segments: try segments(document), timeZone: try timeZone(document))
        tally.excludedSubnets = try subnets(document.strings("exclude_subnets"), "exclude_subnets", document.root)
        tally.excludedVLANs = Set(try document.integers("exclude_vlans", in: 0...4095)?.map { UInt16($0) } ?? [])
        tally.excludedNames = try patterns(document, "exclude_names") ?? []
        tally.onlyNames = try patterns(document, "only_names")
        tally.keepApart = try patterns(document, "keep_apart") ?? []
        tally.hours = try hours(document)
        return tally
    }

    private static func patterns(_ document: SettingsDocument, _ key: String) throws(SettingsError) -> [NamePattern]? {
        guard let texts = try document.strings(key) else { return nil }
        var patterns: [NamePattern] = []
        for text in texts {
            do throws(PatternMistake) {
                patterns.append(try NamePattern(text))
            } catch {
                throw document.error(key, "\"\(text)\" \(error)")
            }
        }
        return patterns
    }

    private static func hours(_ document: SettingsDocument) throws(SettingsError) -> Range<Int>? {
        guard let text = try document.string("school_hours") else { return nil }
        let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let from = numbers[0], let until = numbers[1], from >= 0, from < until, until <= 24
        else {
            throw document.error("school_hours", "\"\(text)\" is no span of hours; write full hours as \"7-17\"")
        }
        return from..<until
    }

    private static func devices(_ document: SettingsDocument) throws(SettingsError) -> DeviceRecognition.Mode {
        guard let text = try document.string("devices") else { return .auto }
        guard let mode = DeviceRecognition.Mode(rawValue: text) else {
            throw document.error("devices", "\"\(text)\" is not known; write \"auto\", \"hardware\" or \"address\"")
        }
        return mode
    }

    private static func timeZone(_ document: SettingsDocument) throws(SettingsError) -> TimeZone {
        guard let text = try document.string("time_zone") else { return .current }
        guard let timeZone = TimeZone(identifier: text) else {
            throw document.error("time_zone", "\"\(text)\" is no time zone; write it as \"America/New_York\"")
        }
        return timeZone
    }

    private static func segments(_ document: SettingsDocument) throws(SettingsError) -> [Segment] {
        var segments: [Segment] = []
        for table in try document.tables("segment") {
            let name = try table.requiredString("name")
            let vlans = try table.integers("vlans", in: 0...4095) ?? []
            let subnets = try subnets(table.strings("subnets"), "subnets", table)
            let interfaces = try table.strings("interfaces") ?? []
            guard !vlans.isEmpty || !subnets.isEmpty || !interfaces.isEmpty else {
                throw table.error("name", "segment \"\(name)\" is told by nothing; add vlans, subnets or interfaces")
            }
            segments.append(
                Segment(
                    name: name, vlans: Set(vlans.map { UInt16($0) }), subnets: subnets, interfaces: Set(interfaces)))
        }
        return segments
    }

    private static func subnets(
        _ texts: [String]?, _ key: String, _ table: SettingsTable
    ) throws(SettingsError) -> [Subnet] {
        var subnets: [Subnet] = []
        for text in texts ?? [] {
            guard let subnet = Subnet(text) else {
                throw table.error(
                    key, "\"\(text)\" is no subnet; write an address whose bits end at the prefix, \"10.1.0.0/16\"")
            }
            subnets.append(subnet)
        }
        return subnets
    }

    private static func capture(
        _ document: SettingsDocument
    ) throws(SettingsError) -> (interfaces: [String]?, options: LiveOptions) {
        var options = LiveOptions()
        guard let table = try document.table("capture") else { return (nil, options) }
        let interfaces = try table.oneOrMoreStrings("interfaces")
        options.snapLength = try table.integer("snap_length", in: 128...262_144) ?? options.snapLength
        options.bufferBytes = try table.integer("buffer_bytes", in: 65_536...1 << 30) ?? options.bufferBytes
        options.isPromiscuous = try table.boolean("promiscuous") ?? options.isPromiscuous
        if let interfaces, interfaces.isEmpty {
            throw table.error("interfaces", "\"interfaces\" is empty; name one, or write interfaces = \"auto\"")
        }
        return (interfaces == ["auto"] ? nil : interfaces, options)
    }
}
