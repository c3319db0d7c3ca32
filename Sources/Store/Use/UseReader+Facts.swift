import GRDB
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
    /// - Returns: The facts.
    /// - Throws: That the database cannot be read.
    package func facts(
        on today: SchoolDay, studentSegments: Set<String> = [],
        watching isWatched: @escaping @Sendable (Platform) -> Bool = { _ in false }
    ) async throws -> UseFacts {
        let mapping = try await mapping()
        return try await store.pool.read { db in
            let schools = try SQLiteStore.schools(.all, db).filter { $0.closedAt == nil }
            let labels = Dictionary(schools.map { ($0.key, $0.name) }) { first, _ in first }
            var book = FactBook(
                today: today, mapping: mapping, isWatched: isWatched,
                students: try Self.segmentKeys(of: studentSegments, db))
            let period = Period(today.advanced(by: -34), today)
            try SQLiteStore.forEachSchoolDay(of: schools, in: period, db) {
                try book.add($0, school: labels[$0.school] ?? "")
            }
            return UseFacts(
                today: today, schools: try Self.schoolFacts(on: today, book, db), tools: try book.tools(db))
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
            SELECT schools.name, max(days.day),
                total(unnamed_tls + unnamed_quic) FILTER (WHERE day >= :lately),
                total(unnamed_tls + unnamed_quic) FILTER (WHERE day < :lately AND day >= :from)
            FROM days JOIN schools ON schools.id = days.school
            WHERE schools.closed_at IS NULL AND day <= :today GROUP BY schools.id ORDER BY schools.key
            """
        let arguments: StatementArguments = [
            "lately": book.lately.description, "from": today.advanced(by: -34).description,
            "today": today.description,
        ]
        return try GRDB.Row.fetchAll(db, sql: sql, arguments: arguments).compactMap { row in
            let (name, last): (String, String) = (row[0], row[1])
            guard let lastDay = SchoolDay(last) else { return nil }
            let named = book.named[name] ?? (lately: 0, before: 0)
            return SchoolFacts(
                school: name, lastDay: lastDay, days: book.days[name] ?? [],
                coverage: share(Double(named.lately), unnamed: row[2]),
                coverageBefore: share(Double(named.before), unnamed: row[3]))
        }
    }

    private static func share(_ named: Double, unnamed: Double) -> Int? {
        named + unnamed > 0 ? Int(named / (named + unnamed) * 100) : nil
    }
}

/// Adds up five weeks of school days into facts.
private struct FactBook {
    private enum Owner: Hashable {
        /// The platform of that number.
        case platform(Int)
        /// A name that belongs to nobody.
        case name(Int64)
    }

    private struct Tool {
        var platform: Platform?
        var isWatched: Bool
        var uses: [String: UseAtSchool] = [:]
    }

    let lately: SchoolDay
    private let mapping: Mapping
    private let isWatched: (Platform) -> Bool
    private let students: Set<Int64>
    private var byOwner: [Owner: Tool] = [:]
    /// The days on which each school reported.
    private(set) var days: [String: [SchoolDay]] = [:]
    /// TLS and QUIC connections of each school that have a name.
    private(set) var named: [String: (lately: Int, before: Int)] = [:]

    init(today: SchoolDay, mapping: Mapping, isWatched: @escaping (Platform) -> Bool, students: Set<Int64>) {
        lately = today.advanced(by: -6)
        self.mapping = mapping
        self.isWatched = isWatched
        self.students = students
    }

    /// The tools, sorted by name.
    func tools(_ db: Database) throws -> [ToolFacts] {
        let find = try db.cachedStatement(sql: "SELECT name FROM names WHERE id = ?")
        return try byOwner.map { owner, tool in
            var name = tool.platform?.name ?? ""
            if case .name(let key) = owner { name = try String.fetchOne(find, arguments: [key]) ?? "" }
            return ToolFacts(name: name, platform: tool.platform, uses: tool.uses)
        }.sorted { $0.name < $1.name }
    }

    mutating func add(_ counts: SchoolDayCounts, school: String) throws {
        let day = SchoolDay(ordinal: counts.day)
        days[school, default: []].append(day)
        // Segments share no devices: they add up to the name's.
        var names: [Int64: (all: Int, students: Int)] = [:]
        var connections = 0
        try counts.forEach { name, segment, figures in
            connections = connections.addingWithinBound(figures.counts.tls).addingWithinBound(figures.counts.quic)
            var known = names[name] ?? (0, 0)
            known.all = known.all.addingWithinBound(figures.devices)
            if students.contains(segment) { known.students = known.students.addingWithinBound(figures.devices) }
            names[name] = known
        }
        if day >= lately {
            named[school, default: (0, 0)].lately += connections
        } else {
            named[school, default: (0, 0)].before += connections
        }
        // A platform has at least the devices of its largest name.
        var devices: [Owner: (all: Int, students: Int)] = [:]
        for (name, seen) in names {
            let number = mapping.number(of: name)
            if number == mapping.local { continue }
            let owner: Owner = number == Mapping.unknown ? .name(name) : .platform(number)
            let known = devices[owner] ?? (0, 0)
            devices[owner] = (max(known.all, seen.all), max(known.students, seen.students))
        }
        for (owner, seen) in devices { add(seen, of: owner, on: day, at: school) }
    }

    private mutating func add(
        _ seen: (all: Int, students: Int), of owner: Owner, on day: SchoolDay, at school: String
    ) {
        var tool: Tool
        if let known = byOwner[owner] {
            tool = known
        } else if case .platform(let number) = owner {
            let platform = mapping.platform(number).platform
            guard platform.kind == .tool else { return }
            tool = Tool(platform: platform, isWatched: isWatched(platform))
        } else {
            tool = Tool(platform: nil, isWatched: false)
        }
        // Taken out while it changes, so that the dictionary of its schools is not copied.
        byOwner[owner] = nil
        var use = tool.uses[school] ?? UseAtSchool(devices: 0, firstDay: day)
        if day >= lately {
            use.devices = max(use.devices, seen.all)
            use.students = max(use.students, seen.students)
        } else {
            use.before = max(use.before, seen.all)
        }
        use.firstDay = min(use.firstDay, day)
        if tool.isWatched { use.days[day] = seen.all }
        tool.uses[school] = use
        byOwner[owner] = tool
    }
}
