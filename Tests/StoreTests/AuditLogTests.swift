import GRDB
import Identity
import Store
import Testing

@Suite struct `An entry of the audit log` {
    private static let entry = AuditEntry(
        at: 1, who: Who(name: "sample", way: .command), what: "sample.change", subject: "thing", before: "a", after: "b"
    )

    @Test func `is given back as it was kept, the newest first`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        defer { try? store.close() }
        var second = Self.entry
        second.subject = "other"
        try await store.record(Self.entry)
        try await store.record(second)
        let kept = try await store.auditEntries(AuditQuery(limit: 9))
        #expect(kept.map(\.entry) == [second, Self.entry])
        #expect(try await store.auditEntries(AuditQuery(subject: "THING", limit: 9)).count == 1)
        #expect(try await store.auditEntries(AuditQuery(from: 2, limit: 9)).isEmpty)
        let older = try await store.auditEntries(AuditQuery(olderThan: kept[0].number, limit: 9))
        #expect(older.map(\.entry) == [Self.entry])
    }

    @Test(arguments: [
        "UPDATE audit SET who = 'somebody else'", "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit (id, at, who, way, what, subject) VALUES (1, 1, 'x', 'page', 'x', 'x')",
    ])
    func `is changed, removed and replaced by nobody`(sql: String) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        defer { try? store.close() }
        try await store.record(Self.entry)
        let queue = try DatabaseQueue(path: folder.database)
        #expect(throws: DatabaseError.self) { try queue.write { db in try db.execute(sql: sql) } }
        try queue.close()
        #expect(try await store.auditEntries(AuditQuery(limit: 9)).map(\.entry) == [Self.entry])
    }
}
