import Wire

/// How much something was used on one day, at one school or at several.
struct DayFigures: Equatable {
    /// Devices, at least.
    var devices = 0
    /// Device-hours, at least.
    var deviceHours = 0
    /// Queries and connections.
    var counts = UseCounts()

    /// Takes in another name: the same devices may use both.
    mutating func keepLargest(_ other: DayFigures) {
        devices = max(devices, other.devices)
        deviceHours = max(deviceHours, other.deviceHours)
        counts += other.counts
    }

    /// Takes in another segment or school, which has other devices.
    // Seven sums that are inlined into loops over rows take the optimiser minutes.
    @inline(never)
    mutating func add(_ other: DayFigures) {
        devices = devices.addingWithinBound(other.devices)
        deviceHours = deviceHours.addingWithinBound(other.deviceHours)
        counts += other.counts
    }
}

/// The use of something over the days of a period and over schools.
struct Use {
    /// Each day of the period, over all schools; empty where there was none at all.
    private(set) var days: [DayFigures] = []
    /// The days on which it was seen: devices may be zero then, because the agents told too few.
    private(set) var seen: [Bool] = []
    /// The schools that used it, by their keys.
    private(set) var schools = SchoolSet()

    /// Makes the use of nothing.
    init() {}

    /// Makes the use of several that may share devices.
    init(largestOf uses: [Use]) {
        guard let first = uses.first else { return }
        self = first
        for other in uses.dropFirst() {
            for day in days.indices where other.seen[day] {
                days[day].keepLargest(other.days[day])
                seen[day] = true
            }
            schools.formUnion(other.schools)
        }
    }

    /// Adds what one school did on a day of `count`.
    mutating func add(_ figures: DayFigures, school: Int, day: Int, of count: Int) {
        add(figures, day: day, of: count)
        schools.insert(school)
    }

    /// Adds what schools did together on a day of `count`.
    mutating func add(_ figures: DayFigures, day: Int, of count: Int) {
        if days.isEmpty {
            days = Array(repeating: DayFigures(), count: count)
            seen = Array(repeating: false, count: count)
        }
        days[day].add(figures)
        seen[day] = true
    }

    /// Adds schools that used it.
    mutating func insert(_ others: SchoolSet) { schools.formUnion(others) }

    /// The figures of some days, of which some are school days.
    func figures(of range: Range<Int>? = nil, schoolDays: [Bool]) -> UseFigures {
        let range = range ?? 0..<schoolDays.count
        var figures = UseFigures(schoolDays: schoolDays[range].count { $0 })
        guard !days.isEmpty else { return figures }
        for day in range where seen[day] {
            figures.daysSeen += 1
            figures.counts += days[day].counts
            figures.busiestDevices = max(figures.busiestDevices, days[day].devices)
            guard schoolDays[day] else { continue }
            figures.devicesOnSchoolDays = figures.devicesOnSchoolDays.addingWithinBound(days[day].devices)
            figures.deviceHoursOnSchoolDays =
                figures.deviceHoursOnSchoolDays.addingWithinBound(days[day].deviceHours)
        }
        return figures
    }

    /// The last day on which it was seen, counted from the period's first.
    var lastDay: Int? { seen.lastIndex(of: true) }
}

/// Schools, by their keys in the database.
struct SchoolSet: Equatable {
    private var words: [UInt64] = []

    /// Makes a set without schools.
    init() {}

    /// The schools of bits, the lowest first.
    init(words: ArraySlice<UInt64>) { self.words = Array(words) }

    /// The schools of ``bytes``.
    init(bytes: Span<UInt8>) {
        for index in bytes.indices { formUnion(bytes[index], at: index) }
    }

