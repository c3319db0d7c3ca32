import Foundation
import HTTPTypes
import HummingbirdTesting
import Identity
import Programme
import Registry
import Store
import Testing
import Wire

@testable import rollcall_collector

@Suite struct `The certification programme's pages` {
    private static let catalogue = [
        Platform(name: "Kahoot!", vendor: "Kahoot", category: "assessment", patterns: [.domain("kahoot.it")]),
        Platform(
            name: "Sample Quiz", vendor: "Sample Rocket", category: "assessment", patterns: [.domain("quiz.example")]),
        Platform(name: "<b>Bold</b>", category: "assessment", patterns: [.domain("bold.example")]),
    ]

    private func collector(flagged: Bool = false) throws -> TestCollector {
        var settings = ProgrammeSettings()
        settings.factsLifetime = 0
        settings.checklistFile = try Self.root("config/audit-checklist.toml")
        (settings.hasPublicList, settings.showsFlagged, settings.district) = (true, flagged, "Sample District")
        return try TestCollector(catalogue: Self.catalogue, programme: settings)
    }

    static func root(_ path: String) throws -> String {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.appendingPathComponent(path).path
    }

    private static func auditForm(_ result: String) throws -> [(String, String)] {
        let checklist = try #require(try ProgrammeRoutesTestsFiles.checklist())
        return checklist.questions.map { ("answer." + $0.identifier, "yes") } + [
            ("name", "Sample Quiz"), ("step", "audit"), ("from", "2026-11-01"), ("to", "2026-11-20"),
            ("result", result),
            ("summary", "Looked at."), ("evidence.agreement", "https://docs.example/agreement"),
        ]
    }

    @Test func `take a platform from use through review and audit to the lists, and tell the buyers`() async throws {
        let collector = try collector()
        let secret = try await collector.secret(school: "Sample High")
        try await collector.run { client in
            let rows = [Row(name: "quiz.example", dns: 4, devices: 25)]
            _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample(rows))
            // As a browser's search field sends it.
            let undecided = try await client.page("/procurement?q=sample+quiz")
            #expect(undecided.text.contains("value=\"sample quiz\""))
            #expect(undecided.text.contains("Nobody has decided yet"))
            #expect(undecided.text.contains("1 school in the last seven days"))

            let review = [("name", "Sample Quiz"), ("step", "review"), ("reason", "asked for")]
            #expect(try await client.form("/programme/step", review).status == .seeOther)
            let early = [
                ("name", "Sample Quiz"), ("step", "approve"), ("audiences", "staff"), ("expires", "2027-06-30"),
            ]
            let refused = try await client.form("/programme/step", early)
            #expect(
                refused.status == .badRequest && refused.text.contains("An audit of this review is missing"),
                "\(refused.text)")
            #expect(try await client.form("/programme/step", Self.auditForm("passed")).status == .seeOther)
            let approve = early + [("audiences", "students_13"), ("conditions", "class accounts only")]
            #expect(try await client.form("/programme/step", approve).status == .seeOther)

