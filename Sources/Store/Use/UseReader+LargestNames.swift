import GRDB
import Matching
import Registry

extension UseReader {
    /// For each platform, by its name, the names of it that were seen with the most devices that each had at one school
    /// on one day.
    ///
    /// Looks at every name of every day of the scope, and so takes longer than other questions.
    package func largestNames(in scope: UseScope) async throws -> [String: [LargestName]] {
        let matcher = try await matcher()
        return try await store.pool.read { db in
            guard let period = scope.period else { return [:] }
            var largest: [Int64: Int] = [:]
            try SQLiteStore.forEachSchoolDay(of: try SQLiteStore.schools(scope.schools, db), in: period, db) { counts in
                try counts.forEach { name, _, figures in
                    largest[name] = max(largest[name] ?? 0, figures.devices)
                }
            }
            var platforms: [String: [LargestName]] = [:]
            let find = try db.cachedStatement(sql: "SELECT name FROM names WHERE id = ?")
            for (key, devices) in largest {
                guard let name = try String.fetchOne(find, arguments: [key]), let platform = matcher.platform(of: name)
                else { continue }
                platforms[platform.name, default: []].append(LargestName(name: name, devices: devices))
            }
            return platforms
        }
    }
}

/// A host name and how many devices used it at most, at one school on one day.
package struct LargestName: Sendable, Equatable {
    /// The host name, as it was reported.
    package var name: String
    /// Devices.
    package var devices: Int

    /// Makes a name.
    package init(name: String, devices: Int) {
        self.name = name
        self.devices = devices
    }
}
