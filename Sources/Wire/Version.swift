/// The version of Rollcall: the agent tells it to the collector, and both tell it to people.
public let rollcallVersion = "0.1.0"
