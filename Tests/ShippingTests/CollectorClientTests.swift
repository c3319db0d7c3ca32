import Foundation
import NIOHTTP1
import Shipping
import Testing
import Wire

@Suite struct `A collector's certificate` {
    static let authority = LocalServer.certificates + "authority.pem"

    /// Why a report does not get through; nil when it does.
    static func problem(
        certificate: String, trusting file: String?, pins: Set<CertificatePin> = []
    ) async throws -> (reason: String?, asked: [LocalServer.Asked]) {
        let server = try await LocalServer.start(certificate: certificate)
        let settings = ConnectionSettings(certificateFile: file, pins: pins)
        let client = try CollectorClient(collectors: [CollectorAddress(server.address)], settings: settings)
        let reply = await client.send([], secret: "rca_secret")
        await client.shutdown()
        await server.stop()
        if case .unavailable(let reason, _) = reply.answer { return (reason, server.asked) }
        return (nil, server.asked)
    }

    @Test(
        arguments: [
            ("good", nil, "signed by an authority that this machine does not trust"),
            ("expired", authority, "its certificate expired on 2021-01-01T00:00Z, and this machine's clock says 20"),
            ("future", authority, "its certificate is valid from 2100-01-01T00:00Z, and this machine's clock says 20"),
            ("other", authority, "its certificate is for another name; use the name that is in the certificate"),
        ] as [(String, String?, String)])
    func `that cannot be accepted is told with the reason and what to do, and gets no secret`(
        certificate: String, authority: String?, words: String
    ) async throws {
        let (reason, asked) = try await Self.problem(certificate: certificate, trusting: authority)
        #expect(try #require(reason).contains(words))
        #expect(asked == [])
    }

    @Test func `of the district's own authority is accepted where that is named`() async throws {
        let (reason, asked) = try await Self.problem(certificate: "good", trusting: Self.authority)
        #expect(reason == nil)
        #expect(asked == [LocalServer.Asked(line: "POST /v1/reports", authorization: "Bearer rca_secret")])
    }

    @Test func `has to have the pinned key, or it gets no secret, whoever signed it`() async throws {
        // openssl x509 -in good.pem -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64
        let key = try Self.opensslPin(of: "good")
        let right = try await Self.problem(certificate: "good", trusting: Self.authority, pins: [key])
        #expect(right.reason == nil)
        let other = try Self.opensslPin(of: "other")
        let wrong = try await Self.problem(certificate: "good", trusting: Self.authority, pins: [other])
        #expect(try #require(wrong.reason).contains("its key is not the pinned one (it shows \(key))"))
        #expect(wrong.asked == [])
    }

    @Test func `file that is not there or has none in it is told`() throws {
        let address = try CollectorAddress("https://collector.example")
        let settings = ConnectionSettings(certificateFile: "/nowhere.pem")
        let error = #expect(throws: ShippingError.self) {
            try CollectorClient(collectors: [address], settings: settings)
        }
        #expect(
            error?.description
                == "/nowhere.pem: cannot be used as certificates (not there, or not readable); name a PEM file")
    }

    /// The pin of a certificate as an independent program computes it.
    static func opensslPin(of certificate: String) throws -> CertificatePin {
        let file = LocalServer.certificates + certificate + ".pem"
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c",
            "openssl x509 -in \(file) -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64",
        ]
        process.standardOutput = output
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        return try #require(CertificatePin("sha256/" + text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
}

@Suite struct `A collector with several addresses` {
    @Test func `is asked at the next where one does not answer, and at that one from then on`() async throws {
        let server = try await LocalServer.start(certificate: nil)
        let gone = try await LocalServer.start(certificate: nil)
        await gone.stop()
        let addresses = try [gone, server].map { try CollectorAddress($0.address) }
        let client = try CollectorClient(collectors: addresses)
        for _ in 0..<3 {
            guard case .confirmed = await client.send([], secret: "s").answer else {
                Issue.record("not confirmed")
                break
            }
        }
        #expect(client.collector.description == server.address)
        #expect(server.asked.count == 3)
        // Connections are kept open between reports.
        #expect(server.connectionCount == 1)
        await client.shutdown()
        await server.stop()
    }

    @Test func `is asked at the next where one is broken, and what all say is told`() async throws {
        let broken = try await LocalServer.start(
            certificate: nil, answer: .init(status: .internalServerError, body: ""))
        let server = try await LocalServer.start(certificate: nil)
        let client = try CollectorClient(
            collectors: [CollectorAddress(broken.address), CollectorAddress(server.address)])
        guard case .confirmed = await client.send([], secret: "s").answer else {
            Issue.record("not confirmed")
            return
        }
        await server.stop()
        await broken.stop()
        let reply = await client.send([], secret: "s")
        guard case .unavailable(let reason, _) = reply.answer else {
            Issue.record("answered")
            return
        }
        #expect(reason.contains(server.address) && reason.contains(broken.address))
        await client.shutdown()
    }
}

@Suite struct `An answer` {
    static func reply(_ answer: LocalServer.Answer) async throws -> Reply {
        let server = try await LocalServer.start(certificate: nil, answer: answer)
        let client = try CollectorClient(collectors: [CollectorAddress(server.address)])
        let reply = await client.send([], secret: "s")
        await client.shutdown()
        await server.stop()
        return reply
    }

