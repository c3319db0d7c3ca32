import Capture
import Foundation
import Settings
import Shipping
import Tally

/// What `agent.toml` says.
struct AgentSettings {
    static let defaultState = "/var/lib/rollcall-agent"
    static let defaultRuntime = "/run/rollcall-agent"

    var collector: CollectorAddress?
    var state: String
    var runtime: String
    var interval: Duration
    var tally: TallySettings
    var certificateFile: String?
    var keepReports: String?
    var token: String?
    var tokenFile: String?
    var school: String?
    var interfaces: [String]
    var capture: LiveOptions

    /// Reads the file.
    init(path: String) throws(SettingsError) {
        let document = try SettingsDocument(path: path)
        collector = try Self.collector(document)
        state = try document.path("state") ?? Self.defaultState
        runtime = try document.path("runtime") ?? Self.defaultRuntime
        interval = try document.duration("interval") ?? .seconds(300)
        certificateFile = try document.path("ca_file")
        keepReports = try document.path("keep_reports")
        token = try document.string("token")
        tokenFile = try document.path("token_file")
        school = try document.string("school")
        tally = TallySettings(
            k: try document.integer("k", in: 1...DeviceSketch.exactLimit) ?? 3, devices: try Self.devices(document),
            segments: try Self.segments(document), timeZone: try Self.timeZone(document))
        (interfaces, capture) = try Self.capture(document)
        try document.finish()
    }

    private static func collector(_ document: SettingsDocument) throws(SettingsError) -> CollectorAddress? {
        guard let text = try document.string("collector") else { return nil }
        do throws(ShippingError) {
            return try CollectorAddress(text)
        } catch {
            throw document.error("collector", "\(error)")
        }
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
            var subnets: [Subnet] = []
            for text in try table.strings("subnets") ?? [] {
                guard let subnet = Subnet(text) else {
                    throw table.error(
                        "subnets",
                        "\"\(text)\" is no subnet; write an address whose bits end at the prefix, \"10.1.0.0/16\"")
                }
                subnets.append(subnet)
            }
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

    private static func capture(
        _ document: SettingsDocument
    ) throws(SettingsError) -> (interfaces: [String], options: LiveOptions) {
        var options = LiveOptions()
        guard let table = try document.table("capture") else { return ([], options) }
        let interfaces = try table.strings("interfaces") ?? []
        options.snapLength = try table.integer("snap_length", in: 128...262_144) ?? options.snapLength
        options.bufferBytes = try table.integer("buffer_bytes", in: 65_536...1 << 30) ?? options.bufferBytes
        options.isPromiscuous = try table.boolean("promiscuous") ?? options.isPromiscuous
        // One thread looks at all interfaces in turn, so it must not wait long for any of several.
        if interfaces.count > 1 { options.timeoutMilliseconds = 20 }
        return (interfaces, options)
    }
}
