import ArgumentParser

/// The option of all commands that need to know what the running agent knows.
struct ConfigOption: ParsableArguments {
    @Option(name: .customLong("config"), help: ArgumentHelp("The agent's configuration.", valueName: "file"))
    var path = "/etc/rollcall/agent.toml"

    func settings() throws -> AgentSettings {
        try AgentSettings(path: path)
    }
}
