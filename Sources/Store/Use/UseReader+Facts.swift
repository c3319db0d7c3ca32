import GRDB
import Matching
package import Programme
package import Registry
package import Wire

extension UseReader {
    /// What was seen in the last five weeks, as the programme and its alerts weigh it.
    ///
    /// - Parameters:
    ///   - today: The day in the district.
    ///   - studentSegments: The segments in which students are.
    ///   - isWatched: Whether a platform's use is wanted day by day.
    ///   - isNotable: Whether a name that belongs to no platform is worth telling, by the schools that used it lately
    ///     and its devices there: most are of one school, and a district has a hundred thousand.
    /// - Returns: The facts.
    /// - Throws: That the database cannot be read.
    package func facts(
        on today: SchoolDay, studentSegments: Set<String> = [],
        watching isWatched: @escaping @Sendable (Platform) -> Bool = { _ in false },
        telling isNotable: @escaping @Sendable (_ schools: Int, _ devices: Int) -> Bool = { _, _ in true }
    ) async throws -> UseFacts {
        let period = Period(today.advanced(by: -34), today)
        return try await read(UseScope(period: period)) { view in
            var book = FactBook(view, period, isWatched)
            try book.addPlatforms(students: try Self.segmentKeys(of: studentSegments, view.db), named: studentSegments)
            try book.addUnknown(isNotable)
            return UseFacts(
                today: today, schools: try Self.schoolFacts(on: today, book, view.db), tools: try book.tools())
        }
    }

    private static func segmentKeys(of names: Set<String>, _ db: Database) throws -> Set<Int64> {
        var keys: Set<Int64> = []
        for name in names {
            if let key = try SQLiteStore.segmentKey(of: name, db), key > 0 { keys.insert(key) }
        }
        return keys
    }

    /// How each school reports; its coverage lately and before.
    private static func schoolFacts(
        on today: SchoolDay, _ book: FactBook, _ db: Database
    ) throws -> [SchoolFacts] {
        let sql = """
            SELECT schools.id, schools.name, (SELECT max(day) FROM days WHERE school = schools.id AND day <= :today),
                total(unnamed_tls + unnamed_quic) FILTER (WHERE day >= :lately),
                total(unnamed_tls + unnamed_quic) FILTER (WHERE day < :lately)
            FROM schools LEFT JOIN days ON schools.id = days.school AND day BETWEEN :from AND :today
            WHERE schools.closed_at IS NULL GROUP BY schools.id ORDER BY schools.key
            """
        let arguments: StatementArguments = [
            "lately": today.advanced(by: -6).description, "from": today.advanced(by: -34).description,
            "today": today.description,
        ]
        return try GRDB.Row.fetchAll(db, sql: sql, arguments: arguments).compactMap { row in
            guard let lastDay = (row[2] as String?).flatMap({ SchoolDay($0) }) else { return nil }
            let told = book.schools[row[0]] ?? FactBook.School()
            return SchoolFacts(
                school: row[1], lastDay: lastDay, days: told.days.sorted(),
                coverage: share(Double(told.named), unnamed: row[3]),
                coverageBefore: share(Double(told.namedBefore), unnamed: row[4]))
        }
    }

    private static func share(_ named: Double, unnamed: Double) -> Int? {
        named + unnamed > 0 ? Int(named / (named + unnamed) * 100) : nil
    }
}

/// Adds up five weeks into facts.
private struct FactBook {
    /// What a school told.
    struct School {
        /// The days with reports.
        var days: Set<SchoolDay> = []
        /// TLS and QUIC connections that have a name, lately and before.
        var (named, namedBefore) = (0, 0)
    }

    private let view: View
    private let period: Period
    /// The platforms whose days are wanted, and those that are tools, by number.
    private let isWatched: [Bool]
    private let isTool: [Bool]
    private let lately: Int
    private let labels: [Int64: String]
    /// The use of platforms by school, under their numbers, and of names that belong to nobody.
    private var platforms: [Int: [Int64: UseAtSchool]] = [:]
    private var names: [Int64: [Int64: UseAtSchool]] = [:]
    private(set) var schools: [Int64: School] = [:]

