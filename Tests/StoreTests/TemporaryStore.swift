import Foundation
import Identity
import Store
import Wire

/// A folder for one test, gone when the test is.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "rollcall-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    var database: String { path + "/rollcall.sqlite" }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

extension SQLiteStore {
    /// An agent that joined a school.
    func join(_ school: String, at now: Int = 0) async throws -> AgentIdentity {
        var random = SystemRandomNumberGenerator()
        let token = JoinToken(using: &random)
        try await keep(token, terms: JoinTokenTerms(school: school, usesLeft: 1, expiresAt: now + 1), at: now)
        let secret = AgentSecret(using: &random)
        let request = EnrolmentRequest(school: nil, host: "gateway.example", version: "0.1.0")
        _ = try await enrol(request, token: token.text, as: secret, at: now)
        guard let agent = try await agent(proving: secret) else { throw JoinRefusal.unknownToken }
        return agent
    }

    func keep(_ day: Day, from agent: AgentIdentity) async throws {
        try await record(accepted([day]), from: agent, at: 1)
    }
}

func accepted(_ days: [Day]) -> AcceptedReport {
    AcceptedReport(checking: Report(sentAt: 0, version: "0.1.0", days: days), today: monday.advanced(by: 100))
}

let monday = SchoolDay(ordinal: 20_781)

func run(_ number: Int) -> String {
    String(repeating: "0", count: 31) + String(number, radix: 16)
}

func day(
    _ day: SchoolDay, run number: Int = 0, sequence: Int = 1, _ rows: [Row], withheld: Withheld = Withheld()
) -> Day {
    Day(day: day, run: run(number), sequence: sequence, ended: false, rows: rows, withheld: withheld)
}

func day(run number: Int = 0, sequence: Int = 1, _ rows: [Row], withheld: Withheld = Withheld()) -> Day {
    day(monday, run: number, sequence: sequence, rows, withheld: withheld)
}

/// Random numbers that a seed repeats.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ (state >> 29)) &* 0xBF58_476D_1CE4_E5B9
    }
}

/// A file, to be searched.
struct FileBytes {
    private let data: Data

    init?(_ path: String) {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        self.data = data
    }

    func contains(_ text: String) -> Bool {
        data.range(of: Data(text.utf8)) != nil
    }
}
