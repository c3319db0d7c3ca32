import GRDB
internal import Wire

/// The devices of a platform at a school on its busiest day, counted once over all of the platform's names.
package struct GroupObservation: Sendable, Equatable {
    /// The school's name.
    package var school: String
    /// The platform's name, as the agents were told it.
    package var platform: String
    /// Devices on the busiest day: of all agents and runs of that day together, at most.
    package var devices: Int

    /// Makes an observation.
    package init(school: String, platform: String, devices: Int) {
        self.school = school
        self.platform = platform
        self.devices = devices
    }
}

extension SQLiteStore {
    /// The devices of platforms in a scope, where agents counted them.
    package func groupDevices(in scope: ObservationScope) async throws -> [GroupObservation] {
        try await pool.read { db in
            let sql = """
                SELECT school, platform, max(together) FROM (
                    SELECT schools.name AS school, group_names.name AS platform, sum(group_devices.devices) AS together
                    FROM group_devices JOIN group_names ON group_names.id = group_devices.name
                    JOIN days ON days.id = entry JOIN schools ON schools.id = days.school
                    WHERE (?1 IS NULL OR schools.name = ?1) AND (?2 IS NULL OR day >= ?2) AND (?3 IS NULL OR day <= ?3)
                    GROUP BY schools.id, day, group_names.id
                ) GROUP BY school, platform ORDER BY school, platform
                """
            let arguments: StatementArguments = [scope.school, scope.from?.description, scope.to?.description]
            return try GRDB.Row.fetchAll(db, sql: sql, arguments: arguments).map {
                GroupObservation(school: $0[0], platform: $0[1], devices: $0[2])
            }
        }
    }

    /// Keeps the devices of a day's platforms: the largest that was ever said of each.
    static func keep(_ groups: [GroupDevices], entry: Int64, in db: Database) throws {
        for group in groups {
            let name = try key(of: group.name, in: "group_names", db)
            try db.cachedStatement(
                sql: """
                    INSERT INTO group_devices (entry, name, devices) VALUES (?, ?, ?)
                    ON CONFLICT (entry, name) DO UPDATE SET devices = max(devices, excluded.devices)
                    """
            ).execute(arguments: [entry, name, group.devices])
            for (hour, devices) in group.hours {
                try db.cachedStatement(
                    sql: """
                        INSERT INTO group_hours (entry, name, hour, devices) VALUES (?, ?, ?, ?)
                        ON CONFLICT (entry, name, hour) DO UPDATE SET devices = max(devices, excluded.devices)
                        """
                ).execute(arguments: [entry, name, hour, devices])
            }
        }
    }
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
