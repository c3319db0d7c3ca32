import Foundation
import HTTPTypes
import HummingbirdTesting
import Identity
import Registry
import Store
import Testing
import Wire

@testable import rollcall_collector

@Suite struct `Signing in` {
    private static let password = "four words of mine"
    private static let who = Who(name: "sample", way: .command)

    /// A collector with one person who has a password.
    private func collector(
        _ role: Role = .its, access: AccessSettings = AccessSettings()
    ) async throws -> (TestCollector, Person) {
        let collector = try TestCollector(access: access)
        let person = try await collector.person(role, named: "its@sample.example")
        let link = PersonSecret.sample(.link)
        try await collector.store.makeLink(
            link, .reset, for: person.row, until: .max, by: Self.who, at: TestCollector.now)
        var random = SystemRandomNumberGenerator()
        let hash = try PasswordHash(
            of: try #require(Password(typed: Self.password)),
            cost: .init(logRounds: 4, blockSize: 1, parallelism: 1), using: &random)
        _ = try await collector.store.choosePassword(with: link, password: hash, from: "", at: TestCollector.now)
        return (collector, person)
    }

    @Test func `leads from a page through the sign-in back to the page, and out again`() async throws {
        let (collector, _) = try await collector()
        try await collector.run(as: nil) { client in
            let refused = try await client.page("/tools.csv?from=2026-11-01")
            #expect(refused.status == .seeOther)
            #expect(refused.headers[.location] == "/sign-in?next=%2Ftools.csv%3Ffrom%3D2026-11-01")
            let page = try await client.page("/sign-in?next=%2Ftools.csv%3Ffrom%3D2026-11-01")
            #expect(page.text.contains(#"name="next" value="/tools.csv?from=2026-11-01""#))
            let answer = try await client.enter(
                "ITS@sample.example", Self.password, next: "/tools.csv?from=2026-11-01")
            #expect(answer.status == .seeOther)
            #expect(answer.headers[.location] == "/tools.csv?from=2026-11-01")
            let session = try answer.session
            let inside = client.signed(in: session)
            #expect(try await inside.page("/").status == .ok)
            let out = try await inside.form("/sign-out")
            #expect(out.headers[.setCookie]?.contains("Max-Age=0") == true)
            #expect(try await inside.page("/").status == .seeOther)
        }
    }

    @Test func `sets a cookie that no script and no other site gets, and over TLS no other host either`() async throws {
        var access = AccessSettings()
        access.trustedProxies = ["127.0.0.1", "::1"]
        let (collector, _) = try await collector(access: access)
        try await collector.run(as: nil) { client in
            let plain = try #require(try await client.enter("its@sample.example", Self.password).headers[.setCookie])
            #expect(plain.hasPrefix("rollcall=rcs_"))
            for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] { #expect(plain.contains(part)) }
            let headers = ["X-Forwarded-For": "192.0.2.9", "X-Forwarded-Proto": "https", "Origin": "https://localhost"]
            let answer = try await client.enter("its@sample.example", Self.password, headers: headers)
            let secure = try #require(answer.headers[.setCookie])
            #expect(secure.hasPrefix("__Host-rollcall=rcs_"))
            for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] { #expect(secure.contains(part)) }
            #expect(!secure.contains("Domain"))
            let log = try await collector.store.auditEntries(AuditQuery(what: "person.sign_in", limit: 2))
            #expect(log.map(\.entry.who.address) == ["192.0.2.9", "127.0.0.1"])
        }
    }

    @Test func `says the same for a wrong password, a wrong name and an account without password`() async throws {
        let (collector, _) = try await collector()
        _ = try await collector.person(.its, named: "invited@sample.example")
        try await collector.run(as: nil) { client in
            var texts: Set<String> = []
            for name in ["its@sample.example", "nobody@sample.example", "invited@sample.example"] {
                let answer = try await client.enter(name, "four other words")
                #expect(answer.status == .badRequest)
                #expect(answer.headers[.setCookie] == nil)
                texts.insert(answer.text.replacingOccurrences(of: name, with: ""))
            }
            #expect(texts.count == 1)
            #expect(texts.first?.contains("Name or password is wrong") == true)
        }
    }

