import Foundation
import GRDB
import Testing
import Wire

@testable import Store

@Suite struct `Reports of a district` {
    @Test(arguments: 1...5)
    func `leave the same totals in any order, however often they come, and with restarts in between`(
        seed: UInt64
    ) async throws {
        var random = Seeded(state: seed)
        let history = History(using: &random)
        let expected = try await contents(after: history.reports, restartingEvery: .max)
        var shuffled = history.reports + history.reports + history.reports
        shuffled.shuffle(using: &random)
        #expect(try await contents(after: shuffled, restartingEvery: 7) == expected, "seed \(seed)")
        #expect(expected.contains("withheld"))
    }

    @Test(arguments: 1...5)
    func `leave the totals that the plainest store has`(seed: UInt64) async throws {
        var random = Seeded(state: seed)
        let history = History(using: &random)
        var reports = history.reports + history.reports
        reports.shuffle(using: &random)
        var answers: [String] = []
        for kind in StoreKind.allCases {
            let store = try kind.make(try TemporaryFolder())
            let agents = [try await store.join("Example High"), try await store.join("Sample Elementary")]
            for (agent, report) in reports { try await store.store.record(report, from: agents[agent], at: 1) }
            var (seen, days) = try await store.store.observations(in: ObservationScope()) { $0 != "a.example" }
            seen.names.sort { ($0.school, $0.name) < ($1.school, $1.name) }
            answers.append("\(seen) \(days)")
        }
        #expect(answers[0] == answers[1], "seed \(seed)")
    }

    @Test func `say each count's largest value, and gauges of the newest`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let agent = try await store.join("Example High")
        let name = "a.example"
        try await store.keep(
            day(sequence: 2, [Row(name: name, dns: 5, tls: 1, devices: 4)], withheld: Withheld(names: 1)), from: agent)
        try await store.keep(
            day(sequence: 1, [Row(name: name, dns: 3, tls: 2, devices: 3)], withheld: Withheld(names: 9)), from: agent)
        let seen = try await store.observations(in: ObservationScope())
        #expect(seen.names == [NameObservation(school: "Example High", name: name, devices: 4, dns: 5, tls: 2)])
        #expect(seen.withheld.names == 1)
    }
}

/// What agents say over some days, in the order in which they say it.
private struct History {
    var reports: [(agent: Int, report: AcceptedReport)] = []

    init(using random: inout Seeded) {
        for agent in 0..<2 {
            for (index, number) in [0, 0, 1].enumerated() {
                var rows = ["a.example", "b.example", "c.example"].flatMap { name in
                    ["", "students"].map { Row(segment: $0, name: name) }
                }
                for sequence in 1...6 {
                    for index in rows.indices where Bool.random(using: &random) {
                        rows[index].dns += Int.random(in: 0...9, using: &random)
                        rows[index].tls += Int.random(in: 0...9, using: &random)
                        rows[index].http += Int.random(in: 0...1, using: &random)
                        rows[index].attributed = Int.random(
                            in: rows[index].attributed...rows[index].tls, using: &random)
                        rows[index].devices += Int.random(in: 0...3, using: &random)
                        rows[index].hours[Int.random(in: 0...2, using: &random), default: 0] += 1
                    }
                    var day = day(
                        monday.advanced(by: index / 2), run: index * 2 + number, sequence: sequence,
                        rows.filter { _ in Bool.random(using: &random) },
                        withheld: Withheld(names: Int.random(in: 0...9, using: &random)))
                    day.ended = sequence == 6
                    day.unnamed = Unnamed(tls: sequence, quic: 2 * sequence)
                    day.encryptedDNS = EncryptedDNS(dot: sequence)
                    day.hidden = Hidden(relay: sequence, vpn: 3 * sequence)
                    day.declines.encryptedDNS.declined = sequence
                    day.declines.privateRelay.allowed = sequence
                    day.devices = 10 * sequence
                    reports.append((agent, accepted([day])))
                }
            }
        }
    }
}

/// Everything that is in the database after reports came, by names and not by keys, and not in which transaction.
private func contents(
    after reports: [(agent: Int, report: AcceptedReport)], restartingEvery interval: Int
) async throws -> String {
    let folder = try TemporaryFolder()
    var store = try SQLiteStore(path: folder.database)
    let agents = [try await store.join("Example High"), try await store.join("Sample Elementary")]
    for (index, (agent, report)) in reports.enumerated() {
        try await store.record(report, from: agents[agent], at: 1)
        if index % interval == interval - 1 {
            try store.close()
            store = try SQLiteStore(path: folder.database)
        }
    }
    return try await store.pool.read { db in
        let sql = "SELECT schools.name, days.* FROM days JOIN schools ON schools.id = school"
        var lines = try GRDB.Row.fetchAll(db, sql: sql)
            .map { row in
                row.filter { !["id", "change"].contains($0.0) }.map { "\($0.0)=\($0.1)" }.joined(separator: " ")
            }
        let names = try texts("names", db)
        let segments = try texts("segments", db)
        let tallies = """
            SELECT agent || ' ' || day || ' ' || run, rows FROM tallies JOIN days ON days.id = entry
            """
        for row in try GRDB.Row.fetchAll(db, sql: tallies) {
            let (entry, packed): (String, Data) = (row[0], row[1])
            for row in try PackedRows.unpack(packed.span) {
                let hours = (0..<24).map { "\(row.hours[$0])" }.joined(separator: ",")
                lines.append(
                    "\(entry) \(names[row.name] ?? "") \(segments[row.segment] ?? "") \(row.counts) \(row.devices) \(hours)"
                )
            }
        }
        return lines.sorted().joined(separator: "\n")
    }
}

private func texts(_ table: String, _ db: Database) throws -> [Int64: String] {
    var texts: [Int64: String] = [:]
    for row in try GRDB.Row.fetchAll(db, sql: "SELECT id, name FROM \(table)") { texts[row[0]] = row[1] }
    return texts
}
