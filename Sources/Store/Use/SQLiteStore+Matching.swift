import Foundation
import GRDB
import Matching
import Registry

/// Keeps whom names belong to, and what was added up by it, in step with the registry and the catalogue.
extension SQLiteStore {
    /// The mapping by a matcher; brings the database in step with it first where it is not.
    func mapping(_ matcher: Matcher, revision: Int) async throws -> Mapping {
        // Ends: a turn that finds the database out of step brings it there, and others change it as seldom as people do.
        while true {
            let mapping = try await pool.read { db in
                try Self.owners(of: matcher, db).map { try Mapping(matcher, revision: revision, owners: $0, db) }
            }
            if let mapping { return mapping }
            _ = try await pool.write { db in try Self.rematch(matcher, db) }
        }
    }

    /// Puts into the database whom names belong to that came since.
    func assignOwners(_ mapping: Mapping) async throws {
        let unassigned = mapping.unassigned
        for start in stride(from: 0, to: unassigned.count, by: 5000) {
            try await pool.write { db in
                let update = try db.cachedStatement(sql: "UPDATE names SET owner = ? WHERE id = ? AND owner = 0")
                for (name, number, _) in unassigned[start..<min(start + 5000, unassigned.count)] {
                    try update.execute(arguments: [mapping.owner(of: number), name])
                }
            }
        }
    }

    /// The owners of a matcher's platforms, by position; nil where the database was matched with other patterns.
    private static func owners(of matcher: Matcher, _ db: Database) throws -> [Int64]? {
        let keys = try keys(db)
        var owners: [Int64] = []
        for platform in matcher.platforms {
            guard let owner = keys[platform.key] else { return nil }
            owners.append(owner)
        }
        let stored = try patterns(db)
        let wanted = matcher.patterns
        guard stored.count == wanted.count else { return nil }
        return wanted.allSatisfy { stored[$0.key.text] == owners[$0.value] } ? owners : nil
    }

    private static func keys(_ db: Database) throws -> [String: Int64] {
        var keys: [String: Int64] = [:]
        for row in try GRDB.Row.fetchAll(db, sql: "SELECT key, id FROM owners") { keys[row[0]] = row[1] }
        return keys
    }

    private static func patterns(_ db: Database) throws -> [String: Int64] {
        var patterns: [String: Int64] = [:]
        for row in try GRDB.Row.fetchAll(db, sql: "SELECT pattern, owner FROM matched_patterns") {
            patterns[row[0]] = row[1]
        }
        return patterns
    }

    /// Matches anew what the difference of patterns concerns, and adds up anew the weeks of the platforms concerned.
    private static func rematch(_ matcher: Matcher, _ db: Database) throws -> [Int64] {
        var keys = try keys(db)
        let owners = try matcher.platforms.map { platform in
            if let owner = keys[platform.key] { return owner }
            try db.cachedStatement(sql: "INSERT INTO owners (key) VALUES (?)").execute(arguments: [platform.key])
            keys[platform.key] = db.lastInsertedRowID
            return db.lastInsertedRowID
        }
        let stored = try patterns(db)
        var wanted: [String: Int64] = [:]
        for (pattern, position) in matcher.patterns { wanted[pattern.text] = owners[position] }
        let changed = Set(stored.keys).union(wanted.keys).filter { stored[$0] != wanted[$0] }
        for pattern in changed {
            if let owner = wanted[pattern] {
                try db.cachedStatement(
                    sql: """
                        INSERT INTO matched_patterns (pattern, owner) VALUES (?, ?)
                        ON CONFLICT (pattern) DO UPDATE SET owner = excluded.owner
                        """
                ).execute(arguments: [pattern, owner])
            } else {
                try db.execute(sql: "DELETE FROM matched_patterns WHERE pattern = ?", arguments: [pattern])
            }
        }
        // Only matched names: those that came since are matched when they are read.
        let mapping = try Mapping(matcher, revision: 0, owners: owners, db)
        var concerned: Set<Int64> = []
        for (name, before, after) in try moves(mapping, changed, db) {
            try db.cachedStatement(sql: "UPDATE names SET owner = ? WHERE id = ?").execute(arguments: [after, name])
            concerned.formUnion([before, after])
        }
        try addUpAgain(concerned.subtracting([Mapping.unknownOwner, Mapping.unmatchedOwner]), db)
        try db.execute(sql: "UPDATE matching SET revision = revision + 1")
        return owners
    }

    /// Up to so many patterns are searched for each by itself; beyond, all names are matched.
    private static let fewPatterns = 8

    /// The names that change hands.
    private static func moves(
        _ mapping: Mapping, _ changed: Set<String>, _ db: Database
    ) throws -> [(name: Int64, before: Int64, after: Int64)] {
        guard !changed.isEmpty else { return [] }
        var sql = "SELECT id, name, owner FROM names WHERE owner <> 0"
        var arguments: StatementArguments = []
        if changed.count <= Self.fewPatterns {
            // More than the patterns cover, never less: each is matched again below.
            let ends = changed.map { pattern in
                "%" + (pattern.split(whereSeparator: { "=*".contains($0) }).last.map(String.init) ?? pattern)
            }
            sql += " AND (" + ends.map { _ in "name LIKE ?" }.joined(separator: " OR ") + ")"
            arguments = StatementArguments(ends)
        }
        var moves: [(Int64, Int64, Int64)] = []
        let cursor = try GRDB.Row.fetchCursor(db, sql: sql, arguments: arguments)
        while let row = try cursor.next() {
            let (name, text, before): (Int64, String, Int64) = (row[0], row[1], row[2])
            let after = mapping.owner(of: mapping.number(of: text))
            if after != before { moves.append((name, before, after)) }
        }
        return moves
    }

    /// Adds up the weeks of some owners from those of their names.
    private static func addUpAgain(_ owners: Set<Int64>, _ db: Database) throws {
        guard !owners.isEmpty else { return }
        let weeks = try Int.fetchAll(db, sql: "SELECT week FROM weeks WHERE rolled = version AND rolled > 0")
        for owner in owners {
            let names = try Int64.fetchAll(db, sql: "SELECT id FROM names WHERE owner = ?", arguments: [owner])
            for week in weeks {
                try db.cachedStatement(
                    sql: """
                        DELETE FROM platform_weeks WHERE week = ? AND owner = ?
                            AND segment IN (SELECT -1 UNION ALL SELECT id FROM segments)
                        """
                ).execute(arguments: [week, owner])
                var adder = PlatformWeek()
                let find = try db.cachedStatement(sql: "SELECT cells FROM name_weeks WHERE week = ? AND name = ?")
                for name in names {
                    let row = try GRDB.Row.fetchOne(find, arguments: [week, name])
                    guard let cells = row?[0] as Data? else { continue }
                    try adder.addName(cells.span)
                }
                try adder.write(week: week, owner: owner, db)
            }
        }
    }
}
