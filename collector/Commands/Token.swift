import ArgumentParser
import Foundation
import Identity
import Settings
import Store

/// `rollcall-collector token`: the tokens with which gateways join.
struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes the tokens with which gateways join.", subcommands: [Create.self])

    /// `rollcall-collector token create`: prints a new one.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a join token and prints it, once; the collector keeps only a hash of it.")

        @OptionGroup var config: ConfigOption
        @Option(help: "The one school that may be joined with it; without it, the gateway says which.")
        var school: String?
        @Option(help: "How many gateways may use it.")
        var uses = 1
        @Option(help: "How long it may be used, such as 12h or 7d.")
        var expires = "7d"

        func validate() throws {
            guard (1...100_000).contains(uses) else {
                throw ValidationError("--uses is \(uses); it has to be from 1 to 100000.")
            }
            guard let duration = Duration(settingsText: expires), duration > .zero else {
                throw ValidationError("--expires \"\(expires)\" is no duration; write it as 12h or 7d.")
            }
        }

        func run() async throws {
            let settings = try config.settings()
            let now = Int(Date().timeIntervalSince1970)
            let seconds = Duration(settingsText: expires)?.components.seconds ?? 0
            var school = school
            do {
                school = try school.map { name throws(JoinRefusal) in try SchoolName.checked(name) }
            } catch {
                throw Failure(error.sentence)
            }
            let store = try SQLiteStore(path: settings.database)
            defer { try? store.close() }
            var random = SystemRandomNumberGenerator()
            let token = JoinToken(using: &random)
            let terms = JoinTokenTerms(school: school, usesLeft: uses, expiresAt: now + Int(seconds))
            try await store.keep(token, terms: terms, at: now)
            try await store.record(
                AuditEntry(
                    at: now, who: .commandLine, what: "join_token.make", subject: school ?? "any school",
                    after: "\(uses) uses, \(expires)"))
            Terminal.print(token.text)
        }
    }
}
