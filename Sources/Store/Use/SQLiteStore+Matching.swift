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
                for (name, number, _) in unassigned[start..<min(start + 5000, unassigned.count)] {
                    try Self.assign(name, to: mapping.owner(of: number), db, where: "AND owner = 0")
                }
            }
        }
    }

    /// Gives a name to an owner; one that belongs to nobody has a domain, by which it is reviewed.
    private static func assign(_ name: Int64, to owner: Int64, _ db: Database, where condition: String = "") throws {
        guard owner == Mapping.unknownOwner else {
            try db.cachedStatement(sql: "UPDATE names SET owner = ? WHERE id = ? \(condition)")
                .execute(arguments: [owner, name])
            return
        }
        let text = try String.fetchOne(
            db.cachedStatement(sql: "SELECT name FROM names WHERE id = ?"), arguments: [name])
        let domain = try key(of: Mapping.domain(of: text ?? ""), in: "domains", db)
        try db.cachedStatement(sql: "UPDATE names SET owner = ?, domain = ? WHERE id = ? \(condition)")
            .execute(arguments: [owner, domain, name])
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
        let moves = try moves(mapping, changed, db)
        for (name, before, after) in moves {
            try assign(name, to: after, db)
            concerned.formUnion([before, after])
        }
        try Readding(
            owners: concerned.filter { Mapping.isSomebody($0) && $0 != Mapping.unmatchedOwner },
            unknown: moves.filter { $0.after == Mapping.unknownOwner }.map(\.name).sorted(), db
        ).run()
        try db.execute(sql: "UPDATE matching SET revision = revision + 1")
        return owners
    }

    /// Up to so many patterns are searched for each by itself; beyond, all names are matched.
    private static let fewPatterns = 8

    /// The names that change hands.
    private static func moves(
        _ mapping: Mapping, _ changed: Set<String>, _ db: Database
    ) throws -> [(name: Int64, before: Int64, after: Int64)] {
        var sql = "SELECT id, name, owner FROM names WHERE owner <> 0"
        var arguments: StatementArguments = []
        if changed.count <= Self.fewPatterns {
            // More than the patterns cover, never less: each is matched again below.
            let ends = changed.map { pattern in
                "%" + (pattern.split(whereSeparator: { "=*".contains($0) }).last.map(String.init) ?? pattern)
            }
            // What agents counted for whole platforms belongs to whichever has the name.
            sql += " AND (" + (["name LIKE ' %'"] + ends.map { _ in "name LIKE ?" }).joined(separator: " OR ") + ")"
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
}

/// Adds up weeks anew for some owners, from what is there of their names, after names changed hands.
private struct Readding {
    private let owners: [Int64: [Int64]]
    private let unknown: [Int64]
    private let unnamedSegment: Int64?
    private let db: Database

    /// Of these owners, and for names that belong to nobody from now on.
    init(owners: Set<Int64>, unknown: [Int64], _ db: Database) throws {
        var names: [Int64: [Int64]] = [:]
        for owner in owners {
            names[owner] = try Int64.fetchAll(db, sql: "SELECT id FROM names WHERE owner = ?", arguments: [owner])
        }
        self.owners = names
        self.unknown = unknown
        self.db = db
        unnamedSegment = try Int64.fetchOne(db, sql: "SELECT id FROM segments WHERE name = ''")
    }

    func run() throws {
        guard !owners.isEmpty || !unknown.isEmpty else { return }
        for row in try GRDB.Row.fetchAll(db, sql: "SELECT week, figures FROM weeks WHERE figures > 0") {
            let (week, figures): (Int, Int) = (row[0], row[1])
            try addOwners(week, figures)
            try addUnknown(week, figures)
        }
    }

    private func addOwners(_ week: Int, _ figures: Int) throws {
        guard !owners.isEmpty else { return }
        let regions = try RegionPart.all(of: week, figures, db)
        var sums: [SumsKey: [Int64: OwnerWeek]] = [:]
        for (owner, names) in owners {
            try db.cachedStatement(
                sql: """
                    DELETE FROM platform_weeks WHERE week = ? AND figures = ? AND owner = ?
                        AND segment IN (SELECT -1 UNION ALL SELECT id FROM segments)
                    """
            ).execute(arguments: [week, figures, owner])
            var adder = PlatformWeek()
            for name in names {
                if let cells = try cells(of: name, week, figures) { try adder.addName(cells.span) }
            }
            let parts = adder.parts(unnamedSegment: unnamedSegment)
            for (segment, part) in parts {
                // Hours are not known of names: they are read from the rows until the week is added up again.
                try db.cachedStatement(
                    sql: """
                        INSERT INTO platform_weeks (week, figures, segment, owner, cells) VALUES (?, ?, ?, ?, ?)
                        """
                ).execute(arguments: [week, figures, segment, owner, Data(part.cells.bytes)])
                sums[SumsKey(segment: segment, part: RegionPart.district), default: [:]][owner] = part.sum
            }
            guard let all = parts[OwnerPart.allSegments] else { continue }
            for region in regions {
                let key = SumsKey(segment: OwnerPart.allSegments, part: region.number)
                sums[key, default: [:]][owner] = try region.sum(of: all.cells.bytes.span)
            }
        }
        try write(sums, week, figures)
    }

    /// What schools did together in a segment: a row of the week's sums.
    private struct SumsKey: Hashable {
        var segment: Int64
        var part: Int
    }

    /// What was added up stays as it is, and what changed since is put beside it: it is read first, and a hundredth of it.
    private func write(_ new: [SumsKey: [Int64: OwnerWeek]], _ week: Int, _ figures: Int) throws {
        let sql = """
            SELECT segment, part, max(CASE later WHEN 1 THEN sums END) FROM week_sums
            WHERE week = ? AND figures = ? GROUP BY segment, part
            """
        var changed: [SumsKey: Data] = [:]
        for row in try GRDB.Row.fetchAll(db.cachedStatement(sql: sql), arguments: [week, figures]) {
            changed[SumsKey(segment: row[0], part: row[1])] = row[2] ?? Data()
        }
        for key in new.keys where changed[key] == nil { changed[key] = Data() }
        // An owner that has nothing any more hides what it had.
        let nothing = owners.mapValues { _ in OwnerWeek() }
        for (key, before) in changed {
            let sums = nothing.merging(new[key] ?? [:]) { $1 }
            try db.cachedStatement(
                sql: """
                    INSERT INTO week_sums VALUES (?, ?, ?, ?, 1, x'', ?)
                    ON CONFLICT (week, figures, segment, part, later) DO UPDATE SET sums = excluded.sums
                    """
            ).execute(arguments: [
                week, figures, key.segment, key.part, Data(try PackedSums.replacing(sums, in: before.span)),
            ])
        }
    }

    /// Who reads passes over names that an earlier part has, too.
    private func addUnknown(_ week: Int, _ figures: Int) throws {
        guard !unknown.isEmpty else { return }
        var segments: [Int64: UnknownWeek] = [:]
        for name in unknown {
            guard let cells = try cells(of: name, week, figures) else { continue }
            var schools: [(school: Int64, all: WeekFigures)] = []
            try PackedCells.forEach(in: cells.span) { school, segment, figures in
                if segment != unnamedSegment {
                    segments[segment, default: UnknownWeek()].append(name, school: school, figures)
                }
                if schools.last?.school != school { schools.append((school, WeekFigures())) }
                schools[schools.count - 1].all.add(figures)
            }
            for (school, all) in schools {
                segments[OwnerPart.allSegments, default: UnknownWeek()].append(name, school: school, all)
            }
        }
        for (segment, names) in segments { try names.write(week, figures, segment, part: nil, db) }
    }

    private func cells(of name: Int64, _ week: Int, _ figures: Int) throws -> Data? {
        let find = try db.cachedStatement(
            sql: "SELECT cells FROM name_weeks WHERE week = ? AND figures = ? AND name = ?")
        return try Data.fetchOne(find, arguments: [week, figures, name])
    }
}
