private import Foundation

/// Through which proxy the collector is reached, if through any.
package struct ProxyRule: Sendable, Equatable {
    /// An HTTP proxy, which is asked to connect to the collector (RFC 9110 section 9.3.6) and sees no more than its name.
    package struct Proxy: Sendable, Equatable {
        package var host: String
        package var port: Int
        package var user: String?
        package var password: String?
    }

    private var proxy: Proxy?
    /// Names, domains and addresses that are reached without it.
    private var exceptions: [String] = []

    /// No proxy at all.
    package static let none = ProxyRule()

    private init() {}

    /// Reads a proxy's address, `http://proxy.example:3128`, and the exceptions as in `no_proxy`.
    ///
    /// - Throws: ``ShippingError/badAddress(_:reason:)`` for anything else.
    package init(_ text: String, exceptions: String = "") throws(ShippingError) {
        // Many write only host and port.
        let address = text.contains("://") ? text : "http://" + text
        guard let url = URLComponents(string: address), url.scheme?.lowercased() == "http", let host = url.host,
            !host.isEmpty, ["", "/"].contains(url.path)
        else {
            throw .badAddress(text, reason: "is no proxy; write it as http://proxy.example:3128")
        }
        proxy = Proxy(
            host: host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")), port: url.port ?? 3128,
            user: url.user, password: url.password)
        self.exceptions = exceptions.split { $0 == "," || $0 == " " }.map { $0.lowercased() }
    }

    /// Reads `https_proxy` and `no_proxy`, small letters first, as curl does.
    package init(environment: [String: String]) throws(ShippingError) {
        func value(_ name: String) -> String? {
            [environment[name], environment[name.uppercased()]].compactMap(\.self).first { !$0.isEmpty }
        }
        guard let proxy = value("https_proxy") else {
            self = .none
            return
        }
        try self.init(proxy, exceptions: value("no_proxy") ?? "")
    }

    /// The proxy for a host; nil where it is reached without one, as this machine itself always is.
    package func proxy(for host: String) -> Proxy? {
        let host = host.lowercased().trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        if CollectorAddress.isLoopback(host) { return nil }
        let isException = exceptions.contains { exception in
            if exception == "*" { return true }
            let name = exception.trimmingPrefix { $0 == "." }
            return host == name || host.hasSuffix("." + name)
        }
        return isException ? nil : proxy
    }
}
