import ArgumentParser
import Foundation
import Identity
import Store

/// `rollcall-collector setup`: the link with which the first administrator is made.
struct SetUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Prints the one-time link with which the first administrator is made.",
        discussion: "Open it in a browser within a day. There is none once somebody can sign in as administrator.")

    @OptionGroup var config: ConfigOption

    func run() async throws {
        let settings = try config.settings()
        try await settings.withStore { store, now in
            guard try await !store.hasAdministrator() else {
                throw Failure(
                    "there is an administrator already; let them invite others at /people, or print a link for one with "
                        + "`rollcall-collector people link NAME`")
            }
            Terminal.print(settings.address(of: try await Self.makeLink(store, at: now)))
        }
    }

    /// Makes the link; earlier ones hold no more.
    static func makeLink(_ store: SQLiteStore, at now: Int) async throws -> PersonSecret {
        var random = SystemRandomNumberGenerator()
        let link = PersonSecret(.link, using: &random)
        try await store.makeSetUpLink(link, until: now + 86_400, by: .commandLine, at: now)
        return link
    }
}
