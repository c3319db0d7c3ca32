import GRDB
import Wire

/// How far a week was added up.
struct WeekState {
    /// The week.
    var week: Week
    /// Which of the figures in the database count.
    var figures: Int
    /// The days with reports, the lowest bit for Monday.
    var told: UInt8
    /// The days whose figures are what their rows say.
    var settled: UInt8

    /// The weeks with reports in a period, oldest first.
    static func all(in period: Period, _ db: Database) throws -> [WeekState] {
        let sql = "SELECT week, figures, told, settled FROM weeks WHERE week BETWEEN ? AND ? ORDER BY week"
        let (first, last) = (Week(day: period.first.ordinal).number, Week(day: period.last.ordinal).number)
        return try GRDB.Row.fetchAll(db.cachedStatement(sql: sql), arguments: [first, last]).map { row in
            WeekState(week: Week(number: row[0]), figures: row[1], told: row[2], settled: row[3])
        }
    }

    /// Which of the week's days are in a period.
    func days(in period: Period) -> UInt8 { week.days(in: period) }
}

extension Week {
    /// Which of its days are in a period, a bit for each, the lowest for Monday.
    func days(in period: Period) -> UInt8 {
        let (first, last) = (max(period.first.ordinal - monday, 0), min(period.last.ordinal - monday, 6))
        return first > last ? 0 : UInt8((1 << (last + 1)) - (1 << first))
    }
}

/// A part of a week that was added up.
struct SettledDays: Hashable {
    /// The week.
    var week: Week
    /// Which of the figures in the database count.
    var figures: Int
    /// The days, a bit for each, the lowest for Monday.
    var days: UInt8
    /// Whether these are all of its days with reports.
    var isWhole: Bool

    /// The days, each by itself.
    var periods: [Period] {
        (0..<7).filter { days & 1 << UInt8($0) != 0 }.map { Period(ordinals: (week.monday + $0)...(week.monday + $0)) }
    }
}

/// What of a period is read from rows, and what was added up.
struct PeriodParts {
    /// Days to be read from rows.
    private(set) var rows: [Period] = []
    /// Weeks whose days were added up.
    private(set) var weeks: [SettledDays] = []

    /// All of a period from rows.
    init(rowsOf period: Period) {
        rows = [period]
    }

    /// As much as possible from what was added up.
    init(_ period: Period, _ db: Database) throws {
        for state in try WeekState.all(in: period, db) {
            let told = state.told & state.days(in: period)
            let settled = state.settled & told
            if settled != 0 {
                weeks.append(
                    SettledDays(
                        week: state.week, figures: state.figures, days: settled, isWhole: settled == state.told))
            }
            for day in 0..<7 where (told & ~settled) & 1 << UInt8(day) != 0 { addRows(state.week.monday + day) }
        }
    }

    private mutating func addRows(_ day: Int) {
        if let last = rows.last, last.last.ordinal == day - 1 {
            rows[rows.count - 1] = Period(ordinals: last.first.ordinal...day)
        } else {
            rows.append(Period(ordinals: day...day))
        }
    }
}
