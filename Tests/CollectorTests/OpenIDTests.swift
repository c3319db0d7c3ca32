import Foundation
import FoundationNetworking
import HTTPTypes
import HummingbirdTesting
import Identity
import SignOn
import Store
import Testing
import Wire

@testable import rollcall_collector

@Suite(
    .serialized,
    .enabled("PyPI's oidc-provider-mock, which scripts/openid-provider installs, is not to be had") {
        OpenIDProviderProgram.isInstalled
    })
struct `The district's own sign-in` {
    @Test func `lets people in with the role of their group, and again as the same person`() async throws {
        let (provider, collector) = try await prepared()
        try await collector.run(as: nil) { client in
            for round in 1...2 {
                let answer = try await client.signIn(as: "1001", at: provider, next: "/account")
                #expect(answer.status == .seeOther, "\(answer.text)")
                #expect(answer.headers[.location] == "/account")
                let page = try await client.page("/account", headers: ["Cookie": answer.cookies])
                #expect(page.text.contains("Sample Admin") && page.text.contains("admin@sample.example"))
                #expect(page.text.contains("Administrator"))
                #expect(try await collector.store.accounts(at: 0).count == 1, "round \(round)")
            }
            let leader = try await client.signIn(as: "1002", at: provider)
            let page = try await client.page("/account", headers: ["Cookie": leader.cookies])
            #expect(page.text.contains("School leader") && page.text.contains("Example High"))
        }
    }

    @Test(arguments: [
        ("1003", 403, "no role in Rollcall"), ("1004", 403, "which school you lead"),
        ("somebody else", 403, "no role in Rollcall"),
    ])
    func `refuses who has no role, or leads no school`(subject: String, status: Int, detail: String) async throws {
        let (provider, collector) = try await prepared()
        try await collector.run(as: nil) { client in
            let answer = try await client.signIn(as: subject, at: provider)
            #expect(answer.status.code == status)
            #expect(answer.text.contains(detail), "\(answer.text)")
            #expect(try await collector.store.accounts(at: 0).isEmpty)
        }
    }

    @Test func `refuses an answer that another browser began, that was used, or that was tampered with`() async throws {
        let (provider, collector) = try await prepared()
        try await collector.run(as: nil) { client in
            let mine = try await client.begin(at: provider, as: "1001")
            let other = try await client.begin(at: provider, as: "1001")
            func finish(_ path: String, _ cookie: String) async throws -> TestResponse {
                try await client.page(path, headers: ["Cookie": cookie])
            }
            let crossed = try await finish(mine.path, other.cookie)
            #expect(crossed.status == .badRequest && crossed.text.contains("was not begun here"))
            #expect(try await finish(mine.path, "").status == .badRequest)
            // The cookie is state.nonce.verifier/next: the provider holds us to the verifier, we the token to the nonce.
            let parts = mine.cookie.split(separator: ".")
            let foreign = other.cookie.split(separator: ".")
            let wrongVerifier = "\(parts[0]).\(parts[1]).\(foreign[2])"
            #expect(try await finish(mine.path, wrongVerifier).status.code == 502)
            let again = try await client.begin(at: provider, as: "1001")
            let rest = again.cookie.split(separator: ".")
            let wrongNonce = try await finish(again.path, "\(rest[0]).\(parts[1]).\(rest[2])")
            #expect(wrongNonce.status == .badRequest && wrongNonce.text.contains("not meant for Rollcall"))
            #expect(try await finish(other.path, other.cookie).status == .seeOther)
            #expect(try await finish(other.path, other.cookie).status.code == 502, "a code counts once")
        }
    }

    @Test func `does not let in who was switched off, nor take over a local account of the same name`() async throws {
        let (provider, collector) = try await prepared()
        _ = try await collector.person(.auditor, named: "Leader@sample.example")
        try await collector.run(as: nil) { client in
            let answer = try await client.signIn(as: "1002", at: provider)
            #expect(answer.status == .conflict && answer.text.contains("Somebody already signs in as"))
            #expect(try await client.signIn(as: "1001", at: provider).status == .seeOther)
            let who = Who(name: "sample", way: .command)
            let admin = try #require(try await collector.store.person(named: "admin@sample.example"))
            // So that somebody is left.
            let link = PersonSecret.sample(.link)
            try await collector.store.makeLink(link, .invite, for: 1, until: .max, by: who, at: 0)
            _ = try await collector.store.choosePassword(with: link, password: .sample, from: "", at: 0)
            try await collector.store.setRole(of: 1, to: .admin, school: nil, by: who, at: 0)
            try await collector.store.setDisabled(true, of: admin.row, by: who, at: 0)
            let off = try await client.signIn(as: "1001", at: provider)
            #expect(off.status == .forbidden && off.text.contains("switched off"))
        }
    }