    @Test func `waits after five wrong passwords, also with the right one, and notes it`() async throws {
        let (collector, _) = try await collector()
        try await collector.run(as: nil) { client in
            for _ in 1...4 { #expect(try await client.enter("its@sample.example", "wrong").status == .badRequest) }
            #expect(try await client.enter("its@sample.example", "wrong").status == .tooManyRequests)
            let right = try await client.enter("its@sample.example", Self.password)
            #expect(right.status == .tooManyRequests)
            #expect(right.headers[.retryAfter] == "30")
            #expect(right.text.contains("Try again in 1 minute"))
            let log = try await collector.store.auditEntries(AuditQuery(what: "person.locked_out", limit: 9))
            #expect(log.map(\.entry.subject) == ["its@sample.example"])
            // Somebody else at the same address is not concerned.
            #expect(try await client.enter("nobody@sample.example", "wrong").status == .badRequest)
        }
    }

    @Test(arguments: [
        "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "x",
        "/a\r\nSet-Cookie: x", "/\t/elsewhere.example",
    ])
    func `leads to no other site`(next: String) {
        #expect(SignInRoutes.next(next) == "/")
    }

    @Test func `with a link makes the first administrator, once`() async throws {
        let collector = try TestCollector()
        let link = try await SetUp.makeLink(collector.store, at: TestCollector.now)
        let later = try await SetUp.makeLink(collector.store, at: TestCollector.now)
        try await collector.run(as: nil) { client in
            let path = "/link/\(later.text)"
            #expect(try await client.page("/link/\(link.text)").status == .gone, "a later link takes its place")
            #expect(try await client.page(path).text.contains("Set up Rollcall"))
            let fields = [("name", "admin@sample.example"), ("full_name", "Sample Admin")]
            let short = try await client.form(path, fields + [("password", "short"), ("again", "short")])
            #expect(short.status == .badRequest && short.text.contains("too short"))
            #expect(short.text.contains(#"aria-invalid="true""#) && short.text.contains(##"href="#password""##))
            let done = try await client.form(path, fields + [("password", Self.password), ("again", Self.password)])
            #expect(done.status == .seeOther)
            #expect(try await client.signed(in: done.session).page("/people").status == .ok)
            let again = try await client.form(path, fields + [("password", Self.password), ("again", Self.password)])
            #expect(again.status == .gone)
            #expect(try await collector.store.hasAdministrator())
        }
    }

    @Test func `is as an administrator has it: invited, given another role, reset, switched off and on`() async throws {
        let collector = try TestCollector()
        _ = try await collector.secret(school: "Example High")
        try await collector.run(as: .admin) { admin in
            let fields = [("full_name", "Sample Leader"), ("name", "leader@sample.example"), ("role", "school")]
            let missing = try await admin.form("/people", fields)
            #expect(missing.status == .badRequest && missing.text.contains("choose which"))
            let made = try await admin.form("/people", fields + [("school", "Example High")])
            let person = try #require(try await collector.store.person(named: "leader@sample.example"))
            let stranger = admin.signed(in: nil)
            let link = try made.link
            let chosen = try await stranger.form(link, [("password", Self.password), ("again", Self.password)])
            let leader = stranger.signed(in: try chosen.session)
            #expect(try await leader.page("/").status == .ok)
            #expect(try await leader.page("/?school=Other").status == .forbidden)
            #expect(try await leader.page("/schools").status == .forbidden)
            #expect(try await stranger.page(link).status == .gone)

            _ = try await admin.form("/people/\(person.row)/role", [("role", "its")])
            #expect(try await leader.page("/schools").status == .ok, "a role holds from the next page on")
            let reset = try await admin.form("/people/\(person.row)/reset").link
            let words = "four words of today"
            _ = try await stranger.form(reset, [("password", words), ("again", words)])
            #expect(try await leader.page("/").status == .seeOther, "a new password ends the sessions")
            let inside = stranger.signed(in: try await stranger.enter("leader@sample.example", words).session)
            let token = PersonSecret.sample(.token)
            try await collector.store.keep(
                token, named: "sample", for: person.row, scopes: [.read], until: .max, by: Self.who, at: 0)
            let bearer = ["Authorization": "Bearer \(token.text)"]
            #expect(try await stranger.page("/tools.json", headers: bearer).status == .ok)
            _ = try await admin.form("/people/\(person.row)/off")
            #expect(try await inside.page("/").status == .seeOther)
            #expect(try await stranger.page("/tools.json", headers: bearer).status == .unauthorized)
            #expect(try await stranger.enter("leader@sample.example", words).status == .badRequest)
            _ = try await admin.form("/people/\(person.row)/on")
            #expect(try await stranger.enter("leader@sample.example", words).status == .seeOther)

            let log = try await collector.store.auditEntries(AuditQuery(subject: "leader@", limit: 99)).map(\.entry)
            #expect(
                log.contains { $0.what == "person.role" && $0.before == "school of Example High" && $0.after == "its" })
            #expect(log.contains { $0.what == "person.switch" && $0.before == "on" && $0.after == "off" })
            #expect(log.allSatisfy { !"\($0)".contains(words) && !"\($0)".contains("rcl_") })
        }
    }

