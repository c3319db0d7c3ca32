import GRDB

extension SQLiteStore: ObservationStore {
    /// Keeps a report; when this returns, it is on the disk.
    package func record(_ report: AcceptedReport, from agent: AgentIdentity, at now: Int) async throws {
        try await intake.record(report, from: agent, at: now)
    }

    /// The key of a text in a table of texts, which are stored once each.
    static func key(of text: String, in table: String, _ db: Database) throws -> Int64 {
        let find = try db.cachedStatement(sql: "SELECT id FROM \(table) WHERE name = ?")
        if let key = try Int64.fetchOne(find, arguments: [text]) { return key }
        try db.cachedStatement(sql: "INSERT INTO \(table) (name) VALUES (?)").execute(arguments: [text])
        return db.lastInsertedRowID
    }
}
