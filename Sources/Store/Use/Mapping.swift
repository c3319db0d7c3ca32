import GRDB
import Matching
import Names
import Registry

/// Whom each name of the database belongs to, by the registry and the catalogue as they stand.
///
/// A number for each platform, its position in the matcher; one more for names that no tool can have.
struct Mapping: Sendable {
    /// What tells platforms.
    let matcher: Matcher
    /// The registry's revision that the matcher is of.
    let revision: Int
    /// How often the database was matched anew when the owners were read.
    let matching: Int
    /// The keys of owners in the database, by platform.
    let owners: [Int64]
    /// By which words domains are akin to platforms.
    let words: KinWords
    /// The number of each name: ``unknown``, or a platform's, or ``local``.
    private(set) var numbers = NameNumbers()
    /// The domain of each name that belongs to nobody, by the name's key; 0 for others.
    private(set) var domainNumbers = DomainNumbers()
    /// Domains that the database does not have yet, under negative numbers from -1 down.
    private var newDomains: [String: Int32] = [:]
    private var newDomainTexts: [String] = []
    /// What joins domains, as far as ``readBonds(_:)`` has read them.
    private(set) var bonds = DomainBonds()
    /// Names that the database has no owner of yet, with what they will belong to and the first day of each.
    private(set) var unassigned: [(name: Int64, number: Int, firstDay: Int)] = []
    /// The first day of names that the database has no owner of yet, by what they will belong to.
    private(set) var firstUnassignedDays: [Int: Int] = [:]
    private let positions: [Int64: Int]

    /// The number of a name that belongs to nobody.
    static let unknown = -1
    /// The number of what was counted for a platform that is no more, and belongs to nobody either.
    static let nobody = -2
    /// The number of names that no tool can have.
    var local: Int { matcher.platforms.count }
    /// How many numbers there are.
    var count: Int { matcher.platforms.count + 1 }

    /// In the database: matched with nothing yet, names that no tool can have, and names that belong to nobody.
    static let (unmatchedOwner, localOwner, unknownOwner): (Int64, Int64, Int64) = (0, -1, -2)
    /// Likewise, for ``nobody``.
    static let nobodyOwner: Int64 = -3

    /// Whether somebody has what belongs to an owner: figures of others are not added up.
    static func isSomebody(_ owner: Int64) -> Bool { owner > unknownOwner }

    init(_ matcher: Matcher, revision: Int, owners: [Int64], _ db: Database) throws {
        self.matcher = matcher
        self.revision = revision
        self.owners = owners
        words = KinWords(matcher.platforms)
        matching = try Int.fetchOne(db, sql: "SELECT revision FROM matching") ?? 0
        positions = Dictionary(owners.enumerated().map { ($1, $0) }) { first, _ in first }
        try readNames(db)
    }

    /// Reads the names that came since.
    mutating func readNames(_ db: Database) throws {
        let sql = """
            SELECT id, owner, domain, CASE owner WHEN 0 THEN name END, CASE owner WHEN 0 THEN first_day END
            FROM names WHERE id >= ? ORDER BY id
            """
        let cursor = try GRDB.Row.fetchCursor(db, sql: sql, arguments: [numbers.count])
        while let row = try cursor.next() {
            let name: Int64 = row[0]
            while numbers.count < Int(name) { append(Self.unknown, domain: 0) }
            guard let text: String = row[3] else {
                append(number(ofOwner: row[1]), domain: row[2])
                continue
            }
            let number = number(of: text)
            let firstDay: Int = row[4]
            unassigned.append((name, number, firstDay))
            firstUnassignedDays[number] = min(firstUnassignedDays[number] ?? firstDay, firstDay)
            append(number, domain: number == Self.unknown ? try domainNumber(of: Self.domain(of: text), db) : 0)
        }
    }

    private mutating func append(_ number: Int, domain: Int32) {
        numbers.append(number)
        domainNumbers.append(domain)
    }

    private mutating func domainNumber(of text: String, _ db: Database) throws -> Int32 {
        if let known = newDomains[text] { return known }
        let find = try db.cachedStatement(sql: "SELECT id FROM domains WHERE name = ?")
        if let key = try Int32.fetchOne(find, arguments: [text]) { return key }
        newDomainTexts.append(text)
        let number = -Int32(newDomainTexts.count)
        newDomains[text] = number
        return number
    }

    /// What a name that belongs to nobody is grouped by: its registrable domain, or itself where it has none.
    static func domain(of name: String) -> String { HostName(name)?.registrableDomain?.text ?? name }

    /// Reads what the database has now of names that it had no owner of.
    mutating func readAssigned(_ db: Database) throws {
        let names = unassigned
        (unassigned, firstUnassignedDays, newDomains, newDomainTexts) = ([], [:], [:], [])
        bonds.removeNew()
        let find = try db.cachedStatement(sql: "SELECT owner, domain, name FROM names WHERE id = ?")
        for entry in names {
            guard let row = try GRDB.Row.fetchOne(find, arguments: [entry.name]) else { continue }
            var domain: Int32 = row[1]
            if row[0] == Mapping.unmatchedOwner {
                unassigned.append(entry)
                firstUnassignedDays[entry.number] = min(firstUnassignedDays[entry.number] ?? .max, entry.firstDay)
                if entry.number == Self.unknown { domain = try domainNumber(of: Self.domain(of: row[2]), db) }
            }
            domainNumbers[entry.name] = domain
        }
    }

