private import Foundation

/// Where the collector is: HTTPS, or plain HTTP on this machine's loopback.
package struct CollectorAddress: Sendable, Equatable, CustomStringConvertible {
    /// The address without a trailing slash, `https://collector.example`.
    package let description: String
    /// Its host, without brackets.
    package let host: String
    package let port: Int
    /// Whether it is HTTPS.
    package let isSecure: Bool

    /// Reads an address.
    ///
    /// - Throws: ``ShippingError/badAddress(_:reason:)`` for anything that is not HTTPS, but for loopback.
    package init(_ text: String) throws(ShippingError) {
        guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased(), let host = url.host,
            !host.isEmpty
        else {
            throw .badAddress(text, reason: "is no address; write it as https://collector.example")
        }
        guard url.query == nil, url.fragment == nil, url.user == nil else {
            throw .badAddress(text, reason: "has more than a host, a port and a path; leave the rest out")
        }
        guard scheme == "https" || scheme == "http" else {
            throw .badAddress(text, reason: "has a scheme that is not known; write it as https://…")
        }
        self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        guard scheme == "https" || Self.isLoopback(self.host) else {
            throw .badAddress(text, reason: "would send reports unprotected; write https://, or use a loopback address")
        }
        isSecure = scheme == "https"
        port = url.port ?? (isSecure ? 443 : 80)
        var description = text
        while description.hasSuffix("/") { description.removeLast() }
        self.description = description
    }

    /// The address of one of the collector's paths.
    package func appending(_ path: String) -> String { description + path }

    /// Whether a host, without brackets, is this machine itself.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
