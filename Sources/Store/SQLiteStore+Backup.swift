import Foundation
import GRDB
import Glibc

extension SQLiteStore {
    /// Writes a copy of the whole database, while others read and write; it is checked before it gets its name.
    ///
    /// The copy is as the database was at one moment, readable for its owner alone.
    package func backup(to path: String) throws(StoreError) {
        if FileManager.default.fileExists(atPath: path) { throw .backupExists(path: path) }
        let partial = path + ".partial"
        defer { try? FileManager.default.removeItem(atPath: partial) }
        do {
            try? FileManager.default.removeItem(atPath: partial)
            try Self.makePrivateFile(partial)
            let copy = try DatabaseQueue(path: partial)
            try pool.backup(to: copy)
            let findings = try copy.read { db in try String.fetchAll(db, sql: "PRAGMA quick_check") }
            // A file by itself: no other process looks for a journal beside it.
            try copy.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
            guard findings == ["ok"] else { throw StoreError.backupFailed(path: path, reason: findings[0]) }
            try Self.moveDurably(partial, to: path)
        } catch let error as StoreError {
            throw error
        } catch {
            throw .backupFailed(path: path, reason: "\(error)")
        }
    }

    private static func moveDurably(_ from: String, to path: String) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: from))
        try file.synchronize()
        try file.close()
        try FileManager.default.moveItem(atPath: from, toPath: path)
        // So that the name too is on the disk.
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { return }
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).synchronize()
    }

    /// Reads everything in the database and gives what is wrong with it, a sentence each; empty when nothing is.
    package func findings() async throws -> [String] {
        try await pool.read { db in
            let pages = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            let references = try GRDB.Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { row in
                "a row of \(row[0] as String? ?? "") refers to a row of \(row[2] as String? ?? "") that is not there"
            }
            return pages.map { "the file: \($0)" } + references + (try Self.findingsInRows(db))
        }
    }

    private static func findingsInRows(_ db: Database) throws -> [String] {
        let names = Set(try Int64.fetchAll(db, sql: "SELECT id FROM names"))
        let segments = Set(try Int64.fetchAll(db, sql: "SELECT id FROM segments"))
        var findings: [String] = []
        let sql = """
            SELECT day, identifier, rows FROM tallies JOIN days ON days.id = entry JOIN agents ON agents.id = agent
            """
        let cursor = try GRDB.Row.fetchCursor(db, sql: sql)
        while let row = try cursor.next() {
            let (day, agent, packed): (String, String, Data) = (row[0], row[1], row[2])
            var strangers = 0
            do {
                try PackedRows.forEach(in: packed.span) { row in
                    let isKnown = segments.contains(row.segment) || row.segment == GroupRow.segment
                    if !names.contains(row.name) || !isKnown { strangers += 1 }
                }
            } catch {
                findings.append("\(day) of agent \(agent): the rows cannot be read")
            }
            if strangers > 0 {
                findings.append("\(day) of agent \(agent): \(strangers) rows have a name or segment that is not there")
            }
        }
        return findings
    }
}