    @Test(
        arguments: [
            ("120", "Tue, 24 Nov 2026 06:00:00 GMT", 120),
            ("Tue, 24 Nov 2026 06:01:30 GMT", "Tue, 24 Nov 2026 06:00:00 GMT", 90),
            ("Tue, 24 Nov 2026 05:00:00 GMT", "Tue, 24 Nov 2026 06:00:00 GMT", 0), ("soon", "", nil),
        ] as [(String, String, Int?)])
    func `may say when to come back, in seconds or as a date by the collector's clock`(
        retryAfter: String, date: String, seconds: Int?
    ) async throws {
        let headers: HTTPHeaders = ["Retry-After": retryAfter, "Date": date]
        let reply = try await Self.reply(.init(status: .serviceUnavailable, headers: headers, body: ""))
        guard case .unavailable(_, let pause) = reply.answer else {
            Issue.record("not told as unavailable")
            return
        }
        #expect(pause == seconds.map { .seconds($0) })
    }

    @Test func `tells how far this machine's clock is from the collector's`() async throws {
        let reply = try await Self.reply(.init(headers: ["Date": "Tue, 24 Nov 2020 06:00:00 GMT"]))
        let ahead = try #require(reply.clockAheadSeconds)
        #expect(abs(ahead - (Int(Date().timeIntervalSince1970) - 1_606_197_600)) < 60)
    }
}

@Suite struct `A proxy` {
    @Test func `is asked to connect to the collector, and gets no secret itself`() async throws {
        let proxy = try await LocalServer.start(certificate: nil, answer: .init(status: .forbidden, body: ""))
        let rule = try ProxyRule("http://127.0.0.1:\(proxy.port)")
        let client = try CollectorClient(
            collectors: [CollectorAddress("https://collector.example:8443")], settings: ConnectionSettings(proxy: rule))
        let reply = await client.send([], secret: "rca_secret")
        await client.shutdown()
        await proxy.stop()
        #expect(proxy.asked == [LocalServer.Asked(line: "CONNECT collector.example:8443", authorization: nil)])
        guard case .unavailable(let reason, _) = reply.answer else {
            Issue.record("answered")
            return
        }
        #expect(reason.contains("proxy"))
    }

    @Test(arguments: [
        ("collector.example", true), ("a.internal.example", false), ("internal.example", false),
        ("notinternal.example", true), ("127.0.0.1", false), ("localhost", false), ("10.0.0.7", false),
    ])
    func `is gone round for what no_proxy names, and for this machine itself`(host: String, isUsed: Bool) throws {
        for exceptions in ["internal.example,10.0.0.7", " .internal.example  10.0.0.7"] {
            let rule = try ProxyRule("proxy.example:8080", exceptions: exceptions)
            #expect((rule.proxy(for: host) != nil) == isUsed)
        }
    }

    @Test func `comes from the environment as it does for curl`() throws {
        let rule = try ProxyRule(environment: ["HTTPS_PROXY": "http://user:word@proxy.example", "no_proxy": "*.x"])
        let proxy = try #require(rule.proxy(for: "collector.example"))
        #expect(proxy.host == "proxy.example" && proxy.port == 3128)
        #expect(proxy.user == "user" && proxy.password == "word")
        #expect(try ProxyRule(environment: [:]) == .none)
        #expect(
            try ProxyRule(environment: ["https_proxy": "http://p", "no_proxy": "*"]).proxy(for: "a.example") == nil)
    }

    @Test(arguments: ["socks5://proxy.example", "http://", "https://proxy.example", "http://proxy.example/path"])
    func `that is none is refused`(text: String) {
        #expect(throws: ShippingError.self) { try ProxyRule(text) }
    }
}

@Suite struct `An enrolment` {
    static let wanted = EnrolmentRequest(school: nil, host: "gateway.example", version: "0.1.0")

    /// How an enrolment ends with this answer.
    static func enrol(_ answer: LocalServer.Answer) async throws -> Result<Enrolment, ShippingError> {
        let server = try await LocalServer.start(certificate: nil, answer: answer)
        let client = try CollectorClient(collectors: [CollectorAddress(server.address)])
        let result: Result<Enrolment, ShippingError>
        do throws(ShippingError) {
            result = .success(try await client.enrol(wanted, token: "rcj_secret"))
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        await server.stop()
        #expect(server.asked == [LocalServer.Asked(line: "POST /v1/agents", authorization: "Bearer rcj_secret")])
        return result
    }

    @Test func `gives the identity that the collector says`() async throws {
        let identity = Enrolment(agent: "0123456789abcdef", secret: "rca_x", school: "Sample Middle School")
        let body = String(decoding: try JSONEncoder().encode(identity), as: UTF8.self)
        #expect(try await Self.enrol(.init(status: .created, body: body)).get() == identity)
    }

    @Test(arguments: [
        (
            401, "this token expired on 2026-11-20",
            "refused the token (this token expired on 2026-11-20); get a new one"
        ),
        (
            403, "this token is for another school",
            "refused the token (this token is for another school); get a new one"
        ),
        (400, "the school is missing", "refused the enrolment: the school is missing"),
        (503, "the database is locked", "cannot be reached: status 503: the database is locked"),
    ])
    func `that is refused says why, in the collector's words, and what to do`(
        status: Int, detail: String, words: String
    ) async throws {
        let problem = Problem(status: status, title: "No", detail: detail)
        let body = String(decoding: try JSONEncoder().encode(problem), as: UTF8.self)
        let result = try await Self.enrol(.init(status: HTTPResponseStatus(statusCode: status), body: body))
        guard case .failure(let error) = result else {
            Issue.record("enrolled")
            return
        }
        #expect(error.description.contains(words), "\(error)")
    }
}
