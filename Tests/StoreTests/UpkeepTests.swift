import Foundation
import GRDB
import Registry
import Testing
import Wire

@testable import Store

@Suite struct `A backup` {
    @Test func `is made while reports come, and restores to what was confirmed before it`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let agent = try await store.join("A")
        for number in 0..<20 {
            try await store.keep(
                day(sequence: number, [Row(name: "n\(number).example.com", dns: 1, devices: 3)]), from: agent)
        }
        let copy = folder.path + "/copy.sqlite"
        async let more: Void = {
            for number in 20..<60 {
                let rows = [Row(name: "n\(number).example.com", dns: 1, devices: 3)]
                try await store.keep(day(sequence: number, rows), from: agent)
            }
        }()
        try store.backup(to: copy)
        try await more
        let permissions = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
        #expect(permissions == 0o600)
        let restored = try SQLiteStore(path: copy)
        let reader = UseReader(store: restored, catalogue: [])
        #expect(try await reader.unknownNames(in: UseScope(), page: ListPage()).total >= 20)
        #expect(try await restored.findings() == [])
        // It goes on from there.
        try await restored.keep(day(sequence: 99, [Row(name: "later.example.com", devices: 3)]), from: agent)
        #expect(throws: StoreError.backupExists(path: copy)) { try store.backup(to: copy) }
        let nowhere = folder.path + "/nowhere/copy.sqlite"
        #expect(throws: StoreError.self) { try store.backup(to: nowhere) }
    }

    @Test func `is checked together with every row in it`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let agent = try await store.join("A")
        try await store.keep(day([Row(name: "x.example", devices: 3)]), from: agent)
        try await store.keep(day(monday.advanced(by: 1), [Row(name: "y.example", devices: 3)]), from: agent)
        #expect(try await store.findings() == [])
        try await store.pool.writeWithoutTransaction { db in
            try db.execute(sql: "UPDATE tallies SET rows = x'01FF' WHERE entry = 1")
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            try db.execute(sql: "DELETE FROM names WHERE name = 'y.example'")
        }
        let findings = try await store.findings()
        #expect(
            findings == [
                "\(monday) of agent \(agent.identifier): the rows cannot be read",
                "\(monday.advanced(by: 1)) of agent \(agent.identifier): 1 rows have a name or segment that is not there",
            ])
    }
}

@Suite struct `What is older than it is kept` {
    @Test func `is added up by month and platform once, and then taken out`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let catalogue = [Platform(name: "Quiz", patterns: [.domain("quiz.example")])]
        let reader = UseReader(store: store, catalogue: catalogue)
        let (a, b) = (try await store.join("A"), try await store.join("B"))
        for offset in stride(from: 0, to: 60, by: 2) {
            let rows = [
                Row(name: "quiz.example", dns: 1, tls: 2, devices: 10),
                Row(name: "www.quiz.example", quic: 3, devices: 6),
            ]
            try await store.keep(day(monday.advanced(by: offset), rows), from: a)
            if offset < 14 { try await store.keep(day(monday.advanced(by: offset), rows), from: b) }
        }
        let whole = try #require(try await reader.use(of: "Quiz", in: UseScope()))
        _ = try await reader.rollUp(before: monday.advanced(by: 70))
        let retention = Retention(days: 31, months: 2)
        let today = monday.advanced(by: 61)
        let taken = try await reader.retain(retention, today: today)
        #expect(taken > 2)
        #expect(try await reader.retain(retention, today: today) == 0)
        let left = try #require(try await reader.use(of: "Quiz", in: UseScope()))
        let months = try await reader.months(of: "quiz")
        #expect(months.map(\.month) == [11, 12] && months.map(\.schools) == [2, 2] && months[0].devices == 20)
        #expect(months.reduce(0) { $0 + $1.dns } + left.figures.counts.dns == whole.figures.counts.dns)
        #expect(
            months.reduce(0) { $0 + $1.connections } + left.figures.counts.connections
                == whole.figures.counts.connections)
        let kept = try await store.keptFrom()
        let first = try #require(try await reader.daysOnRecord()?.first)
        #expect(Period(kept, kept.advanced(by: 1)).contains(first))
        // What comes again is told, and would be left out anyway.
        let late = Report(sentAt: 0, version: "1", days: [day([Row(name: "quiz.example", dns: 1)])])
        let checked = AcceptedReport(checking: late, today: today, oldest: kept)
        #expect(checked.skipped.map(\.pointer) == ["/days/0/day"])
        try await store.record(AcceptedReport(checking: late, today: today), from: a, at: 1)
        #expect(try await reader.daysOnRecord()?.first == first)
        // In the end the months go, too.
        _ = try await reader.retain(retention, today: monday.advanced(by: 160))
        #expect(try await reader.months(of: "quiz").isEmpty)
        #expect(try await store.findings() == [])
    }
}
