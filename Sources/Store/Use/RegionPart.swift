import Foundation
import GRDB

/// Schools of a region that told something in a week, and whose use is added up together besides that of the district: who
/// asks about a region would otherwise pass over what every school of the district did.
///
/// They are the schools that the region had when the week was added up. Who asks compares them with those that are wanted,
/// so that a school that went to another region is never counted with the wrong one.
struct RegionPart {
    /// The number in the week's sums; that of the whole district is ``district``.
    let number: Int
    /// The schools' keys, in order: in the sums, a school is its place here.
    let schools: [Int64]
    private let places: SchoolPositions

    /// The number of what all schools did.
    static let district = 0
    /// All schools, each under its own key.
    static let wholeDistrict = RegionPart(number: district, schools: [])
    /// A region with a smaller share of the schools has no sums: hundreds of them would take more room than they save time.
    private static let smallestShare = 32

    /// Makes the part of some schools, in the order of their keys.
    init(number: Int, schools: [Int64]) {
        self.number = number
        self.schools = schools
        places = SchoolPositions(schools)
    }

    /// The regions of schools that told something in a week.
    static func all(of told: [Int64], _ db: Database) throws -> [RegionPart] {
        let isTold = Set(told)
        let sql = "SELECT id, lower(region) FROM schools WHERE region <> '' ORDER BY id"
        var regions: [String: [Int64]] = [:]
        for row in try GRDB.Row.fetchAll(db, sql: sql) {
            let school: Int64 = row[0]
            if isTold.contains(school) { regions[row[1], default: []].append(school) }
        }
        let large = regions.values.filter { $0.count * smallestShare >= told.count && $0.count < told.count }
        return large.sorted { $0[0] < $1[0] }.enumerated().map { RegionPart(number: $0 + 1, schools: $1) }
    }

    /// The regions that a week was added up for.
    static func all(of week: Int, _ figures: Int, _ db: Database) throws -> [RegionPart] {
        let sql = """
            SELECT part, schools FROM week_sums
            WHERE week = ? AND figures = ? AND segment = ? AND part > 0 AND later = 0
            """
        let find = try db.cachedStatement(sql: sql)
        return try GRDB.Row.fetchAll(find, arguments: [week, figures, OwnerPart.allSegments]).map { row in
            let schools: Data = row[1]
            return RegionPart(number: row[0], schools: SchoolSet(bytes: schools.span).keys)
        }
    }

    /// The schools as the database has them.
    var bytes: [UInt8] {
        var set = SchoolSet()
        for school in schools { set.insert(Int(school)) }
        return set.bytes
    }

    /// What its schools did together, of what each school did with the names of an owner; nil where they did nothing.
    func sum(of cells: Span<UInt8>) throws -> OwnerWeek? {
        var sum: OwnerWeek?
        try PackedCells.forEach(in: cells, where: { places[$0] != nil }) { school, _, week in
            guard let place = places[school] else { return }
            if sum == nil { sum = OwnerWeek() }
            sum?.add(week, school: Int64(place))
        }
        return sum
    }

    /// The schools of its sums, by their keys.
    func keys(of places: SchoolSet) -> SchoolSet {
        if number == Self.district { return places }
        var found = SchoolSet()
        places.forEach { if $0 < schools.count { found.insert(Int(schools[$0])) } }
        return found
    }
}
