import ArgumentParser
import Foundation
import Identity
import Store

/// `rollcall-collector school`: what happens to schools over the years.
struct SchoolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "school", abstract: "Renames, closes, opens and groups schools.",
        subcommands: [List.self, Rename.self, Close.self, Open.self, Region.self])

    /// `rollcall-collector school list`: all of them.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints every school with its region, its agents and whether it is closed, separated by tabs.")
        @OptionGroup var config: ConfigOption

        func run() async throws {
            let store = try SQLiteStore(path: config.settings().database)
            defer { try? store.close() }
            for school in try await UseReader(store: store, catalogue: []).schools(in: UseScope()) {
                let state = school.closedAt == nil ? "open" : "closed"
                Terminal.print([school.school, school.region, "\(school.agents)", state].joined(separator: "\t"))
            }
        }
    }

    /// `rollcall-collector school rename`.
    struct Rename: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives a school another name; its history, and gateways that say the old name, go with it.")
        @Argument(help: "The name it has.") var school: String
        @Argument(help: "The name it gets.") var name: String
        @OptionGroup var config: ConfigOption

        func run() async throws {
            let name: String
            do throws(JoinRefusal) {
                name = try SchoolName.checked(self.name)
            } catch {
                throw Failure("\"\(self.name)\" is no name of a school; it has 1 to 100 characters on one line")
            }
            try await change(config) { try await $0.renameSchool(school, to: name, by: $1, at: $2) }
        }
    }

    /// `rollcall-collector school close`.
    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Closes a school: it is not missed any more when it is silent; its history stays.")
        @Argument(help: "The school.") var school: String
        @OptionGroup var config: ConfigOption

        func run() async throws {
            try await change(config) { try await $0.setClosed(true, school: school, by: $1, at: $2) }
        }
    }

    /// `rollcall-collector school open`.
    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Opens a school that was closed.")
        @Argument(help: "The school.") var school: String
        @OptionGroup var config: ConfigOption

        func run() async throws {
            try await change(config) { try await $0.setClosed(false, school: school, by: $1, at: $2) }
        }
    }

    /// `rollcall-collector school region`.
    struct Region: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says in which region a school is, so that pages can show its region alone.")
        @Argument(help: "The school.") var school: String
        @Argument(help: "The region; empty for none.") var region: String
        @OptionGroup var config: ConfigOption

        func run() async throws {
            let hasControl = region.unicodeScalars.contains { $0.properties.generalCategory == .control }
            guard region.count <= 100, !hasControl else {
                throw Failure("the region's name is too long or not on one line; it has up to 100 characters")
            }
            try await change(config) { try await $0.setRegion(region, of: school, by: $1, at: $2) }
        }
    }
}

/// Changes something in the database, as the user of the command line, now.
private func change(
    _ config: ConfigOption, _ body: (SQLiteStore, Who, Int) async throws -> Void
) async throws {
    let store = try SQLiteStore(path: config.settings().database)
    defer { try? store.close() }
    try await body(store, .commandLine, Int(Date().timeIntervalSince1970))
}
