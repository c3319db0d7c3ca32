import Foundation
import GRDB

/// Adds up days of a week: what every school did with every name, and with every platform.
///
/// Reads snapshots, writes in small parts, and keeps nobody from writing in between; a day of which a report comes
/// meanwhile is not settled, and questions about it are answered from its rows until it is added up again. What was
/// added up before stands until all of the new is there.
struct RollUp {
    /// The week.
    let week: Week
    /// Its days that are added up, a bit for each, the lowest for Monday.
    let days: UInt8
    /// Whom names belong to.
    let mapping: Mapping
    /// The database.
    let pool: DatabasePool

    /// Names are added up in so many parts: those of a week of a district all at once would need a hundred megabytes.
    private static let nameParts = 8
    /// A few milliseconds' work: intake waits no longer.
    private static let rowsAtOnce = 2000

    /// Adds up, and gives whether it counts: not where the registry changed meanwhile.
    func run() async throws -> Bool {
        let figures = try await begin()
        try await removeOthers(than: figures)
        let next = figures + 1
        let platforms = try await pool.read { db in try PlatformSums(self, db) }
        let regions = try await pool.read { db in try RegionPart.all(of: try platforms.schools, db) }
        try await write(platforms, regions, next)
        var seen = SeenNames(regions)
        for part in 0..<Self.nameParts {
            let names = try await pool.read { [seen] db in
                try NameSums(self, part: part, of: Self.nameParts, seen: seen, db)
            }
            try await write(names, part: part, next)
            seen = names.seen
        }
        try await write(seen, next)
        let counts = try await pool.write { db in
            let matching = try Int.fetchOne(db, sql: "SELECT revision FROM matching")
            guard matching == mapping.matching else { return false }
            try db.execute(
                sql: "UPDATE weeks SET figures = ?, settled = ? & told & ~touched WHERE week = ?",
                arguments: [next, days, week.number])
            return true
        }
        try await removeOthers(than: counts ? next : figures)
        return counts
    }

    /// Notes which days get reports from now on; gives the figures that count so far.
    private func begin() async throws -> Int {
        try await pool.write { db in
            try db.execute(sql: "UPDATE weeks SET touched = 0 WHERE week = ?", arguments: [week.number])
            return try Int.fetchOne(db, sql: "SELECT figures FROM weeks WHERE week = ?", arguments: [week.number]) ?? 0
        }
    }

    private func write(_ sums: PlatformSums, _ regions: [RegionPart], _ figures: Int) async throws {
        for (segment, owners) in sums.owners {
            try await write(owners, segment, .wholeDistrict, figures)
        }
        for region in regions {
            try await write(try sums.owners(of: region), OwnerPart.allSegments, region, figures)
        }
        try await pool.write { db in
            try db.execute(
                sql: "INSERT INTO week_coverage VALUES (?, ?, ?)",
                arguments: [week.number, figures, Data(try CoverageWeek(week, days, db).bytes)])
        }
        let keys = sums.cells.keys.sorted { ($0.segment, $0.owner) < ($1.segment, $1.owner) }
        for chunk in keys.chunks(of: Self.rowsAtOnce / 10) {
            try await pool.write { db in
                let insert = try db.cachedStatement(sql: "INSERT INTO platform_weeks VALUES (?, ?, ?, ?, ?, ?)")
                for key in chunk {
                    try insert.execute(arguments: [
                        week.number, figures, key.segment, key.owner,
                        sums.hours[key].map { Data(PackedHours.pack($0)) }, sums.cells[key].map { Data($0.bytes) },
                    ])
                }
            }
        }
    }

    private func write(
        _ owners: [Int64: OwnerWeek], _ segment: Int64, _ part: RegionPart, _ figures: Int
    ) async throws {
        try await pool.write { db in
            try db.execute(
                sql: "INSERT INTO week_sums VALUES (?, ?, ?, ?, 0, ?, ?)",
                arguments: [
                    week.number, figures, segment, part.number, Data(part.bytes), Data(PackedSums.pack(owners)),
                ])
        }
    }

