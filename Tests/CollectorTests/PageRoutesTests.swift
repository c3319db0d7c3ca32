import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identity
import NIOCore
import Registry
import Store
import Testing
import Wire

@testable import rollcall_collector

@Suite struct `Somebody who is signed in` {
    private static let paths = [
        "/", "/overview.csv", "/overview.json", "/tools", "/tools.csv", "/tools.json", "/tool?name=Sample%20Quiz",
        "/tool.csv?name=Sample%20Quiz", "/tool.json?name=Sample%20Quiz", "/schools", "/schools.csv", "/schools.json",
        "/school?name=Example%20High", "/school.csv?name=Example%20High", "/school.json?name=Example%20High",
        "/unknown",
        "/unknown.csv", "/unknown.json", "/gateways", "/gateways.csv", "/gateways.json",
    ]

    private func collector() async throws -> TestCollector {
        let quiz = Platform(name: "Sample Quiz", category: "games", patterns: [.domain("quiz.example")])
        return try TestCollector(catalogue: [quiz])
    }

    @Test func `reads every page, empty and with data, under a strict policy`() async throws {
        let collector = try await collector()
        let secret = try await collector.secret()
        try await collector.run { client in
            for _ in 0..<2 {
                for path in Self.paths + ["/static/style.css", "/healthz"] {
                    let page = try await client.page(path)
                    #expect(page.status == .ok, "\(path): \(page.text.prefix(300))")
                    let policy = try #require(HTTPField.Name("Content-Security-Policy").flatMap { page.headers[$0] })
                    #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                    #expect(!policy.contains("unsafe"))
                    #expect(page.headers[.xContentTypeOptions] == "nosniff")
                    #expect(HTTPField.Name("Referrer-Policy").flatMap { page.headers[$0] } == "same-origin")
                }
                let rows = [Row(name: "www.quiz.example", dns: 4, devices: 5), Row(name: "new.example", devices: 3)]
                _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample(rows))
            }
            let json = try await client.page("/tools.json?school=example%20high&from=&to=")
            #expect(json.text.contains("\"tool\" : \"Sample Quiz\""))
            #expect(try await client.page("/tools").text.contains("Sample Quiz"))
            #expect(try await client.page("/unknown").text.contains("new.example"))
            #expect(try await client.page("/tools.csv?from=2030-01-01").text.split(separator: "\r\n").count == 1)
        }
    }

    @Test func `gets in a file what the page shows, filtered, sorted, and in the columns that were chosen`()
        async throws
    {
        let collector = try await collector()
        let secret = try await collector.secret()
        try await collector.run { client in
            let rows = [Row(name: "www.quiz.example", dns: 4, devices: 5)]
            _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample(rows))
            let query = "?category=games&column=devices&column=dns&sort=tool"
            let csv = try await client.page("/tools.csv" + query)
            #expect(
                csv.text == "\u{FEFF}tool,devices,dns,replacement,conditions,embedded\r\nSample Quiz,5.0,4,,,\r\n")
            let page = try await client.page("/tools" + query)
            #expect(page.text.contains("<td data-label=\"DNS queries\" class=\"n\">4</td>"))
            #expect(!page.text.contains("data-label=\"Schools\""))
            #expect(
                page.text.contains("href=\"/tools.csv?category=games&amp;sort=tool&amp;column=devices&amp;column=dns\"")
            )
        }
    }

    @Test func `sees a decision on the next page`() async throws {
        let collector = try await collector()
        let secret = try await collector.secret()
        try await collector.run { client in
            let rows = [Row(name: "quiz.example", dns: 4, devices: 5)]
            _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample(rows))
            #expect(try await client.page("/tools.json").text.contains("\"status\" : \"not_in_registry\""))
            _ = try await collector.store.importRegistry(replacing: false, by: "sample", at: 1) { _ in
                [Platform(name: "Sample Quiz", status: .flagged)]
            }
            #expect(try await client.page("/tools.json").text.contains("\"status\" : \"flagged\""))
        }
    }

    @Test(arguments: [
        ("/?from=yesterday", 400, "from is &quot;yesterday&quot;; write a day as 2026-11-24"),
        ("/?from=2026-11-24&to=2026-11-23", 400, "choose a day that is not before 2026-11-24"),
        ("/?school=Nowhere", 404, "no school &quot;Nowhere&quot;"), ("/tool", 400, "Give its name"),
        ("/school", 400, "Give its name"), ("/school?name=Nowhere", 404, "no school &quot;Nowhere&quot;"),
        ("/tools?column=nonsense", 400, "choose one of"),
        ("/tool?name=Nothing", 404, "has a platform &quot;Nothing&quot;"), ("/nothing", 404, "nothing at /nothing"),
    ])
    func `is told what was wrong with an address`(path: String, status: Int, detail: String) async throws {
        let collector = try await collector()
        try await collector.run { client in
            let page = try await client.page(path)
            #expect(page.status.code == status)
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(page.text.contains(detail), "\(page.text)")
            let problem = try await client.page(path, headers: [:]).value(Problem.self)
            #expect(problem.status == status)
        }
    }
}

