import Foundation
import GRDB
package import Identity

extension SQLiteStore {
    /// All accounts, sorted by name.
    package func accounts(at now: Int) async throws -> [Account] {
        try await pool.read { db in try Self.accounts(db, now: now) }
    }

    /// One account; nil when there is none.
    package func account(_ row: Int64, at now: Int) async throws -> Account? {
        try await pool.read { db in try Self.accounts(db, now: now).first { $0.person.row == row } }
    }

    /// The person who signs in with a name; nil when there is none.
    package func person(named name: String) async throws -> Person? {
        try await pool.read { db in
            try Self.person("people.key = ?", [Person.key(of: name)], db)?.person
        }
    }

    /// Whether anybody can sign in who decides who gets in.
    package func hasAdministrator() async throws -> Bool {
        try await pool.read { db in try Self.countAdministrators(db) > 0 }
    }

    /// Makes an account without a password, and the link with which its owner chooses one.
    package func invite(
        _ name: String, fullName: String, role: Role, school: String?, link: PersonSecret, until expiry: Int,
        by who: Who, at now: Int
    ) async throws -> Person {
        try await pool.write { db in
            let person = try Self.makePerson(name, fullName: fullName, role: role, school: school, at: now, db)
            try Self.keep(link, .invite, for: person.row, until: expiry, at: now, db)
            try Self.audit("person.invite", person.name, nil, Self.words(role, school), who, now, db)
            return person
        }
    }

    /// Makes a one-time link for somebody who has an account; earlier ones of theirs hold no more.
    package func makeLink(
        _ link: PersonSecret, _ purpose: LinkPurpose, for row: Int64, until expiry: Int, by who: Who, at now: Int
    ) async throws {
        try await pool.write { db in
            let person = try Self.knownPerson(row, db)
            try db.execute(
                sql: "UPDATE links SET used_at = ? WHERE person = ? AND used_at IS NULL", arguments: [now, row])
            try Self.keep(link, purpose, for: row, until: expiry, at: now, db)
            try Self.audit("person.link", person.name, nil, purpose.rawValue, who, now, db)
        }
    }

    /// Makes the link with which the first administrator is made; earlier ones hold no more.
    package func makeSetUpLink(_ link: PersonSecret, until expiry: Int, by who: Who, at now: Int) async throws {
        try await pool.write { db in
            try db.execute(
                sql: "UPDATE links SET used_at = ? WHERE purpose = 'set_up' AND used_at IS NULL", arguments: [now])
            try Self.keep(link, .setUp, for: nil, until: expiry, at: now, db)
            try Self.audit("person.link", "", nil, LinkPurpose.setUp.rawValue, who, now, db)
        }
    }

    /// What a link is for, without using it up.
    package func open(_ link: PersonSecret, at now: Int) async throws -> OpenLink {
        try await pool.read { db in try Self.open(link, at: now, db).link }
    }

    /// Makes the first administrator.
    package func setUp(
        with link: PersonSecret, name: String, fullName: String, password: PasswordHash, from address: String,
        at now: Int
    ) async throws -> Person {
        try await pool.write { db in
            guard try Self.use(link, at: now, db).purpose == .setUp else { throw PeopleRefusal.badLink }
            let person = try Self.makePerson(name, fullName: fullName, role: .admin, school: nil, at: now, db)
            try Self.set(password, of: person.row, db)
            let who = Who(name: person.name, way: .page, address: address)
            try Self.audit("person.set_up", person.name, nil, Role.admin.rawValue, who, now, db)
            return person
        }
    }

    /// Sets the password that an invited or reset person chose, and ends whatever sessions there are.
    package func choosePassword(
        with link: PersonSecret, password: PasswordHash, from address: String, at now: Int
    ) async throws -> Person {
        try await pool.write { db in
            let used = try Self.use(link, at: now, db)
            guard let person = used.person, used.purpose != .setUp, used.purpose != .signIn else {
                throw PeopleRefusal.badLink
            }
            try Self.set(password, of: person.row, db)
            try Self.endSessions(of: person.row, except: nil, db)
            let who = Who(name: person.name, way: .page, address: address)
            try Self.audit("person.password", person.name, nil, used.purpose.rawValue, who, now, db)
            return person
        }
    }

    /// The person whom a link signs in, which uses it up.
    package func signIn(with link: PersonSecret, at now: Int) async throws -> Person {
        try await pool.write { db in
            let used = try Self.use(link, at: now, db)
            guard used.purpose == .signIn, let person = used.person else { throw PeopleRefusal.badLink }
            return person
        }
    }

    /// The person of a name and what is kept of their password; nil when there is none.
    package func credentials(of name: String) async throws -> (person: Person, password: PasswordHash?, isOn: Bool)? {
        try await pool.read { db in try Self.person("people.key = ?", [Person.key(of: name)], db) }
    }

    /// The same of an account that is known.
    package func credentials(of row: Int64) async throws -> (person: Person, password: PasswordHash?, isOn: Bool)? {
        try await pool.read { db in try Self.person("people.id = ?", [row], db) }
    }

