import ArgumentParser
import Foundation
import Identity
import Registry
import Store

/// `rollcall-collector registry`: the registry as a file.
struct RegistryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry", abstract: "Takes over and writes out the district's registry of platforms.",
        subcommands: [Import.self, Export.self])

    /// `rollcall-collector registry import`: from a file.
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes over a CSV file of platforms, all of it or nothing.",
            discussion: """
                Platforms of the file are added, or replaced where the registry has one of that name. Platforms that \
                only the registry has stay as they are, unless --replace is given.
                """)

        @Argument(help: "The CSV file; - for standard input.") var file: String
        @OptionGroup var config: ConfigOption
        @Flag(help: "Take platforms that the file does not have out of the registry. Their history stays.")
        var replace = false
        @Flag(help: "Change nothing; print what would be new (+), different (~) and taken out (-).")
        var dryRun = false

        func run() async throws {
            let settings = try config.settings()
            let catalogue = try settings.readCatalogue()
            let bytes = try contents(of: file)
            let store = try SQLiteStore(path: settings.database)
            defer { try? store.close() }
            let (file, replace) = (file, replace)
            if dryRun { return try Self.compare(bytes, file, replace, try await store.registry(), catalogue) }
            let summary = try await store.importRegistry(
                replacing: replace, by: Who.commandLine.name, at: Int(Date().timeIntervalSince1970),
                audit: Who.commandLine
            ) { registry in
                let known = KnownPlatforms(registry: replace ? [] : registry, catalogue: catalogue)
                return try PlatformFile.read(bytes, file: file, known: known)
            }
            try await store.record(
                AuditEntry(
                    at: Int(Date().timeIntervalSince1970), who: .commandLine, what: "registry.import", subject: file,
                    after: summary.sentence(file: file)))
            Terminal.print(summary.sentence(file: file))
            try await warnOfNameless(store, catalogue)
        }

        private static func compare(
            _ bytes: [UInt8], _ file: String, _ replace: Bool, _ registry: [Platform], _ catalogue: [Platform]
        ) throws {
            let known = KnownPlatforms(registry: replace ? [] : registry, catalogue: catalogue)
            let platforms = try PlatformFile.read(bytes, file: file, known: known)
            let difference = PlatformDifference(from: registry, to: platforms, isWhole: replace)
            for line in difference.lines { Terminal.print(line) }
            Terminal.print(
                "\(file): \(difference.added.count) new, \(difference.changed.count) changed, "
                    + "\(difference.removed.count) taken out; nothing was changed, leave --dry-run out to do it")
        }

        /// A platform that has no names and that the catalogue does not know is never found; most often its name is
        /// written in another way.
        private func warnOfNameless(_ store: SQLiteStore, _ catalogue: [Platform]) async throws {
            let known = Set(catalogue.map(\.key))
            let nameless = try await store.registry().filter { $0.patterns.isEmpty && !known.contains($0.key) }
            for platform in nameless {
                Terminal.complain(
                    "rollcall-collector: note: \"\(platform.name)\" has no patterns and is not in the catalogue, so "
                        + "that it will never be seen; give it patterns, or write it as the catalogue does")
            }
        }
    }

    /// `rollcall-collector registry export`: to a file.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes the registry as CSV, sorted by name, in the form that import takes.")

        @Argument(help: "The CSV file to write; - for standard output.") var file: String
        @OptionGroup var config: ConfigOption

        func run() async throws {
            let store = try SQLiteStore(path: config.settings().database)
            defer { try? store.close() }
            let text = PlatformFile.write(try await store.registry())
            try await store.recordExport("registry export \(file)")
            if file == "-" { return Terminal.write(text) }
            do {
                try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
            } catch {
                throw Failure("\(file): it cannot be written; name a file in a folder where this user may write")
            }
        }
    }
}

extension ImportSummary {
    /// What happened, in one line.
    func sentence(file: String) -> String {
        var parts = ["\(added) new", "\(changed) changed", "\(unchanged) unchanged"]
        if removed > 0 { parts.append("\(removed) taken out") }
        if kept > 0 { parts.append("\(kept) not in the file, which stay") }
        let count = added + changed + unchanged
        return "\(file): \(count) \(count == 1 ? "platform" : "platforms"): \(parts.joined(separator: ", "))"
    }
}
