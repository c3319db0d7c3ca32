/// The domains of unknown names in a scope, each at a place.
struct DomainBook {
    private(set) var domains: [Domain]
    /// The schools of each domain, in the same order.
    let schools: SchoolTable
    private let sums: UnknownSums
    /// How many school days the devices are over.
    let days: Int
    /// Likewise of those before; nil where those are not on record.
    let daysBefore: Int?

    /// Unknown names of one domain, as they are added up.
    struct Domain {
        var number: Int
        var names: [Int64] = []
        /// The one that the district saw first.
        var firstName = Int64.max
        var use = DomainUse()

        /// Adds what a name was used; `previous` is nil where it was not seen in the days before.
        mutating func add(_ name: Int64, devices: Int, previous: Int?) {
            names.append(name)
            firstName = min(firstName, name)
            use.keepLargest(DomainUse(devices: devices, previous: previous ?? 0, wasThere: previous != nil))
        }
    }

    /// - Parameters:
    ///   - sums: What the names add up to.
    ///   - before: Their devices in the days before.
    ///   - days: How many school days the devices are over.
    ///   - daysBefore: Likewise of those before; nil where those are not on record.
    init(_ sums: UnknownSums, before: NameTally, days: Int, daysBefore: Int?) {
        domains = sums.domains.map { Domain(number: Int($0)) }
        schools = sums.schools
        self.sums = sums
        self.days = days
        self.daysBefore = daysBefore
        let were = NameSet(before.names)
        for (slot, name) in sums.tally.names.enumerated() {
            let previous = were.contains(name) ? before.devices(of: name) : nil
            domains[Int(sums.places[slot])].add(name, devices: sums.tally.devices[slot], previous: previous)
        }
    }

    /// The place of a domain; nil where it is not there.
    func place(ofKnown number: Int) -> Int? { sums.place(ofKnown: number) }

    /// How much it matters: at many schools, by many devices, and by more than before.
    ///
    /// What was not there before counts as if it had doubled; what shrinks counts less, but never nothing.
    func score(_ use: DomainUse, schools: Int) -> Double {
        let devices = Double(use.devices) / Double(max(1, days))
        let previous = daysBefore.map { Double(use.previous) / Double(max(1, $0)) }
        let growth = previous.map { $0 > 0 ? min(4, max(0.25, devices / $0)) : 2 } ?? 1
        return Double(schools) * max(devices, 0.1) * growth
    }

    /// The figures of a use, as far as they are known here.
    func figures(_ use: DomainUse) -> UseFigures {
        UseFigures(devicesOnSchoolDays: use.devices, schoolDays: days)
    }

    /// Likewise in the days before; nil where those are not on record.
    func previous(_ use: DomainUse) -> UseFigures? {
        daysBefore.map {
            UseFigures(devicesOnSchoolDays: use.previous, schoolDays: $0, daysSeen: use.wasThere ? 1 : 0)
        }
    }
}

/// How much names were used that may share devices: as much as the largest of them.
struct DomainUse {
    /// Devices on school days.
    var devices = 0
    /// Likewise in the days before.
    var previous = 0
    /// Whether one of them was seen in the days before, on a school day or another.
    var wasThere = false

    mutating func keepLargest(_ other: DomainUse) {
        devices = max(devices, other.devices)
        previous = max(previous, other.previous)
        wasThere = wasThere || other.wasThere
    }
}

extension View {
    /// The domains of unknown names that contain a text; those that are joined are found together.
    func domains(_ period: Period, search: String) throws -> DomainBook {
        let schoolDays = try everything(period).schoolDays(of: period.count)
        let daysBefore = try previous.map { try everything($0).schoolDays(of: $0.count) }
        let isWanted = try unknown(matching: search)
        let sums = try unknownSums(period, schoolDays: schoolDays, tellsDomains: true, where: isWanted)
        var before = NameTally()
        if let previous, let daysBefore {
            before = try unknownSums(previous, schoolDays: daysBefore, where: isWanted).tally
        }
        return DomainBook(sums, before: before, days: schoolDays.count { $0 }, daysBefore: daysBefore?.count { $0 })
    }

    /// Which names belong to the groups that are searched for: those that contain the text, and all those of several
    /// joined domains of which one does; nil for all, where nothing is searched for.
    private func unknown(matching search: String) throws -> ((Int64) -> Bool)? {
        guard !search.isEmpty else { return nil }
        let found = try names(containing: search)
        let (domains, bonds) = (mapping.domainNumbers, mapping.bonds)
        let joined = Set(
            found.lazy.filter { mapping.number(of: $0) == Mapping.unknown }.map { bonds[Int(domains[$0])] }
        ).subtracting([0])
        return { found.contains($0) || !joined.isEmpty && joined.contains(bonds[Int(domains[$0])]) }
    }
}
