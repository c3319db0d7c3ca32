import Synchronization
import Wire

/// Names that belong to nobody, added up over days.
struct UnknownSums {
    /// The devices of each on school days.
    private(set) var tally = NameTally()
    /// The place of each name's domain among ``domains``, in the order of the names; empty where domains are not told.
    private(set) var places: [Int32] = []
    /// The numbers of the domains, in the order in which they came up.
    private(set) var domains: [Int32] = []
    /// The schools of each domain.
    private(set) var schools: SchoolTable
    private var placesByDomain: [Int32: Int32] = [:]
    private let tellsDomains: Bool
    /// Whether all domains have the numbers that they keep: new ones have others until the database has them.
    private(set) var isLasting = true

    /// Makes sums of nothing.
    ///
    /// - Parameters:
    ///   - tellsDomains: Whether the schools of each domain are added up, too.
    ///   - lastSchool: The largest key of a school.
    init(tellsDomains: Bool, lastSchool: Int64) {
        self.tellsDomains = tellsDomains
        schools = SchoolTable(lastSchool: lastSchool)
    }

    /// Adds what schools did in a week with a name of a domain, as far as it was on some days.
    mutating func add(_ sum: borrowing NameSum, on schoolDays: UInt8, domain: Int32) {
        if domain <= 0 { isLasting = false }
        // Of a name that came after the question, the next one tells.
        if domain == 0, tellsDomains { return }
        let slot = tally.slot(of: sum.name)
        tally.add(sum.devices(on: schoolDays), at: slot)
        guard tellsDomains else { return }
        if slot == places.count { places.append(place(of: domain)) }
        let place = Int(places[slot])
        for index in sum.schools.indices { schools.insert(sum.schools[index], at: place) }
    }

    /// The place of a domain; nil where it is not there.
    func place(ofKnown domain: Int) -> Int? { placesByDomain[Int32(domain)].map { Int($0) } }

    private mutating func place(of domain: Int32) -> Int32 {
        if let place = placesByDomain[domain] { return place }
        let place = Int32(domains.count)
        placesByDomain[domain] = place
        domains.append(domain)
        schools.append()
        return place
    }
}

/// Sums over days that were added up, kept for who asks about the same schools and days next.
///
/// They stand until those days are added up again, or the registry gives names to others. A district has a hundred thousand
/// names that belong to nobody.
final class KeptSums: Sendable {
    private let kept = Mutex<[(key: Key, sums: UnknownSums)]>([])

    /// What sums are of.
    struct Key: Hashable {
        /// The weeks, with the figures that count.
        var weeks: [SettledDays]
        /// Which of each week's days are school days, a bit for each, the lowest for Monday.
        var schoolDays: [UInt8]
        /// The schools' keys; nil for all.
        var schools: [Int64]?
        /// The largest key of a school, for which there is room.
        var lastSchool: Int64
        /// The segment; nil for all together.
        var segment: Int64?
        /// How often the database was matched anew.
        var matching: Int
        /// Whether the schools of each domain are added up, too.
        var tellsDomains: Bool
    }

    /// Those of the review queue over some days and over as many before, for a day's and a week's reader; 3 to 6 MB each in
    /// a large district.
    private static let mostSums = 4

    /// The sums, which are counted where nobody asked for them lately.
    ///
    /// Two who ask at once both count: nobody waits for another's question.
    func sums(_ key: Key, _ count: () throws -> UnknownSums) rethrows -> UnknownSums {
        if let known = find(key) { return known }
        let sums = try count()
        guard sums.isLasting else { return sums }
        kept.withLock { kept in
            kept.removeAll { $0.key == key }
            kept.insert((key, sums), at: 0)
            if kept.count > Self.mostSums { kept.removeLast() }
        }
        return sums
    }

    private func find(_ key: Key) -> UnknownSums? {
        kept.withLock { kept in
            guard let place = kept.firstIndex(where: { $0.key == key }) else { return nil }
            let found = kept.remove(at: place)
            kept.insert(found, at: 0)
            return found.sums
        }
    }
}

extension View {
    /// What names that belong to nobody add up to: their devices on `schoolDays`, and where `tellsDomains`, the schools of
    /// each domain; of all names where nobody picks among them.
    func unknownSums(
        _ period: Period, schoolDays: [Bool], tellsDomains: Bool = false,
        where isWanted: ((_ name: Int64) -> Bool)? = nil
    ) throws -> UnknownSums {
        let parts = try parts(period)
        let domains = mapping.domainNumbers
        let isGiven = isWanted ?? { _ in true }
        var mask = SchoolDayMask(schoolDays)
        let lastSchool = schools.map(\.key).max() ?? 0
        func settled() throws -> UnknownSums {
            var sums = UnknownSums(tellsDomains: tellsDomains, lastSchool: lastSchool)
            try forEachUnknown(weeksOf: parts, period, where: isGiven) { sum, monday in
                sums.add(sum, on: mask.days(from: monday), domain: domains[sum.name])
            }
            return sums
        }
        let key = KeptSums.Key(
            weeks: parts.weeks, schoolDays: parts.weeks.map { mask.days(from: $0.week.monday - period.first.ordinal) },
            schools: scope.schools == .all ? nil : schools.map(\.key), lastSchool: lastSchool, segment: segment,
            matching: mapping.matching, tellsDomains: tellsDomains)
        var sums = isWanted == nil && !parts.weeks.isEmpty ? try keptSums.sums(key, settled) : try settled()
        try forEachUnknown(rowsOf: parts, period, where: isGiven) { sum, monday in
            sums.add(sum, on: mask.days(from: monday), domain: domains[sum.name])
        }
        return sums
    }
}
