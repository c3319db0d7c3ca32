/// What a page says before any school has reported, and what to do next.
struct EmptyReport: Equatable {
    var headline = "No school has reported yet"
    var sentence = "Tools show up here as soon as an agent on a school’s gateway has sent its first report."
    /// The commands that lead to a first report.
    var steps = [
        Step(
            what: "On the collector, make a join token for the school.",
            command: "rollcall-collector token create --config collector.toml --school \"Example School\""),
        Step(
            what: "On the school’s gateway, enrol the agent with it.",
            command: "rollcall-agent enroll --collector https://collector.example.org --token TOKEN"),
        Step(
            what: "Start the agent. Its first report comes within minutes.",
            command: "rollcall-agent run --config agent.toml"),
    ]

    /// Something to do, and the command that does it.
    struct Step: Equatable {
        var what: String
        var command: String
    }
}
