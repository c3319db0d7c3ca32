import Alerts
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

    func collector(flagged: Bool = false) throws -> TestCollector {
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
                "Approved until", "Jun 30, 2027", "class accounts only", "students aged 13 and over", "History",
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
            #expect(
                try await client.page("/procurement/changes.json?since=2026-11-25").text.contains("\"rows\" : [\n\n  ]")
            )
            #expect(try await client.page("/procurement/changes.csv").text.contains("Sample Quiz is now approved"))
            #expect(try await client.page("/alerts").text.contains("Sample Quiz is approved for staff"))
            let approved = try await client.page("/programme?stage=approved").text
            #expect(approved.contains("Sample Quiz") && approved.contains("Jun 30, 2027"))
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
            #expect(try await client.page("/public?search=nothing").text.contains("Nothing here has “nothing” in it."))
            #expect(try await client.page("/public?search=KAHOOT&category=assessment").text.contains("quizzes only"))
            let csv = try await client.page("/public/approved.csv").text
            #expect(try PlatformFile.read(Array(csv.utf8), file: "approved.csv").map(\.name) == ["Kahoot!"])
            let policy = try #require(HTTPField.Name("Content-Security-Policy"))
            let frame = try await client.page("/public/embed?search=kahoot&category=")
            #expect(frame.headers[policy]?.contains("frame-ancestors *") == true)
            // Nothing else may deny what the policy allows; a search stays in the frame, and links lead out of it.
            for name in ["X-Frame-Options", "Cross-Origin-Resource-Policy"] {
                #expect(frame.headers[try #require(HTTPField.Name(name))] == nil)
                #expect(try await client.page("/public").headers[try #require(HTTPField.Name(name))] != nil)
            }
            #expect(frame.text.contains("action=\"/public/embed\" aria-label=\"Show\" target=\"_self\""))
            #expect(frame.text.contains("<base target=\"_blank\"/>") && frame.text.contains("Kahoot!"))
            #expect(try await client.page("/public/embed?search=nothing").text.contains("No tool matches."))
            #expect(try await client.page("/public").headers[policy]?.contains("frame-ancestors 'none'") == true)
            let files = try await collector.programme.publicFiles()
            for secret in ["4711", "4712", "4713", "Sample High", "secret note", "Sample Quiz", "sells data"] {
                #expect(files.allSatisfy { !$0.text.contains(secret) }, "\(secret)")
            }
            let index = try #require(files.first { $0.name == "index.html" }?.text)
            #expect(index.contains("quizzes only") && index.contains("<script src=\"search.js\" defer></script>"))
            // It needs nothing but its own files.
            let linked = index.matches(of: /(?:href|src)="([^"#]+)"/).map { String($0.1) }
            #expect(Set(linked).subtracting(files.map(\.name)) == ["https://docs.example/dpa"])
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

    @Test func `acknowledge, put off and give away alerts`() async throws {
        let collector = try collector()
        _ = try await collector.store.ask([], at: 1)
        try await collector.run { client in
            let flag = [("name", "Sample Quiz"), ("step", "flag"), ("reason", "sells data"), ("severity", "high")]
            #expect(try await client.form("/programme/step", flag).status == .seeOther)
            #expect(try await client.page("/alerts").text.contains("1 open alert."))
            #expect(
                try await client.form("/alerts", [("number", "1"), ("step", "assign"), ("to", "its.sample")]).status
                    == .seeOther)
            #expect(
                try await client.form("/alerts", [("number", "1"), ("step", "snooze"), ("days", "7")]).status
                    == .seeOther)
            let page = try await client.page("/alerts?state=put_off").text
            #expect(page.contains("Dec 1, 2026") && page.contains("its.sample"))
            #expect(
                try await client.form("/alerts", [("number", "1"), ("step", "snooze"), ("days", "0")]).status
                    == .badRequest)
            #expect(try await client.form("/alerts", [("number", "1"), ("step", "acknowledge")]).status == .seeOther)
            #expect(try await client.page("/alerts").text.contains("0 open alerts."))
            let log = try await collector.store.auditEntries(AuditQuery(what: "alert.", limit: 9)).map(\.entry)
            #expect(log.map(\.what) == ["alert.acknowledge", "alert.snooze", "alert.assign"])
            #expect(log.allSatisfy { $0.subject == "Sample Quiz is flagged." && $0.after != nil })
            #expect(try await client.page("/programme/letter").text.contains("sells data"))
            #expect(try await client.page("/programme/rules").text.contains("that it was seen at a school"))
        }
    }

    @Test func `write to whoever asked at each step, and to those whose turn it is`() async throws {
        var settings = ProgrammeSettings()
        settings.factsLifetime = 0
        settings.alertsFile = NSTemporaryDirectory() + "rollcall-reviewers-\(UUID().uuidString).toml"
        try """
        root = "https://rollcall.district.example"
        [[reviewer]]
        subject = "Mathematics"
        mail = "maths@district.example"
        [[reviewer]]
        mail = "its@district.example"
        """.write(toFile: settings.alertsFile ?? "", atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: settings.alertsFile ?? "") }
        let collector = try TestCollector(catalogue: Self.catalogue, programme: settings)
        _ = try await collector.secret(school: "Sample High")
        let principal = try await collector.person(.school, school: "Sample High", named: "principal@high.example")
        let its = try await collector.signIn(.its)
        let leader = try await collector.session(of: principal)
        try await collector.run(as: nil) { stranger in
            let (school, district) = (stranger.signed(in: leader), stranger.signed(in: its))
            func told() async throws -> [String] {
                var told: [String] = []
                while let entry = try await collector.store.dueMessages(at: TestCollector.now).first {
                    told.append("\(entry.destination.text) \(entry.message.text)")
                    try await collector.store.settle(entry, .delivered, at: TestCollector.now)
                }
                return told
            }
            // The form has the leader's own address in it already.
            #expect(
                try await school.page("/programme/requests?tool=Sample+Quiz").text.contains("principal@high.example"))
            let wish = [
                ("school", "Sample High"), ("tool", "sample quiz"), ("purpose", "fractions"),
                ("subject", "mathematics"),
                ("users", "30"), ("contact", "teacher@high.example"),
            ]
            #expect(try await school.form("/programme/requests", wish).status == .seeOther)
            let first = try await told()
            #expect(first.count == 2)
            #expect(first[0].hasPrefix("mail:principal@high.example Sample High asks for Sample Quiz (mathematics)"))
            #expect(first[0].contains("https://rollcall.district.example/programme/requests"))
            #expect(first[1].hasPrefix("mail:teacher@high.example Your request for Sample Quiz has been received."))
            let number = try #require(try await collector.store.requests().first).number
            func step(_ name: String) -> [(String, String)] { [("number", "\(number)"), ("step", name)] }
            #expect(try await school.form("/programme/requests/step", step("take")).status == .forbidden)
            #expect(try await school.form("/programme/requests/step", step("agree")).status == .seeOther)
            let second = try await told()
            #expect(
                second.map { $0.split(separator: " ")[0] } == [
                    "mail:maths@district.example", "mail:teacher@high.example",
                ])
            #expect(second[0].contains("Take it into a review"))
            #expect(second[1].contains("The reviewer of mathematics looks at it next."))
            #expect(try await district.form("/programme/requests/step", step("take")).status == .seeOther)
            let third = try await told()
            #expect(third.map { $0.contains("Sample Quiz is under review by the district.") } == [true])
            let flag = [
                ("name", "Sample Quiz"), ("step", "flag"), ("reason", "sells data"), ("severity", "high"),
                ("replacement", "Kahoot!"),
            ]
            #expect(try await district.form("/programme/step", flag).status == .seeOther)
            let fourth = try await told()
            #expect(fourth.map { $0.contains("must not be used: sells data. Use Kahoot! instead.") } == [true])
            let answered = try await school.page("/programme/requests?state=answered").text
            #expect(answered.contains("must not be used"))
            let again = try await school.form("/programme/requests", wish)
            #expect(
                try await school.page(try #require(again.headers[.location])).text.contains(
                    "is flagged and must not be used"))
            #expect(try await told().count == 1)
            // Where nobody at the school can be written to, the reviewer is asked to find out.
            let elsewhere = [("school", "Sample Middle"), ("tool", "Star Maps"), ("purpose", "maps")]
            #expect(try await district.form("/programme/requests", elsewhere).status == .seeOther)
            let orphan = try await told()
            #expect(orphan.count == 1 && orphan[0].hasPrefix("mail:its@district.example Sample Middle asks for"))
            #expect(orphan[0].contains("No leader of the school can be written to"))
        }
    }

    @Test func `take over many requests, all or nothing, and let the school take one back`() async throws {
        let collector = try collector()
        _ = try await collector.secret(school: "Sample High")
        let leader = try await collector.signIn(.school, school: "Sample High")
        try await collector.run(as: .its) { client in
            let wrong = try await client.form(
                "/programme/requests/many", [("csv", "school,tool,purpose\nSample High,,maps\n")])
            #expect(wrong.status == .badRequest && wrong.text.contains("requests:2: tool is empty"))
            let csv = "school,tool,purpose\nSample High,A,maps\nSample High,B,songs\n"
            #expect(try await client.form("/programme/requests/many", [("csv", csv)]).status == .seeOther)
            let requests = try await collector.store.requests()
            #expect(requests.map(\.value.question.tool) == ["B", "A"])
            let back = [("number", "\(requests[0].number)"), ("step", "withdraw")]
            #expect(try await client.signed(in: leader).form("/programme/requests/step", back).status == .seeOther)
            let page = try await client.page("/programme/requests").text
            #expect(page.contains("maps") && !page.contains("songs"))
            // What nobody knew of so far is under review when it is taken.
            let take = [("number", "\(requests[1].number)"), ("step", "take")]
            #expect(try await client.form("/programme/requests/step", take).status == .seeOther)
            let review = try await client.page("/programme").text
            #expect(review.contains("/programme/platform?name=A\""))
            let flag = [("name", "A"), ("step", "flag"), ("reason", "sells data"), ("severity", "high")]
            #expect(try await client.form("/programme/step", flag).status == .seeOther)
            #expect(try await client.page("/programme/requests?state=answered").text.contains("A is flagged"))
            let log = try await collector.store.auditEntries(AuditQuery(what: "request.", limit: 9)).map(\.entry)
                .filter { $0.subject != "Sample High: A" }
            #expect(log.map(\.what) == ["request.step", "request.ask", "request.ask"])
            #expect(log[0].before == "With the school" && log[0].after == "Your request for B was withdrawn.")
        }
    }

    @Test func `show a case with its use by day, its steps and what was written`() async throws {
        let collector = try collector()
        let secret = try await collector.secret(school: "Sample High")
        _ = try await collector.secret(school: "Sample Middle")
        let other = try await collector.signIn(.school, school: "Sample Middle")
        try await collector.run(as: .its) { client in
            _ = try await client.post(
                Path.reports, bearer: secret, body: try Report.sample([Row(name: "quiz.example", devices: 9)]))
            let flag = [("name", "Sample Quiz"), ("step", "flag"), ("reason", "sells data"), ("severity", "high")]
            #expect(try await client.form("/programme/step", flag).status == .seeOther)
            let day = SchoolDay(ordinal: TestCollector.now / 86_400)
            let facts = UseFacts(
                today: day, schools: [SchoolFacts(school: "Sample High", lastDay: day, days: [day])],
                tools: [
                    ToolFacts(
                        name: "Sample Quiz", platform: Platform(name: "Sample Quiz", status: .flagged),
                        uses: ["Sample High": UseAtSchool(devices: 9, firstDay: day, days: [day: 9])])
                ])
            try await collector.store.weighCases(facts, paid: [:], terms: TransitionCase.Terms())
            let found = try #require(try await collector.store.cases().first)
            let link = "/programme/case?number=\(found.number)"
            #expect(try await client.page("/programme/cases").text.contains(link))
            let change = [
                ("number", "\(found.number)"), ("owner", "its.sample"), ("due", "2026-12-24"),
                ("step", "Write to parents"),
                ("message", "The principal was told."),
            ]
            #expect(try await client.form("/programme/cases", change).headers[.location] == link)
            let done = [("number", "\(found.number)"), ("done", "Tell the principal")]
            #expect(try await client.form("/programme/cases/done", done).headers[.location] == link)
            let page = try await client.page(link).text
            for text in [
                "<svg class=\"chart\"", "Use grows: at least 9 devices", "The principal was told.", "Write to parents",
                "its.sample",
                "9 devices on November 24, 2026", "Done",
            ] {
                #expect(page.contains(text), "\(text)")
            }
            // Flagged anew with something to move to: the case says so, too.
            let again = flag + [("replacement", "Kahoot!")]
            #expect(try await client.form("/programme/step", again).status == .seeOther)
            try await collector.store.weighCases(facts, paid: [:], terms: TransitionCase.Terms())
            #expect(try await collector.store.cases().map(\.value.replacement) == ["Kahoot!"])
            #expect(try await client.signed(in: other).page(link).status == .forbidden)
            #expect(try await client.page("/programme/case?number=x").status == .notFound)
            let log = try await collector.store.auditEntries(AuditQuery(what: "case.", limit: 9)).map(\.entry)
            #expect(log.map(\.subject) == ["Sample Quiz at Sample High", "Sample Quiz at Sample High"])
            #expect(
                log[1].before?.contains("owner nobody") == true && log[1].after?.contains("owner its.sample") == true)
        }
    }

    @Test func `give a month's letter as a page, as text and as a file that stands alone`() async throws {
        let collector = try collector()
        try await collector.run(as: .its) { client in
            let flag = [("name", "<b>Bold</b>"), ("step", "flag"), ("reason", "sells data"), ("severity", "high")]
            #expect(try await client.form("/programme/step", flag).status == .seeOther)
            let page = try await client.page("/programme/letter").text
            #expect(
                page.contains("November 2026") && page.contains("?month=2026-10") && !page.contains("?month=2026-12"))
            let file = try await client.page("/programme/letter.html?month=2026-11").text
            #expect(file.contains("&lt;b&gt;Bold") && !file.contains("<b>Bold") && file.contains("<style>"))
            #expect(!file.contains("href=\"/") && !file.contains("<script"))
            #expect(try await client.page("/programme/letter.txt").text.contains("- <b>Bold</b>: sells data"))
            #expect(try await client.page("/programme/letter?month=2026-13").status == .badRequest)
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
