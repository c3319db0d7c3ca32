import GRDB
import Matching
import Names
import Registry

/// What a name belongs to.
enum NameOwner: Hashable, Sendable {
    /// The platform at that position of the matcher.
    case platform(Int)
    /// Nothing that a platform can have: names of the school's own network, reverse lookups, public suffixes.
    case local
    /// No platform: the name itself, by its key in the database.
    case unknown(Int64)

    /// The owner of a name, by the matcher and by what kind of name it is.
    init(of name: String, key: Int64, _ matcher: Matcher) {
        if let position = matcher.index(of: name) {
            self = .platform(position)
        } else if let host = HostName(name), !host.isAddress, host.specialUseDomain == nil, host.parent != nil,
            !host.isPublicSuffix
        {
            self = .unknown(key)
        } else {
            self = .local
        }
    }
}

/// The names of the database with what they belong to.
struct NameOwners {
    private let matcher: Matcher
    private var texts: [Int64: String] = [:]
    private var owners: [Int64: NameOwner] = [:]

    init(_ matcher: Matcher, _ db: Database) throws {
        self.matcher = matcher
        let cursor = try GRDB.Row.fetchCursor(db, sql: "SELECT id, name FROM names")
        while let row = try cursor.next() {
            let (key, name): (Int64, String) = (row[0], row[1])
            texts[key] = name
            owners[key] = NameOwner(of: name, key: key, matcher)
        }
    }

    /// The name's text.
    func text(of name: Int64) -> String { texts[name] ?? "" }

    /// What the name belongs to.
    func owner(of name: Int64) -> NameOwner { owners[name] ?? .local }

    /// Whether a name is one of a subject.
    func isNamed(_ name: Int64, _ subject: UseSubject) -> Bool {
        guard case .platform(let position) = owner(of: name) else { return false }
        switch subject {
        case .everything: return true
        case .platform(let platform): return position == matcher.position(of: platform)
        case .status(let status):
            return matcher.platforms[position].status == status && matcher.platforms[position].kind == .tool
        }
    }

    /// The platform of an owner; nil for unknown names.
    func platform(of owner: NameOwner) -> (platform: Platform, isRegistered: Bool)? {
        switch owner {
        case .platform(let position): (matcher.platforms[position], matcher.isRegistered(position))
        case .local: (Self.localNames, false)
        case .unknown: nil
        }
    }

    /// Names that no tool can have.
    static let localNames = Platform(
        name: "Local names", category: "local names", kind: .infrastructure,
        notes: "names of the school's own network, reverse lookups, and names that nobody can register")
}
