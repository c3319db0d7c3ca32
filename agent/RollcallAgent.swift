import ArgumentParser
import Foundation
import Logging

/// The agent's version, as it tells the collector.
let agentVersion = "0.1.0"

struct RollcallAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall-agent",
        abstract: "Counts which online tools a school uses, and tells the collector names and integers only.",
        version: agentVersion,
        subcommands: [Enroll.self, Run.self, Read.self])
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
            exit(with: error)
        }
    }

    /// Wrong usage is status 2, any other failure is status 1 and one line on standard error.
    private static func exit(with error: any Error) -> Never {
        switch RollcallAgent.exitCode(for: error) {
        case .success:
            print(RollcallAgent.fullMessage(for: error))
            Foundation.exit(0)
        case .validationFailure:
            complain(RollcallAgent.fullMessage(for: error))
            Foundation.exit(2)
        default:
            if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
            complain("rollcall-agent: \(error)")
            Foundation.exit(1)
        }
    }

    private static func complain(_ message: String) {
        FileHandle.standardError.write(Data((message + "\n").utf8))
    }
}

/// The logger of the service, on standard error, where the journal finds it.
func makeLogger() -> Logger {
    Logger(label: "rollcall-agent") { StreamLogHandler.standardError(label: $0) }
}