@Suite struct `A school leader` {
    @Test func `reads about their own school on every page, and is refused another`() async throws {
        let collector = try TestCollector(catalogue: [
            Platform(name: "Other Quiz", patterns: [.domain("other.example")])
        ])
        let own = try await collector.secret(school: "Example High")
        let other = try await collector.secret(school: "Other High")
        try await collector.run(as: .school, school: "Example High") { client in
            _ = try await client.post(
                Path.reports, bearer: own, body: try Report.sample([Row(name: "own.example", dns: 4, devices: 5)]))
            _ = try await client.post(
                Path.reports, bearer: other,
                body: try Report.sample([
                    Row(name: "other.example", dns: 4, devices: 5), Row(name: "secret.example", dns: 4, devices: 5),
                ]))
            for path in ["/", "/tools", "/tool?name=Other%20Quiz", "/school", "/unknown", "/unknown.json", "/gateways"]
            {
                let page = try await client.page(path)
                #expect(page.status == .ok, "\(path)")
                #expect(!page.text.contains("Other High") && !page.text.contains("secret.example"), "\(path)")
            }
            #expect(try await client.page("/tool?name=Other%20Quiz").text.contains("It was not seen"))
            #expect(try await client.page("/tools?manner=all").text.contains("0 tools in use"))
            for path in ["/tools?school=Other%20High", "/school?name=Other%20High", "/schools"] {
                #expect(try await client.page(path).status == .forbidden, "\(path)")
            }
        }
    }
}

@Suite struct `The review queue` {
    private func collector() async throws -> (TestCollector, secret: String) {
        let board = Platform(name: "Board", category: "classroom", patterns: [.domain("board.example")])
        let collector = try TestCollector(catalogue: [board])
        return (collector, try await collector.secret())
    }

    private let body = [
        Row(name: "www.quiz.example", dns: 4, devices: 5), Row(name: "api.quiz.example", dns: 4, devices: 3),
        Row(name: "wall.example", dns: 1, devices: 3),
    ]

