import ArgumentParser

@main
struct RollcallAgent: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall-agent", abstract: "Finds the online tools a school uses.", subcommands: [Read.self])
}
