import Foundation
import GRDB
import Synchronization
import Wire

/// The rows of the last days that are not added up, kept read: nearly every question is also about today, of which the
/// schools of a large district tell 400,000 rows.
///
/// What is given is what the asking snapshot of the database says, whoever wrote it: each transaction that writes or takes
/// out rows has a number of its own, and leaves it with the week and with the day's entry at the agent.
final class OpenDays: Sendable {
    private let kept = Mutex<[Int: OpenDay]>([:])
    /// Who asks about fewer schools reads their rows as soon as it is found out that they are kept.
    let fewestSchools: Int

    /// Today, yesterday for as long as it is not over everywhere, and one that a clock ahead of the others begins.
    ///
    /// A day of a large district takes 26 MB.
    private static let mostDays = 3

    /// Makes a keep without days.
    init(fewestSchools: Int = 20) {
        self.fewestSchools = fewestSchools
    }

    /// A day that is not added up, in a snapshot.
    struct Day: Hashable {
        /// The day, in days since 1970.
        var day: Int
        /// The number of the last transaction that changed rows of its week.
        var change: Int
    }

    /// The last days that are not added up, in order.
    static func latest(_ db: Database) throws -> [Day] {
        // More than one week, for the days around midnight of a Monday.
        let sql = "SELECT week, told & ~settled, change FROM weeks ORDER BY week DESC LIMIT 2"
        let days = try GRDB.Row.fetchAll(db.cachedStatement(sql: sql)).flatMap { row in
            let (monday, open, change): (Int, Int, Int) = (Week(number: row[0]).monday, row[1], row[2])
            return (0..<7).filter { open & 1 << $0 != 0 }.map { Day(day: monday + $0, change: change) }
        }
        return days.sorted { $0.day < $1.day }.suffix(mostDays)
    }

    /// What schools told of a day, by their keys.
    ///
    /// Who asks meanwhile waits: what was read for the first is there for the second.
    func counts(of day: Day, _ db: Database) throws -> [SchoolDayCounts] {
        try kept.withLock { kept in
            let known = kept[day.day]
            if let known, known.change == day.change { return known.counts }
            let read = try OpenDay(day, since: known, db)
            // One who asks an older snapshot must not put it in the place of a newer one.
            if known.map({ $0.change < day.change }) ?? true { kept[day.day] = read }
            while kept.count > Self.mostDays, let first = kept.keys.min() { kept[first] = nil }
            return read.counts
        }
    }

    /// Forgets all days but these.
    func keepOnly(_ days: [Day]) {
        kept.withLock { kept in kept = kept.filter { entry in days.contains { $0.day == entry.key } } }
    }
}

/// What schools told of a day.
private struct OpenDay {
    /// The number of the last transaction of which it knows.
    let change: Int
    /// What each school told, by its key.
    private(set) var counts: [SchoolDayCounts] = []
    /// For each of them, what it was read from.
    private var entries: [[Entry]] = []

    /// What an agent told in a run.
    private struct Entry: Equatable {
        var key: Int64
        /// The number of the transaction that last changed it.
        var change: Int
    }

    /// Reads a day as far as it is not known.
    init(_ day: OpenDays.Day, since known: OpenDay?, _ db: Database) throws {
        change = day.change
        let places = Dictionary(
            (known?.counts ?? []).enumerated().map { ($1.school, $0) }, uniquingKeysWith: { first, _ in first })
        for (school, told) in try Self.entries(of: day.day, db) {
            if let known, let place = places[school], known.entries[place] == told {
                counts.append(known.counts[place])
            } else {
                counts.append(try SQLiteStore.counts(of: school, on: day.day, db))
            }
            entries.append(told)
        }
    }

    /// The entries of each school that told something of a day, by the schools' keys.
    private static func entries(of day: Int, _ db: Database) throws -> [(school: Int64, entries: [Entry])] {
        let sql = "SELECT school, id, change FROM days WHERE day = ? ORDER BY school, id"
        let day = SchoolDay(ordinal: day).description
        var schools: [(school: Int64, entries: [Entry])] = []
        let cursor = try GRDB.Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [day])
        while let row = try cursor.next() {
            let (school, entry): (Int64, Entry) = (row[0], Entry(key: row[1], change: row[2]))
            if schools.last?.school == school {
                schools[schools.count - 1].entries.append(entry)
            } else {
                schools.append((school, [entry]))
            }
        }
        return schools
    }
}

extension SQLiteStore {
    /// What a school told of a day, to be gone through often; there has to be an entry.
    fileprivate static func counts(of school: Int64, on day: Int, _ db: Database) throws -> SchoolDayCounts {
        var found: SchoolDayCounts?
        try forEachSchoolDay(of: school, in: Period(ordinals: day...day), db) {
            found = try SchoolDayCounts(flattening: $0)
        }
        guard let found else { throw PackedDamage() }
        return found
    }
}
