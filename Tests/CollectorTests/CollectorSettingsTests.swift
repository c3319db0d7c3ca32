import Foundation
import Testing

@testable import rollcall_collector

@Suite struct `The collector's settings` {
    private func settings(_ text: String) throws -> CollectorSettings {
        let path = NSTemporaryDirectory() + "rollcall-" + UUID().uuidString + ".toml"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try CollectorSettings(path: path)
    }

    private func mistake(in text: String) -> String {
        do {
            _ = try settings(text)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func `may be empty`() throws {
        let settings = try settings("")
        #expect(settings.listen == ListenAddress("127.0.0.1:8080"))
        #expect(settings.database == "/var/lib/rollcall-collector/rollcall.sqlite")
    }

    @Test func `take paths from the folder of the file`() throws {
        let settings = try settings("catalogue = \"catalogue.csv\"\ndatabase = \"/x/y\"\n")
        #expect(settings.catalogue == NSTemporaryDirectory() + "catalogue.csv")
        #expect(settings.database == "/x/y")
    }

    @Test(arguments: [
        ("listen = \"0.0.0.0:8080\"", ":1: \"0.0.0.0:8080\" can be reached from other machines"),
        ("\nlisten = \"8080\"", ":2: \"8080\" is no address and port"),
        ("lisen = \"127.0.0.1:1\"", ":1: unknown key \"lisen\". Did you mean \"listen\"?"),
        ("[tls]\ncertificate = \"a.pem\"", "private_key"),
    ])
    func `that are wrong are refused with line and remedy`(text: String, message: String) {
        #expect(mistake(in: text).contains(message), "\(mistake(in: text))")
    }

    @Test(arguments: [
        ("127.0.0.1:80", true), ("127.8.8.8:80", true), ("[::1]:0", true), ("localhost:80", true),
        ("0.0.0.0:80", false),
        ("[::]:80", false), ("collector.example:80", false), ("127.0.0.1.example:80", false), ("127.0.0:80", false),
    ])
    func `know which addresses are this machine alone`(text: String, isLoopback: Bool) throws {
        #expect(try #require(ListenAddress(text)).isLoopback == isLoopback)
    }

    @Test(arguments: ["", ":80", "a", "a:", "a:x", "a:65536", "::1:80", "127.0.0.1:-1"])
    func `know what is no address`(text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
