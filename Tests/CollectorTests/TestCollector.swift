import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identity
import NIOCore
import Registry
import SignOn
import Store
import Wire

@testable import rollcall_collector

/// A collector on a port of loopback, with a database of its own, on 2026-11-24.
struct TestCollector {
    let store: SQLiteStore
    let folder: String
    /// The programme, as its pages read it.
    let programme: ProgrammeReader
    private let application: Application<RouterResponder<CollectorContext>>

    init(
        catalogue: [Platform] = [], access: AccessSettings = AccessSettings(), openID: OpenIDSettings? = nil,
        programme: ProgrammeSettings = ProgrammeSettings(), now: @escaping @Sendable () -> Int = { TestCollector.now }
    ) throws {
        folder = NSTemporaryDirectory() + "rollcall-collector-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try SQLiteStore(path: folder + "/rollcall.sqlite")
        let routes = try CollectorRoutes(
            store: store, catalogue: catalogue, access: access, openID: openID,
            desk: PasswordDesk(cost: .init(logRounds: 4, blockSize: 1, parallelism: 1)), programme: programme,
            now: now)
        self.programme = routes.programme
        application = Application(router: routes.router())
    }

    /// The moment at which it runs, in seconds since 1970.
    static let now = 1_795_500_000

    /// Runs the collector for as long as `body` does, whose client is signed in; as nobody where there is no role.
    func run(
        as role: Role? = .admin, school: String? = nil,
        _ body: @escaping @Sendable (SignedInClient) async throws -> Void
    ) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let session: PersonSecret? = if let role { try await signIn(role, school: school) } else { nil }
        try await application.test(.live) { client in
            try await body(SignedInClient(base: client, session: session))
        }
        try store.close()
    }

    /// The session of somebody new with that role.
    func signIn(_ role: Role, school: String? = nil) async throws -> PersonSecret {
        try await session(of: try await person(role, school: school))
    }

    /// A session of somebody who is known.
    func session(of person: Person) async throws -> PersonSecret {
        var random = SystemRandomNumberGenerator()
        let session = PersonSecret(.session, using: &random)
        try await store.startSession(session, for: person, from: "127.0.0.1", way: "password", at: Self.now)
        return session
    }

    /// Somebody new with that role.
    func person(_ role: Role, school: String? = nil, named name: String? = nil) async throws -> Person {
        var random = SystemRandomNumberGenerator()
        return try await store.invite(
            name ?? "\(role.rawValue)-\(Int.random(in: 0...Int.max, using: &random))@sample.example",
            fullName: "Sample \(role.label)", role: role, school: school, link: PersonSecret(.link, using: &random),
            until: Self.now + 86_400, by: Who(name: "sample", way: .command), at: Self.now)
    }

    /// A token of somebody new with that role.
    func apiToken(_ role: Role, scopes: Set<Right>, school: String? = nil) async throws -> String {
        let person = try await person(role, school: school)
        var random = SystemRandomNumberGenerator()
        let secret = PersonSecret(.token, using: &random)
        try await store.keep(
            secret, named: "sample", for: person.row, scopes: scopes, until: Self.now + 86_400,
            by: Who(name: "sample", way: .command), at: Self.now)
        return secret.text
    }

    /// A join token for one gateway.
    func token(school: String? = nil) async throws -> String {
        var random = SystemRandomNumberGenerator()
        let token = JoinToken(using: &random)
        let terms = JoinTokenTerms(school: school, usesLeft: 1, expiresAt: 1_795_600_000)
        try await store.keep(token, terms: terms, at: 0)
        return token.text
    }

    /// The secret of an agent that joined a school.
    func secret(school: String = "Example High") async throws -> String {
        var random = SystemRandomNumberGenerator()
        let secret = AgentSecret(using: &random)
        let request = EnrolmentRequest(school: school, host: "gateway.example", version: "0.1.0")
        return try await store.enrol(request, token: token(), as: secret, at: 0).secret
    }
}

/// A client with a session, which sends what a browser would.
struct SignedInClient: TestClientProtocol {
    let base: any TestClientProtocol
    let session: PersonSecret?

    var port: Int? { base.port }

    func executeRequest(
        uri: String, method: HTTPRequest.Method, headers: HTTPFields, body: ByteBuffer?
    ) async throws -> TestResponse {
        var headers = headers
        if let session, headers[.authorization] == nil, headers[.cookie] == nil {
            headers[.cookie] = "rollcall=\(session.text)"
        }
        if method != .get, headers[.authorization] == nil, headers[.origin] == nil {
            headers[.origin] = "http://localhost"
        }
        return try await base.executeRequest(uri: uri, method: method, headers: headers, body: body)
    }

    /// The same client with another session, or with none.
    func signed(in session: PersonSecret?) -> SignedInClient { SignedInClient(base: base, session: session) }

    /// Sends a form as from a page of the collector's own, with the session's token.
    func form(
        _ path: String, _ fields: [(String, String)] = [], headers: [String: String] = [:], token: String? = nil
    ) async throws -> TestResponse {
        let token = (token ?? session?.formToken).map { [(FormRequest.tokenField, $0)] } ?? []
        let text = query((fields + token).map { (name: $0.0, value: $0.1) })
        var all: HTTPFields = [.contentType: "application/x-www-form-urlencoded", .accept: "text/html"]
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { all[name] = value }
        }
        return try await execute(uri: path, method: .post, headers: all, body: ByteBuffer(string: text))
    }
}

extension TestClientProtocol {
    /// Sends a body and gives status and answer.
    func post(
        _ path: String, bearer: String?, body: [UInt8], headers: [String: String] = [:]
    ) async throws -> TestResponse {
        var fields: HTTPFields = [.contentType: Wire.MediaType.json]
        if let bearer { fields[.authorization] = "Bearer \(bearer)" }
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return try await execute(uri: path, method: .post, headers: fields, body: ByteBuffer(bytes: body))
    }

    /// Opens a page.
    func page(_ path: String, headers: [String: String] = ["Accept": "text/html"]) async throws -> TestResponse {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return try await execute(uri: path, method: .get, headers: fields)
    }
}

extension TestResponse {
    /// The body as text.
    var text: String { String(buffer: body) }

    /// The body, decoded.
    func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body.readableBytesView))
    }
}

extension Report {
    /// A report of one day with these rows.
    static func sample(_ rows: [Row], sequence: Int = 1) throws -> [UInt8] {
        let run = String(repeating: "0", count: 32)
        let today = SchoolDay(ordinal: 1_795_500_000 / 86_400)
        let report = Report(
            sentAt: 0, version: "0.1.0", days: [Day(day: today, run: run, sequence: sequence, ended: false, rows: rows)]
        )
        return Array(try JSONEncoder().encode(report))
    }
}