    init(_ view: View, _ period: Period, _ isWatched: (Platform) -> Bool) {
        self.view = view
        self.period = period
        let platforms = view.mapping.matcher.platforms
        self.isWatched = platforms.map(isWatched)
        isTool = platforms.map { $0.kind == .tool } + [false]
        lately = period.last.ordinal - 6
        let open = view.schools.filter { $0.closedAt == nil }.map { ($0.key, $0.name) }
        labels = Dictionary(open) { first, _ in first }
    }

    /// The tools, sorted by name.
    func tools() throws -> [ToolFacts] {
        func named(_ uses: [Int64: UseAtSchool]) -> [String: UseAtSchool] {
            Dictionary(uses.map { (labels[$0] ?? "", $1) }) { first, _ in first }
        }
        let tools = platforms.map { number, uses in
            let platform = view.mapping.platform(number).platform
            return ToolFacts(name: platform.name, platform: platform, uses: named(uses))
        }
        let unknown = try names.map { name, uses in
            ToolFacts(name: try view.text(of: name).text, platform: nil, uses: named(uses))
        }
        return (tools + unknown).sorted { $0.name < $1.name }
    }

    /// Adds what schools did with platforms; devices in the segments of students for themselves.
    mutating func addPlatforms(students: Set<Int64>, named segments: Set<String>) throws {
        let parts = try view.parts(period)
        try view.forEachSchoolDay(parts.rows) { counts, _ in try add(counts, students) }
        for week in parts.weeks {
            let monday = week.week.monday
            try view.forEachWhole(week) { school, figures in
                for day in 0..<7 where figures.isSeen(day) { add(figures[day], school, monday + day) }
            }
            try view.forEachCell(week, nil) { number, school, figures in
                if isTool[number] { add(figures, from: monday, of: number, school) }
            }
            try addStudents(week, segments)
        }
    }

    /// Segments share no devices: those of students add up.
    private mutating func addStudents(_ week: SettledDays, _ segments: Set<String>) throws {
        guard week.week.monday + 6 >= lately else { return }
        var students: [Int: [Int64: WeekFigures]] = [:]
        for segment in segments where !segment.isEmpty {
            let own = try View(UseScope(period: period, segment: segment), view.mapping, view.openDays, view.db)
            try own.forEachCell(week, nil) { number, school, figures in
                if isTool[number] { students[number, default: [:]][school, default: WeekFigures()].add(figures) }
            }
        }
        for (number, schools) in students {
            for (school, figures) in schools {
                for day in 0..<7 where figures.isSeen(day) && week.week.monday + day >= lately {
                    addStudents(figures[day].devices, of: number, school)
                }
            }
        }
    }

    private mutating func add(_ counts: SchoolDayCounts, _ students: Set<Int64>) throws {
        var whole = DayFigures()
        // A platform has at least the devices of its largest name, in each segment and in all together.
        var seen: [Int: (all: Int, bySegment: [Int64: Int])] = [:]
        var name: (key: Int64, devices: Int) = (-1, 0)
        try counts.forEach { key, segment, figures in
            whole.counts += figures.counts
            name = (key, (name.key == key ? name.devices : 0).addingWithinBound(figures.devices))
            let number = view.mapping.number(of: key)
            guard view.mapping.matcher.platforms.indices.contains(number) else { return }
            seen[number, default: (0, [:])].all = max(seen[number]?.all ?? 0, name.devices)
            guard students.contains(segment) else { return }
            let known = seen[number]?.bySegment[segment] ?? 0
            seen[number]?.bySegment[segment] = max(known, figures.devices)
        }
        add(whole, counts.school, counts.day)
        for (number, devices) in seen where isTool[number] {
            let week = Week(day: counts.day)
            var figures = WeekFigures()
            figures.add(DayFigures(devices: devices.all), day: counts.day - week.monday)
            add(figures, from: week.monday, of: number, counts.school)
            guard counts.day >= lately else { continue }
            let students = devices.bySegment.values.reduce(0) { $0.addingWithinBound($1) }
            addStudents(students, of: number, counts.school)
        }
    }