    @Test func `is kept from nobody's last administrator`() async throws {
        let (collector, person) = try await collector(.admin)
        try await collector.run(as: nil) { client in
            let admin = client.signed(in: try await collector.session(of: person))
            let off = try await admin.form("/people/\(person.row)/off")
            #expect(off.status == .conflict && off.text.contains("last administrator"))
            #expect(try await admin.form("/people/\(person.row)/role", [("role", "its")]).status == .conflict)
            #expect(try await admin.page("/people").status == .ok)
        }
    }

    @Test func `ends by itself: without a request, and after a while in any case`() async throws {
        let (collector, person) = try await collector()
        let session = try await collector.session(of: person)
        let (store, start) = (collector.store, TestCollector.now)
        let terms = SessionTerms(idle: 100, lifetime: 250)
        func isIn(_ seconds: Int) async throws -> Bool {
            try await store.person(proving: session, terms: terms, at: start + seconds) != nil
        }
        #expect(try await isIn(99))
        #expect(try await isIn(180), "the request before counts")
        #expect(try await isIn(249))
        #expect(try await !isIn(250))
        let idle = try await collector.session(of: person)
        #expect(try await store.person(proving: idle, terms: terms, at: start + 100) == nil)
        try store.close()
    }

    @Test func `with another password ends the other sessions, and everywhere all of them`() async throws {
        let (collector, person) = try await collector()
        try await collector.run(as: nil) { client in
            let here = client.signed(in: try await collector.session(of: person))
            let there = client.signed(in: try await collector.session(of: person))
            let words = "four words of today"
            let wrong = try await here.form(
                "/account/password", [("current", "x"), ("new", words), ("again", words)])
            #expect(wrong.status == .badRequest && wrong.text.contains("password of today is wrong"))
            let changed = try await here.form(
                "/account/password", [("current", Self.password), ("new", words), ("again", words)])
            #expect(changed.status == .seeOther)
            #expect(try await here.page("/").status == .ok)
            #expect(try await there.page("/").status == .seeOther)
            let third = client.signed(in: try await client.enter("its@sample.example", words).session)
            #expect(try await here.form("/account/sign-out").status == .seeOther)
            #expect(try await here.page("/").status == .seeOther)
            #expect(try await third.page("/").status == .seeOther)
        }
    }

    @Test func `keeps no secret in the database as it is shown`() async throws {
        let (collector, person) = try await collector()
        let session = try await collector.session(of: person)
        let token = try await collector.apiToken(.its, scopes: [.read])
        let link = try await SetUp.makeLink(collector.store, at: TestCollector.now)
        try collector.store.checkpoint()
        try collector.store.close()
        let database = try Data(contentsOf: URL(fileURLWithPath: collector.folder + "/rollcall.sqlite"))
        for secret in [session.text, token, link.text, Self.password] {
            #expect(database.range(of: Data(secret.utf8)) == nil)
        }
        #expect(database.range(of: Data("$scrypt$".utf8)) != nil)
    }
}

@Suite struct `Scripts` {
    @Test func `get a token that is shown once, may do what was ticked, and can be taken back`() async throws {
        let collector = try TestCollector()
        try await collector.run(as: .its) { its in
            let made = try await its.form(
                "/account/tokens",
                [("token_name", "export"), ("days", "30"), ("scopes", "read"), ("scopes", "administer")])
            let token = try #require(made.text.firstMatch(of: /rct_[0-9a-f]{64}/)).output
            #expect(made.status == .ok)
            let bearer = ["Authorization": "Bearer \(token)"]
            #expect(try await its.page("/tools.csv", headers: bearer).status == .ok)
            #expect(try await its.page("/people", headers: bearer).status == .forbidden)
            #expect(try await its.page("/v1/agents", headers: bearer).status == .forbidden)
            let account = try await its.page("/account").text
            #expect(account.contains("export") && !account.contains(token))
            let kept = try await collector.store.tokens()
            #expect(kept.map(\.scopes) == [[.read]], "no more than the owner may")
            #expect(try await its.form("/account/tokens/\(try #require(kept.first).row)/revoke").status == .seeOther)
            #expect(try await its.page("/tools.csv", headers: bearer).status == .unauthorized)
            let log = try await collector.store.auditEntries(AuditQuery(what: "export", limit: 9)).map(\.entry)
            #expect(log.map(\.subject) == ["/tools.csv"])
            #expect(log.first?.who.way == .token && log.first?.who.name.hasSuffix(": export") == true)
        }
    }
}

