import Foundation
import HTTPTypes
import HummingbirdTesting
import Identity
import Store
import Testing
import Wire

@testable import rollcall_collector

@Suite struct `The description of the API` {
    private struct Document: Decodable {
        var openapi: String
        var paths: [String: [String: Operation]]

        struct Operation: Decodable {
            var operationId: String
            var responses: [String: Ignored]
        }

        struct Ignored: Decodable {}
    }

    @Test func `has every route for programs, with its methods, and no other`() throws {
        let document = try JSONDecoder().decode(Document.self, from: Data(APIRoutes.description.utf8))
        #expect(document.openapi == "3.1.0")
        let described = document.paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } }
        let own = ["/healthz", "/readyz", "/metrics", "/openapi.json"]
        let routes = CollectorRoutes.access.filter { $0.path.hasPrefix("/v1/") || own.contains($0.path) }
        #expect(Set(described) == Set(routes.map { "\($0.method) \($0.path)" }))
        for route in routes where route.audience != .everybody {
            let operation = try #require(document.paths[route.path]?[route.method.rawValue.lowercased()])
            #expect(operation.responses["401"] != nil, "\(route.path)")
        }
    }
}

@Suite struct `A list of the API` {
    @Test func `comes in parts that together are the whole`() async throws {
        let collector = try TestCollector()
        for number in 1...7 { _ = try await collector.secret(school: "School \(number)") }
        let token = try await collector.apiToken(.auditor, scopes: [.readDistrict, .read, .audit])
        try await collector.run(as: nil) { client in
            for (path, key) in [("/v1/agents", "agent"), ("/v1/schools", "school"), ("/v1/audit", "number")] {
                var seen: [String] = []
                var after = ""
                for _ in 1...9 {
                    let answer = try await client.page(
                        "\(path)?limit=3\(after)", headers: ["Authorization": "Bearer \(token)"])
                    #expect(answer.status == .ok, "\(answer.text)")
                    let part = try #require(
                        JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any])
                    let items = try #require(part["items"] as? [[String: Any]])
                    seen += items.map { "\($0[key] ?? "")" }
                    guard let next = part["next"] as? String else { break }
                    #expect(items.count == 3)
                    after = "&after=\(next)"
                }
                #expect(seen.count >= 7 && Set(seen).count == seen.count, "\(path): \(seen)")
            }
        }
    }

    @Test func `is not sent again to whoever has it`() async throws {
        let collector = try TestCollector()
        _ = try await collector.secret(school: "Example High")
        try await collector.run(as: .its) { client in
            let first = try await client.page("/v1/schools", headers: [:])
            let tag = try #require(first.headers[.eTag])
            let again = try await client.page("/v1/schools", headers: ["If-None-Match": "\"x\", W/\(tag)"])
            #expect(again.status == .notModified && again.text.isEmpty && again.headers[.eTag] == tag)
            _ = try await collector.secret(school: "Other High")
            let changed = try await client.page("/v1/schools", headers: ["If-None-Match": tag])
            #expect(changed.status == .ok && changed.headers[.eTag] != tag)
        }
    }

    @Test(arguments: [
        ("/v1/agents?limit=0", "limit is \"0\""), ("/v1/agents?limit=x", "limit is \"x\""),
        ("/v1/tools?form=2026-01-01", "form is not known here; the fields are school, from, to, limit, after"),
        ("/v1/names?after=%21", "after is \"!\""), ("/v1/names?after=YQ", "a cursor of another list"),
        ("/v1/audit?from=x", "from is \"x\""),
    ])
    func `says what was wrong with a question`(path: String, detail: String) async throws {
        let collector = try TestCollector()
        try await collector.run(as: .admin) { client in
            let answer = try await client.page(path, headers: [:])
            #expect(answer.status == .badRequest)
            #expect(answer.headers[.contentType] == Wire.MediaType.problem)
            #expect(try answer.value(Problem.self).detail.contains(detail), "\(answer.text)")
        }
    }

    @Test func `says by which methods a path is asked`() async throws {
        let collector = try TestCollector()
        try await collector.run(as: .admin) { client in
            let answer = try await client.execute(uri: "/v1/agents", method: .delete)
            #expect(answer.status == .methodNotAllowed)
            #expect(answer.headers[.allow]?.split(separator: ", ").sorted() == ["GET", "HEAD", "POST"])
        }
    }

    @Test func `tells a school's leader of that school alone`() async throws {
        let collector = try TestCollector()
        for school in ["Example High", "Other High"] {
            let secret = try await collector.secret(school: school)
            let name = school.prefix { $0 != " " }.lowercased() + ".example"
            let identity = try #require(AgentSecret(bearer: secret))
            let agent = try #require(try await collector.store.agent(proving: identity))
            let report = try Report(json: try Report.sample([Row(name: name, dns: 4, devices: 5)]))
            let today = SchoolDay(ordinal: TestCollector.now / 86_400)
            try await collector.store.record(
                AcceptedReport(checking: report, today: today), from: agent, at: TestCollector.now)
        }
        try await collector.run(as: .school, school: "Example High") { leader in
            let own = try await leader.page("/v1/names", headers: [:]).text
            #expect(own.contains("example.example") && !own.contains("other.example"), "\(own)")
            #expect(try await leader.page("/v1/names?school=Other%20High", headers: [:]).status == .forbidden)
            let csv = try await leader.page("/unknown.csv").text
            #expect(csv.contains("example.example") && !csv.contains("other.example"))
        }
    }
}