    /// Sets a person's own password anew and ends their other sessions.
    package func changePassword(
        of row: Int64, to password: PasswordHash, keeping session: PersonSecret?, by who: Who, at now: Int
    ) async throws {
        try await pool.write { db in
            let person = try Self.knownPerson(row, db)
            try Self.set(password, of: row, db)
            try Self.endSessions(of: row, except: session, db)
            try Self.audit("person.password", person.name, nil, "changed", who, now, db)
        }
    }

    /// Keeps the same password hashed at today's costs.
    package func rehash(_ password: PasswordHash, of row: Int64) async throws {
        try await pool.write { db in try Self.set(password, of: row, db) }
    }

    /// Gives a person another role.
    package func setRole(of row: Int64, to role: Role, school: String?, by who: Who, at now: Int) async throws {
        try await pool.write { db in
            let before = try Self.knownPerson(row, db)
            let key = try Self.schoolKey(role, school, db)
            try db.execute(
                sql: "UPDATE people SET role = ?, school = ? WHERE id = ?", arguments: [role.rawValue, key, row])
            if before.role == .admin { try Self.requireAdministrator(db) }
            try Self.audit(
                "person.role", before.name, Self.words(before.role, before.school), Self.words(role, school), who, now,
                db)
        }
    }

    /// Switches an account off, with all its sessions and links, or on again.
    package func setDisabled(_ isDisabled: Bool, of row: Int64, by who: Who, at now: Int) async throws {
        try await pool.write { db in
            let person = try Self.knownPerson(row, db)
            try db.execute(
                sql: "UPDATE people SET disabled_at = ? WHERE id = ?", arguments: [isDisabled ? now : nil, row])
            if isDisabled {
                if person.role == .admin { try Self.requireAdministrator(db) }
                try Self.endSessions(of: row, except: nil, db)
                try db.execute(
                    sql: "UPDATE links SET used_at = ? WHERE person = ? AND used_at IS NULL", arguments: [now, row])
            }
            let (before, after) = isDisabled ? ("on", "off") : ("off", "on")
            try Self.audit("person.switch", person.name, before, after, who, now, db)
        }
    }

    /// The person whom the district's own sign-in names: made when they come for the first time, and given the role that
    /// their groups say today.
    package func signIn(
        issuer: String, subject: String, name: String, fullName: String, role: Role, school: String?,
        from address: String, at now: Int
    ) async throws -> Person {
        try await pool.write { db in
            let who = Who(name: name, way: .page, address: address)
            guard let known = try Self.person("issuer = ? AND subject = ?", [issuer, subject], db) else {
                var person = try Self.makePerson(name, fullName: fullName, role: role, school: school, at: now, db)
                try db.execute(
                    sql: "UPDATE people SET issuer = ?, subject = ? WHERE id = ?",
                    arguments: [issuer, subject, person.row])
                try Self.audit("person.join", person.name, nil, Self.words(role, school), who, now, db)
                person.school = try Self.knownPerson(person.row, db).school
                return person
            }
            guard known.isOn else { throw PeopleRefusal.disabled }
            let before = known.person
            if before.role != role || before.school.map(SchoolName.key) != school.map(SchoolName.key) {
                let key = try Self.schoolKey(role, school, db)
                try db.execute(
                    sql: "UPDATE people SET role = ?, school = ? WHERE id = ?",
                    arguments: [role.rawValue, key, before.row])
                try Self.audit(
                    "person.role", before.name, Self.words(before.role, before.school), Self.words(role, school), who,
                    now, db)
            }
            return try Self.knownPerson(before.row, db)
        }
    }
}

extension SQLiteStore {
    /// The person of a key.
    static func knownPerson(_ row: Int64, _ db: Database) throws -> Person {
        guard let known = try person("people.id = ?", [row], db) else { throw PeopleRefusal.unknownPerson }
        return known.person
    }

    static func person(
        _ condition: String, _ arguments: StatementArguments, _ db: Database
    ) throws -> (person: Person, password: PasswordHash?, isOn: Bool)? {
        let sql = """
            SELECT people.id, people.name, full_name, role, schools.name, password, disabled_at IS NULL
            FROM people LEFT JOIN schools ON schools.id = school WHERE \(condition)
            """
        guard let row = try GRDB.Row.fetchOne(db, sql: sql, arguments: arguments) else { return nil }
        let password: String? = row[5]
        return (person(row), password.flatMap(PasswordHash.init(text:)), row[6])
    }

    /// The person of a row that begins with key, name, full name, role and school.
    static func person(_ row: GRDB.Row) -> Person {
        let role: String = row[3]
        // The schema allows no other role; should it ever, that is the one which may do least.
        return Person(
            row: row[0], name: row[1], fullName: row[2], role: Role(rawValue: role) ?? .school, school: row[4])
    }

    static func audit(
        _ what: String, _ subject: String, _ before: String?, _ after: String?, _ who: Who, _ now: Int, _ db: Database
    ) throws {
        let entry = AuditEntry(at: now, who: who, what: what, subject: subject, before: before, after: after)
        try AuditLog.record(entry, in: db)
    }

