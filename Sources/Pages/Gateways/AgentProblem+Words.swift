import Store

extension AgentProblem {
    /// What is wrong, in a few words.
    var what: String {
        switch self {
        case .neverReported: "it joined, and no report ever came"
        case .silent(let seconds): "no report for \(Self.duration(seconds))"
        case .usedTwice: "two gateways report with the same identity"
        case .interfaceDown(let name): "it cannot listen on \(name)"
        case .drops(let perMillion):
            "\(perMillion >= 10_000 ? "\(perMillion / 10_000)%" : "some") of the frames were dropped before it saw them"
        case .clock(let ahead): "its clock is \(Self.duration(abs(ahead))) \(ahead > 0 ? "ahead" : "behind")"
        case .nearlyFull(let percent): "its tables are \(percent)% full"
        case .seesOneDevice: "it sees a single device"
        case .seesNothing: "its interfaces are up, and not one frame came"
        }
    }

    /// What to do about it, in a sentence.
    var remedy: String {
        switch self {
        case .neverReported:
            "Look into journalctl -u rollcall-agent on the gateway; most often the collector cannot be reached from there."
        case .silent:
            "See whether the gateway is on and reaches the collector; journalctl -u rollcall-agent says what it tries. "
                + "Its counts wait on its disk and come once it does."
        case .usedTwice:
            "A gateway’s disk was copied. On the copy, delete identity.json and enrol again with a new token."
        case .interfaceDown: "Plug it in, or correct interfaces in the gateway’s agent.toml."
        case .drops:
            "Set buffer_bytes larger in agent.toml, or give the agent a faster core; what was dropped is not counted."
        case .clock: "Switch on time synchronisation on the gateway; days begin and end by its clock."
        case .nearlyFull:
            "Look into the school’s names on the page Unknown: most often a device asks for random ones. Names that find no "
                + "room are counted under their parent."
        case .seesOneDevice:
            "It sits behind a router that hides the devices, or looks at the wrong side. Let it listen where devices have "
                + "their own addresses."
        case .seesNothing:
            "It listens on a port without traffic. Set interfaces to the side of the school’s devices; a mirror port needs "
                + "promiscuous = true."
        }
    }

    /// Whether counts are lost, or wrong, for as long as it lasts.
    var isGrave: Bool {
        switch self {
        case .neverReported, .silent, .usedTwice, .interfaceDown, .seesOneDevice, .seesNothing: true
        case .drops(let perMillion): perMillion >= 10_000
        case .clock, .nearlyFull: false
        }
    }

    private static func duration(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: counted(seconds, "second")
        case ..<7200: counted(seconds / 60, "minute")
        case ..<172_800: counted(seconds / 3600, "hour")
        default: counted(seconds / 86_400, "day")
        }
    }
}
