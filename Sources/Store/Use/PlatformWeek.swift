import Foundation
import GRDB

/// What schools did in a week with the names of one platform, added up from what they did with each name.
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

    /// The figures of each segment that has a name, and of all together.
    func parts(unnamedSegment: Int64?) -> [Int64: (sum: OwnerWeek, cells: PackedCells)] {
        var parts: [Int64: (sum: OwnerWeek, cells: PackedCells)] = [:]
        func add(_ figures: WeekFigures, _ segment: Int64, _ school: Int64) {
            parts[segment, default: (OwnerWeek(), PackedCells())].sum.add(figures, school: school)
            parts[segment]?.cells.append(school: school, segment: 0, figures)
        }
        for (school, figures) in schools.sorted(by: { $0.key < $1.key }) {
            add(figures.all, OwnerPart.allSegments, school)
            for (segment, week) in figures.segments where segment != unnamedSegment && segment != GroupRow.segment {
                add(week, segment, school)
            }
        }
        return parts
    }
}
