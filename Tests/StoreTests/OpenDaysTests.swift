import Foundation
import GRDB
import Identity
import Registry
import Testing
import Wire

@testable import Store

@Suite struct `Days that are kept read` {
    @Test(arguments: 1...2)
    func `answer every question as the database does, whatever happened meanwhile`(seed: UInt64) async throws {
        let district = try await SmallDistrict(seed: seed)
        let beside = try SQLiteStore(path: district.folder.database)
        let keeping = reader(district.store, OpenDays(fewestSchools: 1))
        let agents = try await [district.store.join("A"), beside.join("B"), beside.join("C")]
        var random = Seeded(state: seed)
        for step in 0..<8 {
            let agent = agents[Int.random(in: 0..<agents.count, using: &random)]
            switch step % 4 {
            case 2: _ = try await keeping.rollUp(before: district.today.advanced(by: step / 4 - 1))
            case 3:
                let rule = Retention(days: 14 - step)
                _ = try await keeping.retain(rule, today: district.today)
            default:
                let store = Bool.random(using: &random) ? district.store : beside
                let day = SmallDistrict.day(Int.random(in: 20...25, using: &random), using: &random)
                try await store.keep(day, from: agent)
            }
            let kept = try await district.answers(keeping)
            let plain = try await district.answers(reader(district.store, OpenDays(fewestSchools: .max)))
            for (question, answer) in plain {
                #expect(kept[question] == answer, "seed \(seed), step \(step): \(question)")
            }
        }
    }

    @Test func `show a report in the next answer, also one that another process kept`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let beside = try SQLiteStore(path: folder.database)
        let agent = try await store.join("A")
        let reader = reader(store, OpenDays(fewestSchools: 1))
        for (count, writer) in [(1, store), (2, beside), (3, beside), (4, store)] {
            try await writer.keep(day(sequence: count, [Row(name: "x.example.com", dns: count)]), from: agent)
            let names = try await reader.unknownNames(in: UseScope(), page: ListPage())
            #expect(names.items.map(\.figures.counts.dns) == [count])
        }
        try await beside.move(
            agent: agent.identifier, to: try await beside.join("B").school, by: Who(name: "x", way: .command), at: 2)
        try await beside.keep(day([Row(name: "y.example.com", dns: 7)]), from: agent)
        try await beside.keep(day(monday.advanced(by: 1), [Row(name: "z.example.com", dns: 8)]), from: agent)
        // The day that it had begun stays with the school where it was.
        let schools = try await reader.schools(using: .everything, in: UseScope())
        #expect(schools.map(\.school) == ["A", "B"] && schools.map(\.figures.counts.dns) == [11, 8])
    }

    @Test func `are those of the snapshot that is asked, in whichever order snapshots ask`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let agents = try await [store.join("A"), store.join("B")]
        let days = OpenDays()
        for agent in agents { try await store.keep(day([Row(name: "x.example.com", dns: 1)]), from: agent) }
        let older = try store.pool.makeSnapshot()
        #expect(try await older.read { try queries($0, days) } == [1, 1])
        try await store.keep(day(sequence: 2, [Row(name: "x.example.com", dns: 5)]), from: agents[1])
        #expect(try await store.pool.read { try queries($0, days) } == [1, 5])
        #expect(try await older.read { try queries($0, days) } == [1, 1])
        #expect(try await store.pool.read { try queries($0, days) } == [1, 5])
    }

    @Test func `keep counts that no place has room for as they are`() throws {
        let most = 1 << 53
        let row = CountedRow(
            name: 7, segment: 1, counts: UseCounts(dns: most, tls: 3), devices: 9, hours: HourCounts([9: 4]))
        let packed = Data(PackedRows.pack([row]))
        #expect(try FlatRows(packed) == nil)
        let entry = EntryCounts(agent: 1, devices: 9, rows: packed)
        let counts = try SchoolDayCounts(
            flattening: SchoolDayCounts(school: 1, day: monday.ordinal, entries: [entry]))
        #expect(try counts.all?.counts.dns == most)
    }

    private func reader(_ store: SQLiteStore, _ days: OpenDays) -> UseReader {
        UseReader(store: store, catalogue: SmallDistrict.catalogue, openDays: days)
    }

    /// The queries of each school on Monday.
    private func queries(_ db: Database, _ days: OpenDays) throws -> [Int] {
        let open = try OpenDays.latest(db)
        #expect(open.map(\.day) == [monday.ordinal])
        return try open.flatMap { try days.counts(of: $0, db) }.compactMap { try $0.all?.counts.dns }
    }
}

@Suite struct `Rows in fixed places` {
    @Test(arguments: 1...5)
    func `say what packed rows say`(seed: UInt64) throws {
        var random = Seeded(state: seed)
        var rows: [CountedRow] = []
        for name in 1...60 {
            for segment in 0...2 where Bool.random(using: &random) {
                func count() -> Int { Bool.random(using: &random) ? 0 : Int.random(in: 0...(1 << 20), using: &random) }
                var hours: [Int: Int] = [:]
                for hour in 0..<24 where Int.random(in: 0..<4, using: &random) == 0 { hours[hour] = count() }
                rows.append(
                    CountedRow(
                        name: Int64(name * name), segment: Int64(segment),
                        counts: UseCounts(
                            dns: count(), tls: count(), quic: count(), http: count(), attributed: count()),
                        devices: count(), hours: HourCounts(hours)))
            }
        }
        let flat = try #require(try FlatRows(Data(PackedRows.pack(rows))))
        var told: [String] = []
        flat.forEach { told.append("\($0) \($1) \($2)") }
        #expect(told == rows.map { "\($0.name) \($0.segment) \($0.figures)" })
        var hours: [HourCounts] = []
        try flat.forEachHours(where: { $0 % 2 == 0 }) { _, _, told in hours.append(told) }
        #expect(hours == rows.filter { $0.name % 2 == 0 }.map(\.hours))
        var largest = DayFigures()
        for (_, segments) in Dictionary(grouping: rows, by: \.name) {
            var name = DayFigures()
            for row in segments { name.add(row.figures) }
            largest.keepLargest(name)
        }
        #expect(flat.largest == largest)
    }
}

extension SchoolDayCounts {
    /// What all names add up to.
    fileprivate var all: DayFigures? { get throws { try forEachName(in: nil, NameSlots()) { _, _ in } } }
}
