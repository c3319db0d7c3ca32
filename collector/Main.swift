import ArgumentParser
import Foundation
import Wire

/// `rollcall-collector`: takes the agents' reports, matches names with the registry, and shows what is in use.
@main
struct Collector: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall-collector",
        abstract: "Collects what the agents of all schools count, and shows which online tools are in use.",
        version: rollcallVersion,
        subcommands: [
            Serve.self, SetUp.self, PeopleCommand.self, AgentCommand.self, Token.self, AgentSettingsCommand.self,
            RegistryCommand.self, ReportCommand.self, ProgrammeCommand.self, PublicCommand.self,
            SchoolCommand.self, Backup.self, CheckDatabase.self,
        ])

    /// Runs the command line: 0 for success, 1 for a failure, 2 for wrong usage.
    static func main() async {
        do {
            var command = try parseAsRoot(nil)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            let status = exitCode(for: error)
            if status == .success {
                Terminal.print(fullMessage(for: error))
                return
            }
            if status == .validationFailure {
                Terminal.complain(fullMessage(for: error))
                Foundation.exit(2)
            }
            for line in Failure.lines(of: error) { Terminal.complain("rollcall-collector: \(line)") }
            Foundation.exit(1)
        }
    }
}

/// The option that all commands have.
struct ConfigOption: ParsableArguments {
    @Option(name: .customLong("config"), help: ArgumentHelp("The collector's settings.", valueName: "file"))
    var path: String

    func settings() throws -> CollectorSettings {
        try CollectorSettings(path: path)
    }
}
