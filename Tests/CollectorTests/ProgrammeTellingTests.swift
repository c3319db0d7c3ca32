import Alerts
import Foundation
import HTTPTypes
import HummingbirdTesting
import Identity
import Logging
import Programme
import Registry
import Store
import Testing
import Wire

@testable import rollcall_collector

@Suite struct `Steps of the programme` {
    private static let catalogue = [
        Platform(name: "Kahoot!", vendor: "Kahoot", category: "assessment", patterns: [.domain("kahoot.it")]),
        Platform(name: "Sample Quiz", category: "assessment", patterns: [.domain("quiz.example")]),
    ]

    private func settings(_ alerts: String) throws -> ProgrammeSettings {
        var settings = ProgrammeSettings()
        settings.factsLifetime = 0
        settings.alertsFile = NSTemporaryDirectory() + "rollcall-telling-\(UUID().uuidString).toml"
        let mail = "[mail]\nhost = \"localhost\"\nsecurity = \"none\"\nfrom = \"rollcall@district.example\"\n"
        try (alerts + mail).write(toFile: settings.alertsFile ?? "", atomically: true, encoding: .utf8)
        return settings
    }

    /// The messages that are due, as what they begin with, by whom they go to.
    private func told(_ collector: TestCollector, _ reader: ProgrammeReader) async throws -> [String: String] {
        try await collector.store.dispatch(try await reader.tellingAlerts(), at: reader.now())
        var told: [String: String] = [:]
        while let entry = try await collector.store.dueMessages(at: reader.now()).first {
            told[entry.destination.text, default: ""] += entry.message.text
            try await collector.store.settle(entry, .delivered, at: reader.now())
        }
        return told
    }

