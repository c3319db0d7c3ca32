import GRDB
import Matching
import Registry

extension UseReader {
    /// For each platform, by its name, the names of it that were seen with the most devices that each had at one school
    /// on one day.
    ///
    /// Looks at whole weeks where they were added up, and so at some days before the scope too.
    package func largestNames(in scope: UseScope) async throws -> [String: [LargestName]] {
        try await read(scope) { view in
            guard let period = view.period else { return [:] }
            var largest: [Int64: Int] = [:]
            let parts = try view.parts(period)
            let numbers = view.mapping.numbers
            try view.forEachSchoolDay(parts.rows) { counts, _ in
                // Segments of a name follow each other, and share no devices.
                var last: (name: Int64, devices: Int) = (-1, 0)
                try counts.forEach { name, segment, figures in
                    guard segment != GroupRow.segment, numbers[name] >= 0 else { return }
                    last = (name, (last.name == name ? last.devices : 0).addingWithinBound(figures.devices))
                    largest[name] = max(largest[name] ?? 0, last.devices)
                }
            }
            for week in parts.weeks {
                let sql = """
                    SELECT id, most FROM names JOIN name_weeks ON name_weeks.name = id
                    WHERE owner > 0 AND names.name NOT LIKE ' %' AND week = ? AND figures = ?
                    """
                let find = try view.db.cachedStatement(sql: sql)
                for row in try GRDB.Row.fetchAll(find, arguments: [week.week.number, week.figures]) {
                    largest[row[0]] = max(largest[row[0]] ?? 0, row[1])
                }
            }
            return try view.byPlatform(largest)
        }
    }
}

extension View {
    fileprivate func byPlatform(_ largest: [Int64: Int]) throws -> [String: [LargestName]] {
        var platforms: [String: [LargestName]] = [:]
        for (key, devices) in largest {
            let number = mapping.number(of: key)
            guard mapping.matcher.platforms.indices.contains(number) else { continue }
            platforms[mapping.matcher.platforms[number].name, default: []].append(
                LargestName(name: try text(of: key).text, devices: devices))
        }
        return platforms
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