    /// How many there are.
    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Gives each, in order.
    func forEach(_ body: (Int) -> Void) {
        for index in words.indices {
            var rest = words[index]
            while rest != 0 {
                body(index * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    /// Their keys, in order.
    var keys: [Int64] {
        var keys: [Int64] = []
        forEach { keys.append(Int64($0)) }
        return keys
    }

    /// Adds one.
    @inline(__always)
    mutating func insert(_ school: Int) {
        if words.count <= school / 64 {
            words.append(contentsOf: repeatElement(0, count: school / 64 + 1 - words.count))
        }
        words[school / 64] |= 1 << UInt64(school % 64)
    }

    /// The schools as a bit each, the lowest first, without zeros behind the last.
    var bytes: [UInt8] {
        var bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) } }
        while bytes.last == 0 { bytes.removeLast() }
        return bytes
    }

    /// Takes all out; the room stays for others.
    mutating func removeAll() {
        for index in words.indices { words[index] = 0 }
    }

    /// Adds those of eight bytes of ``bytes``.
    mutating func formUnion(_ word: UInt64, at index: Int) {
        while words.count <= index { words.append(0) }
        words[index] |= word
    }

    /// Adds those of a byte of ``bytes``.
    mutating func formUnion(_ byte: UInt8, at index: Int) {
        while words.count <= index / 8 { words.append(0) }
        words[index / 8] |= UInt64(byte) << UInt64(index % 8 * 8)
    }

    /// Adds others.
    mutating func formUnion(_ other: SchoolSet) {
        while words.count < other.words.count { words.append(0) }
        for index in other.words.indices { words[index] |= other.words[index] }
    }

    /// Zeros behind the last are room that others took.
    static func == (left: SchoolSet, right: SchoolSet) -> Bool {
        let count = max(left.words.count, right.words.count)
        return (0..<count).allSatisfy { left.word($0) == right.word($0) }
    }

    private func word(_ index: Int) -> UInt64 { index < words.count ? words[index] : 0 }

    /// Whether one is among them.
    func contains(_ school: Int) -> Bool {
        school / 64 < words.count && words[school / 64] & 1 << UInt64(school % 64) != 0
    }
}

/// The schools of each of many things, as a bit for each key, in one piece of memory.
struct SchoolTable {
    private var bits: [UInt64] = []
    private let words: Int
    /// How many things there are.
    private(set) var count = 0

    /// Makes a table without things.
    ///
    /// - Parameter lastSchool: The largest key of a school.
    init(lastSchool: Int64) { words = Int(lastSchool) / 64 + 1 }

    /// Adds a thing without schools.
    mutating func append() {
        bits.append(contentsOf: repeatElement(0, count: words))
        count += 1
    }

    /// Adds a school to the thing at a place; whether it was not there.
    @discardableResult mutating func insert(_ school: Int64, at place: Int) -> Bool {
        let (word, bit) = (place * words + Int(school) / 64, UInt64(1) << UInt64(school % 64))
        guard bits[word] & bit == 0 else { return false }
        bits[word] |= bit
        return true
    }

    /// The schools of the things at some places, as a bit for each key.
    func bits(at places: [Int]) -> [UInt64] {
        var union = Array(repeating: UInt64(0), count: words)
        for place in places {
            for index in union.indices { union[index] |= bits[place * words + index] }
        }
        return union
    }

    /// How many schools the thing at a place has.
    func count(at place: Int) -> Int {
        var count = 0
        for index in (place * words)..<((place + 1) * words) { count += bits[index].nonzeroBitCount }
        return count
    }

    /// Whether the thing at a place has these schools and no others.
    func has(_ others: [UInt64], at place: Int) -> Bool {
        for index in others.indices where bits[place * words + index] != others[index] { return false }
        return true
    }
}

/// Under which number each name is booked, by the name's key.
struct NameSlots {
    private var slots: [Int32] = []
    /// The number of names beyond: -1 for none.
    private var others = -1

    /// Books no name.
    init() {}

    /// Books all names under one number.
    init(allUnder number: Int) { others = number }

    /// Books names under the numbers of what they belong to, as far as those are wanted, or all those under one.
    init(_ numbers: NameNumbers, where isWanted: [Bool], allUnder one: Int? = nil) {
        slots = numbers.map { $0 >= 0 && isWanted[$0] ? one ?? $0 : -1 }
    }

    /// Books each name of a list under its place there.
    init(places names: [Int64]) {
        slots = Array(repeating: -1, count: Int(names.max() ?? -1) + 1)
        for (place, name) in names.enumerated() { slots[Int(name)] = Int32(place) }
    }

    /// The number under which a name is booked; -1 for one that is not.
    @inline(__always)
    subscript(name: Int64) -> Int { name < slots.count ? Int(slots[Int(name)]) : others }
}

/// Adds up the use of what names belong to, school day by school day.
///
/// What a name is booked under is a number of the caller's: the position of its platform, or of the name in a list.
struct UseLedger {
    /// The days.
    let period: Period
    /// The use of each number that was ever booked under.
    private(set) var uses: [Use]
    /// Whatever there was: devices are the schools'.
    private(set) var everything = Use()
    /// For each day of the period the devices of each hour, of number 0; kept only where they are asked for.
    private(set) var hours: [HourCounts]

    private let count: Int
    private let segment: Int64?
    private let slots: NameSlots
    /// What a school did on the day that is being booked, by number, and the numbers that are in it.
    private var today: [DayFigures]
    private var touched: [Int] = []
    private var isTouched: [Bool]

