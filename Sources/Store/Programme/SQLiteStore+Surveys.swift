import GRDB
package import Programme
import Registry

/// What a school declared, and which platform that is.
package struct DeclaredTool: Sendable, Equatable {
    /// Its number.
    package var number: Int64
    /// What the school wrote.
    package var declaration: Declaration
    /// The platform; nil where there is none.
    package var platform: String?
    /// Whether that is certain, or a person said so.
    package var isConfirmed: Bool
}

extension SQLiteStore {
    /// The surveys, newest first.
    package func surveys() async throws -> [String] {
        try await pool.read { db in
            try String.fetchAll(db, sql: "SELECT survey FROM declarations GROUP BY survey ORDER BY max(id) DESC")
        }
    }

    /// Keeps a survey; one of that name is replaced.
    ///
    /// - Parameters:
    ///   - name: What the survey is called.
    ///   - declarations: What was declared, each with what it means.
    /// - Throws: That the database cannot be written.
    package func keep(
        survey name: String, _ declarations: [(Declaration, ToolSpelling.Meaning)]
    ) async throws {
        try await pool.write { db in
            try db.execute(sql: "DELETE FROM declarations WHERE survey = ?", arguments: [name])
            for (declaration, meaning) in declarations {
                let (platform, isCertain): (String?, Bool) =
                    switch meaning {
                    case .certain(let name): (name, true)
                    case .likely(let names): (names.first, false)
                    case .unknown: (nil, false)
                    }
                try db.execute(
                    sql: """
                        INSERT INTO declarations (survey, school, platform, is_confirmed, content) VALUES (?, ?, ?, ?, ?)
                        """,
                    arguments: [name, declaration.school, platform, isCertain, try StoredJSON.text(declaration)])
            }
        }
    }

    /// What was declared in a survey.
    package func declarations(survey: String) async throws -> [DeclaredTool] {
        try await pool.read { db in
            try GRDB.Row.fetchAll(
                db,
                sql:
                    "SELECT id, content, platform, is_confirmed FROM declarations WHERE survey = ? ORDER BY school, id",
                arguments: [survey]
            ).map {
                DeclaredTool(
                    number: $0[0], declaration: try StoredJSON.value($0[1]), platform: $0[2], isConfirmed: $0[3])
            }
        }
    }

    /// Settles which school a survey means by a name that it has for one; gives how many declarations that were.
    package func settle(survey: String, school written: String, means school: String) async throws -> Int {
        try await pool.write { db in
            let sql = "SELECT id, content FROM declarations WHERE survey = ? AND school = ?"
            let rows = try GRDB.Row.fetchAll(db, sql: sql, arguments: [survey, written])
            for row in rows {
                let (number, content): (Int64, String) = (row[0], row[1])
                var declaration: Declaration = try StoredJSON.value(content)
                declaration.school = school
                try db.execute(
                    sql: "UPDATE declarations SET school = ?, content = ? WHERE id = ?",
                    arguments: [school, try StoredJSON.text(declaration), number])
            }
            return rows.count
        }
    }

    /// Settles which platform a declaration means; nil for none.
    package func confirm(declaration number: Int64, means platform: String?) async throws {
        try await pool.write { db in
            try db.execute(
                sql: "UPDATE declarations SET platform = ?, is_confirmed = 1 WHERE id = ?",
                arguments: [platform, number])
        }
    }
}
