import ArgumentParser
import Glibc

/// The agent on a school's gateway.
@main
struct RollcallAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall-agent",
        abstract: "Takes the roll of the online tools in use at a school.",
        subcommands: [Read.self, Filter.self])

    /// Wrong usage exits with 2, any other failure with 1.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            let code = exitCode(for: error)
            if code == .validationFailure {
                printError(fullMessage(for: error))
                Glibc.exit(2)
            }
            exit(withError: error)
        }
    }
}
