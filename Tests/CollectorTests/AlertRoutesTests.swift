import Alerts
import Foundation
import HTTPTypes
import HummingbirdTesting
import Identity
import Logging
import Programme
import Registry
import Settings
import Store
import Testing
import Wire

@testable import rollcall_collector

@Suite struct `The page of alerts` {
    private static let file = """
        [mail]
        host = "127.0.0.1"
        security = "none"
        from = "rollcall@district.example"

        [rules]
        discovered_devices = 20

        [[reader]]
        name = "ITS"
        mail = "its@district.example"
        """

    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "rollcall-alerts-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try write(Self.file)
    }

    private func write(_ text: String) throws {
        try text.write(toFile: folder + "/alerts.toml", atomically: true, encoding: .utf8)
    }

    private func collector(_ catalogue: [Platform] = []) throws -> TestCollector {
        var settings = ProgrammeSettings()
        (settings.factsLifetime, settings.alertsFile) = (0, folder + "/alerts.toml")
        return try TestCollector(catalogue: catalogue, programme: settings)
    }

    /// The settings that hold at a collector.
    private func settings(_ collector: TestCollector) async throws -> AlertSettings {
        try AlertSettings(.init(path: folder + "/alerts.toml")).changed(by: try await collector.store.alertChanges())
    }

    @Test func `lets ITS change a rule, which holds at once, and go back to the file's`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let collector = try collector()
        try await collector.run(as: .its) { client in
            #expect(try await client.page("/alerts/rules").text.contains("at 2 schools or on 20 devices"))
            let rule = [("kind", "discovered"), ("step", "keep"), ("discovered_schools", "5"), ("state", "on")]
            let far = try await client.form("/alerts/rules", rule + [("discovered_devices", "0")])
            #expect(far.status == .badRequest && far.text.contains("write a number from 1 to 1000000"))
            #expect(try await client.form("/alerts/rules", rule + [("discovered_devices", "20")]).status == .seeOther)
            #expect(try await settings(collector).rules.discoveredSchools == 5)
            let page = try await client.page("/alerts/rules").text
            #expect(page.contains("at 5 schools or on 20 devices"))
            #expect(page.contains("discovered_schools = 2, discovered_devices = 20, on"))
            // What nobody changed follows the file.
            try write(Self.file.replacingOccurrences(of: "= 20", with: "= 30"))
            #expect(try await settings(collector).rules.discoveredDevices == 30)
            let off = [
                ("kind", "growth"), ("step", "keep"), ("growth_factor", "3"), ("growth_devices", "20"),
                ("state", "off"),
            ]
            #expect(try await client.form("/alerts/rules", off).status == .seeOther)
            #expect(try await settings(collector).rules.off == [.growth])
            for kind in ["growth", "discovered"] {
                #expect(try await client.form("/alerts/rules", [("kind", kind), ("step", "file")]).status == .seeOther)
            }
            #expect(try await collector.store.alertChanges() == AlertChanges())
            let log = try await collector.store.auditEntries(AuditQuery(what: "alert_rules", limit: 9)).map(\.entry)
            #expect(log.count == 4)
            #expect(log.last?.before == "discovered_schools = 2, discovered_devices = 20, on")
            #expect(log.last?.after == "discovered_schools = 5, discovered_devices = 20, on")
        }
    }

    @Test func `lets ITS add a reader, who is written to, and switch one off, who is not`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let collector = try collector([Platform(name: "Sample Quiz", patterns: [.domain("quiz.example")])])
        let secret = try await collector.secret(school: "A")
        try await collector.run(as: .its) { client in
            _ = try await client.post(
                Path.reports, bearer: secret, body: try Report.sample([Row(name: "quiz.example", devices: 2)]))
            let reader = [
                ("step", "add"), ("name", "Law"), ("mail", "law@district.example"), ("schedule", "Weekly Monday 07:00"),
                ("urgent", "now"), ("kinds", "decision"), ("schools", "A; B"),
            ]
            for (field, value, message) in [
                ("mail", "a b", "is no e-mail address"), ("schedule", "hourly", "is no schedule"),
                ("quiet", "22-7", "are no hours"), ("kinds", "nothing", "Tick what the reader hears of"),
            ] {
                let wrong = try await client.form("/alerts/readers", reader.filter { $0.0 != field } + [(field, value)])
                #expect(wrong.status == .badRequest && wrong.text.contains(message), "\(field)")
            }
            #expect(try await client.form("/alerts/readers", reader).status == .seeOther)
            #expect(try await client.form("/alerts/readers", reader).status == .conflict)
            let page = try await client.page("/alerts/rules").text
            #expect(page.contains("law@district.example") && page.contains("weekly monday 07:00"))
            #expect(
                try await client.form("/alerts/readers", [("step", "off"), ("name", "ITS")]).status == .seeOther)
            try await collector.store.dispatch(try await settings(collector), at: TestCollector.now - 60)
            let flag = [("name", "Sample Quiz"), ("step", "flag"), ("reason", "sells data"), ("severity", "high")]
            #expect(try await client.form("/programme/step", flag).status == .seeOther)
            try await collector.store.dispatch(try await settings(collector), at: TestCollector.now + 60)
            let told = try await collector.store.dueMessages(at: TestCollector.now + 60).map(\.destination.text)
            #expect(told == ["mail:law@district.example"])
            #expect(
                try await client.form("/alerts/readers", [("step", "file"), ("name", "ITS")]).status == .seeOther)
            #expect(
                try await client.form("/alerts/readers", [("step", "file"), ("name", "Law")]).status == .seeOther)
            #expect(try await settings(collector).readers.map(\.name) == ["ITS"])
            let log = try await collector.store.auditEntries(AuditQuery(subject: "reader Law", limit: 9)).map(\.entry)
            #expect(log.map { $0.before == nil } == [false, true])
            #expect(log.first?.after == nil)
        }
    }

    @Test func `has no readers that tell a school's leaders what is flagged there: they are told by themselves`()
        async throws
    {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let collector = try collector()
        var programme = ProgrammeSettings()
        programme.alertsFile = folder + "/alerts.toml"
        let uses = UseReader(store: collector.store, catalogue: [])
        let reader = ProgrammeReader(
            store: collector.store, uses: uses, settings: programme, now: { TestCollector.now })
        for school in ["Sample High", "Sample Middle"] { _ = try await collector.secret(school: school) }
        _ = try await collector.person(.school, school: "Sample High", named: "principal@high.example")
        _ = try await collector.person(.school, school: "Sample Middle", named: "nobody")
        try await collector.store.dispatch(try await reader.tellingAlerts(), at: TestCollector.now - 60)
        func alert(_ kind: Alert.Kind, at school: String) -> Alert {
            Alert(
                subject: .init(kind, platform: "Sample Quiz", school: school), armedBy: "flagged",
                seen: "Sample Quiz is in use at \(school).", registry: "", ask: "", link: "/", weight: 1)
        }
        func told(at now: Int) async throws -> [String] {
            try await collector.store.dispatch(try await reader.tellingAlerts(), at: now)
            return try await collector.store.dueMessages(at: now).filter {
                $0.destination.text != "mail:its@district.example"
            }
            .map { "\($0.destination.text) \($0.message.subject)" }
        }
        let others = [alert(.flaggedInUse, at: "Sample Middle"), alert(.silent, at: "Sample High")]
        _ = try await collector.store.admit(others, at: TestCollector.now, rearmDays: 90)
        #expect(try await told(at: TestCollector.now + 60) == [])
        _ = try await collector.store.admit(
            [alert(.flaggedInUse, at: "Sample High")], at: TestCollector.now + 120, rearmDays: 90)
        let messages = try await told(at: TestCollector.now + 180)
        #expect(messages.count == 1 && messages[0].hasPrefix("mail:principal@high.example "))
        try write("tell_schools = false\n" + Self.file)
        #expect(try await reader.tellingAlerts().readers.map(\.name) == ["ITS"])
    }

    @Test func `leads to messages that wait or were given up, in pages, and sends one again`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let collector = try collector()
        try await collector.run(as: .its) { client in
            let asked = (0..<60).map { number in
                ToolRequest.Question(
                    school: "Sample High", tool: "Tool \(number)", purpose: "maps",
                    contact: "teacher\(number)@high.example")
            }
            _ = try await collector.store.ask(asked, at: TestCollector.now)
            #expect(try await client.page("/alerts/outbox").text.contains("1 to 50 of 60 messages"))
            #expect(try await client.page("/alerts/outbox?page=2").text.contains("teacher59@high.example"))
            #expect(try await client.page("/alerts/outbox?search=TOOL+7").text.contains("1 message<"))
            #expect(!(try await client.page("/alerts").text.contains("given up: their readers")))
            let first = try #require(try await collector.store.dueMessages(at: TestCollector.now).first)
            try await collector.store.settle(first, .dead(reason: "550 no such mailbox"), at: TestCollector.now)
            #expect(
                try await client.page("/alerts").text.contains(
                    "1 message was given up: their readers have not heard of it."))
            let dead = try await client.page("/alerts/outbox?state=dead").text
            #expect(dead.contains("550 no such mailbox") && dead.contains("Send again"))
            let again = try await client.form("/alerts/outbox", [("number", "\(first.identifier)")])
            #expect(again.headers[.location] == "/alerts/outbox")
            #expect(try await client.page("/alerts/outbox?state=dead").text.contains("No message was given up."))
            #expect(try await client.page("/alerts/outbox?page=9").headers[.location] == "/alerts/outbox")
        }
    }

    @Test func `is for others to read, and for ITS to change`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let collector = try collector()
        try await collector.run(as: .auditor) { client in
            let page = try await client.page("/alerts/rules").text
            #expect(page.contains("its@district.example") && !page.contains("<summary>Change"))
            #expect(
                try await client.form("/alerts/readers", [("step", "off"), ("name", "ITS")]).status == .forbidden)
        }
    }

    @Test func `has thousands of alerts in pages, finds some of them, and acknowledges these at once`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let collector = try collector()
        try await collector.run(as: .its) { client in
            let alerts = (0..<2000).map { number in
                Alert(
                    subject: .init(number < 1500 ? .discovered : .growth, platform: "tool\(number).example"),
                    armedBy: "x", seen: "tool\(number).example is in use.", registry: "", ask: "", link: "/", weight: 1)
            }
            _ = try await collector.store.admit(alerts, at: TestCollector.now - 60, rearmDays: 90)
            let page = try await client.page("/alerts?page=2").text
            #expect(page.contains("2,000 open alerts.") && page.contains("51 to 100 of 2,000 alerts"))
            #expect(page.contains("tool1949.example") && !page.contains("tool1950.example"))
            #expect(try await client.page("/alerts?search=TOOL7.example").text.contains("1 alert<"))
            #expect(
                try await client.page("/alerts?search=seen").text.contains("No alert matches all of these filters."))
            #expect(try await client.page("/alerts?kind=growth").text.contains("of 500 alerts"))
            #expect(try await client.page("/alerts?page=99").headers[.location] == "/alerts")
            let all = [("kind", "discovered"), ("search", "tool1")]
            #expect(try await client.form("/alerts/all", all).status == .seeOther)
            let left = try await client.page("/alerts").text
            #expect(left.contains("1,389 open alerts."))
            let log = try await collector.store.auditEntries(AuditQuery(what: "alert.acknowledge", limit: 9))
            #expect(log.first?.entry.after == "611 acknowledged")
        }
    }
}