    @Test func `are told to the leaders of the schools that use the platform, and to no others`() async throws {
        let settings = try settings("[[reader]]\nname = \"ITS\"\nmail = \"its@district.example\"\n")
        defer { try? FileManager.default.removeItem(atPath: settings.alertsFile ?? "") }
        let clock = TestClock(TestCollector.now)
        let collector = try TestCollector(catalogue: Self.catalogue, programme: settings, now: { clock.now })
        let reader = collector.programme
        let high = try await collector.secret(school: "Sample High")
        _ = try await collector.secret(school: "Sample Middle")
        _ = try await collector.person(.school, school: "Sample High", named: "principal@high.example")
        _ = try await collector.person(.school, school: "Sample Middle", named: "principal@middle.example")
        try await collector.run(as: .its) { client in
            _ = try await client.post(
                Path.reports, bearer: high, body: try Report.sample([Row(name: "quiz.example", devices: 9)]))
            #expect(try await told(collector, reader).isEmpty)
            let review = [("name", "Sample Quiz"), ("step", "review"), ("reason", "asked for")]
            #expect(try await client.form("/programme/step", review).status == .seeOther)
            #expect(try await told(collector, reader).keys.sorted() == ["mail:its@district.example"])
            clock.now += 3600
            let flag = [
                ("name", "Sample Quiz"), ("step", "flag"), ("reason", "sells data"), ("severity", "high"),
                ("replacement", "Kahoot!"),
            ]
            #expect(try await client.form("/programme/step", flag).status == .seeOther)
            let flagged = try await told(collector, reader)
            #expect(flagged.keys.sorted() == ["mail:its@district.example", "mail:principal@high.example"])
            #expect(
                flagged["mail:principal@high.example"]?.contains(
                    "Sample Quiz is flagged. The reason: sells data. Do not buy it; where it is in use, move to Kahoot!."
                )
                    == true)
        }
    }

    @Test func `that a file of the registry takes are told like any other`() async throws {
        let settings = try settings(
            """
            [[reader]]
            name = "Buyers"
            mail = "buyers@district.example"
            kinds = ["decision"]

            """)
        defer { try? FileManager.default.removeItem(atPath: settings.alertsFile ?? "") }
        let clock = TestClock(TestCollector.now)
        let collector = try TestCollector(catalogue: Self.catalogue, programme: settings, now: { clock.now })
        let reader = collector.programme
        let keeper = ProgrammeKeeper(
            reader: reader, webhooks: try WebhookClient(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        func evaluate() async throws -> String {
            try await keeper.evaluate(try await reader.tellingAlerts())
            return try await told(collector, reader)["mail:buyers@district.example"] ?? ""
        }
        #expect(try await evaluate().isEmpty)
        func file(_ platforms: [Platform]) async throws {
            clock.now += 3600
            _ = try await collector.store.importRegistry(replacing: true, by: "its.sample", at: clock.now) { _ in
                platforms
            }
        }
        try await file([
            Platform(name: "Kahoot!", status: .approved, conditions: "quizzes only"),
            Platform(name: "Sample Quiz", status: .flagged, replacement: "Kahoot!", notes: "sells data"),
        ])
        let first = try await evaluate()
        #expect(
            first.contains(
                "Kahoot! is approved, as a file of the registry says. Conditions: quizzes only. You may buy and use it."
            ))
        #expect(first.contains("Sample Quiz is flagged, as a file of the registry says. The reason: sells data."))
        #expect(try await evaluate().isEmpty)
        try await file([Platform(name: "Kahoot!", status: .underReview)])
        let second = try await evaluate()
        #expect(second.contains("Kahoot! is under review, as a file of the registry says."))
        #expect(second.contains("Sample Quiz is off the lists: a file of the registry has it no more."))
        await keeper.webhooks.shutdown()
    }

    @Test func `of a request that was misspelt wait for somebody to say what is meant, and are answered then`()
        async throws
    {
        let settings = try settings("")
        defer { try? FileManager.default.removeItem(atPath: settings.alertsFile ?? "") }
        let collector = try TestCollector(catalogue: Self.catalogue, programme: settings)
        _ = try await collector.secret(school: "Sample High")
        _ = try await collector.store.importRegistry(replacing: true, by: "its.sample", at: 1) { _ in
            [Platform(name: "Kahoot!", status: .approved, conditions: "quizzes only")]
        }
        let leader = try await collector.signIn(.school, school: "Sample High")
        try await collector.run(as: .its) { client in
            let school = client.signed(in: leader)
            let wish = [
                ("school", "Sample High"), ("tool", "kahut"), ("purpose", "quizzes"),
                ("contact", "teacher@high.example"),
            ]
            let asked = try await school.form("/programme/requests", wish)
            let page = try await school.page(try #require(asked.headers[.location])).text
            #expect(page.contains("Did you mean Kahoot!?") && page.contains("It is Kahoot!</button>"))
            #expect(!page.contains("It is a known platform"))
            #expect(try await client.page("/programme/requests").text.contains("It is a known platform"))
            let number = try #require(try await collector.store.requests().first).number
            func means(_ name: String) -> [(String, String)] {
                [("number", "\(number)"), ("step", "means"), ("platform", name)]
            }
            #expect(try await client.form("/programme/requests/step", means("Nothing")).status == .badRequest)
            let settled = try await school.form("/programme/requests/step", means("kahoot!"))
            let answer = try await school.page(try #require(settled.headers[.location])).text
            #expect(answer.contains("Kahoot! is approved. You may use it: quizzes only."))
            var mails: [String] = []
            while let entry = try await collector.store.dueMessages(at: TestCollector.now).first {
                mails.append(entry.message.text)
                try await collector.store.settle(entry, .delivered, at: TestCollector.now)
            }
            #expect(
                mails.first?.hasPrefix(
                    "Sample High asks for kahut: quizzes. It may be what the registry calls Kahoot!:") == true)
            #expect(
                mails.dropFirst() == [
                    "Your request for kahut has been received. Sample High looks at it first.\n",
                    "Kahoot! is approved. You may use it: quizzes only.\n",
                ])
            #expect(try await school.form("/programme/requests/step", means("Kahoot!")).status == .badRequest)
        }
    }
}