    static func endSessions(of row: Int64, except session: PersonSecret?, _ db: Database) throws {
        let kept = session.map { Data($0.hash.bytes) } ?? Data()
        try db.execute(sql: "DELETE FROM sessions WHERE person = ? AND secret <> ?", arguments: [row, kept])
    }

    private static func accounts(_ db: Database, now: Int) throws -> [Account] {
        let sql = """
            SELECT people.id, people.name, full_name, role, schools.name, password IS NOT NULL, issuer IS NOT NULL,
                signed_in_at, disabled_at,
                (SELECT max(expires_at) FROM links
                    WHERE person = people.id AND purpose = 'invite' AND used_at IS NULL AND expires_at > ?)
            FROM people LEFT JOIN schools ON schools.id = school ORDER BY people.key
            """
        return try GRDB.Row.fetchAll(db, sql: sql, arguments: [now]).map { row in
            var ways: Set<Account.Way> = []
            if row[5] as Bool { ways.insert(.password) }
            if row[6] as Bool { ways.insert(.openID) }
            return Account(
                person: person(row), ways: ways, signedInAt: row[7], disabledAt: row[8], invitedUntil: row[9])
        }
    }

    private static func makePerson(
        _ name: String, fullName: String, role: Role, school: String?, at now: Int, _ db: Database
    ) throws -> Person {
        let name = try Person.checkedName(name)
        let isTaken = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM people WHERE key = ?)", arguments: [Person.key(of: name)])
        if isTaken == true { throw PeopleRefusal.nameTaken(name) }
        let shown = fullName.onOneLine(100)
        try db.execute(
            sql: "INSERT INTO people (name, key, full_name, role, school, made_at) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                name, Person.key(of: name), shown.isEmpty ? name : shown, role.rawValue,
                try schoolKey(role, school, db), now,
            ])
        return try knownPerson(db.lastInsertedRowID, db)
    }

    private static func schoolKey(_ role: Role, _ school: String?, _ db: Database) throws -> Int64? {
        guard role == .school else { return nil }
        guard let school, !school.isEmpty else { throw PeopleRefusal.schoolMissing }
        let sql = "SELECT id FROM schools WHERE key = ?"
        guard let key = try Int64.fetchOne(db, sql: sql, arguments: [SchoolName.key(of: school)]) else {
            throw PeopleRefusal.unknownSchool(school)
        }
        return key
    }

    private static func keep(
        _ link: PersonSecret, _ purpose: LinkPurpose, for row: Int64?, until expiry: Int, at now: Int, _ db: Database
    ) throws {
        try db.execute(
            sql: "INSERT INTO links (secret, purpose, person, made_at, expires_at) VALUES (?, ?, ?, ?, ?)",
            arguments: [Data(link.hash.bytes), purpose.rawValue, row, now, expiry])
    }

    private static func open(_ link: PersonSecret, at now: Int, _ db: Database) throws -> (row: Int64, link: OpenLink) {
        let sql = "SELECT id, purpose, person FROM links WHERE secret = ? AND used_at IS NULL AND expires_at > ?"
        let found = try GRDB.Row.fetchOne(db, sql: sql, arguments: [Data(link.hash.bytes), now])
        guard let row = found, let purpose = LinkPurpose(rawValue: row[1]) else { throw PeopleRefusal.badLink }
        if purpose == .setUp {
            // Once there is an administrator, a link that was printed earlier makes no other.
            guard try countAdministrators(db) == 0 else { throw PeopleRefusal.badLink }
            return (row[0], OpenLink(purpose: purpose))
        }
        guard let known = try person("people.id = ?", [row[2] as Int64], db) else { throw PeopleRefusal.badLink }
        guard known.isOn else { throw PeopleRefusal.disabled }
        return (row[0], OpenLink(purpose: purpose, person: known.person))
    }

    private static func use(_ link: PersonSecret, at now: Int, _ db: Database) throws -> OpenLink {
        let (row, open) = try open(link, at: now, db)
        try db.execute(sql: "UPDATE links SET used_at = ? WHERE id = ?", arguments: [now, row])
        return open
    }

    private static func set(_ password: PasswordHash, of row: Int64, _ db: Database) throws {
        try db.execute(sql: "UPDATE people SET password = ? WHERE id = ?", arguments: [password.text, row])
    }

    private static func countAdministrators(_ db: Database) throws -> Int {
        let sql = """
            SELECT count(*) FROM people
            WHERE role = 'admin' AND disabled_at IS NULL AND (password IS NOT NULL OR issuer IS NOT NULL)
            """
        return try Int.fetchOne(db, sql: sql) ?? 0
    }

    private static func requireAdministrator(_ db: Database) throws {
        guard try countAdministrators(db) > 0 else { throw PeopleRefusal.lastAdmin }
    }

    private static func words(_ role: Role, _ school: String?) -> String {
        guard role == .school, let school else { return role.rawValue }
        return "\(role.rawValue) of \(school)"
    }
}