    private func write(_ seen: SeenNames, _ figures: Int) async throws {
        try await pool.write { db in
            for (part, names) in seen.parts.enumerated() {
                try db.execute(
                    sql: "INSERT INTO week_names VALUES (?, ?, ?, ?)",
                    arguments: [week.number, figures, part, Data(names.bytes)])
            }
        }
    }

    private func write(_ sums: NameSums, part: Int, _ figures: Int) async throws {
        try await pool.write { db in
            for (segment, unknown) in sums.unknown {
                try unknown.write(week.number, figures, segment, part: part, db)
            }
        }
        for chunk in sums.names.keys.sorted().chunks(of: Self.rowsAtOnce) {
            try await pool.write { db in
                let insert = try db.cachedStatement(sql: "INSERT INTO name_weeks VALUES (?, ?, ?, ?, ?)")
                for name in chunk {
                    guard let sum = sums.names[name] else { continue }
                    try insert.execute(arguments: [week.number, figures, name, sum.most, Data(sum.cells.bytes)])
                }
            }
        }
    }

    /// Takes out what was added up before, or by a process that did not come to the end.
    private func removeOthers(than figures: Int) async throws {
        try await WeekFiguresRemoval(week: week, keeping: figures).run(pool)
    }
}

/// Takes the added up figures of a week out, a few at a time, so that nobody waits long.
struct WeekFiguresRemoval {
    /// The week.
    var week: Week
    /// The figures that stay; none where nil.
    var keeping: Int?

    func run(_ pool: DatabasePool) async throws {
        for (table, key) in [("name_weeks", "figures, name"), ("platform_weeks", "figures, segment, owner")] {
            var deleted = 1
            // Ends when none is left.
            while deleted > 0 {
                deleted = try await pool.write { db in
                    let sql = """
                        DELETE FROM \(table) WHERE week = ?1 AND (\(key)) IN
                            (SELECT \(key) FROM \(table) WHERE week = ?1 AND figures IS NOT ?2 LIMIT 3000)
                        """
                    try db.execute(sql: sql, arguments: [week.number, keeping])
                    return db.changesCount
                }
            }
        }
        try await pool.write { db in
            for table in ["week_sums", "week_names", "unknown_weeks", "week_coverage"] {
                try db.execute(
                    sql: "DELETE FROM \(table) WHERE week = ? AND figures IS NOT ?", arguments: [week.number, keeping])
            }
        }
    }
}

extension RollUp {
    /// Gives what schools told of the days, one school after the other by their keys.
    fileprivate func forEachSchool(
        _ db: Database, _ body: (_ school: Int64, _ days: [SchoolDayCounts]) throws -> Void
    ) throws {
        let schools = try SQLiteStore.schools(.all, db).sorted { $0.key < $1.key }
        let period = Period(ordinals: week.monday...(week.monday + 6))
        for school in schools {
            var told: [SchoolDayCounts] = []
            try SQLiteStore.forEachSchoolDay(of: [school], in: period, db) { counts in
                if days & 1 << UInt8(counts.day - week.monday) != 0 { told.append(counts) }
            }
            if !told.isEmpty { try body(school.key, told) }
        }
    }
}

/// What schools did with the names of each platform.
private struct PlatformSums {
    /// By segment and owner.
    private(set) var owners: [Int64: [Int64: OwnerWeek]] = [:]
    private(set) var cells: [OwnerPart: PackedCells] = [:]
    private(set) var hours: [OwnerPart: WeekHours] = [:]

    init(_ rollUp: RollUp, _ db: Database) throws {
        let unnamed = try Int64.fetchOne(db, sql: "SELECT id FROM segments WHERE name = ''")
        try rollUp.forEachSchool(db) { school, days in
            var sums = SchoolWeek(mapping: rollUp.mapping, unnamedSegment: unnamed)
            for counts in days { try sums.add(counts, day: counts.day - rollUp.week.monday) }
            for (part, figures) in sums.owners {
                owners[part.segment, default: [:]][part.owner, default: OwnerWeek()].add(figures, school: school)
                cells[part, default: PackedCells()].append(school: school, segment: 0, figures)
            }
            for (part, told) in sums.hours {
                for day in 0..<7 { hours[part, default: WeekHours(repeating: HourCounts())][day].add(told[day]) }
            }
        }
        for part in cells.keys where hours[part] == nil { hours[part] = WeekHours(repeating: HourCounts()) }
    }

