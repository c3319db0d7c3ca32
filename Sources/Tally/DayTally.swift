package import Dissection
package import Wire

/// The counts of one school day, in one lifetime of the agent's state: one run.
///
/// Each name has a row in each segment where it was seen. A row is *held* until `k` devices contributed to it, then
/// *released* with all its counts; only released rows are told. What is held when the day ends folds into its nearest
/// parent with `k` devices, see ``end()``. So every sighting is in exactly one row, and a row that was told only grows.
package struct DayTally: Sendable {
    package let day: SchoolDay
    /// 32 random hexadecimal digits.
    package let run: String
    package internal(set) var k: Int
    /// When there are this many rows, what is held folds, so that a flood of invented names costs their parent one row.
    package let capacity: Int
    /// Whether names that are the text of an address are told like any other.
    ///
    /// Nothing that leaves a school holds an address; who reads a capture of his own has them anyway.
    package let tellsAddresses: Bool
    /// Grows with each snapshot.
    package internal(set) var sequence = 0
    package internal(set) var hasEnded = false

    /// The segments' names by number; the unnamed one is number 0.
    var segments = [""]
    var names: NameTable
    /// The first row of each name.
    var firstRow: [UInt32] = []
    var rows: [TallyRow] = []
    var pool: SketchPool
    /// 24 estimates for each row that has hours to tell.
    var hours: [UInt16] = []
    /// The current hour of the day, if hours are counted.
    var hour: Int?
    /// The rows with devices in the current hour.
    var activeRows: [UInt32] = []

    var deviceKey: HashKey
    var devices = DeviceSketch()
    var leastDevices = 0
    var unnamed = Unnamed()
    var encryptedDNS = EncryptedDNS()
    var hidden = Hidden()
    var declines = Declines()
    /// What was below k at its folding root when room was needed: no row will ever have it.
    var abandoned = Counts()
    /// How many names that were, at least: those that never had a row are not told apart.
    var abandonedNames = 0
    /// Whether anything changed since the last snapshot, and since the last one that was confirmed.
    var isDirty = false
    var isPending = false
    /// When the totals were told last, by ``sequence``; 0 for never.
    var totalsToldAt: UInt32 = 0
    /// Names that never fold into one above them.
    var apart = NamePatterns()
    var groups = GroupTallies()
    /// In what detail a day that ended is kept.
    package internal(set) var detail = Detail.full
    /// Domains with so many rows that their new names count with the domain.
    var crowds = CrowdedDomains()
    /// Whether folding made no room: new names then count in a parent's row, or stay untold.
    var isFull = false

    /// Room for fifty thousand names, and for those that come when invented ones have taken as many.
    package static let usualCapacity = 65_536

    /// Begins a day.
    package init(
        day: SchoolDay, run: String = DayTally.makeRun(), k: Int, capacity: Int = DayTally.usualCapacity,
        tellsAddresses: Bool = false,
        deviceKey: HashKey = .random()
    ) {
        precondition((1...DeviceSketch.exactLimit).contains(k), "k is from 1 to 64")
        self.day = day
        self.run = run
        self.k = k
        self.capacity = capacity
        self.tellsAddresses = tellsAddresses
        self.deviceKey = deviceKey
        // Room that is not used costs nothing; growing by copying would cost the memory twice.
        let reserved = min(capacity, Self.usualCapacity)
        names = NameTable(reserving: reserved)
        firstRow.reserveCapacity(reserved)
        rows.reserveCapacity(reserved)
        pool = SketchPool(reservingWords: reserved * 40)
    }

    /// 32 random hexadecimal digits.
    package static func makeRun() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Whether nothing was counted.
    package var isEmpty: Bool {
        rows.isEmpty && unnamed == Unnamed() && encryptedDNS == EncryptedDNS() && hidden == Hidden()
            && declines == Declines() && abandoned == Counts() && devices.isEmpty && leastDevices == 0
    }

    /// Counts one sighting.
    ///
    /// - Parameters:
    ///   - sighting: What was seen.
    ///   - name: Its name; empty when there is none.
    ///   - device: Whose it is; nil when a resolver asked for others.
    ///   - segment: The segment, from ``number(ofSegment:)``.
    ///   - hour: The hour of the day; nil to count no hours.
    package mutating func count(
        _ sighting: Sighting, name: Span<UInt8>, device: DeviceRecognition.Identity?, segment: UInt16, hour: Int?
    ) {
        precondition(!hasEnded, "the day is over")
        isDirty = true
        if hour != self.hour { begin(hour: hour) }
        let hash = device?.hash(deviceKey)
        if let hash { _ = pool.insert(hash, into: &devices) }
        count(sighting.encryptedDNS)
        count(sighting.hidden)
        guard sighting.naming != .unnamed, !name.isEmpty else { return countUnnamed(sighting.means) }
        guard let row = row(name, segment: segment) else { return abandon(sighting) }
        Self.add(sighting, to: &rows[row].counts)
        if let hash { note(hash, in: row) }
        if rows[row].state == .released {
            rows[row].isDirty = true
        } else if rows[row].state == .held, rows[row].devices.reaches(k) || k == 1 {
            release(row)
        }
    }

    /// Counts what a resolver said of the network's policy.
    package mutating func count(_ answer: PolicyAnswer) {
        precondition(!hasEnded, "the day is over")
        isDirty = true
        switch (answer.question, answer.isDeclined) {
        case (.encryptedDNS, true): declines.encryptedDNS.declined += 1
        case (.encryptedDNS, false): declines.encryptedDNS.allowed += 1
        case (.privateRelay, true): declines.privateRelay.declined += 1
        case (.privateRelay, false): declines.privateRelay.allowed += 1
        }
    }

    /// The number of a segment, which stays the same for the whole day.
    package mutating func number(ofSegment name: String) -> UInt16 {
        if let number = segments.firstIndex(of: name) { return UInt16(number) }
        segments.append(name)
        return UInt16(segments.count - 1)
    }

    /// Finds the row, or makes one; nil when there is no room for one and no parent to count it.
    private mutating func row(_ name: Span<UInt8>, segment: UInt16) -> Int? {
        if let number = names.find(name), let row = existingRow(number, segment: segment) { return row }
        if !tellsAddresses, let domain = reverseDomain(name) {
            let bytes = Array(domain.utf8)
            return self.row(bytes.span, segment: segment)
        }
        if rows.count >= capacity, !isFull { makeRoom() }
        if isFull { return rowOfParent(name, segment: segment) }
        if let row = rowOfCrowd(name, segment: segment) { return row }
        let number = names.intern(name)
        let row = makeRow(number, segment: segment)
        rows[row].heldNames = 1
        if !tellsAddresses, isAddress(name) { rows[row].state = .untold }
        return row
    }

    func existingRow(_ name: UInt32, segment: UInt16) -> Int? {
        var row = firstRow[Int(name)]
        // Ends, because a name has one row in each segment at most.
        while row != TallyRow.none {
            if rows[Int(row)].segment == segment { return Int(row) }
            row = rows[Int(row)].nextOfName
        }
        return nil
    }

    /// The row of a name, a new one when there is none.
    mutating func rowOrNew(_ name: Span<UInt8>, segment: UInt16) -> Int {
        let number = names.intern(name)
        let known = Int(number) < firstRow.count ? existingRow(number, segment: segment) : nil
        return known ?? makeRow(number, segment: segment)
    }

    mutating func makeRow(_ name: UInt32, segment: UInt16) -> Int {
        if Int(name) == firstRow.count { firstRow.append(TallyRow.none) }
        var row = TallyRow(name: name, segment: segment)
        row.nextOfName = firstRow[Int(name)]
        firstRow[Int(name)] = UInt32(rows.count)
        rows.append(row)
        crowds.note(name, in: names)
        return rows.count - 1
    }

    mutating func release(_ row: Int) {
        rows[row].state = .released
        rows[row].isDirty = true
        rows[row].heldNames = 0
    }

    private mutating func note(_ hash: UInt32, in row: Int) {
        _ = pool.insert(hash, into: &rows[row].devices)
        guard hour != nil else { return }
        if rows[row].hourDevices.isEmpty { activeRows.append(UInt32(row)) }
        _ = pool.insert(hash, into: &rows[row].hourDevices)
    }

    /// Static, because a method of `self` that changes a part of `self` would copy all rows first.
    private static func add(_ sighting: Sighting, to counts: inout Counts) {
        switch sighting.means {
        case .dns: counts += Counts(dns: 1)
        case .tls: counts += Counts(tls: 1)
        case .quic: counts += Counts(quic: 1)
        case .http: counts += Counts(http: 1)
        case .vpn: break
        }
        if sighting.naming == .attributed { counts += Counts(attributed: 1) }
    }

    private mutating func abandon(_ sighting: Sighting) {
        Self.add(sighting, to: &abandoned)
    }

    private mutating func countUnnamed(_ means: Sighting.Means) {
        switch means {
        case .tls: unnamed.tls += 1
        case .quic: unnamed.quic += 1
        // A query for the root has no name to tell.
        case .dns: abandoned += Counts(dns: 1)
        // A VPN is no handshake that could have had a name, and a request without one is no sighting.
        case .vpn, .http: break
        }
    }

    private mutating func count(_ encryptedDNS: Sighting.EncryptedDNS?) {
        switch encryptedDNS {
        case nil: break
        case .dot: self.encryptedDNS.dot += 1
        case .doq: self.encryptedDNS.doq += 1
        case .doh: self.encryptedDNS.doh += 1
        }
    }

    private mutating func count(_ hidden: Sighting.Hidden?) {
        switch hidden {
        case nil: break
        case .relay: self.hidden.relay += 1
        case .vpn: self.hidden.vpn += 1
        }
    }
}
