import ArgumentParser
import Dispatch
import Foundation
import Glibc
import Logging
import Service
import Wire

/// The agent on a school's gateway.
struct RollcallAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall-agent",
        abstract: "Counts which online tools a school uses, and tells the collector names and integers only.",
        version: rollcallVersion,
        subcommands: [Enroll.self, Run.self, Status.self, Check.self, Privacy.self, Read.self, Filter.self])
}

@main
enum Main {
    /// Not asynchronous itself: a live run gives up its privileges before the runtime begins other threads.
    static func main() {
        let live: LiveRun?
        do {
            let command = try RollcallAgent.parseAsRoot()
            live = if let run = command as? Run, run.read == nil { try LiveRun(run) } else { nil }
        } catch {
            end(with: error)
        }
        Task {
            do {
                if let live { try await live.run() } else { try await runCommand() }
            } catch {
                end(with: error)
            }
            exit(0)
        }
        dispatchMain()
    }

    private static func runCommand() async throws {
        var command = try RollcallAgent.parseAsRoot()
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            try command.run()
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
func makeLogger(
    _ environment: [String: String] = ProcessInfo.processInfo.environment, level: Logger.Level = .info
) -> Logger {
    Logger(label: "rollcall-agent") { _ in ServiceLogHandler(environment: environment, level: level) }
}