    /// Makes a ledger with numbers below `count`, of one segment or all.
    init(period: Period, count: Int, booking slots: NameSlots, segment: Int64?, keepsHours: Bool = false) {
        self.period = period
        self.segment = segment
        self.slots = slots
        self.count = period.count
        uses = Array(repeating: Use(), count: count)
        today = Array(repeating: DayFigures(), count: count)
        isTouched = Array(repeating: false, count: count)
        hours = Array(repeating: HourCounts(), count: keepsHours ? period.count : 0)
    }

    /// Books what a school told of a day, each name that has a number under that, or all of them under another.
    mutating func add(_ counts: SchoolDayCounts, under other: Int? = nil) throws {
        let school = Int(counts.school)
        let day = counts.day - period.first.ordinal
        let largest = try counts.forEachName(in: segment, slots) { slot, use in
            book(use, at: other ?? slot)
        }
        for slot in touched {
            uses[slot].add(today[slot], school: school, day: day, of: count)
            today[slot] = DayFigures()
            isTouched[slot] = false
        }
        touched.removeAll(keepingCapacity: true)
        if !hours.isEmpty { try addHours(counts, day: day) }
        addWhole(largest, of: counts, slot: nil)
    }

    private mutating func book(_ use: DayFigures, at slot: Int) {
        if !isTouched[slot] {
            isTouched[slot] = true
            touched.append(slot)
        }
        today[slot].keepLargest(use)
    }

    /// Books whatever a school did on a day under one number, too.
    mutating func addWhole(_ counts: SchoolDayCounts, slot: Int?) throws {
        addWhole(try counts.forEachName(in: segment, NameSlots()) { _, _ in }, of: counts, slot: slot)
    }

    private mutating func addWhole(_ largest: DayFigures?, of counts: SchoolDayCounts, slot: Int?) {
        guard largest != nil || segment == nil else { return }
        let school = Int(counts.school)
        var whole = largest ?? DayFigures()
        // The school's own count has the devices of all names in it, where enough were there to tell it.
        if segment == nil { whole.devices = max(whole.devices, counts.devices) }
        let day = counts.day - period.first.ordinal
        everything.add(whole, school: school, day: day, of: count)
        if let slot { uses[slot].add(whole, school: school, day: day, of: count) }
    }

    private mutating func addHours(_ counts: SchoolDayCounts, day: Int) throws {
        var booked = HourCounts()
        var name: (key: Int64, hours: HourCounts)?
        try counts.forEachHours(where: { [slots] in slots[$0] == 0 }) { key, rowSegment, told in
            if let segment, rowSegment != segment { return }
            if name?.key == key {
                name?.hours.add(told)
            } else {
                if let name { booked.keepLargest(of: name.hours) }
                name = (key, told)
            }
        }
        if let name { booked.keepLargest(of: name.hours) }
        hours[day].add(booked)
    }

    /// Books hours of a day that were added up before, under number 0.
    mutating func add(_ told: HourCounts, of day: Int) { hours[day - period.first.ordinal].add(told) }

    /// Books what was added up before of a school's week, as far as its days are in the period.
    mutating func add(_ week: WeekFigures, of monday: Int, slot: Int, school: Int64) {
        for day in 0..<7 where week.isSeen(day) && period.ordinals.contains(monday + day) {
            uses[slot].add(week[day], school: Int(school), day: monday + day - period.first.ordinal, of: count)
        }
    }

    /// Books what was added up before of days of a week of all schools together.
    mutating func add(_ week: WeekFigures, of monday: Int, slot: Int, schools: SchoolSet) {
        for day in 0..<7 where week.isSeen(day) {
            uses[slot].add(week[day], day: monday + day - period.first.ordinal, of: count)
        }
        uses[slot].insert(schools)
    }

    /// Books whatever there was in a school's week.
    mutating func addToEverything(_ week: WeekFigures, of monday: Int, school: Int64) {
        for day in 0..<7 where week.isSeen(day) && period.ordinals.contains(monday + day) {
            everything.add(week[day], school: Int(school), day: monday + day - period.first.ordinal, of: count)
        }
    }

    /// The school days: those on which at least a quarter of the devices of the busiest were there.
    var schoolDays: [Bool] { everything.schoolDays(of: count) }
}

extension Use {
    /// Of the days of a period, those on which at least a quarter of the devices of the busiest were there.
    func schoolDays(of count: Int) -> [Bool] {
        guard !days.isEmpty else { return Array(repeating: false, count: count) }
        let most = days.map(\.devices).max() ?? 0
        return zip(days, seen).map { figures, isSeen in isSeen && figures.devices >= (most + 3) / 4 }
    }
}

extension CountedRow {
    /// The row as what counts on a day.
    var figures: DayFigures { DayFigures(devices: devices, deviceHours: hours.total, counts: counts) }
}