@Suite struct `The checklist of audits` {
    @Test func `is a file, and each audit keeps the questions of the version that it used`() async throws {
        let file = NSTemporaryDirectory() + "rollcall-checklist-\(UUID().uuidString).toml"
        defer { try? FileManager.default.removeItem(atPath: file) }
        @Sendable func write(_ version: String, _ question: String) throws {
            try
                "version = \"\(version)\"\ntitle = \"Sample checklist\"\n[[question]]\nid = \"agreement\"\ntext = \"\(question)\"\n"
                .write(toFile: file, atomically: true, encoding: .utf8)
        }
        try write("1", "Is there an agreement?")
        var settings = ProgrammeSettings()
        (settings.factsLifetime, settings.checklistFile) = (0, file)
        let collector = try TestCollector(
            catalogue: [Platform(name: "Sample Quiz", patterns: [.domain("quiz.example")])], programme: settings)
        try await collector.run(as: .its) { client in
            func step(_ name: String, _ more: [(String, String)]) async throws -> String {
                let answer = try await client.form("/programme/step", [("name", "Sample Quiz"), ("step", name)] + more)
                return answer.status == .seeOther ? "" : answer.text
            }
            let audit = [
                ("from", "2026-11-01"), ("to", "2026-11-20"), ("result", "failed"), ("summary", "Looked at."),
                ("answer.agreement", "no"), ("evidence.agreement", "https://docs.example/a https://docs.example/b"),
            ]
            #expect(try await step("review", [("reason", "asked for")]).isEmpty)
            #expect(try await step("audit", audit).isEmpty)
            // Other questions under the same version would change what an old audit said.
            try write("1", "Is there a signed agreement?")
            #expect(try await step("audit", audit).contains("the file needs a new version"))
            try write("2", "Is there a signed agreement?")
            #expect(try await step("audit", audit).isEmpty)
            let page = try await client.page("/programme/platform?name=Sample+Quiz").text
            let parts = page.components(separatedBy: "<h2 id=")
            let current = try #require(parts.first { $0.contains(">The audit</h2>") })
            #expect(current.contains("Is there a signed agreement?") && current.contains("Sample checklist, version 2"))
            #expect(current.contains("href=\"https://docs.example/b\">Document 2</a>"))
            let past = try #require(parts.first { $0.contains(">History</h2>") })
            #expect(past.contains("Is there an agreement?") && past.contains("Sample checklist, version 1"))
            #expect(past.contains("Audit of November 20, 2026: failed"))
        }
    }
}

@Suite struct `A survey` {
    @Test func `whose school is misspelt is compared once somebody has said which school it is`() async throws {
        var settings = ProgrammeSettings()
        settings.factsLifetime = 0
        let collector = try TestCollector(
            catalogue: [Platform(name: "Sample Quiz", patterns: [.domain("quiz.example")])], programme: settings)
        _ = try await collector.secret(school: "Sample High")
        try await collector.run(as: .its) { client in
            let csv = "school,tool\nSample Hihg,Sample Quiz\nElsewhere,Sample Quiz\nsample high,quiz.example\n"
            let survey = [("survey", "Fall"), ("csv", csv)]
            #expect(try await client.form("/programme/surveys", survey).status == .seeOther)
            let page = try await client.page("/programme/surveys").text
            #expect(page.contains("Schools that are not known (2)") && page.contains("It is Sample High</button>"))
            func means(_ school: String) -> [(String, String)] {
                [("survey", "Fall"), ("written", "Sample Hihg"), ("school", school)]
            }
            #expect(try await client.form("/programme/surveys/school", means("Nowhere")).status == .badRequest)
            #expect(try await client.form("/programme/surveys/school", means("Sample High")).status == .seeOther)
            #expect(try await client.page("/programme/surveys").text.contains("Schools that are not known (1)"))
            let declared = try await collector.store.declarations(survey: "Fall").map(\.declaration.school)
            #expect(declared.sorted() == ["Elsewhere", "Sample High", "sample high"])
            let log = try await collector.store.auditEntries(AuditQuery(what: "survey.school", limit: 9)).map(\.entry)
            #expect(log.map(\.after) == ["Sample High, 1 declarations"])
        }
    }
}
