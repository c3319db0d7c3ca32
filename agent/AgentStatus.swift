import Foundation
import Tally
import Wire

/// How the running agent is, as it writes it to `RUNTIME/status.json` every few seconds: counts and names of its own, no
/// name of a service and no address of a device.
struct AgentStatus: Codable, Equatable {
    var version: String
    var process: Int32
    /// Seconds since 1970, like all times here.
    var startedAt: Int
    var writtenAt: Int
    var school: String?
    var health: Health
    /// Why the interfaces were chosen, where the settings name none.
    var interfaceReasons: [String] = []
    /// Problems with interfaces, by name.
    var interfaceProblems: [String: String] = [:]
    var seen = Seen()
    var day: Counted?
    var shipping: Shipping
    /// Why the state could not be saved the last time.
    var stateProblem: String?
    /// What the settings from the collector changed here, in words.
    var remoteSettings: [String] = []

    /// What was seen since the start.
    struct Seen: Codable, Equatable {
        var queries = 0
        var handshakes = 0
        /// When the last of them was.
        var lastAt: Int?
    }

    /// What was counted on the day that is being counted.
    struct Counted: Codable, Equatable {
        var day: SchoolDay
        var namesTold: Int
        var namesHeld: Int
        /// 0 while fewer than k.
        var devices: Int
        /// The share of handshakes that could be named, in percent; nil without any.
        var coverage: Int?
        /// How the school's resolvers answered the names by which a network declines encrypted DNS and relays.
        var declines = Declines()
    }

    /// How it goes with the collector.
    struct Shipping: Codable, Equatable {
        var collector: String
        var interval: Int
        /// When the collector last confirmed a report.
        var confirmedAt: Int?
        /// Why the last report was not confirmed.
        var problem: String?
        /// Days that ended and wait for the collector.
        var waitingDays = 0
        /// How many of them the collector will not have.
        var refusedDays = 0
        /// How far this machine's clock is ahead of the collector's.
        var clockAheadSeconds = 0
    }

    static func path(in runtime: String) -> String { runtime + "/status.json" }

    /// Writes the file.
    func write(to runtime: String) throws(StateError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return }
        try StateFile.write(Array(data) + [10], to: Self.path(in: runtime))
    }

    /// Reads the file; nil when there is none, or when it is not one of this version.
    static func read(from runtime: String) throws(StateError) -> AgentStatus? {
        guard let bytes = try StateFile.read(path(in: runtime)) else { return nil }
        return try? JSONDecoder().decode(AgentStatus.self, from: Data(bytes))
    }
}
