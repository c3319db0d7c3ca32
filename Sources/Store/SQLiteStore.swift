import Foundation
import GRDB

/// Everything that a district's collector keeps, in one SQLite database.
///
/// Several processes may use the same database at the same time: the serving collector and the commands beside it.
package final class SQLiteStore: Sendable {
    let pool: DatabasePool
    let intake: Intake

    /// Opens the database, which is made when it is not there, and brings its schema up to date.
    ///
    /// What is written is on the disk when a method returns (`synchronous = FULL`): an agent forgets what the
    /// collector confirmed.
    package init(path: String) throws(StoreError) {
        do {
            try Self.makePrivateFile(path)
            var configuration = Configuration()
            // Long enough for the longest transaction of another process, which is an import or a large report.
            configuration.busyMode = .timeout(20)
            pool = try DatabasePool(path: path, configuration: configuration)
            // The library chose NORMAL for WAL, which may lose the last transactions when the power fails.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            if try pool.read({ try Schema.migrator.hasBeenSuperseded($0) }) { throw StoreError.newerSchema(path: path) }
            try Schema.migrator.migrate(pool)
            intake = Intake(pool: pool)
        } catch let error as StoreError {
            throw error
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
    }

    /// Moves everything into the database's one file, so that a copy of that file alone is whole.
    package func checkpoint() throws {
        _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }

    /// The database's size in bytes.
    package func byteCount() async throws -> Int {
        try await pool.read { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            return pages * (try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
        }
    }

    /// Closes the database after what is under way.
    package func close() throws {
        try pool.close()
    }

    /// Makes the file readable for its owner alone before SQLite would make it readable for everybody; the files that
    /// SQLite puts beside it take over its permissions.
    static func makePrivateFile(_ path: String) throws(StoreError) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder) else { throw .noFolder(path: path, folder: folder) }
        guard !FileManager.default.fileExists(atPath: path) else { return }
        var attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        // An administrator may make the first token before the service has run: the file is to be the service's.
        if geteuid() == 0, let owner = try? FileManager.default.attributesOfItem(atPath: folder) {
            attributes[.ownerAccountID] = owner[.ownerAccountID]
            attributes[.groupOwnerAccountID] = owner[.groupOwnerAccountID]
        }
        _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: attributes)
    }
}

/// Why the database cannot be used.
package enum StoreError: Error, Equatable, CustomStringConvertible {
    /// The folder of the database is not there.
    case noFolder(path: String, folder: String)
    /// A newer version of Rollcall wrote the database.
    case newerSchema(path: String)
    /// The system or SQLite says no.
    case unusable(path: String, reason: String)
    /// There is no school of that name.
    case unknownSchool(String, known: [String])
    /// Another school has the name.
    case schoolNameTaken(String, by: String)
    /// There is no agent of that identifier.
    case unknownAgent(String)
    /// A file stands where a backup is to be written.
    case backupExists(path: String)
    /// A backup cannot be written.
    case backupFailed(path: String, reason: String)

    /// What is wrong and what to do about it.
    package var description: String {
        switch self {
        case .noFolder(let path, let folder):
            "database \(path): the folder \(folder) does not exist; make it, or name another database"
        case .newerSchema(let path):
            "database \(path): a newer version of Rollcall wrote it; use that version, or restore a backup"
        case .unusable(let path, let reason):
            "database \(path) cannot be used (\(reason)); check that this user may write to it and its folder"
        case .unknownSchool(let name, let known):
            known.isEmpty
                ? "no school \"\(name)\": no school has joined yet"
                : "no school \"\(name)\"; the schools are \(known.map { "\"\($0)\"" }.joined(separator: ", "))"
        case .schoolNameTaken(let name, let other):
            "the name \"\(name)\" belongs to the school \"\(other)\"; choose another name"
        case .unknownAgent(let identifier):
            "no agent \"\(identifier)\"; write its identifier as the page of gateways shows it"
        case .backupExists(let path):
            "\(path): it is there already, and a backup replaces nothing; name another file, or take it away first"
        case .backupFailed(let path, let reason):
            "\(path): the backup cannot be written (\(reason)); name a file in a folder with room where this user may write"
        }
    }
}
