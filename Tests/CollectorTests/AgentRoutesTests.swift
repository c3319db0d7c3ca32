import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identity
import Registry
import Store
import Testing
import Wire

@Suite struct `An agent` {
    @Test func `joins with a token and reports with the secret that it got`() async throws {
        let collector = try TestCollector()
        let token = try await collector.token()
        try await collector.run { client in
            let request = Array(#"{"school": "Example High", "host": "gw", "version": "0.1.0", "later": true}"#.utf8)
            let joined = try await client.post(Path.agents, bearer: token, body: request)
            #expect(joined.status == .created)
            let identity = try joined.value(Enrolment.self)
            #expect(identity.school == "Example High")

            let rows = [Row(name: "a.example", dns: 1), Row(name: "A..example"), Row(name: "b.example", hours: [9: 3])]
            let report = try Report.sample(rows)
            let plain = try await client.post(Path.reports, bearer: identity.secret, body: report)
            #expect(plain.status == .ok)
            let receipt = try plain.value(Receipt.self)
            #expect(receipt.stored == 2)
            #expect(receipt.skipped.map(\.pointer) == ["/days/0/rows/1/name"])

            let zipped = try await client.post(
                Path.reports, bearer: identity.secret, body: Gzip.compress(report),
                headers: ["Content-Encoding": "gzip", "Content-Type": Wire.MediaType.report])
            #expect(try zipped.value(Receipt.self) == receipt)
            let names = try await collector.store.observations(in: ObservationScope()).names
            #expect(Set(names.map(\.name)) == ["a.example", "b.example"])
        }
    }

    @Test func `is refused with a token or secret that is not known, and told what to do`() async throws {
        let collector = try TestCollector()
        try await collector.run { client in
            for bearer in [nil, "", "x", "rcj_00", "rca_0123456789abcdef_" + String(repeating: "0", count: 64)] {
                for path in [Path.agents, Path.reports] {
                    let body = Array(#"{"host": "gw", "version": "0.1.0"}"#.utf8)
                    let answer = try await client.post(path, bearer: bearer, body: body)
                    #expect(answer.status == .unauthorized)
                    #expect(answer.headers[.contentType] == Wire.MediaType.problem)
                    #expect(answer.headers[.wwwAuthenticate] == "Bearer")
                    #expect(try answer.value(Problem.self).detail.contains("rollcall-"))
                }
            }
        }
    }

    @Test func `cannot join twice with a token for one, nor another school than the token's`() async throws {
        let collector = try TestCollector()
        let token = try await collector.token(school: "Example High")
        try await collector.run { client in
            func join(_ school: String) async throws -> TestResponse {
                let body = Array(#"{"school": "\#(school)", "host": "gw", "version": "0.1.0"}"#.utf8)
                return try await client.post(Path.agents, bearer: token, body: body)
            }
            #expect(try await join("Other").status == .forbidden)
            #expect(try await join("example high").value(Enrolment.self).school == "Example High")
            let second = try await join("Example High")
            #expect(second.status == .unauthorized)
            #expect(try second.value(Problem.self).detail.contains("used as often as it may be"))
        }
    }

    @Test(arguments: [
        ("{", [:], 400, "the body is no JSON"), (#"{"sent_at": 1, "version": "1"}"#, [:], 400, "/days is missing"),
        ("{}", ["Content-Encoding": "gzip"], 400, "cannot be unpacked"),
        ("{}", ["Content-Encoding": "br"], 415, "the Content-Encoding is br"),
        ("{}", ["Content-Type": "application/vnd.rollcall.report.v2+json"], 415, "update the collector"),
    ])
    func `is told what is wrong with a report`(
        body: String, headers: [String: String], status: Int, detail: String
    ) async throws {
        let collector = try TestCollector()
        let secret = try await collector.secret()
        try await collector.run { client in
            let answer = try await client.post(Path.reports, bearer: secret, body: Array(body.utf8), headers: headers)
            let problem = try answer.value(Problem.self)
            #expect(answer.status.code == status)
            #expect(problem.status == status)
            #expect(problem.detail.contains(detail), "\(problem.detail)")
        }
    }

    @Test func `is handed settings with its receipt until it says that it has them`() async throws {
        let collector = try TestCollector(catalogue: [
            Platform(name: "Sample Docs", patterns: [.domain("docs.example")]),
            Platform(name: "Sample CDN", kind: .infrastructure, patterns: [.domain("cdn.example")]),
        ])
        let secret = try await collector.secret()
        try await collector.store.setAgentSettings(
            RemoteSettings(version: 0, k: 7), for: .school("Example High"), by: Who(name: "sample", way: .command),
            at: 0)
        try await collector.run { client in
            func receipt(_ health: Health?) async throws -> Receipt {
                let report = try Report(sentAt: 0, version: "0.1.0", days: [], health: health).encoded()
                return try await client.post(Path.reports, bearer: secret, body: report).value(Receipt.self)
            }
            // One that does not tell which it has would not understand them either.
            let old = try await receipt(nil)
            #expect(old.settings == nil)
            let groups = [NameGroup(name: "Sample Docs", patterns: ["docs.example"])]
            let first = try await receipt(Health(uptimeSeconds: 1))
            #expect(first.settings == RemoteSettings(version: 1, k: 7, groups: groups))
            let second = try await receipt(Health(uptimeSeconds: 2, settingsVersion: 1))
            #expect(second.settings == nil)
        }
    }

    @Test func `may ask how far a name came, with its secret alone`() async throws {
        let collector = try TestCollector(catalogue: [
            Platform(name: "Sample Docs", status: .approved, patterns: [.domain("docs.example")])
        ])
        let secret = try await collector.secret()
        try await collector.run { client in
            let report = try Report.sample([Row(name: "www.docs.example", dns: 1)])
            _ = try await client.post(Path.reports, bearer: secret, body: report)
            func standing(_ name: String) async throws -> NameStanding {
                let headers = ["Authorization": "Bearer \(secret)"]
                return try await client.page(Path.names + "/" + name, headers: headers).value(NameStanding.self)
            }
            let today = SchoolDay(ordinal: 1_795_500_000 / 86_400)
            let told = NameStanding(lastDay: today, platform: "Sample Docs", status: "approved")
            #expect(try await standing("www.docs.example") == told)
            #expect(try await standing("docs.example") == told)
            #expect(try await standing("example") == NameStanding(lastDay: today))
            #expect(try await standing("cs.example") == NameStanding())
            let stranger = try await client.page(Path.names + "/docs.example", headers: [:])
            #expect(stranger.status == .unauthorized)
        }
    }

    @Test func `cannot fill the collector's memory, neither by what it sends nor by what that unpacks to`() async throws
    {
        let collector = try TestCollector()
        let secret = try await collector.secret()
        try await collector.run { client in
            let bomb = Gzip.compress([UInt8](repeating: 32, count: 9 << 20))
            let unpacked = try await client.post(
                Path.reports, bearer: secret, body: bomb, headers: ["Content-Encoding": "gzip"])
            #expect(unpacked.status == .contentTooLarge)
            #expect(try unpacked.value(Problem.self).detail.contains("8 MiB unpacked"))
        }
        let other = try TestCollector()
        let otherSecret = try await other.secret()
        try await other.run { client in
            let body = [UInt8](repeating: 32, count: (8 << 20) + 1)
            let sent = try await client.post(Path.reports, bearer: otherSecret, body: body)
            #expect(sent.status == .contentTooLarge)
        }
    }
}
