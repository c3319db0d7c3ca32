import Alerts
import Foundation
import Programme
import Store
import Testing

@testable import rollcall_collector

@Suite(.serialized) struct `A real mail server` {
    @Test(arguments: [("starttls", SMTPSecurity.startTLS), ("tls", .implicit)])
    func `takes a mail over TLS, whole and as it was written`(mode: String, security: SMTPSecurity) async throws {
        let receivers = try Receivers()
        let server = try receivers.start(["mail", "0", receivers.folder, mode, "0"])
        defer { server.kill() }
        let text = ".\n..two dots\nGröße → \(String(repeating: "long ", count: 60))\n=3D\nend\n"
        let outcome = try await receivers.client(server, security).send(
            try mail(
                to: "its@district.example",
                Message(subject: "Größe\r\nBcc: x@y.example → 12", text: text, html: "<p>é</p>\n")))
        #expect(outcome == .delivered)
        let mails = try receivers.lines("mail.jsonl", as: ReceivedMail.self)
        let mail = try #require(mails.first)
        #expect(mails.count == 1)
        #expect(mail.key == "<0123456789abcdef0123456789abcdef@district.example>")
        #expect(mail.subject == "Größe  Bcc: x@y.example → 12")
        #expect(mail.to == ["its@district.example"])
        #expect(mail.tls && mail.user == "rollcall" && mail.defects.isEmpty)
        #expect(mail.text == text)
        #expect(mail.html == "<p>é</p>\n")
    }

    @Test func `that is not trusted, or refuses, gets no mail, and the reason is said`() async throws {
        let receivers = try Receivers()
        let server = try receivers.start(["mail", "0", receivers.folder, "starttls", "0"])
        defer { server.kill() }
        let good = try mail(to: "its@district.example", Message(subject: "S", paragraphs: ["T"]))
        func outcome(_ change: (inout SMTPServer) -> Void, _ mail: MailMessage) async throws -> DeliveryOutcome {
            var settings = try receivers.settings(server, .startTLS)
            change(&settings)
            return try await SMTPClient(server: settings).send(mail)
        }
        let strange = try await outcome({ $0.certificateFile = nil }, good)
        #expect("\(strange)".contains("postponed") && "\(strange)".contains("is not trusted"), "\(strange)")
        let wrong = try await outcome({ $0.credentials?.password = "another" }, good)
        #expect("\(wrong)".contains("postponed") && "\(wrong)".contains("refuses user and password"), "\(wrong)")
        let clear = try await outcome({ $0.security = .implicit }, good)
        #expect("\(clear)".contains("postponed"), "\(clear)")
        let nobody = try await outcome({ _ in }, try mail(to: "nobody@district.example", good.content))
        #expect("\(nobody)".contains("refused") && "\(nobody)".contains("550"), "\(nobody)")
        server.kill()
        let gone = try await outcome({ _ in }, good)
        #expect("\(gone)".contains("postponed") && "\(gone)".contains("nothing answers there"), "\(gone)")
        #expect(try receivers.lines("mail.jsonl", as: ReceivedMail.self).isEmpty)
    }

    private func mail(to address: String, _ content: Message) throws -> MailMessage {
        MailMessage(
            from: try #require(EmailAddress("rollcall@district.example")), fromName: "Rollcall",
            to: try #require(EmailAddress(address)), key: "0123456789abcdef0123456789abcdef", writtenAt: 1_795_532_400,
            content: content)
    }
}

@Suite struct `Alerts of a collector that is killed again and again, with receivers that are down for a while` {
    private static let count = 24

    @Test func `arrive at least once, in order, and under the same name when they come again`() async throws {
        let receivers = try Receivers()
        var mail = try receivers.start(["mail", "0", receivers.folder, "starttls", "3"])
        var hook = try receivers.start(["hook", "0", receivers.folder, "a secret", "3"])
        let (mailPort, hookPort) = (mail.port, hook.port)
        try receivers.configure(mail: mailPort, hook: hookPort)
        let config = receivers.folder + "/collector.toml"
        let store = try SQLiteStore(path: receivers.folder + "/rollcall.sqlite")
        var random = SystemRandomNumberGenerator()

        var collector = try Program(["serve", "--config", config])
        _ = try collector.address()
        // The readers have to be known before the first alert fires.
        try await Task.sleep(for: .seconds(1.5))
        for number in 1...Self.count {
            _ = try await store.admit([Self.alert(number)], at: Int(Date().timeIntervalSince1970), rearmDays: 90)
            try await Task.sleep(for: .milliseconds(Int.random(in: 100...400, using: &random)))
            switch number {
            case 5: mail.kill()
            case 8: hook.kill()
            case 14: mail = try receivers.start(["mail", "\(mailPort)", receivers.folder, "starttls", "3"])
            case 17: hook = try receivers.start(["hook", "\(hookPort)", receivers.folder, "a secret", "3"])
            default: break
            }
            if number % 4 == 0 {
                collector.kill()
                collector = try Program(["serve", "--config", config])
                _ = try collector.address()
            }
        }
        // Ends with the last message, or fails.
        let deadline = ContinuousClock.now + .seconds(30)
        while try await store.outboxIsBusy(upTo: Self.count, receivers), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(100))
        }
        collector.kill()
        mail.kill()
        hook.kill()

        let mails = try receivers.lines("mail.jsonl", as: ReceivedMail.self)
        let hooks = try receivers.lines("hook.jsonl", as: ReceivedHook.self)
        #expect(try await store.outbox(.waiting).totals.isEmpty)
        #expect(mails.allSatisfy { $0.tls && $0.user == "rollcall" && $0.defects.isEmpty })
        #expect(hooks.allSatisfy { $0.isSigned && $0.age < 10 })
        check(mails.map { ($0.key, $0.text) }, numbers: mails.map { Self.numbers(in: $0.text) })
        check(hooks.map { ($0.key, $0.hash) }, numbers: hooks.map { Self.numbers(in: $0.body.text) })
    }

    /// Every alert came, those under a new name in order, and what came again was the same.
    private func check(_ received: [(key: String, content: String)], numbers: [[Int]]) {
        var contents: [String: String] = [:]
        var order: [Int] = []
        for (message, numbers) in zip(received, numbers) {
            if let known = contents[message.key] {
                #expect(known == message.content)
            } else {
                contents[message.key] = message.content
                order += numbers
            }
        }
        #expect(order == Array(1...Self.count))
        // The receivers cut every third message off, so that some must have come again.
        #expect(received.count > contents.count)
    }

    private static func alert(_ number: Int) -> Alert {
        Alert(
            subject: Alert.Subject(.silent, school: "Sample School \(number)"), armedBy: "",
            seen: "No. \(number) is silent.",
            registry: "", ask: "", link: "/schools", weight: count - number)
    }

    static func numbers(in text: String) -> [Int] {
        text.split(separator: "No. ").dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }
    }
}

