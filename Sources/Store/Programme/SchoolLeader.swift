package import Alerts
import GRDB
import Identity
import Registry

/// The leader of a school who can be written to: an account that has an e-mail address for a name.
package struct SchoolLeader: Sendable, Equatable {
    /// The school's name.
    package var school: String
    /// Where to write to.
    package var address: EmailAddress

    /// Makes a leader.
    package init(school: String, address: EmailAddress) {
        self.school = school
        self.address = address
    }
}

extension SchoolLeader {
    /// The leader as a reader of alerts, who is told what is flagged and in use at the school, and what is decided on
    /// that it uses.
    package var reader: AlertReader {
        AlertReader(name: address.text, channel: .mail(address), kinds: [.flaggedInUse, .decision], schools: [school])
    }

    /// The leaders of a school, or of all where none is named.
    static func all(of school: String? = nil, _ db: Database) throws -> [SchoolLeader] {
        let sql = """
            SELECT schools.name, people.name FROM people JOIN schools ON schools.id = people.school
            WHERE role = 'school' AND disabled_at IS NULL AND (?1 IS NULL OR schools.key = ?1) ORDER BY people.name
            """
        return try Row.fetchAll(db, sql: sql, arguments: [school.map { SchoolName.key(of: $0) }]).compactMap { row in
            EmailAddress(row[1]).map { SchoolLeader(school: row[0], address: $0) }
        }
    }
}

extension SQLiteStore {
    /// The leaders of all schools.
    package func schoolLeaders() async throws -> [SchoolLeader] {
        try await pool.read { db in try SchoolLeader.all(db) }
    }
}
