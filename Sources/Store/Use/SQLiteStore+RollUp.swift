import GRDB
import Matching
import Wire

extension SQLiteStore {
    /// Adds up the days that are over and not settled, and puts in whom new names belong to.
    ///
    /// - Parameters:
    ///   - today: Days from this one on are left: their rows change all day long.
    ///   - mapping: Whom names belong to.
    /// - Returns: How many weeks there were.
    /// - Throws: That the database cannot be read or written.
    func rollUp(before today: SchoolDay, _ mapping: Mapping) async throws -> Int {
        try await assignOwners(mapping)
        let period = Period(SchoolDay(ordinal: 0), today.advanced(by: -1))
        let weeks = try await pool.read { db in try WeekState.all(in: period, db) }
        var count = 0
        for state in weeks.reversed() {
            let days = state.told & state.days(in: period)
            guard days & ~state.settled != 0 else { continue }
            _ = try await RollUp(week: state.week, days: days, mapping: mapping, pool: pool).run()
            count += 1
        }
        return count
    }
}