extension SQLiteStore {
    /// Whether something waits still, or did not get there.
    fileprivate func outboxIsBusy(upTo count: Int, _ receivers: Receivers) async throws -> Bool {
        if try await !outbox(.waiting).totals.isEmpty { return true }
        typealias Suite =
            `Alerts of a collector that is killed again and again, with receivers that are down for a while`
        let mails = try receivers.lines("mail.jsonl", as: ReceivedMail.self).flatMap { Suite.numbers(in: $0.text) }
        let hooks = try receivers.lines("hook.jsonl", as: ReceivedHook.self).flatMap { Suite.numbers(in: $0.body.text) }
        return !(mails.contains(count) && hooks.contains(count))
    }
}

/// A mail that the mail server got.
private struct ReceivedMail: Decodable {
    var key: String
    var subject: String
    var to: [String]
    var tls: Bool
    var user: String?
    var defects: [String]
    var text: String
    var html: String
}

/// A request that the webhook receiver got.
private struct ReceivedHook: Decodable {
    var key: String
    var isSigned: Bool
    var age: Double
    var body: Body
    var hash: String

    struct Body: Decodable {
        var text: String
    }
}

/// Where receivers write what they get; with a certificate of their own.
private final class Receivers {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "rollcall-receivers-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        openssl.arguments =
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1"
            .split(separator: " ").map(String.init) + ["-keyout", folder + "/key.pem", "-out", folder + "/cert.pem"]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func start(_ arguments: [String]) throws -> Receiver {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/receivers.py")
        return try Receiver([script.path] + arguments)
    }

    func settings(_ server: Receiver, _ security: SMTPSecurity) throws -> SMTPServer {
        SMTPServer(
            host: "localhost", port: server.port, security: security,
            credentials: SMTPCredentials(user: "rollcall", password: "a password"),
            certificateFile: folder + "/cert.pem", helloName: "rollcall.example")
    }

    func client(_ server: Receiver, _ security: SMTPSecurity) throws -> SMTPClient {
        try SMTPClient(server: try settings(server, security))
    }

    func configure(mail: Int, hook: Int) throws {
        let files = [
            "collector.toml": "listen = \"127.0.0.1:0\"\ndatabase = \"rollcall.sqlite\"\nalerts = \"alerts.toml\"\n",
            "password": "a password\n", "secret": "a secret\n",
            "alerts.toml": """
            every = "1s"
            urgent_gap = 0
            [delivery]
            first_wait = 1
            longest_wait = 1
            [mail]
            host = "localhost"
            port = \(mail)
            security = "starttls"
            user = "rollcall"
            password_file = "password"
            from = "rollcall@district.example"
            ca_file = "cert.pem"
            [[reader]]
            name = "ITS"
            mail = "its@district.example"
            [[reader]]
            name = "Chat"
            webhook = "http://127.0.0.1:\(hook)/hook"
            secret_file = "secret"
            """,
        ]
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name)) }
    }

    func lines<Value: Decodable>(_ file: String, as type: Value.Type) throws -> [Value] {
        guard let data = FileManager.default.contents(atPath: folder + "/" + file) else { return [] }
        return try String(decoding: data, as: UTF8.self).split(separator: "\n")
            .map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
    }
}

/// A receiver that runs.
private final class Receiver {
    let port: Int
    private let process: Process

    init(_ arguments: [String]) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = ""
        // Ends with the line, or when the receiver does.
        while !line.hasSuffix("\n"), let data = try pipe.fileHandleForReading.read(upToCount: 1), !data.isEmpty {
            line += String(decoding: data, as: UTF8.self)
        }
        port = try #require(
            Int(line.trimmingCharacters(in: .whitespacesAndNewlines)), "python3-aiosmtpd is missing; run scripts/setup")
    }

    deinit {
        kill()
    }

    func kill() {
        guard process.isRunning else { return }
        _ = Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
