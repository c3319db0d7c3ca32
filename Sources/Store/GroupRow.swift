import Wire

/// The devices of a platform at an agent, counted once over all of the platform's names, as a row among those of names.
///
/// Its name is one that no host has, and its segment none that an agent tells, so that it adds to the devices of its
/// platform, over all segments, and to nothing else.
enum GroupRow {
    /// The key of the segment of such rows.
    static let segment: Int64 = 0

    /// The name of a platform's rows: a host name has no space.
    static func name(of platform: String) -> String { " " + platform }

    /// The platform whose rows have a name; nil for the name of a host.
    static func platform(ofName name: String) -> String? { name.first == " " ? String(name.dropFirst()) : nil }
}

extension Day {
    /// The groups that hold what they must, and what is wrong with the first of the others.
    func checkedGroups(_ pointer: String) -> (sound: [GroupDevices], skipped: Receipt.Skipped?) {
        let sound = groups.filter { $0.mistake == nil }
        let wrong = groups.indices.first { groups[$0].mistake != nil }
        let skipped = wrong.map { index in
            Receipt.Skipped(
                pointer: "\(pointer)/groups/\(index)",
                detail: "\(groups[index].mistake ?? ""); \(groups.count - sound.count) of \(groups.count) were skipped")
        }
        return (sound, skipped)
    }
}

extension GroupDevices {
    /// What is wrong with a group, or nil.
    fileprivate var mistake: String? {
        guard (1...200).contains(name.unicodeScalars.count), name == name.onOneLine(200) else {
            return "a platform's name has 1 to 200 characters, on one line"
        }
        if let hour = hours.keys.first(where: { !(0...23).contains($0) }) {
            return "\(hour) is no hour; hours are 0 to 23"
        }
        let counts = [devices] + hours.values
        return counts.allSatisfy { (0...(1 << 53)).contains($0) } ? nil : "devices are whole numbers from 0 to 2^53"
    }
}
