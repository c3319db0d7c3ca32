import ArgumentParser
import Foundation
import Identity
import Pages
import Settings
import Store

/// `rollcall-collector people`: who gets in.
struct PeopleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "people", abstract: "Shows and changes who gets in, as the page of that name does.",
        subcommands: [List.self, Add.self, Link.self, MakeToken.self, SetRole.self, Off.self, On.self])

    /// `rollcall-collector people list`: everybody with an account.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints name, role, school, last sign-in and whether the account is off, with tabs between.")

        @OptionGroup var config: ConfigOption

        func run() async throws {
            try await config.settings().withStore { store, now in
                for account in try await store.accounts(at: now) {
                    let person = account.person
                    let state = account.disabledAt == nil ? "on" : "off"
                    Terminal.print(
                        [
                            person.name, person.role.rawValue, person.school ?? "", Moment.written(account.signedInAt),
                            state,
                        ].joined(separator: "\t"))
                }
            }
        }
    }

    /// `rollcall-collector people add`: an account and the link of its invitation.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes an account, and prints the one-time link with which its owner chooses a password.")

        @Argument(help: "What they sign in with, such as an address for mail.") var name: String
        @Option(help: "What they are called on pages.") var fullName: String?
        @Option(help: "admin, its, procurement, school or auditor.") var role: Role
        @Option(help: "The school that a school leader leads.") var school: String?
        @OptionGroup var config: ConfigOption

        func run() async throws {
            let settings = try config.settings()
            try await settings.withStore { store, now in
                var random = SystemRandomNumberGenerator()
                let link = PersonSecret(.link, using: &random)
                _ = try await store.invite(
                    name, fullName: fullName ?? name, role: role, school: school, link: link, until: now + 7 * 86_400,
                    by: .commandLine, at: now)
                Terminal.print(settings.address(of: link))
            }
        }
    }

    /// `rollcall-collector people link`: a sign-in for once.
    struct Link: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Prints a link that signs somebody in once, within an hour; with --reset, one to choose a password.")

        @Argument(help: "What they sign in with.") var name: String
        @Flag(help: "For another password, within a day.") var reset = false
        @OptionGroup var config: ConfigOption

        func run() async throws {
            let settings = try config.settings()
            try await settings.withStore { store, now in
                let person = try await store.knownPerson(named: name)
                var random = SystemRandomNumberGenerator()
                let link = PersonSecret(.link, using: &random)
                try await store.makeLink(
                    link, reset ? .reset : .signIn, for: person.row, until: now + (reset ? 86_400 : 3600),
                    by: .commandLine, at: now)
                Terminal.print(settings.address(of: link))
            }
        }
    }

    /// `rollcall-collector people token`: for a script.
    struct MakeToken: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "token",
            abstract: "Makes a token for a script of somebody's, and prints it, once; it may do no more than they may.")

        @Argument(help: "What they sign in with.") var name: String
        @Option(help: "What the token is for.") var purpose: String
        @Option(name: .customLong("scope"), help: "What it may do; may be given several times. Default: read.")
        var scopes: [Right] = [.read]
        @Option(help: "How long it holds, such as 90d.") var expires = "90d"
        @OptionGroup var config: ConfigOption

        func validate() throws {
            guard let duration = Duration(settingsText: expires), duration > .zero else {
                throw ValidationError("--expires \"\(expires)\" is no duration; write it as 90d.")
            }
        }

        func run() async throws {
            try await config.settings().withStore { store, now in
                let person = try await store.knownPerson(named: name)
                var random = SystemRandomNumberGenerator()
                let secret = PersonSecret(.token, using: &random)
                let seconds = Int(Duration(settingsText: expires)?.components.seconds ?? 0)
                try await store.keep(
                    secret, named: purpose, for: person.row,
                    scopes: Set(scopes).intersection(person.role.rights), until: now + seconds, by: .commandLine,
                    at: now)
                Terminal.print(secret.text)
            }
        }
    }

    /// `rollcall-collector people role`: another role.
    struct SetRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "role", abstract: "Gives somebody another role.")

        @Argument(help: "What they sign in with.") var name: String
        @Argument(help: "admin, its, procurement, school or auditor.") var role: Role
        @Option(help: "The school that a school leader leads.") var school: String?
        @OptionGroup var config: ConfigOption

        func run() async throws {
            try await config.settings().withStore { store, now in
                let person = try await store.knownPerson(named: name)
                try await store.setRole(of: person.row, to: role, school: school, by: .commandLine, at: now)
            }
        }
    }

    /// `rollcall-collector people off`: no more sign-in.
    struct Off: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Switches an account off: its sessions end, its tokens and links are void.")

        @Argument(help: "What they sign in with.") var name: String
        @OptionGroup var config: ConfigOption

        func run() async throws { try await PeopleCommand.setDisabled(true, name, config) }
    }

    /// `rollcall-collector people on`: sign-in again.
    struct On: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Switches an account on again.")

        @Argument(help: "What they sign in with.") var name: String
        @OptionGroup var config: ConfigOption

        func run() async throws { try await PeopleCommand.setDisabled(false, name, config) }
    }

    private static func setDisabled(_ isDisabled: Bool, _ name: String, _ config: ConfigOption) async throws {
        try await config.settings().withStore { store, now in
            let person = try await store.knownPerson(named: name)
            try await store.setDisabled(isDisabled, of: person.row, by: .commandLine, at: now)
        }
    }
}

extension SQLiteStore {
    /// The person of a name, who has to be there.
    fileprivate func knownPerson(named name: String) async throws -> Person {
        guard let person = try await person(named: name) else {
            throw Failure("nobody signs in as \"\(name)\"; `rollcall-collector people list` shows who does")
        }
        return person
    }
}

extension Role: ExpressibleByArgument {}

extension Right: ExpressibleByArgument {}
