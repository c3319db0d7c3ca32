import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identity
import NIOCore
import Registry
import Store
import Wire

@testable import rollcall_collector

/// A collector on a port of loopback, with a database of its own, on 2026-11-24.
struct TestCollector {
    let store: SQLiteStore
    let folder: String
    private let application: Application<RouterResponder<CollectorContext>>

    init(catalogue: [Platform] = []) throws {
        folder = NSTemporaryDirectory() + "rollcall-collector-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try SQLiteStore(path: folder + "/rollcall.sqlite")
        let routes = try CollectorRoutes(store: store, catalogue: catalogue, now: { 1_795_500_000 })
        application = Application(router: routes.router())
    }

    /// Runs the collector for as long as `body` does.
    func run(_ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await application.test(.live, body)
        try store.close()
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
    static func sample(_ rows: [Row]) throws -> [UInt8] {
        let run = String(repeating: "0", count: 32)
        let today = SchoolDay(ordinal: 1_795_500_000 / 86_400)
        let report = Report(
            sentAt: 0, version: "0.1.0", days: [Day(day: today, run: run, sequence: 1, ended: false, rows: rows)])
        return Array(try JSONEncoder().encode(report))
    }
}