    /// The schools that told something, by their keys.
    var schools: [Int64] {
        get throws {
            var schools: [Int64] = []
            if let cells = cells[OwnerPart(segment: OwnerPart.allSegments, owner: OwnerPart.everything)] {
                try PackedCells.forEachSchool(in: cells.bytes.span) { schools.append($0) }
            }
            return schools
        }
    }

    /// What the schools of a region did together, by owner.
    func owners(of region: RegionPart) throws -> [Int64: OwnerWeek] {
        var owners: [Int64: OwnerWeek] = [:]
        for (part, cells) in cells where part.segment == OwnerPart.allSegments && part.owner != OwnerPart.everything {
            owners[part.owner] = try region.sum(of: cells.bytes.span)
        }
        return owners
    }
}

/// An owner in a segment, or in all together.
struct OwnerPart: Hashable {
    /// The segment's key, or ``allSegments``.
    var segment: Int64
    /// The owner's key, or ``everything``.
    var owner: Int64

    /// What is over all segments.
    static let allSegments: Int64 = -1
    /// Whatever there was.
    static let everything: Int64 = 0
}

/// What one school did in a week with the names of each owner.
private struct SchoolWeek {
    let mapping: Mapping
    let unnamedSegment: Int64?
    private(set) var owners: [OwnerPart: WeekFigures] = [:]
    private(set) var hours: [OwnerPart: WeekHours] = [:]

    init(mapping: Mapping, unnamedSegment: Int64?) {
        self.mapping = mapping
        self.unnamedSegment = unnamedSegment
    }

    mutating func add(_ counts: SchoolDayCounts, day: Int) throws {
        var sum = DayBook()
        var name: (key: Int64, owner: Int64, figures: DayFigures, hours: HourCounts)?
        try counts.forEachRow { row in
            let figures = row.figures
            sum.keepLargest(OwnerPart(segment: row.segment, owner: OwnerPart.everything), figures, nil)
            if name?.key == row.name {
                name?.figures.add(figures)
                name?.hours.add(row.hours)
            } else {
                if let name { sum.addName(name.owner, name.figures, name.hours) }
                name = (row.name, mapping.owner(of: mapping.number(of: row.name)), figures, row.hours)
            }
            if let owner = name?.owner, Mapping.isSomebody(owner) {
                sum.keepLargest(OwnerPart(segment: row.segment, owner: owner), figures, row.hours)
            }
        }
        if let name { sum.addName(name.owner, name.figures, name.hours) }
        sum.addWhole(devices: counts.devices)
        for (part, seen) in sum.parts where part.segment != unnamedSegment && part.segment != GroupRow.segment {
            owners[part, default: WeekFigures()].add(seen.figures, day: day)
            guard seen.hours.mask != 0 else { continue }
            hours[part, default: WeekHours(repeating: HourCounts())][day].add(seen.hours)
        }
    }
}

/// What one school did on one day.
private struct DayBook {
    private(set) var parts: [OwnerPart: (figures: DayFigures, hours: HourCounts)] = [:]

    mutating func keepLargest(_ part: OwnerPart, _ figures: DayFigures, _ hours: HourCounts?) {
        parts[part, default: (DayFigures(), HourCounts())].figures.keepLargest(figures)
        if let hours { parts[part]?.hours.keepLargest(of: hours) }
    }

    mutating func addName(_ owner: Int64, _ figures: DayFigures, _ hours: HourCounts) {
        keepLargest(OwnerPart(segment: OwnerPart.allSegments, owner: OwnerPart.everything), figures, nil)
        guard Mapping.isSomebody(owner) else { return }
        keepLargest(OwnerPart(segment: OwnerPart.allSegments, owner: owner), figures, hours)
    }

    /// The school's own count has the devices of all names in it.
    mutating func addWhole(devices: Int) {
        let whole = OwnerPart(segment: OwnerPart.allSegments, owner: OwnerPart.everything)
        let figures = parts[whole, default: (DayFigures(), HourCounts())].figures
        parts[whole]?.figures.devices = max(figures.devices, devices)
        if parts[whole] == nil { parts[whole] = (DayFigures(devices: devices), HourCounts()) }
    }
}

