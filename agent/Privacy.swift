import ArgumentParser
import Foundation
import Shipping
import Tally
import Wire

/// `rollcall-agent privacy`: what the next reports would contain, exactly and in plain words.
struct Privacy: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints what the next reports would contain, exactly.",
        discussion: """
            It reads the state that the agent saves every half minute, and changes nothing: what is counted and sent \
            goes on undisturbed. With --format json, each line is one report, as it would be sent.
            """)

    @OptionGroup var config: ConfigOption
    @Option(help: "text for people, or json, byte for byte.")
    var format = Status.Format.text

    func run() throws {
        var settings = try config.settings()
        if settings.takesRemoteSettings, let remote = RemoteSettings.load(from: settings.state) {
            settings = settings.narrowed(by: remote).settings
        }
        guard FileManager.default.isReadableFile(atPath: settings.state) else {
            throw AgentError("\(settings.state): cannot be read; the state is the agent's alone, ask as root")
        }
        let reports = try nextReports(settings)
        switch format {
        case .json: for report in reports { print(String(decoding: try report.encoded(), as: UTF8.self)) }
        case .text: PrivacyText(settings: settings, reports: reports).lines.forEach { print($0) }
        }
    }

    /// What would be sent, in the order in which it would be sent.
    private func nextReports(_ settings: AgentSettings) throws -> [Report] {
        let store = TallyStore(folder: settings.state, runtime: settings.runtime, limit: settings.stateBytes)
        let health = try AgentStatus.read(from: settings.runtime)?.health
        var days: [Day] = []
        for ended in store.endedDays() {
            guard var day = try store.peek(ended) else { continue }
            day.retractSnapshot()
            days += Self.pages(of: &day, pause: 0)
        }
        if var day = try store.peekCurrent(settings.tally) {
            day.prepareSnapshot()
            days += Self.pages(of: &day, pause: settings.reportsBetweenRepeats)
        }
        let now = Int(Date().timeIntervalSince1970)
        return days.map { Report(sentAt: now, version: rollcallVersion, days: [$0], health: health) }
    }

    private static func pages(of day: inout DayTally, pause: Int) -> [Day] {
        var pages: [Day] = []
        // Ends, because each page has rows that the next one has not.
        while let page = day.snapshot(limit: ShippingMachine.mostRows, pause: pause) {
            pages.append(page)
            day.confirmSnapshot()
            if page.rows.isEmpty { break }
        }
        return pages
    }
}

/// The next reports in plain words.
struct PrivacyText {
    var settings: AgentSettings
    var reports: [Report]

    var lines: [String] {
        let collector = settings.collectors.first?.description ?? "the collector"
        guard !reports.isEmpty else {
            return ["Nothing waits to be sent to \(collector): nothing was counted since the last report."]
        }
        var lines = [
            "This is what the agent would send to \(collector) now, by the state that it saved last (at most 30 seconds "
                + "ago). It sends nothing else: no address of a device, and no name that fewer than \(settings.tally.k) "
                + "devices used."
        ]
        for report in reports {
            for day in report.days { lines += [""] + words(day) }
        }
        if let health = reports.first?.health { lines += [""] + words(health) }
        return lines
    }

    private func words(_ day: Day) -> [String] {
        var lines = [
            "\(day.day)\(day.ended ? ", the whole day" : ", so far") (report \(day.sequence) of run \(day.run)):"
        ]
        let devices = day.devices == 0 ? "not told, fewer than \(settings.tally.k)" : "\(day.devices)"
        lines.append("  Devices seen: \(devices)")
        lines.append("  Names, each used by \(settings.tally.k) devices or more: \(day.rows.count)")
        for row in day.rows { lines.append("    " + words(row)) }
        for group in day.groups {
            lines.append("  All names of \(group.name) together: \(Wording.count(group.devices, "device"))")
        }
        let held = day.withheld
        lines.append(
            "  Held back, as numbers only: \(Wording.count(held.names, "name")) with \(held.dns) lookups and "
                + "\(held.tls + held.quic + held.http) connections")
        lines.append("  Connections without a readable name: \(day.unnamed.tls + day.unnamed.quic)")
        let encrypted = day.encryptedDNS
        lines.append("  Uses of encrypted name lookup: \(encrypted.dot + encrypted.doq + encrypted.doh)")
        lines.append("  Connections to relays and VPNs: \(day.hidden.relay + day.hidden.vpn)")
        let declines = [day.declines.encryptedDNS, day.declines.privateRelay]
        lines.append(
            "  Answers to \"may devices hide their lookups here?\": no \(declines.reduce(0) { $0 + $1.declined }) times, "
                + "yes \(declines.reduce(0) { $0 + $1.allowed }) times")
        return lines
    }

    private func words(_ row: Row) -> String {
        let place = row.segment.isEmpty ? "" : " (\(row.segment))"
        let hours = row.hours.sorted { $0.key < $1.key }.map { "\($0.value) at \($0.key)" }.joined(separator: ", ")
        return "\(row.name)\(place): \(Wording.count(row.devices, "device")), \(row.dns) lookups, "
            + "\(row.tls + row.quic + row.http) connections\(hours.isEmpty ? "" : "; devices by hour: \(hours)")"
    }

    private func words(_ health: Health) -> [String] {
        let interfaces = health.interfaces.map(\.name).joined(separator: ", ")
        return [
            "With each report, how the agent is: running for \(Wording.duration(health.uptimeSeconds)); frames looked at "
                + "and lost at \(interfaces); frames that made no sense; what it forgot early; its memory and CPU time; "
                + "how many device addresses there were (\(health.deviceAddresses)); and which settings it has "
                + "(\(health.settingsVersion)). In numbers: --format json."
        ]
    }
}
