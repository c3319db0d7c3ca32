import GRDB
import Wire

/// A scope as the database has it: the schools' keys, and days that are there.
struct View {
    let scope: UseScope
    let schools: [SQLiteStore.School]
    /// The days; nil where there are none on record.
    let period: Period?
    /// As many days before; nil where those are not on record.
    let previous: Period?
    private let segment: Int64?

    init(_ scope: UseScope, _ db: Database) throws {
        self.scope = scope
        schools = try SQLiteStore.schools(scope.schools, db)
        segment = try SQLiteStore.segmentKey(of: scope.segment, db)
        let record = try UseReader.daysOnRecord(db)
        period = record.map { scope.period ?? $0 }
        let before = scope.period?.previous
        previous = before.flatMap { before in record.map { before.first >= $0.first } == true ? before : nil }
    }

    /// A table of the scope without any use.
    var emptyTable: UseTable {
        UseTable(
            period: period, schools: schools.count, reportingSchools: 0, everything: UseFigures(), platforms: [],
            unknownNames: 0)
    }

    /// The use of each key in a period.
    func ledger<Key: Hashable>(
        of period: Period, _ db: Database, key: @escaping (_ name: Int64, _ school: Int64) -> Key?
    ) throws -> UseLedger<Key> {
        var ledger = UseLedger(segment: segment, key: key)
        try SQLiteStore.forEachSchoolDay(of: schools, in: period, db) { ledger.add($0) }
        return ledger
    }

    /// Likewise, for as many days before; nil where those are not on record.
    func previousLedger<Key: Hashable>(
        _ db: Database, key: @escaping (_ name: Int64, _ school: Int64) -> Key?
    ) throws -> UseLedger<Key>? {
        try previous.map { try ledger(of: $0, db, key: key) }
    }

    /// The first day of each key at any school, up to the scope's end.
    func firstDays<Key: Hashable>(_ db: Database, key: (Int64) -> Key?) throws -> [Key: SchoolDay] {
        guard let period else { return [:] }
        var first: [Key: SchoolDay] = [:]
        let sql = """
            SELECT rows.name, min(day) FROM rows JOIN days ON days.id = entry WHERE day <= ? GROUP BY rows.name
            """
        for row in try GRDB.Row.fetchAll(db, sql: sql, arguments: [period.last.description]) {
            guard let key = key(row[0]), let day = SchoolDay(row[1] as String) else { continue }
            first[key] = min(first[key] ?? day, day)
        }
        return first
    }
}
