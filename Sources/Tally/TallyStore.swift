private import Foundation
package import Wire

/// The agent's state on disk.
///
///     STATE/tally.state                    the day that is being counted
///     STATE/ended-DAY-RUN.state            a day that ended and is not confirmed; it never changes
///     STATE/replayed-DAY-FINGERPRINT.state a replayed capture, likewise; renamed to ….sent when it is confirmed
///     RUNTIME/key                          the key of the current day's sketches, which dies with the next reboot
package struct TallyStore: Sendable {
    private let folder: String
    private let runtime: String
    /// How many bytes the days that wait may take before they are kept in less detail.
    private let limit: Int

    /// A day that ended, on disk.
    package struct EndedDay: Sendable, Equatable {
        package var path: String
    }

    /// Uses, and makes, the two folders.
    package init(folder: String, runtime: String, limit: Int = 64 << 20) {
        self.folder = folder
        self.runtime = runtime
        self.limit = limit
    }

    /// The day that was being counted when the agent stopped, with a sentence for people where something was lost.
    package func loadCurrent(k: Int, capacity: Int) throws(StateError) -> (day: DayTally?, notice: String?) {
        let path = folder + "/tally.state"
        guard let bytes = try StateFile.read(path) else { return (nil, nil) }
        do throws(StateReader.Damage) {
            let day = try Self.decode(bytes, k: k, capacity: capacity, key: loadKey())
            // Killed between saving the ended day and beginning the next: the ended one has it all.
            return isSavedAsEnded(day) ? (nil, nil) : (day, nil)
        } catch {
            let aside = try setAside(path)
            return (nil, "\(path) is damaged or of another version; it was kept as \(aside), and a new run begins")
        }
    }

    /// The day that is being counted, as it was saved last; nothing on the disk is changed.
    ///
    /// - Returns: Nil when there is none, or none that can be read.
    package func peekCurrent(_ settings: TallySettings) throws(StateError) -> DayTally? {
        guard let bytes = try StateFile.read(folder + "/tally.state") else { return nil }
        let day = try? Self.decode(bytes, k: settings.k, capacity: settings.capacity, key: loadKey())
        guard var day, !isSavedAsEnded(day) else { return nil }
        day.apply(k: settings.k, keepApart: settings.keepApart, groups: settings.groups)
        return day
    }

    /// A day that ended; nothing on the disk is changed.
    package func peek(_ ended: EndedDay) throws(StateError) -> DayTally? {
        guard let bytes = try StateFile.read(ended.path) else { return nil }
        return try? Self.decode(bytes, k: 1, capacity: 1, key: nil)
    }

    /// Saves the day that is being counted.
    package func saveCurrent(_ day: borrowing DayTally) throws(StateError) {
        try save(day, to: folder + "/tally.state")
    }

    /// Forgets the day that was being counted, once it is saved as one that ended.
    package func removeCurrent() throws(StateError) {
        try StateFile.remove(folder + "/tally.state")
    }

    /// Keeps the key of a day's sketches until the next reboot, or the next day.
    package func saveKey(of day: borrowing DayTally) throws(StateError) {
        try StateFile.makeFolder(runtime)
        let words = [day.deviceKey.first, day.deviceKey.second]
        let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
        try StateFile.write(bytes, to: runtime + "/key")
    }

    /// Saves a day that ended; where the days that wait take too much room, the oldest are kept in less detail.
    package func saveEnded(_ day: borrowing DayTally) throws(StateError) {
        try save(day, to: endedPath(day))
        try condense()
    }

    /// Notes on the disk that a day is about to be told, so that nothing of it is folded any more.
    package func beginTelling(_ ended: EndedDay, _ day: inout DayTally) throws(StateError) {
        if day.markTold() { try save(day, to: ended.path) }
    }

    /// Keeps the oldest days in less detail, step by step, until all that wait fit.
    private func condense() throws(StateError) {
        var size = endedDays().reduce(0) { $0 + Self.size(of: $1) }
        for detail in DayTally.Detail.allCases.dropFirst() {
            for ended in endedDays() where size > limit {
                guard var day = try peek(ended), day.detail < detail else { continue }
                let before = Self.size(of: ended)
                day.condense(to: detail)
                try save(day, to: ended.path)
                size += Self.size(of: ended) - before
            }
        }
    }

    private static func size(of ended: EndedDay) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: ended.path)
        return attributes?[.size] as? Int ?? 0
    }

    private func isSavedAsEnded(_ day: borrowing DayTally) -> Bool {
        FileManager.default.fileExists(atPath: endedPath(day))
    }

    /// Saves a replayed capture.
    @discardableResult
    package func saveReplayed(_ day: borrowing DayTally, fingerprint: String) throws(StateError) -> EndedDay {
        let path = replayedPath(day.day, fingerprint)
        try save(day, to: path)
        return EndedDay(path: path)
    }

    /// The replayed capture with that fingerprint, if it was counted for that day before, confirmed or not.
    package func replayed(_ day: SchoolDay, fingerprint: String) -> EndedDay? {
        let path = replayedPath(day, fingerprint)
        let known = [path, Self.sentPath(path)].first { FileManager.default.fileExists(atPath: $0) }
        return known.map(EndedDay.init(path:))
    }

    /// The days that ended and are not confirmed, oldest first.
    package func endedDays() -> [EndedDay] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let ended = files.filter { $0.hasSuffix(".state") && ($0.hasPrefix("ended-") || $0.hasPrefix("replayed-")) }
        return ended.sorted { $0.drop { $0 != "-" } < $1.drop { $0 != "-" } }.map { EndedDay(path: folder + "/" + $0) }
    }

    /// Reads a day that ended; nil, with a sentence for people, where it is damaged and was set aside.
    package func load(_ ended: EndedDay) throws(StateError) -> (day: DayTally?, notice: String?) {
        guard let bytes = try StateFile.read(ended.path) else { return (nil, nil) }
        do throws(StateReader.Damage) {
            let day = try Self.decode(bytes, k: 1, capacity: 1, key: nil)
            guard day.hasEnded else { throw StateReader.Damage() }
            return (day, nil)
        } catch {
            let aside = try setAside(ended.path)
            return (nil, "\(ended.path) is damaged; it was kept as \(aside), and what it held is not sent")
        }
    }

    /// Forgets a day that ended and is confirmed; a replayed one is kept, so that it is not counted twice.
    package func confirm(_ ended: EndedDay) throws(StateError) {
        guard ended.path.contains("/replayed-") else { return try StateFile.remove(ended.path) }
        if ended.path.hasSuffix(".state") { try StateFile.rename(ended.path, to: Self.sentPath(ended.path)) }
    }

    private func save(_ day: borrowing DayTally, to path: String) throws(StateError) {
        let day = copy day
        try StateFile.write(to: path) { put throws(StateError) in
            var writer = StateWriter(sink: put)
            try writer.write(StateVersion.current.magic)
            try day.encode(&writer)
            try writer.finish()
        }
    }

    private static func decode(
        _ bytes: [UInt8], k: Int, capacity: Int, key: HashKey?
    ) throws(StateReader.Damage) -> DayTally {
        var reader = try StateReader(verifying: bytes)
        guard let version = StateVersion(magic: try reader.read(UInt64.self)) else { throw StateReader.Damage() }
        let day = try DayTally(&reader, version: version, k: k, capacity: capacity, deviceKey: key)
        try reader.finish()
        return day
    }

    private func loadKey() -> HashKey? {
        guard let bytes = try? StateFile.read(runtime + "/key"), bytes.count == 16 else { return nil }
        let words = [0, 8].map { start in (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
        }
        return HashKey(first: words[0], second: words[1])
    }

    private func setAside(_ path: String) throws(StateError) -> String {
        var aside = path + ".damaged"
        var number = 1
        while FileManager.default.fileExists(atPath: aside) {
            number += 1
            aside = "\(path).damaged-\(number)"
        }
        try StateFile.rename(path, to: aside)
        return aside
    }

    private func endedPath(_ day: borrowing DayTally) -> String {
        "\(folder)/ended-\(day.day)-\(day.run).state"
    }

    private func replayedPath(_ day: SchoolDay, _ fingerprint: String) -> String {
        "\(folder)/replayed-\(day)-\(fingerprint).state"
    }

    private static func sentPath(_ path: String) -> String {
        path.hasSuffix(".state") ? path.dropLast(6) + ".sent" : path
    }
}
