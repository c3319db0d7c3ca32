import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identity
import Logging
import NIOCore
import Store
import Wire

/// What agents ask: an identity, and that a report be kept.
struct AgentRoutes {
    let store: SQLiteStore
    let usage: UsageReader
    let bodies: BodyGate
    let metrics: Metrics
    /// How often one agent may report.
    let limiter: RateLimiter
    let now: @Sendable () -> Int

    /// The largest body as it is sent, and unpacked: a school's whole day with 20 000 names has 4 MiB.
    static let sentLimit = 1 << 20
    static let unpackedLimit = 8 << 20
    /// The largest body of somebody who has yet to prove anything.
    static let enrolmentLimit = 16 << 10

    static let access: [RouteAccess] = [
        .post(Path.agents, .gateways), .post(Path.reports, .gateways), .get(Path.names + "/{name}", .gateways),
    ]

    func add(to router: some RouterMethods<CollectorContext>) {
        router.post(RouterPath(Path.agents)) { request, context in try await enrol(request, context) }
        router.post(RouterPath(Path.reports)) { request, context in try await keep(request, context) }
        router.get(RouterPath(Path.names + "/{name}")) { request, context in try await standing(request, context) }
    }

    private func enrol(_ request: Request, _ context: CollectorContext) async throws -> Response {
        guard let token = request.bearer else { throw Self.unauthorized(JoinRefusal.unknownToken.sentence) }
        let wanted = try EnrolmentRequest(json: await Self.body(request, upTo: Self.enrolmentLimit))
        var random = SystemRandomNumberGenerator()
        do {
            let secret = AgentSecret(using: &random)
            let enrolment = try await store.enrol(wanted, token: token, as: secret, at: now())
            context.logger.info(
                "agent joined", metadata: ["agent": "\(enrolment.agent)", "school": "\(enrolment.school)"])
            return Response(status: .created, json: enrolment)
        } catch let refusal as JoinRefusal {
            throw Problem(refusal)
        }
    }

    private func keep(_ request: Request, _ context: CollectorContext) async throws -> Response {
        let agent = try await agent(request)
        if let wait = limiter.take(agent.identifier, now: now()) {
            throw Busy(status: 429, "This agent reports more often than it may.", retryAfter: wait)
        }
        try Self.checkType(request)
        let receipt = try await bodies.enter {
            let report = try Report(json: await Self.body(request))
            let accepted = AcceptedReport(
                checking: report, today: SchoolDay(ordinal: now() / 86_400),
                oldest: max(.firstOfAll, try await store.keptFrom()))
            try await store.record(accepted, from: agent, at: now())
            var receipt = accepted.receipt
            receipt.settings = try await settings(for: agent, having: accepted.health?.settingsVersion)
            return receipt
        }
        metrics.countRows(stored: receipt.stored, skipped: receipt.skipped.count)
        context.logger.info(
            "report kept",
            metadata: [
                "agent": "\(agent.identifier)", "school": "\(agent.school)", "stored": "\(receipt.stored)",
                "skipped": "\(receipt.skipped.count)",
            ])
        return Response(json: receipt)
    }
}

extension AgentRoutes {
    /// The agent that asks.
    func agent(_ request: Request) async throws -> AgentIdentity {
        guard let secret = request.bearer.flatMap(AgentSecret.init(bearer:)),
            let agent = try await store.agent(proving: secret)
        else {
            throw Self.unauthorized(
                "this agent's secret is not known here or was revoked; join again with `rollcall-agent enroll`")
        }
        return agent
    }

    private static func unauthorized(_ detail: String) -> Problem {
        Problem(status: 401, title: "Not known here", detail: detail)
    }

    /// A report of a later version might mean something else by the same words.
    private static func checkType(_ request: Request) throws(Problem) {
        guard let field = request.headers[.contentType] else { return }
        let type = field.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard [Wire.MediaType.report, Wire.MediaType.json].contains(type) else {
            throw Problem(
                status: 415, title: "Not a report that this collector reads",
                detail: "the Content-Type is \(type); send \(Wire.MediaType.report), or update the collector")
        }
    }

    /// The body, unpacked; of at most `unpackedLimit` bytes.
    private static func body(_ request: Request, upTo unpackedLimit: Int = unpackedLimit) async throws -> [UInt8] {
        let encoding = request.headers[.contentEncoding]?.lowercased() ?? "identity"
        guard ["gzip", "identity"].contains(encoding) else {
            throw Problem(
                status: 415, title: "Unknown encoding",
                detail: "the Content-Encoding is \(encoding); send the body gzipped or as it is")
        }
        let limit = encoding == "gzip" ? min(sentLimit, unpackedLimit) : unpackedLimit
        let bytes: [UInt8]
        do {
            bytes = Array(buffer: try await request.body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
        guard encoding == "gzip" else { return bytes }
        do {
            return try Gzip.decompress(bytes, limit: unpackedLimit)
        } catch {
            switch error {
            case .tooLarge: throw tooLarge
            case .damaged, .truncated:
                throw Problem(
                    status: 400, title: "Damaged body",
                    detail: "the body says that it is gzip and cannot be unpacked; send it again")
            }
        }
    }

    private static let tooLarge = Problem(
        status: 413, title: "Too large",
        detail: "a body has at most \(sentLimit >> 20) MiB as sent with gzip and \(unpackedLimit >> 20) MiB unpacked; "
            + "send the rows in several reports")
}

extension Problem {
    fileprivate init(_ refusal: JoinRefusal) {
        switch refusal {
        case .unknownToken, .expired, .usedUp, .revoked:
            self.init(status: 401, title: "Not a valid join token", detail: refusal.sentence)
        case .otherSchool:
            self.init(status: 403, title: "Not for this school", detail: refusal.sentence)
        case .schoolMissing, .schoolName:
            self.init(status: 400, title: "Which school?", detail: refusal.sentence)
        }
    }
}
