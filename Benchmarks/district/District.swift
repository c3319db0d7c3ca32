import ArgumentParser
import Foundation
import Identity
import Registry
import Store
import Wire

/// `rollcall-district`: makes a district's history in a database, and measures the store over it.
@main
struct District: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall-district",
        abstract: "Makes a district's history in a database and measures the store over it.")

    @Option(help: "How many schools.") var schools = 65
    @Option(help: "How many days.") var days = 120
    @Option(help: "What everything random follows from.") var seed: UInt64 = 1
    @Option(help: "The database; made in a folder of its own when it is not given, and taken away again.")
    var database: String?
    @Option(help: "How often each question is put.") var rounds = 20
    @Option(help: "Put only questions that have this in their name, and decide nothing.") var only: String?
    @Option(help: "The last day, such as 2026-11-25.", transform: { try Self.day($0) })
    var until = SchoolDay(ordinal: 20_782)
    @Option(help: "Where to write the catalogue that has the district's tools, for a collector over the database.")
    var catalogue: String?
    @Option(help: "A file of measurements to add to.") var results: String?

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "rollcall-district-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = database ?? folder.appendingPathComponent("district.sqlite").path
        let isThere = FileManager.default.fileExists(atPath: path)
        let maker = DistrictMaker(schools: schools, seed: seed)
        let store = try SQLiteStore(path: path)
        var bench = Bench()
        if let catalogue {
            try PlatformFile.write(maker.catalogue).write(toFile: catalogue, atomically: true, encoding: .utf8)
        }
        if only == nil { match(&bench) }
        if !isThere { try await fill(store, maker, path, &bench) }
        if isThere { try await addUp(store, maker, &bench) }
        try await ask(store, maker, &bench)
        try store.close()
        if let results { try bench.write(to: results) }
    }

    private static func day(_ text: String) throws -> SchoolDay {
        guard let day = SchoolDay(text) else { throw ValidationError("it is no day; write it as 2026-11-25") }
        return day
    }

    private var firstDay: SchoolDay { until.advanced(by: 1 - days) }

    /// Puts the history in, and measures how fast reports come in and how large the database gets.
    private func fill(_ store: SQLiteStore, _ maker: DistrictMaker, _ path: String, _ bench: inout Bench) async throws {
        var agents: [AgentIdentity] = []
        for school in 0..<schools {
            agents.append(try await store.join("School \(school)", region: "Region \(school % 10)"))
        }
        let habits = (0..<schools).map(maker.habits)
        let clock = ContinuousClock()
        var (rows, reports) = (0, 0)
        var storing = Duration.zero
        var start = clock.now
        for offset in 0..<(days - 1) {
            let day = firstDay.advanced(by: offset)
            let made = (0..<schools).map { maker.day(day, school: $0, habits: habits[$0]) }
            let today = until
            let accepted = made.map { day in
                AcceptedReport(
                    checking: Report(sentAt: day.day.ordinal * 86_400, version: "bench", days: [day]), today: today)
            }
            rows += made.reduce(0) { $0 + $1.rows.count }
            reports += made.count
            start = clock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (agent, report) in zip(agents, accepted) {
                    group.addTask { try await store.record(report, from: agent, at: report.sentAt) }
                }
                try await group.waitForAll()
            }
            storing += clock.now - start
        }
        bench.note("district: rows kept a second, durable", Double(rows) / storing.seconds, "rows/s", atLeast: 150_000)
        bench.note("district: reports kept a second, durable", Double(reports) / storing.seconds, "reports/s")
        rows += try await measureReading(maker, habits, store, agents, &bench)
        bench.note("district: rows", Double(rows), "rows")
        try await addUp(store, maker, &bench)
        try store.checkpoint()
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        bench.note("district: database", Double(size) / Double(rows), "bytes/row", atMost: 30)
        bench.note("district: peak memory while filling", peakMemory(), "MB")
    }

    /// Adds up the days that are over, and measures how long a week takes.
    private func addUp(_ store: SQLiteStore, _ maker: DistrictMaker, _ bench: inout Bench) async throws {
        let reader = UseReader(store: store, catalogue: maker.catalogue)
        let clock = ContinuousClock()
        let start = clock.now
        let weeks = try await reader.rollUp(before: until)
        guard weeks > 0 else { return }
        bench.note("district: adding up a week", (clock.now - start).seconds / Double(weeks), "s")
    }

    /// Measures the way from the bytes of a report to the disk, with the last day; gives how many rows that was.
    private func measureReading(
        _ maker: DistrictMaker, _ habits: [[Habit]], _ store: SQLiteStore, _ agents: [AgentIdentity],
        _ bench: inout Bench
    ) async throws -> Int {
        let day = until
        let bodies = try (0..<schools).map { school in
            let report = Report(
                sentAt: 0, version: "bench", days: [maker.day(day, school: school, habits: habits[school])])
            return Array(try JSONEncoder().encode(report))
        }
        let clock = ContinuousClock()
        let start = clock.now
        let rows = try await withThrowingTaskGroup(of: Int.self) { group in
            for (agent, body) in zip(agents, bodies) {
                group.addTask {
                    let accepted = AcceptedReport(checking: try Report(json: body), today: day)
                    try await store.record(accepted, from: agent, at: 1)
                    return accepted.receipt.stored
                }
            }
            return try await group.reduce(0, +)
        }
        bench.note(
            "district: rows read from JSON and kept a second", Double(rows) / (clock.now - start).seconds, "rows/s",
            atLeast: 150_000)
        return rows
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension SQLiteStore {
    /// An agent that joined a school.
    fileprivate func join(_ school: String, region: String) async throws -> AgentIdentity {
        var random = SystemRandomNumberGenerator()
        let token = JoinToken(using: &random)
        try await keep(token, terms: JoinTokenTerms(school: school, usesLeft: 1, expiresAt: 2), at: 1)
        let secret = AgentSecret(using: &random)
        let request = EnrolmentRequest(school: nil, host: "gateway", version: "bench")
        _ = try await enrol(request, token: token.text, as: secret, at: 1)
        try await setRegion(region, of: school, by: Who(name: "bench", way: .command), at: 1)
        guard let agent = try await agent(proving: secret) else { throw JoinRefusal.unknownToken }
        return agent
    }
}