    private mutating func add(_ whole: DayFigures, _ school: Int64, _ day: Int) {
        guard labels[school] != nil else { return }
        let connections = whole.counts.tls.addingWithinBound(whole.counts.quic)
        schools[school, default: School()].days.insert(SchoolDay(ordinal: day))
        if day >= lately {
            schools[school]?.named.addWithinBound(connections)
        } else {
            schools[school]?.namedBefore.addWithinBound(connections)
        }
    }

    private mutating func add(_ week: WeekFigures, from monday: Int, of number: Int, _ school: Int64) {
        guard labels[school] != nil else { return }
        platforms[number, default: [:]][school, default: Self.unused(period.last.ordinal)]
            .add(week, from: monday, lately: lately, isWatched: isWatched[number])
    }

    private mutating func addStudents(_ devices: Int, of number: Int, _ school: Int64) {
        guard let known = platforms[number]?[school]?.students else { return }
        platforms[number]?[school]?.students = max(known, devices)
    }

    private static func unused(_ day: Int) -> UseAtSchool {
        UseAtSchool(devices: 0, firstDay: SchoolDay(ordinal: day))
    }

    /// Adds names that belong to nobody and are worth telling.
    mutating func addUnknown(_ isNotable: (_ schools: Int, _ devices: Int) -> Bool) throws {
        let notable = try notableNames(isNotable)
        guard !notable.isEmpty else { return }
        // Devices of a day come in parts, one for each segment, which follow each other.
        var current: (name: Int64, school: Int64, monday: Int, week: WeekFigures)?
        func finish(_ names: inout [Int64: [Int64: UseAtSchool]]) {
            guard let done = current, labels[done.school] != nil else { return }
            names[done.name, default: [:]][done.school, default: Self.unused(period.last.ordinal)]
                .add(done.week, from: done.monday, lately: lately, isWatched: false)
        }
        var found: [Int64: [Int64: UseAtSchool]] = [:]
        try view.forEachUnknown(period, where: notable.contains) { cell, index in
            let monday = period.first.ordinal + index
            if current?.name != cell.name || current?.school != cell.school || current?.monday != monday {
                finish(&found)
                current = (cell.name, cell.school, monday, WeekFigures())
            }
            current?.week.add(WeekFigures(cell))
        }
        finish(&found)
        names = found
    }

    private func notableNames(_ isNotable: (_ schools: Int, _ devices: Int) -> Bool) throws -> Set<Int64> {
        var most: [Int64: [Int64: Int]] = [:]
        var last: (name: Int64, school: Int64, monday: Int, week: WeekFigures)?
        try view.forEachUnknown(Period(SchoolDay(ordinal: lately), period.last)) { cell, monday in
            guard labels[cell.school] != nil else { return }
            if last?.name != cell.name || last?.school != cell.school || last?.monday != monday {
                last = (cell.name, cell.school, monday, WeekFigures())
            }
            last?.week.add(WeekFigures(cell))
            let devices = last?.week.mostDevices ?? 0
            most[cell.name, default: [:]][cell.school] = max(most[cell.name]?[cell.school] ?? 0, devices)
        }
        return Set(
            most.filter { _, schools in
                let used = schools.values.filter { $0 > 0 }
                return isNotable(used.count, used.reduce(0) { $0.addingWithinBound($1) })
            }.keys)
    }
}

extension UseAtSchool {
    /// Takes in a week.
    fileprivate mutating func add(_ week: WeekFigures, from monday: Int, lately: Int, isWatched: Bool) {
        for index in 0..<7 where week.isSeen(index) {
            let (day, seen) = (monday + index, week[index].devices)
            if day >= lately { devices = max(devices, seen) } else { before = max(before, seen) }
            firstDay = min(firstDay, SchoolDay(ordinal: day))
            if isWatched { days[SchoolDay(ordinal: day)] = seen }
        }
    }
}

extension WeekFigures {
    /// The devices of a name at a school.
    fileprivate init(_ cell: borrowing NameCell) {
        self.init()
        for day in 0..<7 where cell.days & 1 << UInt8(day) != 0 {
            add(DayFigures(devices: cell.devices[day]), day: day)
        }
    }
}

extension Int {
    fileprivate mutating func addWithinBound(_ other: Int) { self = addingWithinBound(other) }
}
