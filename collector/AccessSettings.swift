import NIOCore
import Settings
import Store

/// Who may reach the collector and how, and for how long people stay signed in; what the settings say of it.
struct AccessSettings: Sendable {
    /// Whether the collector itself speaks TLS.
    var isTLS = false
    /// The addresses of proxies that may say for whom they speak.
    var trustedProxies: Set<String> = []
    /// The address at which people and gateways reach the collector, such as `https://rollcall.example`, without a slash
    /// at its end; nil for the one that they ask by.
    var publicAddress: String?
    /// How long people stay signed in.
    var session = SessionTerms.standard
    /// How much anybody may ask for.
    var limits = RequestLimits()
}

extension AccessSettings {
    /// Reads what the settings say.
    init(_ document: SettingsDocument, isTLS: Bool) throws(SettingsError) {
        self.isTLS = isTLS
        publicAddress = try Self.publicAddress(document)
        for proxy in try document.strings("trusted_proxies") ?? [] {
            guard (try? SocketAddress(ipAddress: proxy, port: 0)) != nil else {
                throw document.error(
                    "trusted_proxies", "\"\(proxy)\" is no address; write it as trusted_proxies = [\"192.0.2.7\"]")
            }
            trustedProxies.insert(proxy)
        }
        if let table = try document.table("sessions") {
            if let idle = try table.duration("idle") { session.idle = Int(idle.components.seconds) }
            if let lifetime = try table.duration("lifetime") { session.lifetime = Int(lifetime.components.seconds) }
        }
        guard let table = try document.table("limits") else { return }
        limits.perAddress = try table.integer("requests_per_address", in: 1...100_000) ?? limits.perAddress
        limits.perAgent = try table.integer("reports_per_agent", in: 1...100_000) ?? limits.perAgent
        limits.bodies = try table.integer("bodies", in: 1...1000) ?? limits.bodies
        limits.waiting = try table.integer("waiting", in: 0...100_000) ?? limits.waiting
    }

    private static func publicAddress(_ document: SettingsDocument) throws(SettingsError) -> String? {
        guard let text = try document.string("public_address") else { return nil }
        let isAddress = ["https://", "http://"].contains { text.hasPrefix($0) && text.count > $0.count }
        guard isAddress, !text.contains(where: \.isWhitespace), !text.contains("?"), !text.contains("#") else {
            throw document.error(
                "public_address",
                "\"\(text)\" is no address; write it as public_address = \"https://rollcall.sample-district.example\"")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}

/// How much anybody may ask for, so that nobody keeps the others out.
struct RequestLimits: Sendable, Equatable {
    /// Requests a second from one address, on the average.
    var perAddress = 50
    /// Reports a second of one agent, on the average.
    var perAgent = 10
    /// Report bodies that are read at the same time; each may have 8 MiB.
    var bodies = 16
    /// Requests that wait for one of these bodies to be done.
    var waiting = 256
}
