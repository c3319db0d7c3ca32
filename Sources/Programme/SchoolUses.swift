package import Wire

/// The use of a tool by school, in places of twenty bytes: a district has half a million of them.
///
/// It is gone through in the order of the schools' names.
package struct SchoolUses: Sendable, Sequence, ExpressibleByDictionaryLiteral {
    /// The schools, sorted; tools share the list.
    private var schools: [String]
    private var entries: [Entry]
    /// Devices day by day, by the school's place, where somebody asked for them.
    private var days: [Int32: [SchoolDay: Int]]

    /// What a school did.
    package struct Entry: Sendable {
        /// The school's place in the list.
        package var school: Int32
        /// As ``UseAtSchool/devices``.
        package var devices: Int32 = 0
        /// As ``UseAtSchool/before``.
        package var before: Int32 = 0
        /// As ``UseAtSchool/students``.
        package var students: Int32 = 0
        /// As ``UseAtSchool/firstDay``, in days since 1970.
        package var firstDay = Int32.max

        /// Makes a use of nothing.
        package init(school: Int32) { self.school = school }
    }

    /// Makes uses of entries that are sorted by their schools.
    ///
    /// - Parameters:
    ///   - schools: The schools, sorted, each once.
    ///   - entries: What schools did.
    ///   - days: Devices day by day, by the school's place, where somebody asked for them.
    package init(schools: [String], entries: [Entry], days: [Int32: [SchoolDay: Int]] = [:]) {
        self.schools = schools
        self.entries = entries
        self.days = days
    }

    /// Makes uses of some schools.
    package init(_ uses: [String: UseAtSchool]) {
        schools = uses.keys.sorted()
        entries = []
        days = [:]
        for (place, school) in schools.enumerated() {
            guard let use = uses[school] else { continue }
            var entry = Entry(school: Int32(place))
            entry.devices = Int32(clamping: use.devices)
            entry.before = Int32(clamping: use.before)
            entry.students = Int32(clamping: use.students)
            entry.firstDay = Int32(clamping: use.firstDay.ordinal)
            entries.append(entry)
            if !use.days.isEmpty { days[entry.school] = use.days }
        }
    }

    package init(dictionaryLiteral elements: (String, UseAtSchool)...) {
        self.init(Dictionary(elements) { first, _ in first })
    }

    /// Each school with its use.
    package func makeIterator() -> some IteratorProtocol<(key: String, value: UseAtSchool)> {
        entries.lazy.map { (key: schools[Int($0.school)], value: use($0)) }.makeIterator()
    }

    /// The use at a school; nil where it was not seen there.
    package subscript(school: String) -> UseAtSchool? {
        guard let place = Self.place(in: schools.indices, where: { schools[$0] < school }),
            schools[place] == school,
            let found = Self.place(in: entries.indices, where: { entries[$0].school < Int32(place) }),
            entries[found].school == Int32(place)
        else { return nil }
        return use(entries[found])
    }

    /// The schools that used it lately, sorted.
    package var schoolsLately: [String] { entries.filter { $0.devices > 0 }.map { schools[Int($0.school)] } }

    /// How many used it lately.
    package var countLately: Int { entries.count { $0.devices > 0 } }

    /// Devices lately, all schools added up.
    package var devices: Int { entries.reduce(0) { $0 + Int($1.devices) } }

    /// Likewise, before.
    package var before: Int { entries.reduce(0) { $0 + Int($1.before) } }

    /// The first of the days looked at on which it was seen.
    package var firstDay: SchoolDay? { entries.map(\.firstDay).min().map { SchoolDay(ordinal: Int($0)) } }

    private func use(_ entry: Entry) -> UseAtSchool {
        UseAtSchool(
            devices: Int(entry.devices), before: Int(entry.before), firstDay: SchoolDay(ordinal: Int(entry.firstDay)),
            students: Int(entry.students), days: days[entry.school] ?? [:])
    }

    /// The first place that is not before what is looked for; nil where all are.
    private static func place(in places: Range<Int>, where isBefore: (Int) -> Bool) -> Int? {
        var (low, high) = (places.lowerBound, places.upperBound)
        // Ends, because the distance halves.
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low < places.upperBound ? low : nil
    }
}

extension SchoolUses: Equatable {
    package static func == (left: SchoolUses, right: SchoolUses) -> Bool {
        left.elementsEqual(right) { $0.key == $1.key && $0.value == $1.value }
    }
}