@Suite struct `Metrics` {
    @Test func `are OpenMetrics, and count what happened`() async throws {
        let collector = try TestCollector()
        let secret = try await collector.secret()
        let token = try await collector.apiToken(.its, scopes: [.watch])
        try await collector.run(as: nil) { client in
            _ = try await client.post(
                Path.reports, bearer: secret,
                body: try Report.sample([Row(name: "a.example"), Row(name: "A..example")]))
            _ = try await client.page("/nothing")
            let answer = try await client.page("/metrics", headers: ["Authorization": "Bearer \(token)"])
            #expect(answer.headers[.contentType] == OpenMetrics.mediaType)
            let lines = answer.text.split(separator: "\n")
            #expect(lines.last == "# EOF")
            #expect(lines.contains(#"rollcall_http_requests_total{method="POST",route="/v1/reports",status="200"} 1"#))
            #expect(lines.contains(#"rollcall_report_rows_total{outcome="stored"} 1"#))
            #expect(lines.contains(#"rollcall_report_rows_total{outcome="skipped"} 1"#))
            #expect(lines.contains(#"rollcall_agents{state="reporting"} 1"#))
            #expect(lines.contains(#"rollcall_http_request_seconds_bucket{le="+Inf"} 2"#))
            let sample = /[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.e-]+/
            for line in lines where !line.hasPrefix("#") { #expect(line.wholeMatch(of: sample) != nil, "\(line)") }
        }
    }
}

@Suite struct `A gateway's identity` {
    private static let request = Array(#"{"host": "gw", "version": "0.1.0"}"#.utf8)

    @Test func `is renewed: the old secret holds until the new one is there, and the counts go on`() async throws {
        let collector = try TestCollector()
        let old = try await collector.secret()
        let agent = try #require(AgentSecret(bearer: old)).agent
        try await collector.run(as: .its) { its in
            let page = try await its.form("/gateways/\(agent)/rotate")
            let token = String(try #require(page.text.firstMatch(of: /rcj_[0-9a-f]{64}/)).output)
            let report = try Report.sample([Row(name: "a.example", dns: 1, devices: 3)])
            #expect(try await its.post(Path.reports, bearer: old, body: report).status == .ok)
            let renewed = try await its.post(Path.agents, bearer: token, body: Self.request).value(Enrolment.self)
            #expect(renewed.agent == agent && renewed.school == "Example High")
            #expect(try await its.post(Path.reports, bearer: old, body: report).status == .unauthorized)
            #expect(try await its.post(Path.reports, bearer: renewed.secret, body: report).status == .ok)
            #expect(try await its.post(Path.agents, bearer: token, body: Self.request).status == .unauthorized)
            let names = try await collector.store.observations(in: ObservationScope()).names
            #expect(names.map(\.dns) == [1], "the same counts under the same identity are the same")
        }
    }

    @Test func `is taken back and moved, and who did it is kept`() async throws {
        let collector = try TestCollector()
        let secret = try await collector.secret()
        _ = try await collector.secret(school: "Other High")
        let agent = try #require(AgentSecret(bearer: secret)).agent
        try await collector.run(as: .its) { its in
            #expect(try await its.form("/gateways/\(agent)/move", [("school", "Nowhere")]).status == .badRequest)
            #expect(try await its.form("/gateways/\(agent)/move", [("school", "other high")]).status == .seeOther)
            #expect(try await its.page("/gateways/\(agent)").text.contains("Other High"))
            #expect(try await its.form("/gateways/\(agent)/revoke").status == .seeOther)
            let report = try Report.sample([])
            #expect(try await its.post(Path.reports, bearer: secret, body: report).status == .unauthorized)
            #expect(try await its.form("/gateways/0/revoke").status == .notFound)
            let log = try await collector.store.auditEntries(AuditQuery(subject: agent, limit: 9)).map(\.entry)
            #expect(log.map(\.what) == ["agent.revoke", "agent.move", "agent.join"])
            #expect(log[1].before == "Example High" && log[1].after == "Other High")
        }
    }
}
