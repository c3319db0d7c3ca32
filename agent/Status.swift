import ArgumentParser
import Foundation
import Tally
import Wire

/// `rollcall-agent status`: is all well, and if not, what to do.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says in five lines whether all is well, and if not, what to do.",
        discussion: "Ends with 0 when all is well, with 1 when something is to be done, and with 3 when no agent runs.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @OptionGroup var config: ConfigOption
    @Option(help: "text, or json for all that the agent says of itself.")
    var format = Format.text

    func run() throws {
        let settings = try config.settings()
        let path = AgentStatus.path(in: settings.runtime)
        guard let status = try AgentStatus.read(from: settings.runtime), try isRunning(settings) else {
            let hint = Privileged.canRead(settings.runtime) ? "start it: systemctl start rollcall-agent" : "ask as root"
            printError("no agent runs with \(config.path) (\(path) says nothing of one); \(hint)")
            throw ExitCode(3)
        }
        let now = Int(Date().timeIntervalSince1970)
        let concerns = status.concerns(now: now)
        switch format {
        case .text: status.lines(now: now, concerns: concerns).forEach { print($0) }
        case .json: print(String(decoding: try StateFile.read(path) ?? [], as: UTF8.self), terminator: "")
        }
        if !concerns.isEmpty { throw ExitCode(1) }
    }

    /// Whether somebody holds the state's lock, which the kernel takes back however a process ends.
    private func isRunning(_ settings: AgentSettings) throws -> Bool {
        StateLock.isHeld(folder: settings.state)
    }
}

/// What a command of this user may look at.
enum Privileged {
    static func canRead(_ folder: String) -> Bool {
        !FileManager.default.fileExists(atPath: folder) || FileManager.default.isReadableFile(atPath: folder)
    }
}

extension AgentStatus {
    /// The five lines.
    func lines(now: Int, concerns: [Concern]) -> [String] {
        [agentLine(now: now), interfaceLine, countingLine(now: now), collectorLine(now: now), verdict(concerns)]
    }

    private func agentLine(now: Int) -> String {
        let settings =
            health.settingsVersion == 0 ? "" : ", settings version \(health.settingsVersion) from the collector"
        let memory = "\(health.memoryBytes >> 20) MiB"
        let cpu = Wording.duration(health.cpuMilliseconds / 1000)
        return "agent:      \(version) for \(school ?? "no school yet"), up \(Wording.duration(now - startedAt)), "
            + "\(memory), \(cpu) of CPU time\(settings)"
    }

    private var interfaceLine: String {
        let interfaces = health.interfaces.map { interface in
            let lost = interface.droppedByKernel + interface.droppedByInterface
            return "\(interface.name) \(interface.isUp ? "up" : "AWAY"), "
                + "\(Wording.count(interface.frames, "frame")), \(lost) lost"
        }
        return "interfaces: \(interfaces.joined(separator: "; "))"
    }

    private func countingLine(now: Int) -> String {
        guard let day else {
            return
                "counting:   nothing seen yet (\(seen.queries) lookups, \(seen.handshakes) handshakes since the start)"
        }
        let coverage = day.coverage.map { ", \($0) % of handshakes named" } ?? ""
        let last = seen.lastAt.map { ", last seen \(Wording.duration(max(0, now - $0))) ago" } ?? ""
        return "counting:   \(day.day): \(Wording.count(day.namesTold, "name")) told, \(day.namesHeld) held back, "
            + "\(Wording.count(day.devices, "device"))\(coverage)\(last)"
    }

    private func collectorLine(now: Int) -> String {
        let confirmed = shipping.confirmedAt.map { "confirmed a report \(Wording.duration(max(0, now - $0))) ago" }
        let waiting = shipping.waitingDays == 0 ? "" : ", \(Wording.count(shipping.waitingDays, "day")) waiting"
        return "collector:  \(shipping.collector) \(confirmed ?? "has confirmed no report since the start")\(waiting)"
    }

    private func verdict(_ concerns: [Concern]) -> String {
        guard let first = concerns.first else {
            guard let line = day?.declines.dnsmasqLine else { return "all is well" }
            return "all is well, but may devices hide what they look up? \(line) in dnsmasq declines it"
        }
        let more = concerns.count == 1 ? "" : " (and \(concerns.count - 1) more: rollcall-agent check)"
        return "TO DO:      \(first.sentence)\(more)"
    }
}
