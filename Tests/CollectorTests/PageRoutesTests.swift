import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Registry
import Store
import Testing
import Wire

@testable import rollcall_collector

@Suite struct `Somebody at the collector's machine` {
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
                    #expect(HTTPField.Name("Referrer-Policy").flatMap { page.headers[$0] } == "no-referrer")
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

@Suite struct `A stranger` {
    @Test(arguments: [
        ["X-Forwarded-For": "192.0.2.1"], ["Forwarded": "for=192.0.2.1"], ["Via": "1.1 proxy.example"],
    ])
    func `gets no page that is for people, on any route, through a proxy`(
        headers: [String: String]
    ) async throws {
        let collector = try TestCollector()
        // The list is the router's own, so that a route is covered on the day it is written.
        let open = ["/healthz", "/static/style.css", Path.agents, Path.reports]
        let paths = try CollectorRoutes(store: collector.store, catalogue: []).router().routes
            .filter { $0.method == .get }.map { $0.path.description }.filter { !open.contains($0) }
        #expect(paths.count >= 5)
        try await collector.run { client in
            for path in paths {
                let page = try await client.page(path, headers: headers)
                #expect(page.status == .forbidden, "\(path)")
                #expect(try page.value(Problem.self).detail.contains("There is no sign-in yet"))
            }
        }
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1:8080", true), ("::1", "[::1]:8080", true), ("127.0.0.1", "localhost", true),
        ("::ffff:127.0.0.1", "localhost", true), ("192.0.2.1", "127.0.0.1:8080", false),
        ("2001:db8::1", "[::1]:8080", false), ("127.0.0.1", "collector.example", false),
        ("127.0.0.1", "127.0.0.1.collector.example:8080", false), ("127.0.0.1", nil, false),
    ])
    func `is whoever comes from another machine, or by a name that another may have given`(
        client: String, host: String?, isReader: Bool
    ) throws {
        let head = HTTPRequest(method: .get, scheme: "http", authority: host, path: "/")
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
        let address = try SocketAddress(ipAddress: client, port: 50_000)
        switch ReaderMiddleware.reader(request, from: address) {
        case .success: #expect(isReader)
        case .failure(let problem):
            #expect(!isReader)
            #expect(problem.status == 403)
        }
    }
}
