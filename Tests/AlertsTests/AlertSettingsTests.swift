import Foundation
import Programme
import Settings
import Testing
import Wire

@testable import Alerts

@Suite struct `The settings of alerts` {
    private static let mail = """
        [mail]
        host = "mail.example"
        security = "tls"
        from = "rollcall@district.example"

        """

    private func settings(_ text: String) throws -> AlertSettings {
        try AlertSettings(SettingsDocument(text: text, file: "alerts.toml"))
    }

    @Test func `of the example have every key, and its rules are the defaults`() throws {
        let folder = NSTemporaryDirectory() + "rollcall-alerts-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let example = try Data(contentsOf: root.appendingPathComponent("config/alerts.toml"))
        for (name, data) in [
            ("alerts.toml", example), ("mail-password", Data("p w\n".utf8)), ("chat-secret", Data("s\n".utf8)),
        ] {
            try data.write(to: URL(fileURLWithPath: folder + "/" + name))
        }
        let settings = try AlertSettings(SettingsDocument(path: folder + "/alerts.toml"))
        #expect(settings.rules == AlertRules())
        #expect(settings.cases == TransitionCase.Terms())
        #expect(settings.urgentGap == Dispatch.urgentGap)
        #expect(settings.every == .seconds(900))
        #expect(settings.mail?.server.credentials == SMTPCredentials(user: "rollcall", password: "p w"))
        #expect(settings.mail?.server.port == 587)
        #expect(settings.readers.map(\.name) == ["ITS", "Procurement", "IT chat"])
        #expect(settings.readers[0].quiet == QuietHours(from: 18 * 60, until: 6 * 60))
        #expect(settings.readers[1].schedule == .weekly(day: 1, minute: 7 * 60))
        let target = WebhookTarget(
            address: "https://chat.district.example/hooks/rollcall", shape: .teams, secret: "s")
        #expect(settings.readers[2].channel == .webhook(target))
    }

    @Test(arguments: [
        ("time_zone = \"Sample/Nowhere\"", "alerts.toml:1: \"Sample/Nowhere\" is no time zone"),
        ("[[reader]]\nname = \"A\"\nmail = \"a@b.example\"", "\"A\" wants mail, but there is no mail server"),
        ("[[reader]]\nname = \"A\"", "\"mail\" is missing"),
        (mail + "[[reader]]\nname = \"A\"\nmail = \"a b\"", "\"a b\" is no e-mail address"),
        (
            mail + "[[reader]]\nname = \"A\"\nmail = \"a@b.example\"\nschedule = \"hourly\"",
            "is no schedule; write \"daily 15:00\""
        ),
        (
            mail + "[[reader]]\nname = \"A\"\nmail = \"a@b.example\"\nquiet = \"22-7\"",
            "are no hours; write \"18:00-07:00\""
        ),
        (mail + "[[reader]]\nname = \"A\"\nmail = \"a@b.example\"\nkinds = [\"flag\"]", "there is no rule \"flag\""),
        ("[[reader]]\nname = \"A\"\nwebhook = \"ftp://x\"", "is no address; write it as \"https://"),
        (
            "[mail]\nhost = \"mail.example\"\nsecurity = \"none\"\nfrom = \"a@b.example\"",
            "would show the messages to everybody"
        ),
        ("[mail]\nhost = \"mail.example\"\nuser = \"u\"\nfrom = \"a@b.example\"", "\"password_file\" is missing"),
        ("[rules]\nsilent_day = 3", "unknown key \"silent_day\". Did you mean \"silent_days\"?"),
    ])
    func `that are wrong are refused with the place and the remedy`(text: String, message: String) {
        do {
            _ = try settings(text)
            Issue.record("they were taken")
        } catch {
            #expect("\(error)".contains(message), "\(error)")
        }
    }
}