            let dossier = try await client.page("/programme/platform?name=Sample%20Quiz").text
            for text in [
                "Approved until", "June 30, 2027", "class accounts only", "students aged 13 and over", "History",
                "Looked at.",
            ] {
                #expect(dossier.contains(text), "\(text)")
            }
            #expect(dossier.contains("href=\"https://docs.example/agreement\""))
            let answer = try await client.page("/procurement?q=quiz.example").text
            #expect(answer.contains("Yes, you may buy it."))
            let list = try await client.page("/procurement/acceptable.csv").text
            let platforms = try PlatformFile.read(Array(list.utf8), file: "acceptable.csv")
            #expect(platforms.map(\.name) == ["Sample Quiz"])
            #expect(platforms.first?.terms.approvalExpires?.description == "2027-06-30")
            #expect(
                try await client.page("/procurement/acceptable.atom").text.contains(
                    "Sample Quiz is now approved (class accounts only)."))
            #expect(try await client.page("/procurement/changes.json?since=2026-11-25").text == "[\n\n]\n")
            #expect(try await client.page("/procurement/changes.csv").text.contains("Sample Quiz is now approved"))
            #expect(try await client.page("/alerts").text.contains("Sample Quiz is approved for staff"))
            #expect(try await client.page("/programme").text.contains("Approved (1)"))
        }
    }

    @Test func `keep figures, contracts and what is flagged from everybody`() async throws {
        let collector = try collector()
        let secret = try await collector.secret(school: "Sample High")
        _ = try await collector.store.importRegistry(replacing: false, by: "sample", at: 1) { _ in
            [
                Platform(
                    name: "Kahoot!", status: .approved, conditions: "quizzes only", notes: "secret note",
                    terms: Terms(contract: "C-4711", licences: 4712),
                    privacy: PrivacyFacts(studentData: ["name"], agreement: .init(link: "https://docs.example/dpa"))),
                Platform(name: "Sample Quiz", status: .flagged, replacement: "Kahoot!", notes: "sells data"),
            ]
        }
        let rows = [Row(name: "kahoot.it", dns: 4, devices: 4713), Row(name: "quiz.example", dns: 4, devices: 25)]
        try await collector.run(as: nil) { client in
            _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample(rows))
            for path in [
                "/public", "/public/embed", "/public/approved.csv", "/public/approved.json", "/public/changes.atom",
            ] {
                let answer = try await client.page(path)
                #expect(answer.status == .ok, "\(path)")
                for secret in ["4711", "4712", "4713", "Sample High", "secret note", "Sample Quiz", "sells data"] {
                    #expect(!answer.text.contains(secret), "\(path): \(secret)")
                }
            }
            let page = try await client.page("/public").text
            for text in [
                "Kahoot!", "assessment", "quizzes only", "name", "https://docs.example/dpa", "Sample District",
            ] {
                #expect(page.contains(text), "\(text)")
            }
            #expect(try await client.page("/public?search=nothing").text.contains("No tool matches."))
            #expect(try await client.page("/public?search=KAHOOT&category=assessment").text.contains("quizzes only"))
            let csv = try await client.page("/public/approved.csv").text
            #expect(try PlatformFile.read(Array(csv.utf8), file: "approved.csv").map(\.name) == ["Kahoot!"])
            let policy = try #require(HTTPField.Name("Content-Security-Policy"))
            #expect(try await client.page("/public/embed").headers[policy]?.contains("frame-ancestors *") == true)
            #expect(try await client.page("/public").headers[policy]?.contains("frame-ancestors 'none'") == true)
        }
    }

    @Test
    func `show everybody what is flagged where the district says so, and nothing at all where it does not publish`()
        async throws
    {
        let open = try collector(flagged: true)
        _ = try await open.store.importRegistry(replacing: false, by: "sample", at: 1) { _ in
            [Platform(name: "Sample Quiz", status: .flagged, notes: "secret note")]
        }
        let admin = try await open.signIn(.admin)
        try await open.run(as: nil) { client in
            let flag = [("name", "Kahoot!"), ("step", "flag"), ("reason", "sells data"), ("severity", "high")]
            #expect(try await client.signed(in: admin).form("/programme/step", flag).status == .seeOther)
            let page = try await client.page("/public")
            #expect(page.text.contains("Sample Quiz") && page.text.contains("sells data"))
            #expect(!page.text.contains("secret note"))
        }
        let closed = try TestCollector()
        try await closed.run(as: nil) { client in
            for path in ["/public", "/public/approved.csv"] {
                let answer = try await client.page(path)
                #expect(answer.status == .notFound)
            }
        }
    }

    @Test func `show a school's leader the own school's requests and cases, and no other's`() async throws {
        let collector = try collector()
        _ = try await collector.secret(school: "Sample High")
        _ = try await collector.secret(school: "Sample Middle")
        try await collector.run(as: .school, school: "Sample High") { client in
            let wish = [("tool", "new tool"), ("purpose", "maps"), ("contact", "teacher@high.example")]
            #expect(
                try await client.form("/programme/requests", wish + [("school", "Sample Middle")]).status == .forbidden)
            let sent = try await client.form("/programme/requests", wish + [("school", "Sample High")])
            let location = try #require(sent.headers[.location])
            #expect(try await client.page(location).text.contains("Your request for new tool has been received."))
            let other = ToolRequest.Question(school: "Sample Middle", tool: "Other", purpose: "secret purpose")
            let asked = try await collector.store.ask([other], at: 1)
            #expect(try await !client.page("/programme/requests").text.contains("secret purpose"))
            let step = [("number", "\(asked[0].number)"), ("step", "agree")]
            #expect(try await client.form("/programme/requests/step", step).status == .forbidden)
            let bad = try await client.form(
                "/programme/requests", wish.dropLast() + [("school", "Sample High"), ("contact", "a@b\r\nBcc: c@d")])
            #expect(bad.status == .badRequest)
        }
    }

    @Test func `take over a survey, ask about what is misspelt, and compare`() async throws {
        let collector = try collector()
        let secret = try await collector.secret(school: "Sample High")
        try await collector.run { client in
            _ = try await client.post(
                Path.reports, bearer: secret,
                body: try Report.sample([Row(name: "kahoot.it", devices: 5), Row(name: "bold.example", devices: 9)]))
            let csv = "school,tool,users\nSample High,kahut,30\nSample High,Sample Quiz,\n"
            #expect(
                try await client.form("/programme/surveys", [("survey", "Fall"), ("csv", csv)]).status == .seeOther)
            let wrong = try await client.form("/programme/surveys", [("survey", "Fall"), ("csv", "school,tool\n,x\n")])
            #expect(wrong.status == .badRequest && wrong.text.contains("Fall:2: school is empty"))
            #expect(try await client.page("/programme/surveys").text.contains("To confirm (1)"))
            let unsure = try #require(try await collector.store.declarations(survey: "Fall").first { !$0.isConfirmed })
            #expect(unsure.platform == "Kahoot!")
            let confirm = [("number", "\(unsure.number)"), ("survey", "Fall"), ("platform", "Kahoot!")]
            #expect(try await client.form("/programme/surveys/confirm", confirm).status == .seeOther)
            let page = try await client.page("/programme/surveys?survey=Fall&school=Sample%20High").text
            let parts = [
                "Declared and seen", "Kahoot!", "Declared and not seen", "Sample Quiz", "Seen and not declared",
                "&lt;b&gt;Bold",
            ]
            var rest = page[...]
            for part in parts {
                let range = try #require(rest.range(of: part), "\(part)")
                rest = rest[range.upperBound...]
            }
            #expect(!page.contains("<b>Bold"))
        }
    }

    @Test func `weigh spend, and keep contract language`() async throws {
        let collector = try collector()
        let secret = try await collector.secret(school: "Sample High")
        try await collector.run(as: .procurement) { client in
            _ = try await client.post(
                Path.reports, bearer: secret, body: try Report.sample([Row(name: "kahoot.it", devices: 5)]))
            let csv = "platform,school,period,amount,licences\nKahoot!,Sample High,2026-27,\"1,200.50\",40\n"
            #expect(try await client.form("/procurement/spend", [("csv", csv)]).status == .seeOther)
            let sheet = try await client.page("/procurement/leverage.csv").text
            #expect(
                sheet.contains(
                    "Kahoot!,Kahoot,assessment,not_in_registry,1,5,0,,40,1200.50,40 licences are paid for and at most 5 devices use it: buy fewer."
                ))
            let language = [("title", "Data"), ("text", "The vendor shall delete."), ("name", "")]
            #expect(try await client.form("/procurement/language", language).status == .seeOther)
            #expect(
                try await client.page("/procurement/language?name=Kahoot!").text.contains("The vendor shall delete."))
            let step = [("name", "Kahoot!"), ("step", "flag"), ("reason", "x")]
            #expect(try await client.form("/programme/step", step).status == .forbidden)
        }
    }

    @Test func `acknowledge, put off and give away alerts`() async throws {
        let collector = try collector()
        _ = try await collector.store.ask([], at: 1)
        try await collector.run { client in
            let flag = [("name", "Sample Quiz"), ("step", "flag"), ("reason", "sells data"), ("severity", "high")]
            #expect(try await client.form("/programme/step", flag).status == .seeOther)
            #expect(try await client.page("/alerts").text.contains("Open (1)"))
            #expect(
                try await client.form("/alerts", [("number", "1"), ("step", "assign"), ("to", "its.sample")]).status
                    == .seeOther)
            #expect(
                try await client.form("/alerts", [("number", "1"), ("step", "snooze"), ("days", "7")]).status
                    == .seeOther)
            let page = try await client.page("/alerts").text
            #expect(page.contains("put off until") && page.contains("with its.sample"))
            #expect(
                try await client.form("/alerts", [("number", "1"), ("step", "snooze"), ("days", "0")]).status
                    == .badRequest)
            #expect(try await client.form("/alerts", [("number", "1"), ("step", "acknowledge")]).status == .seeOther)
            #expect(try await client.page("/alerts").text.contains("Open (0)"))
            #expect(try await client.page("/programme/letter").text.contains("sells data"))
            #expect(try await client.page("/programme/rules").text.contains("that it was seen at a school"))
        }
    }
}

/// Files of the project that tests read as the collector does.
enum ProgrammeRoutesTestsFiles {
    static func checklist() throws -> Checklist? {
        var settings = ProgrammeSettings()
        settings.checklistFile = try `The certification programme's pages`.root("config/audit-checklist.toml")
        return try settings.checklist()
    }
}
