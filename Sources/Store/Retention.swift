import GRDB
package import Wire

/// How long counts are kept.
package struct Retention: Sendable, Equatable {
    /// The days for which every name is kept.
    package var days: Int
    /// The months for which the use of platforms is kept after that.
    package var months: Int

    /// Makes a rule; without numbers that of 400 days and seven years.
    package init(days: Int = 400, months: Int = 84) {
        self.days = days
        self.months = months
    }

    /// The first day that is kept, when it is `today`: a week is taken out when all of it is older.
    package func firstDay(_ today: SchoolDay) -> SchoolDay {
        SchoolDay(ordinal: Week(day: today.ordinal - days).monday)
    }
}

/// The use of a platform in a month of which the days are no longer kept.
package struct MonthUse: Sendable, Equatable {
    /// The year.
    package var year: Int
    /// The month, 1 to 12.
    package var month: Int
    /// The schools that used it.
    package var schools: Int
    /// Devices on an average day on which a school used it, added up over schools, at least.
    package var devices: Double
    /// Queries.
    package var dns: Int
    /// Connections.
    package var connections: Int
}

extension UseReader {
    /// Takes out what is older than the rule says, after adding it up by month and platform; gives how many weeks it was.
    ///
    /// Works in small parts: a school's week at a time, between which reports are kept as ever.
    package func retain(_ retention: Retention, today: SchoolDay) async throws -> Int {
        let mapping = try await mapping()
        try await store.assignOwners(mapping)
        let firstDay = retention.firstDay(today)
        let weeks = try await store.pool.write { db in
            try db.execute(sql: "UPDATE kept_from SET day = max(day, ?)", arguments: [firstDay.ordinal])
            let sql = "SELECT week FROM weeks WHERE week < ? ORDER BY week"
            return try Int.fetchAll(db, sql: sql, arguments: [Week(day: firstDay.ordinal).number])
        }
        for week in weeks { try await store.takeOut(Week(number: week), mapping) }
        try await store.pool.write { db in
            let month = Month(of: today).number - retention.months
            try db.execute(sql: "DELETE FROM platform_months WHERE month < ?", arguments: [month])
        }
        return weeks.count
    }

    /// The use of a platform month by month, as far back as its days are no longer kept.
    package func months(of platform: String) async throws -> [MonthUse] {
        let mapping = try await mapping()
        guard let number = mapping.numbers(of: .platform(platform))?.first, number < mapping.owners.count else {
            return []
        }
        return try await store.pool.read { db in
            let sql = """
                SELECT month, count(*), total(CAST(devices AS REAL) / days), sum(dns), sum(connections)
                FROM platform_months WHERE owner = ? GROUP BY month ORDER BY month
                """
            return try GRDB.Row.fetchAll(db, sql: sql, arguments: [mapping.owners[number]]).map { row in
                let month: Int = row[0]
                return MonthUse(
                    year: month / 12, month: month % 12 + 1, schools: row[1], devices: row[2], dns: row[3],
                    connections: row[4])
            }
        }
    }
}

extension SQLiteStore {
    /// The first day of which reports are still kept.
    package func keptFrom() async throws -> SchoolDay {
        try await pool.read { db in
            SchoolDay(ordinal: try Int.fetchOne(db, sql: "SELECT day FROM kept_from") ?? 0)
        }
    }

    fileprivate func takeOut(_ week: Week, _ mapping: Mapping) async throws {
        let schools = try await pool.write { db in
            // From here on questions are answered from the rows that are left.
            try db.execute(sql: "UPDATE weeks SET settled = 0 WHERE week = ?", arguments: [week.number])
            return try Self.schools(.all, db)
        }
        for school in schools { try await pool.write { db in try Self.takeOut(week, of: school, mapping, db) } }
        try await WeekFiguresRemoval(week: week, keeping: nil).run(pool)
        try await pool.write { db in
            let left = "SELECT count(*) FROM days WHERE day BETWEEN ? AND ?"
            let days = Period(ordinals: week.monday...(week.monday + 6))
            let count = try Int.fetchOne(db, sql: left, arguments: [days.first.description, days.last.description])
            if count == 0 { try db.execute(sql: "DELETE FROM weeks WHERE week = ?", arguments: [week.number]) }
        }
    }

    private static func takeOut(_ week: Week, of school: School, _ mapping: Mapping, _ db: Database) throws {
        let period = Period(ordinals: week.monday...(week.monday + 6))
        let slots = NameSlots(mapping.numbers, where: Array(repeating: true, count: mapping.count))
        var ledger = UseLedger(period: period, count: mapping.count, booking: slots, segment: nil)
        try forEachSchoolDay(of: [school], in: period, db) { counts in
            try ledger.add(counts)
        }
        for number in mapping.owners.indices {
            for (day, figures) in ledger.uses[number].days.enumerated() where ledger.uses[number].seen[day] {
                let month = Month(of: SchoolDay(ordinal: week.monday + day)).number
                try db.cachedStatement(sql: addToMonth).execute(arguments: [
                    mapping.owners[number], month, school.key, figures.devices, figures.devices, figures.deviceHours,
                    figures.counts.dns, figures.counts.connections,
                ])
            }
        }
        let days: StatementArguments = [school.key, period.first.description, period.last.description]
        let entries = "SELECT id FROM days WHERE school = ? AND day BETWEEN ? AND ?"
        try db.execute(sql: "DELETE FROM tallies WHERE entry IN (\(entries))", arguments: days)
        try db.execute(sql: "DELETE FROM days WHERE school = ? AND day BETWEEN ? AND ?", arguments: days)
        try db.execute(
            sql: "UPDATE weeks SET change = ? WHERE week = ?",
            arguments: [try ReportKeeper.nextChange(db), week.number])
    }

    private static let addToMonth = """
        INSERT INTO platform_months (owner, month, school, days, devices, busiest, device_hours, dns, connections)
        VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?)
        ON CONFLICT (owner, month, school) DO UPDATE SET days = days + 1, devices = devices + excluded.devices,
            busiest = max(busiest, excluded.busiest), device_hours = device_hours + excluded.device_hours,
            dns = dns + excluded.dns, connections = connections + excluded.connections
        """
}

/// A month of a year.
private struct Month {
    /// Twelve times the year, plus the month from 0.
    var number: Int

    init(of day: SchoolDay) {
        let parts = day.description.split(separator: "-").compactMap { Int($0) }
        number = parts.count == 3 ? parts[0] * 12 + parts[1] - 1 : 0
    }
}