    /// Works out what joins the domains that came since, which the review alone asks for.
    mutating func readBonds(_ db: Database) throws {
        let sql = "SELECT id, name FROM domains WHERE id >= ? ORDER BY id"
        let cursor = try GRDB.Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [bonds.nextKey])
        while let row = try cursor.next() { bonds.append(DomainBond(row[1], words), key: row[0]) }
        for text in newDomainTexts.dropFirst(bonds.newCount) { bonds.appendNew(DomainBond(text, words)) }
    }

    /// Takes over what an earlier mapping worked out of domains, where it would be worked out the same.
    mutating func takeBonds(of earlier: Mapping) {
        guard words.hasSameNames(as: earlier.words) else { return }
        bonds = earlier.bonds
        bonds.removeNew()
    }

    /// How many numbers of domains the database does not have yet.
    var newDomainCount: Int { newDomainTexts.count }

    /// The text of a domain.
    func text(ofDomain domain: Int, _ db: Database) throws -> String {
        if domain < 0 { return newDomainTexts[-domain - 1] }
        let find = try db.cachedStatement(sql: "SELECT name FROM domains WHERE id = ?")
        return try String.fetchOne(find, arguments: [domain]) ?? ""
    }

    /// The number of a domain; nil where no name of it was seen.
    func domain(named text: String, _ db: Database) throws -> Int? {
        if let number = newDomains[text] { return Int(number) }
        return try Int.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM domains WHERE name = ?"), arguments: [text])
    }

    /// The number that a name is booked under.
    func number(of name: Int64) -> Int { numbers[name] }

    /// The number of a name that is read for the first time.
    func number(of text: String) -> Int {
        if let platform = GroupRow.platform(ofName: text) { return matcher.position(of: platform) ?? Self.nobody }
        if let position = matcher.index(of: text) { return position }
        guard let host = HostName(text), !host.isAddress, host.specialUseDomain == nil, host.parent != nil,
            !host.isPublicSuffix
        else { return local }
        return Self.unknown
    }

    /// The number of an owner in the database; nil for a platform that is no more.
    func number(ofOwner owner: Int64) -> Int {
        if owner == Self.localOwner { return local }
        if owner == Self.nobodyOwner { return Self.nobody }
        return positions[owner] ?? Self.unknown
    }

    /// The owner in the database of a number.
    func owner(of number: Int) -> Int64 {
        if number == Self.unknown { return Self.unknownOwner }
        if number == Self.nobody { return Self.nobodyOwner }
        return number == local ? Self.localOwner : owners[number]
    }

    /// The platform of a number, and whether the registry has it.
    func platform(_ number: Int) -> (platform: Platform, isRegistered: Bool) {
        number == local ? (Self.localNames, false) : (matcher.platforms[number], matcher.isRegistered(number))
    }

    /// The numbers of a subject; nil for whatever there was.
    func numbers(of subject: UseSubject) -> [Int]? {
        switch subject {
        case .everything: nil
        case .platform(let name):
            name == Self.localNames.name ? [local] : matcher.position(of: name).map { [$0] } ?? []
        case .status(let status):
            matcher.platforms.indices.filter {
                matcher.platforms[$0].status == status && matcher.platforms[$0].kind == .tool
            }
        }
    }

    /// Names that no tool can have.
    static let localNames = Platform(
        name: "Local names", category: "local names", kind: .infrastructure,
        notes: "names of the school's own network, reverse lookups, and names that nobody can register")
}

/// The number of each name, by its key.
///
/// Who goes through hundreds of thousands of rows takes this out of the mapping first, and copies nothing for each.
struct NameNumbers: Sendable {
    private var numbers: [Int32] = [Int32(Mapping.unknown)]

    /// How many keys have a number, that of no name among them.
    var count: Int { numbers.count }

    /// Gives the next key its number.
    mutating func append(_ number: Int) { numbers.append(Int32(number)) }

    /// What a function makes of the number of each key, in order.
    func map(_ change: (_ number: Int) -> Int) -> [Int32] { numbers.map { Int32(change(Int($0))) } }

    /// The number of a name; ``Mapping/unknown`` for one that was not read yet.
    subscript(name: Int64) -> Int { name < numbers.count ? Int(numbers[Int(name)]) : Mapping.unknown }
}

/// The domain of each name that belongs to nobody, by the name's key: negative for one that the database does not have yet,
/// 0 for other names.
struct DomainNumbers: Sendable {
    private var domains: [Int32] = [0]

    /// Gives the next key its domain.
    mutating func append(_ domain: Int32) { domains.append(domain) }

    /// The domain of a name.
    subscript(name: Int64) -> Int32 {
        get { name < domains.count ? domains[Int(name)] : 0 }
        set { domains[Int(name)] = newValue }
    }
}