@Suite struct `The audit log` {
    @Test func `is shown in pages, and as a file that is noted itself`() async throws {
        let collector = try TestCollector()
        for number in 1...250 {
            try await collector.store.record(
                AuditEntry(
                    at: number * 1000, who: Who(name: "=sample", way: .command), what: "sample.entry",
                    subject: "thing \(number)", before: "a", after: "b"))
        }
        try await collector.run(as: .auditor) { auditor in
            let first = try await auditor.page("/audit?who=%3Dsample").text
            #expect(first.contains("thing 250") && first.contains("thing 151") && !first.contains("thing 150<"))
            let older = try #require(first.firstMatch(of: /href="(\/audit\?[^"]*before=[0-9]+)"/)).output.1
            let second = try await auditor.page(older.replacingOccurrences(of: "&amp;", with: "&")).text
            #expect(second.contains("thing 150") && second.contains("Newest entries"))
            let file = try await auditor.page("/audit.csv?subject=thing%207")
            #expect(file.text.split(separator: "\r\n").count == 12, "7, 70 to 79, and the header")
            #expect(file.text.contains("'=sample"), "no formula for a spreadsheet")
            let log = try await collector.store.auditEntries(AuditQuery(what: "export", limit: 9)).map(\.entry.subject)
            #expect(log == ["/audit.csv?subject=thing%207"])
            // As a browser sends a form: a space is a plus.
            #expect(try await auditor.page("/audit?subject=thing+17&who=&what=").text.contains("thing 17<"))
        }
    }

    @Test func `has every file and list that is taken away, in whatever form, and no part of one twice`() async throws {
        let collector = try TestCollector()
        for number in 1...3 { _ = try await collector.secret(school: "School \(number)") }
        let token = try await collector.apiToken(.admin, scopes: [.read, .readDistrict, .audit, .watch])
        try await collector.run(as: .admin) { client in
            let paths = [
                "/tools.csv", "/tools.json?last=28", "/overview.json", "/audit.csv", "/procurement/acceptable.json",
                "/procurement/changes.atom", "/programme/letter.txt", "/programme/letter.html",
            ]
            for path in paths { #expect(try await client.page(path).status == .ok, "\(path)") }
            let bearer = ["Authorization": "Bearer \(token)"]
            let first = try await client.page("/v1/schools?limit=2", headers: bearer)
            let next = try #require(first.text.firstMatch(of: /"next":"([^"]+)"/)).output.1
            #expect(try await client.page("/v1/schools?limit=2&after=\(next)", headers: bearer).status == .ok)
            // Pages, the collector's own counts and what everybody may read are no exports.
            for path in ["/tools", "/metrics", "/openapi.json", "/healthz", "/static/style.css"] {
                #expect(try await client.page(path, headers: bearer).status == .ok, "\(path)")
            }
            #expect(try await client.page("/school.json", headers: bearer).status == .badRequest)
            let log = try await collector.store.auditEntries(AuditQuery(what: "export", limit: 99)).map(\.entry)
            #expect(log.map(\.subject).reversed() == paths + ["/v1/schools?limit=2"])
            #expect(log.first?.who.way == .token && log.last?.who.way == .page)
        }
    }

    @Test func `has each platform that an import changed, with what was before`() async throws {
        let collector = try TestCollector()
        let who = Who(name: "its.sample", way: .command)
        func put(_ platforms: [Platform], at now: Int, replacing: Bool = false) async throws {
            _ = try await collector.store.importRegistry(
                replacing: replacing, by: who.name, at: now, audit: who
            ) { _ in platforms }
        }
        try await put([Platform(name: "A", status: .approved), Platform(name: "B")], at: 1)
        try await put([Platform(name: "A", status: .flagged, notes: "n"), Platform(name: "B")], at: 2)
        try await put([Platform(name: "A", status: .flagged, notes: "n")], at: 3, replacing: true)
        let log = try await collector.store.auditEntries(AuditQuery(what: "platform.", limit: 9)).map(\.entry)
        #expect(
            log.reversed().map { "\($0.at) \($0.what) \($0.subject)" } == [
                "1 platform.add A", "1 platform.add B", "2 platform.change A", "3 platform.remove B",
            ])
        #expect(log[1].before == "status: approved; notes: " && log[1].after == "status: flagged; notes: n")
    }
}

extension SignedInClient {
    /// Fills in the sign-in.
    fileprivate func enter(
        _ name: String, _ password: String, next: String = "/", headers: [String: String] = [:]
    ) async throws -> TestResponse {
        try await form("/sign-in", [("name", name), ("password", password), ("next", next)], headers: headers)
    }
}

extension TestResponse {
    /// The session that was begun.
    fileprivate var session: PersonSecret {
        get throws {
            let cookie = try #require(headers[.setCookie]?.prefix { $0 != ";" }.split(separator: "=").last)
            return try #require(PersonSecret(.session, reading: String(cookie)))
        }
    }

    /// The path of the link that is shown.
    fileprivate var link: String {
        get throws { String(try #require(text.firstMatch(of: /\/link\/rcl_[0-9a-f]{64}/)).output) }
    }
}
