import Foundation
import Registry
import Settings
import SignOn
import Store

/// What `collector.toml` says.
struct CollectorSettings {
    /// Where the collector listens.
    var listen: ListenAddress
    /// The database's path.
    var database: String
    /// The path of the catalogue, if there is one.
    var catalogue: String?
    /// Certificate and key; nil for plain HTTP.
    var tls: TLSFiles?
    /// Who may reach the collector, how, and how much they may ask for.
    var access = AccessSettings()
    /// How long counts are kept.
    var retention = Retention()
    /// The district's own sign-in, where there is one.
    var openID: OpenIDSettings?
    /// The certification programme and its alerts.
    var programme: ProgrammeSettings

    /// The files of the collector's certificate.
    struct TLSFiles {
        /// The certificate and those between it and the authority, as PEM.
        var certificate: String
        /// Its key, as PEM.
        var privateKey: String
    }

    /// Reads a file.
    init(path: String) throws {
        let document = try SettingsDocument(path: path)
        let listen = try document.string("listen") ?? "127.0.0.1:8080"
        guard let address = ListenAddress(listen) else {
            throw document.error(
                "listen", "\"\(listen)\" is no address and port; write it as \"127.0.0.1:8080\" or \"[::1]:8080\"")
        }
        self.listen = address
        database = try document.path("database") ?? "/var/lib/rollcall-collector/rollcall.sqlite"
        catalogue = try document.path("catalogue")
        if let table = try document.table("tls") {
            guard let certificate = try table.path("certificate") else {
                throw table.missing("certificate", example: "\"collector.pem\"")
            }
            guard let privateKey = try table.path("private_key") else {
                throw table.missing("private_key", example: "\"collector.key\"")
            }
            tls = TLSFiles(certificate: certificate, privateKey: privateKey)
        }
        access = try AccessSettings(document, isTLS: tls != nil)
        if let table = try document.table("retention") {
            retention.days = try table.integer("days", in: 31...4000) ?? retention.days
            retention.months = try table.integer("months", in: 0...600) ?? retention.months
        }
        openID = try OpenIDSettings(document, publicAddress: access.publicAddress)
        programme = try ProgrammeSettings(document)
        try document.finish()
        if tls == nil, !address.isLoopback, access.trustedProxies.isEmpty {
            throw document.error(
                "listen",
                "\"\(listen)\" can be reached from other machines, and plain HTTP would show the agents' secrets to "
                    + "everybody on the way; add a [tls] table with certificate and private_key, listen on 127.0.0.1, or name the "
                    + "proxy that speaks TLS in trusted_proxies"
            )
        }
    }

    /// The platforms of the catalogue; none where the settings name no catalogue.
    func readCatalogue() throws -> [Platform] {
        guard let catalogue else { return [] }
        return try PlatformFile.read(contents(of: catalogue), file: catalogue)
    }
}

/// An address and port to listen on.
struct ListenAddress: Equatable {
    /// The address or host name, without brackets.
    var host: String
    /// The port; 0 for any that is free.
    var port: Int

    /// Reads `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.host = host
        self.port = Int(port)
    }

    /// Whether nobody but this machine can reach it.
    var isLoopback: Bool { Self.isLoopback(host) }

    /// Whether a host is this machine itself.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// A file's bytes, or an error in the user's words.
func contents(of path: String) throws -> [UInt8] {
    do {
        if path == "-" { return Array(try FileHandle.standardInput.readToEnd() ?? Data()) }
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
        let isThere = FileManager.default.fileExists(atPath: path)
        throw Failure("\(path): \(isThere ? "it cannot be read" : "there is no such file"); name a readable CSV file")
    }
}
