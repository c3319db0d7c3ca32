import Foundation
import GRDB

/// What schools did in a week with the names of one platform.
struct PlatformWeek {
    private var schools: [Int64: School] = [:]

    private struct School {
        var all = WeekFigures()
        var segments: [Int64: WeekFigures] = [:]
    }

    /// Takes in a name: the same devices may use it and others.
    mutating func addName(_ cells: Span<UInt8>) throws {
        var current: (school: Int64, sum: WeekFigures)?
        try PackedCells.forEach(in: cells) { school, segment, week in
            if let done = current, done.school == school {
                current?.sum.add(week)
            } else {
                if let done = current { schools[done.school, default: School()].all.keepLargest(done.sum) }
                current = (school, week)
            }
            schools[school, default: School()].segments[segment, default: WeekFigures()].keepLargest(week)
        }
        if let done = current { schools[done.school, default: School()].all.keepLargest(done.sum) }
    }

    /// Keeps the week, also for each segment that has a name.
    func write(week: Int, owner: Int64, _ db: Database) throws {
        let unnamed = try Int64.fetchOne(db, sql: "SELECT id FROM segments WHERE name = ''")
        var parts: [Int64: PackedPlatform] = [:]
        for (school, figures) in schools.sorted(by: { $0.key < $1.key }) {
            parts[PackedPlatform.allSegments, default: PackedPlatform()].append(school: school, figures.all)
            for (segment, week) in figures.segments where segment != unnamed {
                parts[segment, default: PackedPlatform()].append(school: school, week)
            }
        }
        for (segment, part) in parts { try part.write(segment: segment, week: week, owner: owner, db) }
    }
}

/// A row of `platform_weeks`.
struct PackedPlatform {
    /// The segment of rows that are over all segments.
    static let allSegments: Int64 = -1
    /// The owner of rows that are about whatever there was.
    static let everything: Int64 = 0

    private var cells = PackedCells()
    private var days = WeekFigures()
    private var schools = PackedWriter()
    private var lastSchool: Int64 = 0

    /// Adds a school; schools come in the order of their keys.
    mutating func append(school: Int64, _ week: WeekFigures) {
        cells.append(school: school, segment: 0, week)
        days.add(week)
        schools.number(Int(school - lastSchool))
        lastSchool = school
    }

    /// Keeps the row.
    func write(segment: Int64, week: Int, owner: Int64, _ db: Database) throws {
        var packedDays = PackedWriter()
        packedDays.week(days)
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO platform_weeks (segment, week, owner, days, schools, cells)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            segment, week, owner, Data(packedDays.bytes), Data(schools.bytes), Data(cells.writer.bytes),
        ])
    }
}
