import Foundation
import GRDB
package import Identity

extension SQLiteStore {
    /// Signs a person in: keeps the session's hash, and forgets the wrong passwords before it.
    package func startSession(
        _ session: PersonSecret, for person: Person, from address: String, forgetting subjects: [LockOut.Subject] = [],
        way: String, at now: Int
    ) async throws {
        try await pool.write { db in
            try db.execute(
                sql: "INSERT INTO sessions (secret, person, made_at, seen_at, address) VALUES (?, ?, ?, ?, ?)",
                arguments: [Data(session.hash.bytes), person.row, now, now, address])
            try db.execute(sql: "UPDATE people SET signed_in_at = ? WHERE id = ?", arguments: [now, person.row])
            for subject in subjects {
                try db.execute(
                    sql: "DELETE FROM sign_in_failures WHERE subject = ?", arguments: [Data(subject.hash.bytes)])
            }
            let who = Who(name: person.name, way: .page, address: address)
            try Self.audit("person.sign_in", person.name, nil, way, who, now, db)
        }
    }

    /// The person whose session a secret proves; nil when it is unknown, over, or its owner switched off.
    package func person(
        proving session: PersonSecret, terms: SessionTerms, at now: Int
    ) async throws -> Person? {
        let hash = Data(session.hash.bytes)
        let found = try await pool.read { db -> (Person, Int)? in
            let sql = """
                SELECT people.id, people.name, full_name, role, schools.name, seen_at
                FROM sessions JOIN people ON people.id = person LEFT JOIN schools ON schools.id = school
                WHERE secret = ? AND seen_at > ? AND sessions.made_at > ? AND disabled_at IS NULL
                """
            return try GRDB.Row.fetchOne(db, sql: sql, arguments: [hash, now - terms.idle, now - terms.lifetime])
                .map { (Self.person($0), $0[5]) }
        }
        guard let (person, seenAt) = found else { return nil }
        // A page must not cost a write each time; a minute is close enough to tell that somebody is there.
        if now - seenAt >= 60 {
            try await pool.write { db in
                try db.execute(sql: "UPDATE sessions SET seen_at = ? WHERE secret = ?", arguments: [now, hash])
                try db.execute(
                    sql: "DELETE FROM sessions WHERE seen_at <= ? OR made_at <= ?",
                    arguments: [now - terms.idle, now - terms.lifetime])
            }
        }
        return person
    }

    /// Ends a session.
    package func end(_ session: PersonSecret, by who: Who, at now: Int) async throws {
        try await pool.write { db in
            try db.execute(sql: "DELETE FROM sessions WHERE secret = ?", arguments: [Data(session.hash.bytes)])
            guard db.changesCount > 0 else { return }
            try Self.audit("person.sign_out", who.name, nil, nil, who, now, db)
        }
    }

    /// Ends all sessions of a person.
    package func endSessions(of row: Int64, by who: Who, at now: Int) async throws {
        try await pool.write { db in
            let person = try Self.knownPerson(row, db)
            try Self.endSessions(of: row, except: nil, db)
            try Self.audit("person.sign_out", person.name, nil, "everywhere", who, now, db)
        }
    }

    /// How many sessions a person has.
    package func sessionCount(of row: Int64, terms: SessionTerms, at now: Int) async throws -> Int {
        try await pool.read { db in
            let sql = "SELECT count(*) FROM sessions WHERE person = ? AND seen_at > ? AND made_at > ?"
            return try Int.fetchOne(db, sql: sql, arguments: [row, now - terms.idle, now - terms.lifetime]) ?? 0
        }
    }

    /// The longest of the waits that these subjects have to go through.
    package func wait(of subjects: [LockOut.Subject], at now: Int) async throws -> Int {
        try await pool.read { db in
            try subjects.map { subject in
                let sql = "SELECT failures, last_at FROM sign_in_failures WHERE subject = ?"
                let row = try GRDB.Row.fetchOne(db, sql: sql, arguments: [Data(subject.hash.bytes)])
                return row.map { LockOut(failures: $0[0], lastAt: $0[1]).wait(for: subject, now: now) } ?? 0
            }.max() ?? 0
        }
    }

    /// Counts a wrong password.
    ///
    /// - Returns: How long has to be waited now; more than 0 once the patience is over, which goes to the audit log.
    package func noteFailure(
        of subjects: [LockOut.Subject], account: Person?, from address: String, at now: Int
    ) async throws -> Int {
        try await pool.write { db in
            try db.execute(
                sql: "DELETE FROM sign_in_failures WHERE last_at <= ?", arguments: [now - LockOut.memory])
            var longest = 0
            for subject in subjects {
                let sql = """
                    INSERT INTO sign_in_failures (subject, failures, last_at) VALUES (?, 1, ?)
                    ON CONFLICT (subject) DO UPDATE SET failures = failures + 1, last_at = excluded.last_at
                    RETURNING failures
                    """
                let failures = try Int.fetchOne(db, sql: sql, arguments: [Data(subject.hash.bytes), now]) ?? 1
                longest = max(longest, LockOut(failures: failures, lastAt: now).wait(for: subject, now: now))
            }
            if longest > 0 {
                let who = Who(name: account?.name ?? "", way: .page, address: address)
                try Self.audit("person.locked_out", account?.name ?? "", nil, "\(longest) s", who, now, db)
            }
            return longest
        }
    }
}
