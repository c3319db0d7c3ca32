import ArgumentParser
import Glibc
import Logging
import Wire

/// The agent on a school's gateway.
struct RollcallAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall-agent",
        abstract: "Counts which online tools a school uses, and tells the collector names and integers only.",
        version: rollcallVersion,
        subcommands: [Enroll.self, Run.self, Read.self, Filter.self])
}

@main
enum Main {
    static func main() async {
        do {
            var command = try RollcallAgent.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    /// Wrong usage is status 2, any other failure is status 1 and one line on standard error.
    private static func end(with error: any Error) -> Never {
        switch RollcallAgent.exitCode(for: error) {
        case .success:
            print(RollcallAgent.fullMessage(for: error))
            exit(0)
        case .validationFailure:
            printError(RollcallAgent.fullMessage(for: error))
            exit(2)
        default:
            if let code = error as? ExitCode { exit(code.rawValue) }
            printError("rollcall-agent: \(error)")
            exit(1)
        }
    }
}

/// The logger of the service, on standard error, where the journal finds it.
func makeLogger() -> Logger {
    Logger(label: "rollcall-agent") { StreamLogHandler.standardError(label: $0) }
}
