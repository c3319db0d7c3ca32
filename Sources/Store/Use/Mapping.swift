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
    /// The number of each name, by its key: ``unknown``, or a platform's, or ``local``.
    private var numbers: [Int32] = [-1]
    /// Names that the database has no owner of yet, with what they will belong to and the first day of each.
    private(set) var unassigned: [(name: Int64, number: Int, firstDay: Int)] = []
    private let positions: [Int64: Int]

    /// The number of a name that belongs to nobody.
    static let unknown = -1
    /// The number of names that no tool can have.
    var local: Int { matcher.platforms.count }
    /// How many numbers there are.
    var count: Int { matcher.platforms.count + 1 }

    /// In the database: matched with nothing yet, names that no tool can have, and names that belong to nobody.
    static let (unmatchedOwner, localOwner, unknownOwner): (Int64, Int64, Int64) = (0, -1, -2)

    init(_ matcher: Matcher, revision: Int, owners: [Int64], _ db: Database) throws {
        self.matcher = matcher
        self.revision = revision
        self.owners = owners
        matching = try Int.fetchOne(db, sql: "SELECT revision FROM matching") ?? 0
        positions = Dictionary(owners.enumerated().map { ($1, $0) }) { first, _ in first }
        try readNames(db)
    }

    /// Reads the names that came since.
    mutating func readNames(_ db: Database) throws {
        let sql = """
            SELECT id, owner, CASE owner WHEN 0 THEN name END, CASE owner WHEN 0 THEN first_day END
            FROM names WHERE id >= ? ORDER BY id
            """
        let cursor = try GRDB.Row.fetchCursor(db, sql: sql, arguments: [numbers.count])
        while let row = try cursor.next() {
            let name: Int64 = row[0]
            while numbers.count < Int(name) { numbers.append(Int32(Self.unknown)) }
            if let text: String = row[2] {
                let number = number(of: text)
                unassigned.append((name, number, row[3]))
                numbers.append(Int32(number))
            } else {
                numbers.append(Int32(number(ofOwner: row[1])))
            }
        }
    }

    /// Forgets that owners were not in the database, when they are now.
    mutating func assigned() { unassigned = [] }

    /// The number that a name is booked under.
    func number(of name: Int64) -> Int {
        name < numbers.count ? Int(numbers[Int(name)]) : Self.unknown
    }

    /// The number of a name that is read for the first time.
    func number(of text: String) -> Int {
        if let position = matcher.index(of: text) { return position }
        guard let host = HostName(text), !host.isAddress, host.specialUseDomain == nil, host.parent != nil,
            !host.isPublicSuffix
        else { return local }
        return Self.unknown
    }

    /// The number of an owner in the database; nil for a platform that is no more.
    func number(ofOwner owner: Int64) -> Int {
        if owner == Self.localOwner { return local }
        return positions[owner] ?? Self.unknown
    }

    /// The owner in the database of a number.
    func owner(of number: Int) -> Int64 {
        if number == Self.unknown { return Self.unknownOwner }
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
