import GRDB
import Identity
import Wire

extension SQLiteStore {
    /// The use of every name at every school, added up over days.
    package func observations(in scope: ObservationScope) async throws -> Observations {
        try await observations(in: scope) { _ in false }.0
    }

    /// Likewise, and day by day for the names that `belongs` picks.
    package func observations(
        in scope: ObservationScope, dayByDayFor belongs: @escaping @Sendable (String) -> Bool
    ) async throws -> (Observations, [DayObservation]) {
        try await pool.read { db in
            let schools = try Self.schools(scope.school.map { .school($0) } ?? .all, db)
            let record = try UseReader.daysOnRecord(db)
            guard let first = scope.from ?? record?.first, let last = scope.to ?? record?.last, first <= last else {
                return (Observations(), [])
            }
            var book = ObservationBook(db, belongs)
            for school in schools {
                try Self.forEachSchoolDay(of: [school], in: Period(first, last), db) { try book.add($0, school.name) }
            }
            try book.addWholeDays(schools, Period(first, last))
            return (book.observations, book.days)
        }
    }

    /// The names of all schools that ever joined, sorted.
    package func schools() async throws -> [String] {
        try await pool.read { db in try String.fetchAll(db, sql: "SELECT name FROM schools ORDER BY key") }
    }
}

/// Adds up observations.
private struct ObservationBook {
    private(set) var observations = Observations()
    private(set) var days: [DayObservation] = []
    private let db: Database
    private let belongs: (String) -> Bool
    private var names: [Int64: String] = [:]
    private var places: [Place: Int] = [:]

    private struct Place: Hashable {
        var school: String
        var name: Int64
    }

    init(_ db: Database, _ belongs: @escaping (String) -> Bool) {
        self.db = db
        self.belongs = belongs
    }

    mutating func add(_ counts: SchoolDayCounts, _ school: String) throws {
        var day: DayObservation?
        var byName: [Int64: DayFigures] = [:]
        try counts.forEach { name, segment, figures in
            if segment != GroupRow.segment { byName[name, default: DayFigures()].add(figures) }
        }
        for (name, use) in byName {
            let text = try text(of: name)
            add(use, name, text, school)
            guard belongs(text) else { continue }
            var known = day ?? DayObservation(day: "\(SchoolDay(ordinal: counts.day))", school: school, devices: 0)
            known.devices = max(known.devices, use.devices)
            known.dns = known.dns.addingWithinBound(use.counts.dns)
            known.tls = known.tls.addingWithinBound(use.counts.tls)
            known.quic = known.quic.addingWithinBound(use.counts.quic)
            known.attributed = known.attributed.addingWithinBound(use.counts.attributed)
            day = known
        }
        if let day { days.append(day) }
        days.sort { ($0.day, $0.school) < ($1.day, $1.school) }
    }

    private mutating func add(_ use: DayFigures, _ name: Int64, _ text: String, _ school: String) {
        let place = Place(school: school, name: name)
        let index = places[place] ?? observations.names.count
        if places.updateValue(index, forKey: place) == nil {
            observations.names.append(NameObservation(school: school, name: text, devices: 0))
        }
        observations.names[index].devices = max(observations.names[index].devices, use.devices)
        observations.names[index].dns = observations.names[index].dns.addingWithinBound(use.counts.dns)
        observations.names[index].tls = observations.names[index].tls.addingWithinBound(use.counts.tls)
        observations.names[index].quic = observations.names[index].quic.addingWithinBound(use.counts.quic)
        observations.names[index].attributed =
            observations.names[index].attributed.addingWithinBound(use.counts.attributed)
    }

    mutating func addWholeDays(_ schools: [SQLiteStore.School], _ period: Period) throws {
        let arguments: StatementArguments = [period.first.description, period.last.description]
        for school in schools {
            let sql =
                "SELECT min(day), max(day), count(DISTINCT agent) FROM days WHERE school = ? AND day BETWEEN ? AND ?"
            let row = try GRDB.Row.fetchOne(db, sql: sql, arguments: [school.key] + arguments)
            guard let row, let first: String = row[0] else { continue }
            observations.schools.append(
                SchoolObservation(school: school.name, firstDay: first, lastDay: row[1], agents: row[2]))
        }
        var figures = CoverageFigures()
        try SQLiteStore.addWholeDays(of: schools, period, to: &figures, db)
        observations.unnamed = figures.unnamed
        observations.encryptedDNS = figures.encryptedDNS
        observations.withheld = figures.withheld
    }

    private mutating func text(of name: Int64) throws -> String {
        if let text = names[name] { return text }
        let find = try db.cachedStatement(sql: "SELECT name FROM names WHERE id = ?")
        let text = try String.fetchOne(find, arguments: [name]) ?? ""
        names[name] = text
        return text
    }
}