    private func prepared() async throws -> (OpenIDProviderProgram, TestCollector) {
        let provider = try OpenIDProviderProgram()
        let settings = OpenIDSettings(
            issuer: provider.issuer, clientID: "rollcall", clientSecret: "a secret: %",
            redirectURI:
                "http://localhost/sign-in/openid/return", name: "the sample district", scopes: ["profile", "email"],
            groupsClaim: "groups", schoolClaim: "school",
            roles: [.init(group: "rollcall-admins", role: .admin), .init(group: "leaders", role: .school)])
        // The provider's clock goes on, and so must this one, however long the test waits for its turn.
        let collector = try TestCollector(openID: settings, now: { Int(Date().timeIntervalSince1970) })
        _ = try await collector.secret(school: "Example High")
        return (provider, collector)
    }
}

extension SignedInClient {
    /// Goes the whole way as a browser does.
    fileprivate func signIn(
        as subject: String, at provider: OpenIDProviderProgram, next: String = "/"
    ) async throws -> TestResponse {
        let way = try await begin(at: provider, as: subject, next: next)
        return try await page(way.path, headers: ["Cookie": way.cookie, "Accept": "text/html"])
    }

    /// Goes to the provider, signs in there, and gives where it sends the browser, and what the browser kept.
    fileprivate func begin(
        at provider: OpenIDProviderProgram, as subject: String, next: String = "/"
    ) async throws -> (path: String, cookie: String) {
        let start = try await page("/sign-in/openid?next=\(next.percentEncoded)")
        let address = try #require(start.headers[.location])
        #expect(address.hasPrefix(provider.issuer), "\(start.text)")
        return (try await provider.consent(at: address, as: subject), start.cookies)
    }
}

extension TestResponse {
    /// What a browser sends back.
    fileprivate var cookies: String {
        headers[values: .setCookie].map { $0.prefix { $0 != ";" } }.filter { !$0.hasSuffix("=") }
            .joined(separator: "; ")
    }
}

extension PersonSecret {
    static func sample(_ kind: Kind) -> PersonSecret {
        var random = SystemRandomNumberGenerator()
        return PersonSecret(kind, using: &random)
    }
}

extension PasswordHash {
    /// Of a password that nobody knows.
    static var sample: PasswordHash {
        get throws {
            var random = SystemRandomNumberGenerator()
            let password = try #require(Password(typed: PersonSecret.sample(.link).text))
            return try PasswordHash(
                of: password, cost: .init(logRounds: 4, blockSize: 1, parallelism: 1), using: &random)
        }
    }
}

/// `scripts/openid-provider`, for as long as this lives.
final class OpenIDProviderProgram: Sendable {
    private let process: Process
    private let input = Pipe()
    let issuer: String

    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("scripts/openid-provider")

    /// Whether the package is there, or could be installed.
    static let isInstalled: Bool = {
        let process = Process()
        process.executableURL = script
        process.arguments = ["--install"]
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    init() throws {
        process = Process()
        process.executableURL = Self.script
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = input
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = ""
        while !line.hasSuffix("\n"), let data = try output.fileHandleForReading.read(upToCount: 1), !data.isEmpty {
            line += String(decoding: data, as: UTF8.self)
        }
        let port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        issuer = "http://127.0.0.1:\(port)"
    }

    deinit { try? input.fileHandleForWriting.close() }

    /// Signs in at the provider, and gives the path and query to which it sends the browser back.
    func consent(at address: String, as subject: String) async throws -> String {
        let arguments = [
            "--silent", "--output", "/dev/null", "--write-out", "%{redirect_url}", "--max-time", "10",
            "--data-urlencode", "sub=\(subject)", address,
        ]
        let curl = Process()
        curl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        curl.arguments = ["curl"] + arguments
        let output = Pipe()
        curl.standardOutput = output
        try curl.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        curl.waitUntilExit()
        let url = try #require(URLComponents(string: String(decoding: data, as: UTF8.self)))
        return url.path + "?" + (url.percentEncodedQuery ?? "")
    }
}
