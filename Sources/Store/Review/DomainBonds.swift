/// What joins domains of unknown names into one group, which follows from their texts and the registry alone.
package enum DomainBond: Sendable, Hashable {
    /// The name of this platform, or of its vendor, is in them.
    case platform(String)
    /// They are called the same, apart from endings that say nothing.
    case stem(String)

    init?(_ domain: String, _ words: KinWords) {
        if let platform = words.owner(of: domain) {
            self = .platform(platform)
        } else if let stem = DomainStem.stem(of: domain) {
            self = .stem(stem)
        } else {
            return nil
        }
    }

    /// What more domains than this have in common says nothing.
    fileprivate var mostDomains: Int32 {
        switch self {
        case .platform: 100
        case .stem: 20
        }
    }
}

/// The bond of each domain, worked out once: a district has a hundred thousand domains.
struct DomainBonds: Sendable {
    /// The number of each domain's bond, by the domain's key; 0 for one without.
    private var known: [Int32] = [0]
    /// Likewise of domains that the database does not have yet, whose numbers are -1, -2 and so on.
    private var new: [Int32] = []
    private var numbers: [DomainBond: Int32] = [:]
    /// How many domains each bond has, and how many at most are joined.
    private var bonds: [(domains: Int32, most: Int32)] = [(0, 0)]

    /// The key of the next domain to be read.
    var nextKey: Int { known.count }
    /// How many were read that the database does not have yet.
    var newCount: Int { new.count }
    /// How many numbers of bonds there are, 0 among them.
    var count: Int { bonds.count }

    /// Adds the domain of a key that is at least ``nextKey``.
    mutating func append(_ bond: DomainBond?, key: Int) {
        known.append(contentsOf: repeatElement(0, count: key - known.count))
        known.append(number(of: bond))
    }

    /// Adds a domain that the database does not have yet.
    mutating func appendNew(_ bond: DomainBond?) { new.append(number(of: bond)) }

    /// Forgets the domains that the database did not have.
    mutating func removeNew() {
        for number in new { bonds[Int(number)].domains -= 1 }
        new = []
    }

    private mutating func number(of bond: DomainBond?) -> Int32 {
        guard let bond else { return 0 }
        if let number = numbers[bond] {
            bonds[Int(number)].domains += 1
            return number
        }
        numbers[bond] = Int32(bonds.count)
        bonds.append((1, bond.mostDomains))
        return Int32(bonds.count - 1)
    }

    /// The number of what joins a domain to others; 0 where nothing does.
    subscript(domain: Int) -> Int {
        let number: Int32
        if domain >= 0 {
            number = domain < known.count ? known[domain] : 0
        } else {
            number = -domain <= new.count ? new[-domain - 1] : 0
        }
        let (domains, most) = bonds[Int(number)]
        return domains > 1 && domains <= most ? Int(number) : 0
    }
}
