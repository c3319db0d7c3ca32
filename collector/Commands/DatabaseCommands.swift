import ArgumentParser
import Foundation
import Store

/// `rollcall-collector backup`: a copy of the database while the collector serves.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a copy of the whole database, also while the collector serves.",
        discussion: """
            The copy is as the database was at one moment, and is checked before it gets its name. To restore it, stop \
            the collector, take the database and the files beside it (-wal, -shm) away, put the copy in its place, and \
            start the collector.
            """)

    @Argument(help: "The file to write; it must not be there.") var file: String
    @OptionGroup var config: ConfigOption

    func run() async throws {
        let store = try SQLiteStore(path: config.settings().database)
        defer { try? store.close() }
        try store.backup(to: file)
        try await store.recordExport("backup \(file)")
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
        Terminal.print("\(file): \(size) bytes, checked")
    }
}

/// `rollcall-collector check-database`: whether everything in the database can be read.
struct CheckDatabase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-database", abstract: "Reads everything in the database and says what is wrong with it.")

    @OptionGroup var config: ConfigOption

    func run() async throws {
        let database = try config.settings().database
        let store = try SQLiteStore(path: database)
        defer { try? store.close() }
        let findings = try await store.findings()
        if findings.isEmpty { return Terminal.print("\(database): nothing is wrong") }
        for finding in findings { Terminal.complain("rollcall-collector: \(database): \(finding)") }
        throw Failure("\(database): it is damaged; stop the collector and restore the last backup")
    }
}
