import Foundation
import GRDB
import Registry
import Testing
import Wire

@testable import Store

@Suite struct `A database of an earlier version` {
    private static let migrations = [
        "1: schools, agents, observations, registry",
        "2: terms and privacy of platforms, regions, what agents tell besides",
    ]

    @Test(arguments: migrations)
    func `keeps everything that was in it`(version: String) async throws {
        let folder = try TemporaryFolder()
        try await write(folder.database, version)
        let store = try SQLiteStore(path: folder.database)
        let observations = try await store.observations(in: ObservationScope())
        #expect(
            observations.names.sorted { $0.name < $1.name } == [
                NameObservation(school: "A", name: "x.example.com", devices: 7, dns: 1, tls: 2, quic: 3, attributed: 1),
                NameObservation(school: "A", name: "y.example.com", devices: 4),
            ])
        #expect(observations.withheld == Withheld(names: 6, dns: 7, tls: 8, quic: 9, attributed: 10))
        #expect(try await store.registry() == [Platform(name: "Quiz", status: .flagged, notes: "n")])
        let reader = UseReader(store: store, catalogue: [])
        let hours = try await reader.hoursOfDay(of: .everything, in: UseScope())
        #expect(hours.devices[9] == 5 && hours.devices.reduce(0, +) == 5)
        let names = try await reader.unknownNames(in: UseScope(), page: ListPage())
        #expect(names.items.map(\.name) == ["x.example.com", "y.example.com"])
        #expect(names.items.map(\.firstSeen) == [monday, monday])
        // And it goes on where it was.
        let agent = AgentIdentity(row: 1, identifier: "0123456789abcdef", school: "A")
        try await store.keep(day(monday, [Row(name: "x.example.com", dns: 9, devices: 1)]), from: agent)
        #expect(try await reader.unknownNames(in: UseScope(), page: ListPage()).items[0].figures.counts.dns == 9)
        let weeks = try await store.pool.read { try Int.fetchAll($0, sql: "SELECT week FROM weeks") }
        #expect(weeks == [Week(day: monday.ordinal).number])
    }

    private func write(_ path: String, _ version: String) async throws {
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: version)
        try await queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO schools (id, name, key) VALUES (1, 'A', 'a');
                    INSERT INTO agents (id, identifier, school, host, version, secret, enrolled_at)
                        VALUES (1, '0123456789abcdef', 1, 'h', '1', zeroblob(32), 0);
                    INSERT INTO days (id, agent, day, run, sequence, ended, devices, unnamed_tls, unnamed_quic, dot, doq,
                        doh, withheld_names, withheld_dns, withheld_tls, withheld_quic, withheld_attributed)
                        VALUES (1, 1, '\(monday)', '00000000000000000000000000000000', 1, 0, 9, 1, 2, 3, 4, 5,
                            6, 7, 8, 9, 10);
                    INSERT INTO names (id, name) VALUES (1, 'x.example.com'), (2, 'y.example.com');
                    INSERT INTO segments (id, name) VALUES (1, '');
                    INSERT INTO rows (entry, name, segment, dns, tls, quic, attributed, devices)
                        VALUES (1, 1, 1, 1, 2, 3, 1, 7), (1, 2, 1, 0, 0, 0, 0, 4);
                    INSERT INTO hours VALUES (1, 1, 1, 9, 5);
                    INSERT INTO platforms (key, name, vendor, category, kind, status, conditions, replacement, notes)
                        VALUES ('quiz', 'Quiz', '', '', 'tool', 'flagged', '', '', 'n');
                    """)
        }
        try queue.close()
    }
}
