import Foundation
import Logging
import Registry
import Tally
import Wire

extension AgentSettings {
    /// The settings with what the collector handed out, which can only narrow what is observed and told; and a sentence
    /// for each change.
    ///
    /// `k` is the larger of the two, lists of exclusions are joined, hours are those that both allow. What cannot be
    /// used is passed over and said.
    func narrowed(by remote: RemoteSettings) -> (settings: AgentSettings, changes: [String]) {
        var settings = self
        var changes: [String] = []
        if let k = remote.k, k > tally.k {
            settings.tally.k = min(k, DeviceSketch.exactLimit)
            changes.append("k is \(settings.tally.k), not \(tally.k)")
        }
        if let seconds = remote.intervalSeconds {
            settings.interval = .seconds(min(max(seconds, 60), 86_400))
            changes.append("reports go every \(Wording.duration(Int(settings.interval.components.seconds)))")
        }
        if let hours = remote.schoolHours, 0 <= hours.from, hours.from < hours.until, hours.until <= 24 {
            let own = tally.hours ?? 0..<24
            settings.tally.hours = own.clamped(to: hours.from..<hours.until)
            changes.append("only hours from \(hours.from) to \(hours.until) count")
        }
        let excluded = Self.patterns(remote.excludeNames, &changes)
        if !excluded.isEmpty {
            settings.tally.excludedNames += excluded
            changes.append("names of \(Wording.count(excluded.count, "pattern")) are not counted")
        }
        settings.tally.keepApart += Self.patterns(remote.keepApart, &changes)
        for group in remote.groups.prefix(TallySettings.mostGroups) {
            settings.tally.groups.append(
                TallySettings.Group(name: group.name, patterns: Self.patterns(group.patterns, &changes)))
        }
        if !remote.groups.isEmpty {
            changes.append(
                "devices are counted over all names of \(Wording.count(settings.tally.groups.count, "platform"))")
        }
        return (settings, changes)
    }

    private static func patterns(_ texts: [String], _ changes: inout [String]) -> [NamePattern] {
        texts.compactMap { text in
            do throws(PatternMistake) {
                return try NamePattern(text)
            } catch {
                changes.append("\"\(text)\" was passed over: it \(error)")
                return nil
            }
        }
    }
}

extension RemoteSettings {
    /// The settings that the collector handed out before the last stop; nil without any.
    static func load(from folder: String, _ logger: Logger? = nil) -> RemoteSettings? {
        guard let bytes = try? StateFile.read(folder + "/settings.json") else { return nil }
        let settings = try? JSONDecoder().decode(RemoteSettings.self, from: Data(bytes))
        if settings == nil {
            logger?.warning("\(folder)/settings.json is damaged; the collector hands its settings out again")
        }
        return settings
    }

    /// Keeps them for the next start.
    func save(in folder: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try StateFile.write(Array(try encoder.encode(self)) + [10], to: folder + "/settings.json")
    }
}
