import GRDB
import Matching
import Wire

extension SQLiteStore {
    /// Adds up the weeks whose rows changed since they were added up, and puts in whom new names belong to.
    ///
    /// - Parameters:
    ///   - today: Weeks that are not over yet are left: their rows change all day long.
    ///   - mapping: Whom names belong to.
    /// - Returns: How many weeks there were.
    /// - Throws: That the database cannot be read or written.
    func rollUp(before today: SchoolDay, _ mapping: Mapping) async throws -> Int {
        try await assignOwners(mapping)
        let current = Week(day: today.ordinal).number
        let sql = "SELECT week FROM weeks WHERE week < ? AND version <> rolled ORDER BY week DESC"
        let weeks = try await pool.read { db in try Int.fetchAll(db, sql: sql, arguments: [current]) }
        for week in weeks {
            let (rollUp, version) = try await pool.read { db in
                let version = "SELECT version FROM weeks WHERE week = ?"
                return (
                    try RollUp(Week(number: week), mapping, db),
                    try Int.fetchOne(db, sql: version, arguments: [week]) ?? 0
                )
            }
            try await rollUp.write(version: version, to: pool)
        }
        return weeks.count
    }

    /// The weeks of a period that are added up and up to date.
    static func rolledWeeks(in period: Period, _ db: Database) throws -> Set<Int> {
        let sql = "SELECT week FROM weeks WHERE week BETWEEN ? AND ? AND rolled = version AND rolled > 0"
        let (first, last) = (Week(day: period.first.ordinal).number, Week(day: period.last.ordinal).number)
        return Set(try Int.fetchAll(db, sql: sql, arguments: [first, last]))
    }
}
