import Hummingbird
import HummingbirdTesting
import HTTPTypes
import Identity
import Store
import Testing
import Wire

@testable import rollcall_collector

/// Every route, as the router lists it and as it is declared, tried as everybody.
@Suite struct `Every route` {
    @Test func `says who may use it, and nothing is declared that is no route`() throws {
        let collector = try TestCollector()
        let routes = try CollectorRoutes(store: collector.store, catalogue: []).router().routes
            .filter { $0.method != .head }
            .map { "\($0.method) \($0.path)" }
        let declared = CollectorRoutes.access.map { "\($0.method) \($0.path)" }
        #expect(Set(routes).subtracting(declared).isEmpty, "declare these in `access` beside the route")
        #expect(Set(declared).subtracting(routes).isEmpty, "these are no routes any more")
        #expect(declared.count == Set(declared).count, "a route is declared twice")
        #expect(declared.count > 20)
    }

    @Test func `lets in whom it says, and refuses everybody else`() async throws {
        let collector = try TestCollector()
        // So that the leader's school is known.
        _ = try await collector.secret(school: "Example High")
        var people: [Role: Person] = [:]
        var sessions: [Role: PersonSecret] = [:]
        for role in Role.allCases {
            let school = role == .school ? "Example High" : nil
            people[role] = try await collector.person(role, school: school)
            sessions[role] = try await collector.signIn(role, school: school)
        }
        try await collector.run(as: nil) { [people, sessions] stranger in
            for route in CollectorRoutes.access {
                for role in [nil] + Role.allCases {
                    var session = role.flatMap { sessions[$0] }
                    // What changes something may end the session.
                    if route.method == .post, let person = role.flatMap({ people[$0] }) {
                        session = try await collector.session(of: person)
                    }
                    let answer = try await stranger.signed(in: session).ask(route)
                    let place = "\(route.method) \(route.path) as \(role?.rawValue ?? "a stranger"): \(answer.status)"
                    #expect(answer.status.code < 500, "\(place)")
                    switch route.audience {
                    case .everybody: #expect(![401, 403].contains(answer.status.code), "\(place)")
                    case .gateways: #expect(answer.status == .unauthorized, "\(place)")
                    case .people(let right):
                        guard let role else {
                            #expect(answer.status == .unauthorized, "\(place)")
                            continue
                        }
                        let isAllowed = role.rights.contains(right)
                        #expect((answer.status == .forbidden) == !isAllowed, "\(place)")
                        #expect(answer.status != .unauthorized, "\(place)")
                    }
                }
            }
        }
    }

    @Test func `that changes something takes no form from elsewhere, and none without the session's token`()
        async throws
    {
        let collector = try TestCollector()
        let session = try await collector.signIn(.admin)
        try await collector.run(as: nil) { stranger in
            let admin = stranger.signed(in: session)
            for route in CollectorRoutes.access where route.method == .post {
                guard case .people = route.audience else { continue }
                for (headers, token) in [
                    (["Origin": "https://elsewhere.example"], session.formToken),
                    (["Origin": "null"], session.formToken),
                    (["Sec-Fetch-Site": "cross-site"], session.formToken),
                    (["Sec-Fetch-Site": "same-site", "Origin": "http://localhost"], session.formToken), ([:], "x"),
                    ([:], ""),
                ] {
                    let answer = try await admin.form(route.filledPath, headers: headers, token: token)
                    #expect(answer.status == .forbidden, "\(route.path) \(headers) \(token): \(answer.status)")
                }
                let json = try await admin.post(route.filledPath, bearer: nil, body: Array("{}".utf8))
                #expect(json.status == .forbidden, "\(route.path) as JSON")
            }
            // None of it did anything.
            #expect(try await admin.page("/account").status == .ok)
            #expect(
                try await collector.store.auditEntries(AuditQuery(limit: 100)).allSatisfy {
                    $0.entry.who.way != .page || $0.entry.what == "person.sign_in"
                })
        }
    }

    @Test func `refuses a token that does not allow it, is unknown, revoked or expired`() async throws {
        let collector = try TestCollector()
        let narrow = try await collector.apiToken(.admin, scopes: [.watch])
        let greedy = try await collector.apiToken(.procurement, scopes: Set(Right.allCases))
        try await collector.run(as: nil) { client in
            for route in CollectorRoutes.access where route.method == .get {
                guard case .people(let right) = route.audience else { continue }
                func status(_ token: String) async throws -> Int {
                    try await client.page(route.filledPath, headers: ["Authorization": "Bearer \(token)"]).status.code
                }
                if right != .watch { #expect(try await status(narrow) == 403, "\(route.path)") }
                #expect(
                    try await (status(greedy) == 403) == !Role.procurement.rights.contains(right)
                        || route.path == "/account", "\(route.path)")
                #expect(try await status("rct_" + String(repeating: "0", count: 64)) == 401, "\(route.path)")
            }
            let tokens = try await collector.store.tokens()
            for token in tokens {
                let who = Who(name: "sample", way: .command)
                #expect(try await collector.store.revokeToken(token.row, of: nil, by: who, at: 1))
            }
            #expect(
                try await client.page("/tools.json", headers: ["Authorization": "Bearer \(greedy)"]).status
                    == .unauthorized)
        }
    }
}

extension RouteAccess {
    /// The path with something in place of its parameters.
    var filledPath: String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("{") ? "1" : String($0) }.joined(separator: "/")
    }
}

extension SignedInClient {
    /// Sends an empty request or form.
    fileprivate func ask(_ route: RouteAccess) async throws -> TestResponse {
        guard route.method == .post else { return try await page(route.filledPath, headers: [:]) }
        if route.audience == .gateways { return try await post(route.filledPath, bearer: nil, body: Array("{}".utf8)) }
        return try await form(route.filledPath, headers: ["Accept": "application/json"])
    }
}