    @Test func `makes a platform of a group, whose past use shows at once`() async throws {
        let (collector, secret) = try await collector()
        try await collector.run(as: .its) { [body] client in
            _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample(body))
            #expect(try await client.page("/unknown").text.contains("2 groups of names wait for review"))
            let made = try await client.form(
                "/unknown/platform",
                [
                    ("platform", "Sample Quiz"), ("status", "flagged"), ("patterns", "quiz.example"),
                    ("back", "/unknown?search=quiz"),
                ])
            #expect(made.status == .seeOther)
            #expect(made.headers[.location] == "/unknown?search=quiz&done=made&of=Sample%20Quiz")
            #expect(try await client.page("/tools?status=flagged").text.contains("Sample Quiz"))
            #expect(try await client.page("/unknown").text.contains("1 group of names waits for review"))
            let again = try await client.form(
                "/unknown/platform", [("platform", "sample quiz"), ("patterns", "wall.example")])
            #expect(again.status == .conflict)
        }
    }

    @Test func `assigns a group to a platform, which keeps its own names`() async throws {
        let (collector, secret) = try await collector()
        try await collector.run(as: .its) { [body] client in
            _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample(body))
            let assigned = try await client.form(
                "/unknown/assign", [("platform", "board"), ("patterns", "wall.example =api.quiz.example")])
            #expect(assigned.status == .seeOther)
            let registry = try await collector.store.registry()
            #expect(registry.map(\.name) == ["Board"])
            #expect(
                registry[0].patterns == [.domain("board.example"), .domain("wall.example"), .exact("api.quiz.example")])
            let unknown = try await client.form(
                "/unknown/assign", [("platform", "Nothing"), ("patterns", "a.example")])
            #expect(unknown.status == .notFound)
            let wrong = try await client.form(
                "/unknown/assign", [("platform", "Board"), ("patterns", "https://a.example/")])
            #expect(wrong.status == .badRequest)
        }
    }

    @Test func `dismisses a group with a reason, and brings it back`() async throws {
        let (collector, secret) = try await collector()
        try await collector.run(as: .admin) { [body] client in
            _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample(body))
            #expect(try await client.form("/unknown/dismiss", [("group", "wall.example")]).status == .badRequest)
            _ = try await client.form("/unknown/dismiss", [("group", "wall.example"), ("reason", "our own page")])
            #expect(try await client.page("/unknown").text.contains("1 group of names waits for review"))
            #expect(try await client.page("/unknown?state=dismissed").text.contains("our own page"))
            _ = try await client.form("/unknown/restore", [("group", "wall.example")])
            #expect(try await client.page("/unknown").text.contains("2 groups of names wait for review"))
            let entries = try await collector.store.auditEntries(AuditQuery(what: "names", limit: 9)).map(\.entry)
            #expect(entries.map(\.what) == ["names.restore", "names.dismiss"])
            #expect(entries.map(\.subject) == ["wall.example", "wall.example"])
            #expect(entries[1].after == "our own page")
        }
    }

    private static let joined = "quizrocket.io quizrocketcdn.com quizrocket-files.net"

    private func rocket() async throws -> TestCollector {
        let (collector, secret) = try await collector()
        let agent = try #require(AgentSecret(bearer: secret))
        let identity = try #require(try await collector.store.agent(proving: agent))
        let rows = [
            Row(name: "www.quizrocket.io", devices: 9), Row(name: "a.quizrocketcdn.com", devices: 8),
            Row(name: "quizrocket-files.net", devices: 7), Row(name: "wall.example", devices: 3),
        ]
        let report = try Report(json: try Report.sample(rows))
        let today = SchoolDay(ordinal: TestCollector.now / 86_400)
        try await collector.store.record(
            AcceptedReport(checking: report, today: today), from: identity, at: TestCollector.now)
        return collector
    }

    @Test func `shows domains that belong together as one group, and makes one platform of all`() async throws {
        let collector = try await rocket()
        try await collector.run(as: .its) { client in
            let page = try await client.page("/unknown").text
            #expect(page.contains("2 groups of names wait for review"))
            #expect(page.contains("<bdi>quizrocket.io and 2 more domains</bdi>"))
            #expect(page.contains("all are called quizrocket"))
            #expect(page.contains("name=\"group\" value=\"\(Self.joined)\""))
            #expect(page.contains("name=\"patterns\" value=\"\(Self.joined)\""))
            #expect(page.contains("name=\"platform\" value=\"Quizrocket\""))
            for name in ["www.quizrocket.io", "a.quizrocketcdn.com", "quizrocket-files.net"] {
                #expect(page.contains("<th scope=\"row\"><bdi>\(name)</bdi></th>"), "\(name)")
            }
            let made = try await client.form(
                "/unknown/platform", [("platform", "Quiz Rocket"), ("group", Self.joined), ("patterns", Self.joined)])
            #expect(made.status == .seeOther)
            #expect(try await client.page("/unknown").text.contains("1 group of names waits for review"))
            #expect(try await client.page("/tools.csv").text.contains("Quiz Rocket"))
            let audit = try await collector.store.auditEntries(AuditQuery(what: "platform.make", limit: 9)).map(\.entry)
            #expect(audit.map(\.after) == [Self.joined])
        }
    }

    @Test func `assigns all domains of a group`() async throws {
        let collector = try await rocket()
        try await collector.run(as: .its) { client in
            _ = try await client.form(
                "/unknown/assign", [("platform", "Board"), ("group", Self.joined), ("patterns", Self.joined)])
            #expect(try await collector.store.registry().first?.patterns.count == 4)
            #expect(try await client.page("/unknown").text.contains("1 group of names waits for review"))
        }
    }

    @Test func `dismisses all domains of a group for one reason, and brings all back`() async throws {
        let collector = try await rocket()
        try await collector.run(as: .its) { client in
            let dismissed = try await client.form(
                "/unknown/dismiss", [("group", Self.joined), ("reason", "a news site"), ("back", "/unknown")])
            let address = try #require(dismissed.headers[.location])
            #expect(address.contains("of=quizrocket.io%20quizrocketcdn.com%20quizrocket-files.net"))
            let page = try await client.page(address).text
            #expect(page.contains("quizrocket.io and 2 more domains were dismissed."))
            #expect(page.contains("1 group of names waits for review"))
            let gone = try await client.page("/unknown?state=dismissed").text
            #expect(gone.contains("<bdi>quizrocket.io and 2 more domains</bdi>") && gone.contains("a news site"))
            let entries = try await collector.store.auditEntries(AuditQuery(what: "names", limit: 9)).map(\.entry)
            #expect(Set(entries.map(\.subject)) == Set(Self.joined.split(separator: " ").map(String.init)))
            #expect(entries.allSatisfy { $0.after == "a news site" })
            // As the form of the notice does.
            #expect(page.contains("name=\"group\" value=\"\(Self.joined)\""))
            let restored = try await client.form("/unknown/restore", [("group", Self.joined)])
            let back = try await client.page(try #require(restored.headers[.location])).text
            #expect(back.contains("quizrocket.io and 2 more domains wait for review again."))
            #expect(back.contains("2 groups of names wait for review"))
            #expect(try await collector.store.dismissals().isEmpty)
        }
    }

    @Test func `says of a group that others like it were dismissed`() async throws {
        let collector = try await rocket()
        try await collector.run(as: .its) { client in
            // Several fields are one list, as a script may send them.
            _ = try await client.form(
                "/unknown/dismiss",
                [("group", "quizrocket.io"), ("group", "QUIZROCKETCDN.com"), ("reason", "a news site")])
            let page = try await client.page("/unknown").text
            #expect(page.contains("<bdi>quizrocket-files.net</bdi>"))
            #expect(
                page.contains(
                    "It would be one group with quizrocket.io and quizrocketcdn.com, which were dismissed: “a news site”."
                ))
        }
    }

    @Test(arguments: ["a..example", "a.example é.example", (0...200).map { "d\($0).example" }.joined(separator: " ")])
    func `refuses what is no group`(group: String) async throws {
        let (collector, _) = try await collector()
        try await collector.run(as: .its) { client in
            for path in ["/unknown/dismiss", "/unknown/restore"] {
                let answer = try await client.form(path, [("group", group), ("reason", "ours")])
                #expect(answer.status == .badRequest)
            }
            #expect(try await collector.store.dismissals().isEmpty)
        }
    }

    @Test func `has all groups in a file, with the devices of the page`() async throws {
        let collector = try await rocket()
        try await collector.run { client in
            let csv = try await client.page("/unknown.csv").text
            let lines = csv.split(separator: "\r\n").map(String.init)
            #expect(
                lines.first
                    == "\u{FEFF}group,domains,schools,devices,change,first_seen,name_count,names,likely,dismissed")
            #expect(
                lines.dropFirst().first { $0.hasPrefix("quizrocket.io,") }?.hasPrefix(
                    "quizrocket.io,quizrocket.io; quizrocketcdn.com; quizrocket-files.net,1,9.0,") == true, "\(csv)")
            #expect(lines.count == 3)
            #expect(try await client.page("/unknown").text.contains("9.0 devices a day at 1 school"))
            let found = try await client.page("/unknown.json?search=quizrocketc").text
            #expect(found.contains("\"group\" : \"quizrocket.io\"") && !found.contains("wall.example"))
        }
    }
}
