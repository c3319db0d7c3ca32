import Foundation
import GRDB

/// What schools did in a week with the names of one platform, added up from what they did with each name.
struct PlatformWeek {
    /// All segments together, by the schools' keys.
    private var all: [WeekFigures] = []
    /// Few segments, in the order in which they came up.
    private var segments: [(key: Int64, schools: [WeekFigures])] = []

    /// Takes in a name: the same devices may use it and others.
    mutating func addName(_ cells: Span<UInt8>) throws {
        var (current, sum) = (0, WeekFigures())
        try PackedCells.forEach(in: cells) { school, segment, week in
            let school = Int(school)
            Self.keepLargest(week, at: school, in: &segments[place(of: segment)].schools)
            if school == current { return sum.add(week) }
            Self.keepLargest(sum, at: current, in: &all)
            (current, sum) = (school, week)
        }
        Self.keepLargest(sum, at: current, in: &all)
    }

    private mutating func place(of segment: Int64) -> Int {
        if let place = segments.firstIndex(where: { $0.key == segment }) { return place }
        segments.append((segment, []))
        return segments.count - 1
    }

    private static func keepLargest(_ week: WeekFigures, at school: Int, in schools: inout [WeekFigures]) {
        while schools.count <= school { schools.append(WeekFigures()) }
        schools[school].keepLargest(week)
    }

    /// The figures of each segment that has a name, and of all together.
    func parts(unnamedSegment: Int64?) -> [Int64: (sum: OwnerWeek, cells: PackedCells)] {
        var parts = [OwnerPart.allSegments: Self.part(all)]
        for (key, schools) in segments where key != unnamedSegment && key != GroupRow.segment {
            parts[key] = Self.part(schools)
        }
        return parts.compactMapValues { $0 }
    }

    private static func part(_ schools: [WeekFigures]) -> (sum: OwnerWeek, cells: PackedCells)? {
        var (sum, cells) = (OwnerWeek(), PackedCells())
        for (key, week) in schools.enumerated() where week.mask != 0 {
            sum.add(week, school: Int64(key))
            cells.append(school: Int64(key), segment: 0, week)
        }
        return sum.figures.mask == 0 ? nil : (sum, cells)
    }
}
