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
                today: today, schools: try Self.schoolFacts(on: today, book, view.db), tools: try book.facts())
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
            let told = book.school(row[0])
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
    /// The first day of the last seven.
    private let lately: Int
    /// The open schools, sorted by name, and the place of each among them.
    private let open: [String]
    private let places: SchoolPositions
    /// The use of tools, under their numbers; empty where there was none.
    private var tools: [Uses]
    /// The use of names that belong to nobody and are worth telling.
    private var names: [(name: Int64, uses: Uses)] = []
    private var schools: [School]

    /// The use of a tool by school.
    private struct Uses {
        /// Each open school; empty as long as none used it.
        var entries: [SchoolUses.Entry] = []
        /// Devices day by day, by the school's place, where they are wanted.
        var days: [Int32: [SchoolDay: Int]] = [:]
    }

    init(_ view: View, _ period: Period, _ isWatched: (Platform) -> Bool) {
        self.view = view
        self.period = period
        let platforms = view.mapping.matcher.platforms
        self.isWatched = platforms.map(isWatched)
        isTool = platforms.map { $0.kind == .tool }
        lately = period.last.ordinal - 6
        let open = view.schools.filter { $0.closedAt == nil }.sorted { $0.name < $1.name }
        self.open = open.map(\.name)
        places = SchoolPositions(open.map(\.key))
        tools = Array(repeating: Uses(), count: platforms.count)
        schools = Array(repeating: School(), count: open.count)
    }

    /// What a school told; nothing where it is closed.
    func school(_ key: Int64) -> School { places[key].map { schools[$0] } ?? School() }

    /// The tools and names, sorted by name.
    func facts() throws -> [ToolFacts] {
        func seen(_ uses: Uses) -> SchoolUses {
            SchoolUses(schools: open, entries: uses.entries.filter { $0.firstDay < .max }, days: uses.days)
        }
        let known = tools.indices.filter { !tools[$0].entries.isEmpty }.map { number in
            let platform = view.mapping.platform(number).platform
            return ToolFacts(name: platform.name, platform: platform, uses: seen(tools[number]))
        }
        let texts = try view.texts(of: names.map(\.name))
        let unknown = names.map { name, uses in
            ToolFacts(name: texts[name] ?? "", platform: nil, uses: seen(uses))
        }
        return (known + unknown).sorted { $0.name < $1.name }
    }

    /// Adds what schools did with platforms; devices in the segments of students for themselves.
    mutating func addPlatforms(students: Set<Int64>, named segments: Set<String>) throws {
        let parts = try view.parts(period)
        try view.forEachSchoolDay(parts.rows) { counts, _ in try add(counts, students) }
        for week in parts.weeks {
            let monday = week.week.monday
            try view.forEachWhole(week) { school, figures in
                for day in 0..<7 where figures.isSeen(day) { add(figures[day].counts, school, monday + day) }
            }
            try view.forEachDevices(week) { number, school, devices in
                guard number < isTool.count, isTool[number], let place = places[school] else { return }
                add(devices, from: monday, of: number, place)
            }
            try addStudents(week, segments)
        }
    }

    /// Segments share no devices: those of students add up.
    private mutating func addStudents(_ week: SettledDays, _ segments: Set<String>) throws {
        guard week.week.monday + 6 >= lately else { return }
        let segments = segments.filter { !$0.isEmpty }
        if segments.count == 1, let segment = segments.first {
            return try forEachDevices(week, segment) { book, number, place, devices in
                book.addStudents(devices, from: week.week.monday, of: number, place)
            }
        }
        var students: [Int64: DayDevices] = [:]
        for segment in segments {
            try forEachDevices(week, segment) { _, number, place, devices in
                students[Int64(number) << 32 | Int64(place), default: DayDevices()].add(devices)
            }
        }
        for (key, devices) in students {
            addStudents(devices, from: week.week.monday, of: Int(key >> 32), Int(key & 0xFFFF_FFFF))
        }
    }

    /// Gives the devices of each open school with each tool in a segment.
    private mutating func forEachDevices(
        _ week: SettledDays, _ segment: String,
        _ body: (_ book: inout FactBook, _ number: Int, _ place: Int, _ devices: DayDevices) -> Void
    ) throws {
        let own = try View(
            UseScope(period: period, segment: segment), view.mapping, view.openDays, view.keptSums, view.db)
        let (isTool, places) = (isTool, places)
        try own.forEachDevices(week) { number, school, devices in
            guard number < isTool.count, isTool[number], let place = places[school] else { return }
            body(&self, number, place, devices)
        }
    }

    private mutating func addStudents(_ week: DayDevices, from monday: Int, of number: Int, _ place: Int) {
        for day in 0..<7 where week.isSeen(day) && monday + day >= lately {
            addStudents(week[day], of: number, place)
        }
    }

    private mutating func add(_ counts: SchoolDayCounts, _ students: Set<Int64>) throws {
        guard let place = places[counts.school] else { return }
        var whole = UseCounts()
        // A platform has at least the devices of its largest name, in each segment and in all together.
        var seen: [Int: (all: Int, bySegment: [Int64: Int])] = [:]
        var name: (key: Int64, devices: Int) = (-1, 0)
        let (numbers, isTool) = (view.mapping.numbers, isTool)
        try counts.forEach { key, segment, figures in
            whole += figures.counts
            name = (key, (name.key == key ? name.devices : 0).addingWithinBound(figures.devices))
            let number = numbers[key]
            guard number >= 0, number < isTool.count, isTool[number] else { return }
            seen[number, default: (0, [:])].all = max(seen[number]?.all ?? 0, name.devices)
            guard students.contains(segment) else { return }
            let known = seen[number]?.bySegment[segment] ?? 0
            seen[number]?.bySegment[segment] = max(known, figures.devices)
        }
        add(whole, counts.school, counts.day)
        let monday = Week(day: counts.day).monday
        for (number, devices) in seen {
            var day = DayDevices()
            day.set(devices.all, day: counts.day - monday)
            add(day, from: monday, of: number, place)
            guard counts.day >= lately else { continue }
            addStudents(devices.bySegment.values.reduce(0) { $0.addingWithinBound($1) }, of: number, place)
        }
    }

    private mutating func add(_ counts: UseCounts, _ school: Int64, _ day: Int) {
        guard let place = places[school] else { return }
        let connections = counts.tls.addingWithinBound(counts.quic)
        schools[place].days.insert(SchoolDay(ordinal: day))
        if day >= lately {
            schools[place].named.addWithinBound(connections)
        } else {
            schools[place].namedBefore.addWithinBound(connections)
        }
    }

    private mutating func add(_ devices: DayDevices, from monday: Int, of number: Int, _ place: Int) {
        if tools[number].entries.isEmpty { tools[number].entries = open.indices.map { .init(school: Int32($0)) } }
        tools[number].entries[place].add(devices, from: monday, lately: lately)
        guard isWatched[number] else { return }
        for day in 0..<7 where devices.isSeen(day) {
            tools[number].days[Int32(place), default: [:]][SchoolDay(ordinal: monday + day)] = devices[day]
        }
    }

    private mutating func addStudents(_ devices: Int, of number: Int, _ place: Int) {
        guard !tools[number].entries.isEmpty else { return }
        let known = tools[number].entries[place].students
        tools[number].entries[place].students = max(known, Int32(clamping: devices))
    }

    /// Adds names that belong to nobody and are worth telling.
    mutating func addUnknown(_ isNotable: (_ schools: Int, _ devices: Int) -> Bool) throws {
        let notable = try notableNames(isNotable)
        guard notable.count > 0 else { return }
        var found: [Int64: [Int32: SchoolUses.Entry]] = [:]
        try forEachWeek(period, where: notable.contains) { name, place, monday, devices in
            let school = Int32(place)
            found[name, default: [:]][school, default: SchoolUses.Entry(school: school)]
                .add(devices, from: monday, lately: lately)
        }
        names = found.map { name, entries in
            (name, Uses(entries: entries.values.sorted { $0.school < $1.school }))
        }
    }

    private func notableNames(_ isNotable: (_ schools: Int, _ devices: Int) -> Bool) throws -> NameSet {
        // The busiest day of each name at each school.
        var most: [Int64: Int] = [:]
        try forEachWeek(Period(SchoolDay(ordinal: lately), period.last)) { name, place, _, devices in
            let key = name << 20 | Int64(place)
            most[key] = max(most[key] ?? 0, devices.most)
        }
        var tally = NameTally()
        var schools: [Int] = []
        for (key, devices) in most where devices > 0 {
            let slot = tally.slot(of: key >> 20)
            if slot == schools.count { schools.append(0) }
            schools[slot] += 1
            tally.add(devices, at: slot)
        }
        return NameSet(tally.names.indices.filter { isNotable(schools[$0], tally.devices[$0]) }.map { tally.names[$0] })
    }

    /// Gives the devices of each name that belongs to nobody at each open school in a week, or on a day of one.
    private func forEachWeek(
        _ period: Period, where isWanted: (_ name: Int64) -> Bool = { _ in true },
        _ body: (_ name: Int64, _ place: Int, _ monday: Int, _ devices: DayDevices) -> Void
    ) throws {
        // Devices of a day come in parts, one for each segment, which follow each other.
        var last: (name: Int64, school: Int64, monday: Int, devices: DayDevices)?
        func finish() {
            guard let last, let place = places[last.school] else { return }
            body(last.name, place, last.monday, last.devices)
        }
        try view.forEachUnknownCell(period, where: isWanted) { cell, index in
            let monday = period.first.ordinal + index
            if last?.name == cell.name, last?.school == cell.school, last?.monday == monday {
                last?.devices.add(DayDevices(cell))
            } else {
                finish()
                last = (cell.name, cell.school, monday, DayDevices(cell))
            }
        }
        finish()
    }
}

extension SchoolUses.Entry {
    /// Takes in a week.
    fileprivate mutating func add(_ week: DayDevices, from monday: Int, lately: Int) {
        for index in 0..<7 where week.isSeen(index) {
            let (day, seen) = (monday + index, Int32(clamping: week[index]))
            if day >= lately { devices = max(devices, seen) } else { before = max(before, seen) }
            firstDay = min(firstDay, Int32(clamping: day))
        }
    }
}

extension DayDevices {
    /// The devices of a name at a school.
    fileprivate init(_ cell: borrowing NameCell) {
        self.init()
        for day in 0..<7 where cell.days & 1 << UInt8(day) != 0 { set(cell.devices[day], day: day) }
    }
}

extension Int {
    fileprivate mutating func addWithinBound(_ other: Int) { self = addingWithinBound(other) }
}
