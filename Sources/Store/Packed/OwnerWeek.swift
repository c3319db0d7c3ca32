/// What all schools together did in a week with the names of one owner.
struct OwnerWeek {
    /// The schools added up, day by day.
    private(set) var figures = WeekFigures()
    /// The schools that used it on each day, by their keys.
    private(set) var schools = InlineArray<7, SchoolSet>(repeating: SchoolSet())

    /// Adds a school.
    mutating func add(_ week: WeekFigures, school: Int64) {
        figures.add(week)
        for day in 0..<7 where week.isSeen(day) { schools[day].insert(Int(school)) }
    }
}

/// The owners of a week as bytes, so that one row of the database has them all.
///
///     per owner      owner − owner before   number
///                    figures                as a week
///                    per day on which it was seen
///                        length             number
///                        schools            a bit for each key, the lowest first
struct PackedSums {
    /// Writes owners, sorted by their keys.
    static func pack(_ owners: [Int64: OwnerWeek]) -> [UInt8] {
        var writer = PackedWriter()
        var before: Int64 = 0
        for (owner, week) in owners.sorted(by: { $0.key < $1.key }) {
            writer.number(Int(owner - Self.lowestOwner - before))
            before = owner - Self.lowestOwner
            writer.week(week)
        }
        return writer.bytes
    }

    /// Gives what owners did on some days of the week; owners that did nothing on them are left out.
    ///
    /// `isWanted` says once of each whether it is given.
    static func forEach(
        in bytes: Span<UInt8>, on days: UInt8, where isWanted: (_ owner: Int64) -> Bool,
        _ body: (_ owner: Int64, _ figures: WeekFigures, _ schools: SchoolSet) throws -> Void
    ) throws {
        var reader = PackedReader(bytes)
        var owner = Self.lowestOwner
        var schools = SchoolSet()
        while !reader.isAtEnd {
            owner += Int64(try reader.number())
            guard isWanted(owner) else {
                try reader.skipOwnerWeek()
                continue
            }
            var figures = try reader.week()
            try reader.schools(of: figures.mask, on: days, into: &schools)
            figures.keepOnly(days)
            if figures.mask != 0 { try body(owner, figures, schools) }
        }
    }

    /// Likewise, without what they did.
    static func forEachUsers(
        in bytes: Span<UInt8>, on days: UInt8, where isWanted: (_ owner: Int64) -> Bool,
        _ body: (_ owner: Int64, _ schools: SchoolSet) throws -> Void
    ) throws {
        var reader = PackedReader(bytes)
        var owner = Self.lowestOwner
        var schools = SchoolSet()
        while !reader.isAtEnd {
            owner += Int64(try reader.number())
            guard isWanted(owner) else {
                try reader.skipOwnerWeek()
                continue
            }
            let seen = try reader.skipWeek()
            try reader.schools(of: seen, on: days, into: &schools)
            if seen & days != 0 { try body(owner, schools) }
        }
    }

    /// The bytes with what some owners did in the place of what is there of them; what others did is copied as it lies.
    static func replacing(_ owners: [Int64: OwnerWeek], in bytes: Span<UInt8>) throws -> [UInt8] {
        var writer = PackedWriter()
        var before: Int64 = 0
        func begin(_ owner: Int64) {
            writer.number(Int(owner - Self.lowestOwner - before))
            before = owner - Self.lowestOwner
        }
        var new = owners.sorted { $0.key < $1.key }[...]
        func addNew(below bound: Int64) {
            while let next = new.first, next.key < bound {
                begin(next.key)
                writer.week(next.value)
                new.removeFirst()
            }
        }
        var reader = PackedReader(bytes)
        var owner = Self.lowestOwner
        while !reader.isAtEnd {
            owner += Int64(try reader.number())
            let start = reader.position
            try reader.skipOwnerWeek()
            addNew(below: owner)
            guard owners[owner] == nil else { continue }
            begin(owner)
            writer.append(bytes.extracting(start..<reader.position))
        }
        addNew(below: .max)
        return writer.bytes
    }

    /// Keys of owners are above this: -1 is that of names that no tool can have.
    private static let lowestOwner: Int64 = Mapping.unknownOwner
}

extension PackedWriter {
    /// Adds what an owner did.
    fileprivate mutating func week(_ week: OwnerWeek) {
        self.week(week.figures)
        for day in 0..<7 where week.figures.isSeen(day) { schools(week.schools[day]) }
    }

    /// Adds schools by their keys.
    fileprivate mutating func schools(_ schools: SchoolSet) {
        let bytes = schools.bytes
        number(bytes.count)
        for byte in bytes { self.byte(byte) }
    }
}

extension PackedReader {
    /// Passes over what an owner did.
    @_lifetime(self: copy self)
    fileprivate mutating func skipOwnerWeek() throws(PackedDamage) {
        for _ in 0..<(try skipWeek()).nonzeroBitCount { try skip(try number()) }
    }

    /// Reads the schools of each day on which an owner was seen; those of some days are given.
    @_lifetime(self: copy self)
    fileprivate mutating func schools(
        of seen: UInt8, on days: UInt8, into schools: inout SchoolSet
    ) throws(PackedDamage) {
        schools.removeAll()
        for day in 0..<7 where seen & 1 << UInt8(day) != 0 {
            try self.schools(into: &schools, isWanted: days & 1 << UInt8(day) != 0)
        }
    }

    /// Reads schools, and adds them to others where they are wanted.
    @_lifetime(self: copy self)
    private mutating func schools(into schools: inout SchoolSet, isWanted: Bool) throws(PackedDamage) {
        let count = try number()
        guard isWanted else { return try skip(count) }
        for index in 0..<(count / 8) { schools.formUnion(try word(), at: index) }
        for index in (count / 8 * 8)..<count { schools.formUnion(try byte(), at: index) }
    }
}
