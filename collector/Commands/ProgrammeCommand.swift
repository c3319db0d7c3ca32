import ArgumentParser
import Foundation
import Identity
import Programme
import Store

/// `rollcall-collector programme`: takes over files of the certification programme.
struct ProgrammeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "programme", abstract: "Takes over surveys, requests and spend figures.",
        subcommands: [Survey.self, Requests.self, SpendFigures.self])

    /// `rollcall-collector programme survey`: what schools say that they use.
    struct Survey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes over a survey of schools, all of it or nothing: CSV with school, tool, purpose, users.",
            discussion:
                "A survey of the same name is replaced. What is no exact name waits on the page for somebody to confirm it."
        )

        @Argument(help: "The CSV file; - for standard input.") var file: String
        @Option(help: "What the survey is called, such as \"Fall 2026\".") var name: String
        @OptionGroup var config: ConfigOption

        func run() async throws {
            let declarations = try SurveyFile.read(contents(of: file), file: file)
            try await config.withProgramme { reader in
                try await reader.keep(survey: name, declarations, by: .commandLine)
                let unsure = try await reader.store.declarations(survey: name).count { !$0.isConfirmed }
                Terminal.print("\(file): \(declarations.count) declarations, of which \(unsure) are to be confirmed")
            }
        }
    }

    /// `rollcall-collector programme requests`: what schools ask for.
    struct Requests: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Takes over requests for tools, all or nothing: CSV with school, tool, purpose, subject, users, contact."
        )

        @Argument(help: "The CSV file; - for standard input.") var file: String
        @OptionGroup var config: ConfigOption

        func run() async throws {
            let questions = try RequestFile.read(contents(of: file), file: file)
            try await config.withProgramme { reader in
                let asked = try await reader.ask(questions, by: .commandLine)
                let answered = asked.count { $0.value.state.isAnswer }
                Terminal.print("\(file): \(asked.count) requests, of which \(answered) are answered already")
            }
        }
    }

    /// `rollcall-collector programme spend`: what was paid.
    struct SpendFigures: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "spend",
            abstract: "Takes over spend figures, all or nothing: CSV with platform, school, period, amount, licences.")

        @Argument(help: "The CSV file; - for standard input.") var file: String
        @OptionGroup var config: ConfigOption

        func run() async throws {
            let bytes = try contents(of: file)
            try await config.withProgramme { reader in
                let spends = try await reader.spends(in: Array(bytes), file: file)
                try await reader.take(over: spends, by: .commandLine)
                Terminal.print("\(file): \(spends.count) spend figures")
            }
        }
    }
}

/// `rollcall-collector public`: the list that everybody may read.
struct PublicCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "public", abstract: "Writes the public list as files for a web site.", subcommands: [Export.self])

    /// `rollcall-collector public export`: to a folder.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Writes index.html, style.css, search.js, approved.csv, approved.json and changes.atom into a folder.",
            discussion: "Each file is replaced whole, so that the folder may be one that a web server shows.")

        @Argument(help: "The folder; it is made when it is not there.") var folder: String
        @OptionGroup var config: ConfigOption

        func run() async throws {
            try await config.withProgramme { reader in
                let files = try await reader.publicFiles()
                do {
                    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                    for (name, text) in files {
                        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name), options: .atomic)
                    }
                } catch {
                    throw Failure("\(folder): it cannot be written; name a folder where this user may write")
                }
                try await reader.store.recordExport("public export \(folder)")
                Terminal.print("\(folder): \(files.map(\.name).joined(separator: ", "))")
            }
        }
    }
}

extension ConfigOption {
    /// Opens the database for as long as `body` works on the programme.
    fileprivate func withProgramme(_ body: (ProgrammeReader) async throws -> Void) async throws {
        let settings = try settings()
        let catalogue = try settings.readCatalogue()
        let store = try SQLiteStore(path: settings.database)
        defer { try? store.close() }
        let reader = ProgrammeReader(
            store: store, uses: UseReader(store: store, catalogue: catalogue), settings: settings.programme,
            now: { Int(Date().timeIntervalSince1970) })
        try await body(reader)
    }
}
