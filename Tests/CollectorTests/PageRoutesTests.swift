import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Registry
import Store
import Testing
import Wire

@testable import rollcall_collector

@Suite struct `Somebody who is signed in` {
    private static let paths = ["/", "/report.csv", "/report.json", "/schools", "/tools?name=Sample%20Quiz"]

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
            let json = try await client.page("/report.json?school=example%20high&from=&to=")
            #expect(json.text.contains("\"platform\" : \"Sample Quiz\""))
            #expect(try await client.page("/").text.contains("Sample Quiz"))
            #expect(try await client.page("/report.csv?from=2030-01-01").text.split(separator: "\n").count == 1)
        }
    }

    @Test func `sees a decision on the next page`() async throws {
        let collector = try await collector()
        let secret = try await collector.secret()
        try await collector.run { client in
            let rows = [Row(name: "quiz.example", dns: 4, devices: 5)]
            _ = try await client.post(Path.reports, bearer: secret, body: try Report.sample(rows))
            #expect(try await client.page("/report.json").text.contains("\"status\" : \"not_in_registry\""))
            _ = try await collector.store.importRegistry(replacing: false, by: "sample", at: 1) { _ in
                [Platform(name: "Sample Quiz", status: .flagged)]
            }
            #expect(try await client.page("/report.json").text.contains("\"status\" : \"flagged\""))
        }
    }

    @Test(arguments: [
        ("/?from=yesterday", 400, "from is &quot;yesterday&quot;; write a day as 2026-11-24"),
        ("/?from=2026-11-24&to=2026-11-23", 400, "is before the first one"),
        ("/?school=Nowhere", 404, "no school &quot;Nowhere&quot;"), ("/tools", 400, "Give its name"),
        ("/tools?name=Nothing", 404, "has a platform &quot;Nothing&quot;"), ("/nothing", 404, "nothing at /nothing"),
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