/// What schools did with a part of the names.
private struct NameSums {
    struct Name {
        var cells = PackedCells()
        var most = 0
    }

    private(set) var names: [Int64: Name] = [:]
    /// Of names that belong to nobody, by segment.
    private(set) var unknown: [Int64: UnknownWeek] = [:]
    /// Names of these and of earlier parts.
    private(set) var seen: SeenNames

    private struct Key: Hashable {
        var name: Int64
        var segment: Int64
    }

    init(_ rollUp: RollUp, part: Int, of parts: Int, seen: SeenNames, _ db: Database) throws {
        self.seen = seen
        let unnamed = try Int64.fetchOne(db, sql: "SELECT id FROM segments WHERE name = ''")
        try rollUp.forEachSchool(db) { school, days in
            var sums: [Key: WeekFigures] = [:]
            for counts in days {
                let day = counts.day - rollUp.week.monday
                try counts.forEach { name, segment, figures in
                    guard Int(name) % parts == part else { return }
                    sums[Key(name: name, segment: segment), default: WeekFigures()].add(figures, day: day)
                }
            }
            var all: (name: Int64, figures: WeekFigures)?
            for key in sums.keys.sorted(by: { ($0.name, $0.segment) < ($1.name, $1.segment) }) {
                guard let figures = sums[key] else { continue }
                names[key.name, default: Name()].cells.append(school: school, segment: key.segment, figures)
                let isUnknown = rollUp.mapping.number(of: key.name) == Mapping.unknown
                if isUnknown, key.segment != unnamed {
                    unknown[key.segment, default: UnknownWeek()].append(key.name, school: school, figures)
                }
                if all?.name == key.name {
                    all?.figures.add(figures)
                } else {
                    if let all { add(all.name, all.figures, school, rollUp.mapping) }
                    all = (key.name, figures)
                }
            }
            if let all { add(all.name, all.figures, school, rollUp.mapping) }
        }
    }

    private mutating func add(_ name: Int64, _ figures: WeekFigures, _ school: Int64, _ mapping: Mapping) {
        seen.insert(name, at: school)
        let known = names[name]?.most ?? 0
        names[name]?.most = max(known, figures.mostDevices)
        guard mapping.number(of: name) == Mapping.unknown else { return }
        unknown[OwnerPart.allSegments, default: UnknownWeek()].append(name, school: school, figures)
    }
}

/// The names that were seen in a week, in the district and in each region.
private struct SeenNames {
    /// By the numbers of the parts.
    private(set) var parts: [NameSet]
    /// The part of each school's region.
    private var regions: [Int64: Int] = [:]

    init(_ regions: [RegionPart]) {
        parts = Array(repeating: NameSet(), count: regions.count + 1)
        for region in regions {
            for school in region.schools { self.regions[school] = region.number }
        }
    }

    mutating func insert(_ name: Int64, at school: Int64) {
        parts[RegionPart.district].insert(name)
        if let region = regions[school] { parts[region].insert(name) }
    }
}

extension UnknownWeek {
    /// Puts it into the database as a part of a week's names: one that was not there, or one behind all others where nil.
    func write(_ week: Int, _ figures: Int, _ segment: Int64, part: Int?, _ db: Database) throws {
        let last = "SELECT max(part) FROM unknown_weeks WHERE week = ? AND figures = ? AND segment = ?"
        let before =
            part == nil ? try Int.fetchOne(db.cachedStatement(sql: last), arguments: [week, figures, segment]) : nil
        let packed = packed
        try db.cachedStatement(sql: "INSERT INTO unknown_weeks VALUES (?, ?, ?, ?, ?, ?, ?)")
            .execute(arguments: [
                week, figures, segment, part ?? (before ?? 0) + 1, Data(packed.names), Data(packed.sums),
                Data(packed.cells),
            ])
    }
}

extension WeekFigures {
    /// Devices of the busiest day.
    var mostDevices: Int { (0..<7).reduce(0) { max($0, self[$1].devices) } }
}

extension Array {
    /// The elements in parts of at most so many.
    fileprivate func chunks(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
    }
}
