import Foundation
import GRDB

/// What schools did in a week with the names of one platform, added up from what they did with each name.
struct PlatformWeek {
    /// By the schools' keys.
    private var schools: [School?] = []

    private struct School {
        var all = WeekFigures()
        /// Few segments, in the order in which they came up.
        var segments: [(key: Int64, figures: WeekFigures)] = []

        mutating func keepLargest(_ week: WeekFigures, in segment: Int64) {
            if let place = segments.firstIndex(where: { $0.key == segment }) {
                segments[place].figures.keepLargest(week)
            } else {
                segments.append((segment, week))
            }
        }
    }

    /// Takes in a name: the same devices may use it and others.
    mutating func addName(_ cells: Span<UInt8>) throws {
        var current: (school: Int, sum: WeekFigures)?
        try PackedCells.forEach(in: cells) { school, segment, week in
            let school = Int(school)
            if let done = current, done.school == school {
                current?.sum.add(week)
            } else {
                if let done = current { schools[done.school]?.all.keepLargest(done.sum) }
                current = (school, week)
            }
            while schools.count <= school { schools.append(nil) }
            if schools[school] == nil { schools[school] = School() }
            schools[school]?.keepLargest(week, in: segment)
        }
        if let done = current { schools[done.school]?.all.keepLargest(done.sum) }
    }

    /// The figures of each segment that has a name, and of all together.
    func parts(unnamedSegment: Int64?) -> [Int64: (sum: OwnerWeek, cells: PackedCells)] {
        var parts: [Int64: (sum: OwnerWeek, cells: PackedCells)] = [:]
        func add(_ figures: WeekFigures, _ segment: Int64, _ school: Int) {
            parts[segment, default: (OwnerWeek(), PackedCells())].sum.add(figures, school: Int64(school))
            parts[segment]?.cells.append(school: Int64(school), segment: 0, figures)
        }
        for (key, school) in schools.enumerated() {
            guard let school else { continue }
            add(school.all, OwnerPart.allSegments, key)
            for (segment, week) in school.segments where segment != unnamedSegment && segment != GroupRow.segment {
                add(week, segment, key)
            }
        }
        return parts
    }
}
