import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing
import Wire

@testable import rollcall_collector

@Suite struct `Where a request comes from` {
    private func client(
        _ peer: String, host: String = "collector.example", tls: Bool = false, trusted: Set<String> = [],
        headers: [String: String] = [:]
    ) throws -> Client {
        var head = HTTPRequest(method: .get, scheme: "http", authority: host, path: "/")
        for (name, value) in headers { head.headerFields[try #require(HTTPField.Name(name))] = value }
        var access = AccessSettings()
        access.isTLS = tls
        access.trustedProxies = trusted
        return try Client(
            Request(head: head, body: RequestBody(buffer: ByteBuffer())),
            from: try SocketAddress(ipAddress: peer, port: 50_000), access: access)
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1:8080", true), ("::1", "[::1]:8080", true), ("127.0.0.1", "localhost", true),
        ("::ffff:127.0.0.1", "localhost", true), ("192.0.2.1", "127.0.0.1:8080", false),
        ("2001:db8::1", "[::1]:8080", false), ("127.0.0.1", "collector.example", false),
        ("127.0.0.1", "127.0.0.1.collector.example:8080", false), ("127.0.0.1", "", false),
    ])
    func `in the clear is this machine, by a name that leads nowhere else`(
        peer: String, host: String, isAnswered: Bool
    ) throws {
        if isAnswered {
            let client = try client(peer, host: host)
            #expect(client.isThisMachine && !client.isSecure)
        } else {
            #expect(throws: Problem.self) { try client(peer, host: host) }
        }
    }

    @Test(arguments: ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
    func `in the clear is no proxy that nobody named`(header: String) {
        #expect(throws: Problem.self) {
            try client("127.0.0.1", host: "127.0.0.1", headers: [header: "192.0.2.1"])
        }
    }

    @Test func `is the other end of TLS, whatever it says of others`() throws {
        let client = try client(
            "192.0.2.1", tls: true, headers: ["X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http"])
        #expect(client.address == "192.0.2.1" && client.isSecure && !client.isThisMachine)
        #expect(client.origin == "https://collector.example")
    }

    @Test(arguments: [
        ("198.51.100.7", "198.51.100.7"), ("10.9.9.9, 198.51.100.7", "198.51.100.7"),
        ("198.51.100.7, 10.0.0.2", "198.51.100.7"), ("127.0.0.1, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.2, 10.0.0.1", "10.0.0.1"), ("::ffff:198.51.100.7", "198.51.100.7"), ("2001:db8::7", "2001:db8::7"),
    ])
    func `through named proxies is the last machine that none of them is`(forwarded: String, address: String) throws {
        let headers = ["X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"]
        let client = try client("10.0.0.1", trusted: ["10.0.0.1", "10.0.0.2"], headers: headers)
        #expect(client.address == address)
        #expect(client.isSecure && !client.isThisMachine)
    }

    @Test func `through a named proxy has to be encrypted before it`() {
        for proto in [nil, "http", "https, http"] {
            var headers = ["X-Forwarded-For": "198.51.100.7"]
            headers["X-Forwarded-Proto"] = proto
            #expect(throws: Problem.self) { try client("10.0.0.1", trusted: ["10.0.0.1"], headers: headers) }
        }
        #expect(throws: Problem.self) { try client("10.0.0.9", trusted: ["10.0.0.1"]) }
    }
}

@Suite struct `A rate` {
    @Test func `lets a burst through, then so many a second, for each by itself`() {
        let limiter = RateLimiter(rate: 2, burst: 4)
        #expect((1...5).map { _ in limiter.take("a", now: 100) } == [nil, nil, nil, nil, 1])
        #expect(limiter.take("b", now: 100) == nil)
        #expect((1...3).map { _ in limiter.take("a", now: 101) } == [nil, nil, 1])
        #expect(limiter.take("a", now: 50) == 1, "a clock that was set back gives nothing")
        #expect((1...5).map { _ in limiter.take("a", now: 1000) } == [nil, nil, nil, nil, 1])
    }

    @Test func `keeps count of so many and no more, and those beyond share one count`() {
        let limiter = RateLimiter(rate: 1, burst: 2)
        for number in 0..<RateLimiter.capacity { _ = limiter.take("\(number)", now: 0) }
        #expect((1...3).map { limiter.take("new \($0)", now: 0) } == [nil, nil, 1])
        #expect(limiter.take("5", now: 0) == nil)
        #expect(limiter.take("new 4", now: 9) == nil, "those who were quiet make room")
    }
}

@Suite struct `The gate for bodies` {
    @Test func `lets so many in, has so many wait, and sends the others away`() async throws {
        let gate = BodyGate(limit: 2, waiting: 3)
        let (open, opener) = AsyncStream.makeStream(of: Void.self)
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    try await gate.enter { for await _ in open { break } }
                    return true
                }
            }
            while gate.load != (2, 3) { await Task.yield() }
            await #expect(throws: Busy.self) { try await gate.enter {} }
            opener.finish()
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(outcomes == 5)
        #expect(gate.load == (0, 0))
        #expect(try await gate.enter { 7 } == 7)
    }

    @Test func `gives the place on also when a body fails`() async throws {
        let gate = BodyGate(limit: 1, waiting: 0)
        await #expect(throws: CancellationError.self) { try await gate.enter { throw CancellationError() } }
        #expect(gate.load == (0, 0))
    }
}

@Suite struct `Too much` {
    @Test func `from one address or one agent is answered with when to come again`() async throws {
        var access = AccessSettings()
        access.trustedProxies = ["127.0.0.1", "::1"]
        access.limits.perAddress = 1
        access.limits.perAgent = 1
        let collector = try TestCollector(access: access)
        let secret = try await collector.secret()
        try await collector.run(as: nil) { client in
            func status(_ address: String) async throws -> TestStatus {
                let answer = try await client.page(
                    "/healthz", headers: ["X-Forwarded-For": address, "X-Forwarded-Proto": "https"])
                return TestStatus(code: answer.status.code, retryAfter: answer.headers[.retryAfter])
            }
            for _ in 1...10 { #expect(try await status("198.51.100.7").code == 200) }
            #expect(try await status("198.51.100.7") == TestStatus(code: 429, retryAfter: "1"))
            #expect(try await status("198.51.100.8").code == 200)
            let report = try Report.sample([])
            for _ in 1...60 {
                #expect(try await client.post(Path.reports, bearer: secret, body: report).status == .ok)
            }
            let refused = try await client.post(Path.reports, bearer: secret, body: report)
            #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] == "1")
            #expect(try refused.value(Problem.self).detail.contains("Try again in 1 s"))
        }
    }

    private struct TestStatus: Equatable {
        var code: Int
        var retryAfter: String?
    }
}
