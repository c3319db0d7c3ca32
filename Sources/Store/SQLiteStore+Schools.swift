import GRDB
package import Identity

/// What happens to schools over the years.
///
/// A school is told by a key of the database, so that its history goes with it whatever it is called. Its name may be
/// written with other capitals; names that it had before still lead to it.
extension SQLiteStore {
    /// Gives a school another name; agents and join tokens that say the old one still belong to it.
    package func renameSchool(_ name: String, to newName: String, by who: Who, at now: Int) async throws {
        try await pool.write { db in
            let school = try Self.existingSchool(name, db)
            let key = SchoolName.key(of: newName)
            if let other = try Self.findSchool(newName, db), other.key != school.key {
                throw StoreError.schoolNameTaken(newName, by: other.name)
            }
            try db.execute(
                sql: "UPDATE schools SET name = ?, key = ? WHERE id = ?", arguments: [newName, key, school.key])
            try db.execute(sql: "DELETE FROM former_school_names WHERE key = ?", arguments: [key])
            if SchoolName.key(of: school.name) != key {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO former_school_names (key, school) VALUES (?, ?)",
                    arguments: [SchoolName.key(of: school.name), school.key])
            }
            try AuditLog.record(
                AuditEntry(
                    at: now, who: who, what: "school.rename", subject: newName, before: school.name, after: newName),
                in: db)
        }
    }

    /// Closes a school, or opens it again: a closed one is not missed when it is silent; what it tells is kept.
    package func setClosed(_ isClosed: Bool, school name: String, by who: Who, at now: Int) async throws {
        try await pool.write { db in
            let school = try Self.existingSchool(name, db)
            guard (school.closedAt != nil) != isClosed else { return }
            try db.execute(
                sql: "UPDATE schools SET closed_at = ? WHERE id = ?", arguments: [isClosed ? now : nil, school.key])
            try AuditLog.record(
                AuditEntry(at: now, who: who, what: isClosed ? "school.close" : "school.open", subject: school.name),
                in: db)
        }
    }

    /// Says in which region a school is; empty for none.
    package func setRegion(_ region: String, of name: String, by who: Who, at now: Int) async throws {
        try await pool.write { db in
            let school = try Self.existingSchool(name, db)
            guard school.region != region else { return }
            try db.execute(sql: "UPDATE schools SET region = ? WHERE id = ?", arguments: [region, school.key])
            try AuditLog.record(
                AuditEntry(
                    at: now, who: who, what: "school.region", subject: school.name, before: school.region,
                    after: region), in: db)
        }
    }

    /// The school of that name, or that once had it.
    static func findSchool(_ name: String, _ db: Database) throws -> School? {
        let sql = """
            SELECT id, name, region, closed_at FROM schools
            WHERE id = coalesce((SELECT id FROM schools WHERE key = ?),
                (SELECT school FROM former_school_names WHERE key = ?))
            """
        let key = SchoolName.key(of: name)
        return try GRDB.Row.fetchOne(db, sql: sql, arguments: [key, key]).map {
            School(key: $0[0], name: $0[1], region: $0[2], closedAt: $0[3])
        }
    }

    /// Likewise, or an error that names the schools there are.
    static func existingSchool(_ name: String, _ db: Database) throws -> School {
        if let school = try findSchool(name, db) { return school }
        let known = try String.fetchAll(db, sql: "SELECT name FROM schools ORDER BY key LIMIT 30")
        throw StoreError.unknownSchool(name, known: known)
    }
}
