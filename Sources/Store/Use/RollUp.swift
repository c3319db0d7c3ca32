import Foundation
import GRDB

/// Adds up a week: what every school did with every name, and with every platform.
///
/// Reads a snapshot, writes in small parts, and keeps nobody from writing in between; a report for the week that comes
/// meanwhile makes the result out of date, and questions are answered from the rows until the week is added up again.
struct RollUp {
    private let mapping: Mapping
    private let week: Week
    private let unnamedSegment: Int64?
    private var names: [Int64: PackedCells] = [:]
    private var platforms: [PlatformKey: PackedPlatform] = [:]

    private struct PlatformKey: Hashable {
        var segment: Int64
        var owner: Int64
    }

    /// Reads the week.
    init(_ week: Week, _ mapping: Mapping, _ db: Database) throws {
        self.week = week
        self.mapping = mapping
        unnamedSegment = try Int64.fetchOne(db, sql: "SELECT id FROM segments WHERE name = ''")
        var schools = try SQLiteStore.schools(.all, db)
        schools.sort { $0.key < $1.key }
        let period = Period(ordinals: week.monday...(week.monday + 6))
        for school in schools {
            var sums = SchoolWeek()
            try SQLiteStore.forEachSchoolDay(of: [school], in: period, db) {
                try sums.add($0, day: $0.day - week.monday)
            }
            add(sums, school: school.key)
        }
    }

    private mutating func add(_ sums: SchoolWeek, school: Int64) {
        guard sums.whole.mask != 0 else { return }
        var owners: [Int64: (all: WeekFigures, segments: [Int64: WeekFigures])] = [:]
        for (name, segments) in sums.names {
            var sum = WeekFigures()
            let owner = mapping.owner(of: mapping.number(of: name))
            for (segment, figures) in segments.sorted(by: { $0.key < $1.key }) {
                sum.add(figures)
                names[name, default: PackedCells()].append(school: school, segment: segment, figures)
                guard owner != Mapping.unknownOwner, segment != unnamedSegment else { continue }
                owners[owner, default: (WeekFigures(), [:])].segments[segment, default: WeekFigures()]
                    .keepLargest(figures)
            }
            if owner != Mapping.unknownOwner { owners[owner, default: (WeekFigures(), [:])].all.keepLargest(sum) }
        }
        owners[PackedPlatform.everything] = (sums.whole, sums.segments.filter { $0.key != unnamedSegment })
        for (owner, figures) in owners {
            append(figures.all, segment: PackedPlatform.allSegments, owner, school)
            for (segment, week) in figures.segments { append(week, segment: segment, owner, school) }
        }
    }

    private mutating func append(_ week: WeekFigures, segment: Int64, _ owner: Int64, _ school: Int64) {
        platforms[PlatformKey(segment: segment, owner: owner), default: PackedPlatform()]
            .append(school: school, week)
    }

    /// Keeps the week, as that of a version of its rows.
    ///
    /// Gives up when the registry changed meanwhile: the week is then added up again.
    func write(version: Int, to pool: DatabasePool) async throws {
        try await pool.write { [week] db in
            // Out of date from now until everything is there.
            try db.execute(sql: "UPDATE weeks SET rolled = 0 WHERE week = ?", arguments: [week.number])
            try db.execute(sql: "DELETE FROM platform_weeks WHERE week = ?", arguments: [week.number])
        }
        let chunks = names.keys.sorted().chunks(of: Self.rowsAtOnce)
        for chunk in chunks {
            try await pool.write { [names, week] db in
                let insert = try db.cachedStatement(
                    sql: "INSERT OR REPLACE INTO name_weeks (week, name, cells) VALUES (?, ?, ?)")
                for name in chunk {
                    guard let cells = names[name] else { continue }
                    try insert.execute(arguments: [week.number, name, Data(cells.writer.bytes)])
                }
            }
        }
        let keys = platforms.keys.sorted { ($0.segment, $0.owner) < ($1.segment, $1.owner) }
        for chunk in keys.chunks(of: Self.rowsAtOnce / 10) {
            try await pool.write { [platforms, week] db in
                for key in chunk {
                    try platforms[key]?.write(segment: key.segment, week: week.number, owner: key.owner, db)
                }
            }
        }
        try await pool.write { [week, mapping] db in
            let now = try Int.fetchOne(db, sql: "SELECT revision FROM matching")
            guard now == mapping.matching else { return }
            try db.execute(
                sql: "UPDATE weeks SET rolled = ? WHERE week = ?", arguments: [version, week.number])
        }
    }

    /// A few milliseconds' work: intake waits no longer.
    private static let rowsAtOnce = 5000
}

/// What one school did in a week, by name and segment.
private struct SchoolWeek {
    var names: [Int64: [Int64: WeekFigures]] = [:]
    var whole = WeekFigures()
    var segments: [Int64: WeekFigures] = [:]

    mutating func add(_ counts: SchoolDayCounts, day: Int) throws {
        var all = DayFigures()
        var bySegment: [Int64: DayFigures] = [:]
        var name: (key: Int64, sum: DayFigures)?
        try counts.forEach { row, segment, figures in
            names[row, default: [:]][segment, default: WeekFigures()].add(figures, day: day)
            bySegment[segment, default: DayFigures()].keepLargest(figures)
            if name?.key == row {
                name?.sum.add(figures)
            } else {
                if let name { all.keepLargest(name.sum) }
                name = (row, figures)
            }
        }
        if let name { all.keepLargest(name.sum) }
        all.devices = max(all.devices, counts.devices)
        whole.add(all, day: day)
        for (segment, figures) in bySegment { segments[segment, default: WeekFigures()].add(figures, day: day) }
    }
}

extension Array {
    /// The elements in parts of at most so many.
    fileprivate func chunks(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
    }
}
