import GRDB
package import Identity
package import Registry

/// What an import did to the registry.
package struct ImportSummary: Sendable, Equatable {
    /// Platforms that are new.
    package var added = 0
    /// Platforms that were there and say something else now.
    package var changed = 0
    /// Platforms that were there just so.
    package var unchanged = 0
    /// Platforms that the file does not have and that were taken out.
    package var removed = 0
    /// Platforms that the file does not have and that stay.
    package var kept = 0
}

/// One entry in the history of a platform's status.
package struct StatusChange: Sendable, Equatable {
    /// The platform's name at that time.
    package var platform: String
    /// Seconds since 1970.
    package var at: Int
    /// Who did it.
    package var who: String
    /// The status before, nil when the platform was not in the registry.
    package var from: Status?
    /// The status after, nil when the platform was taken out.
    package var to: Status?
}

extension SQLiteStore {
    /// The district's registry, sorted by name.
    package func registry() async throws -> [Platform] {
        try await pool.read { db in try Self.registry(db) }
    }

    /// A number that changes whenever the registry does.
    package func registryRevision() async throws -> Int {
        try await pool.read { db in
            try Int.fetchOne(db, sql: "SELECT coalesce(max(id), 0) FROM registry_imports") ?? 0
        }
    }

    /// Takes over platforms, all or none.
    ///
    /// - Parameters:
    ///   - isWhole: Whether platforms that are not among them are taken out of the registry; otherwise they stay.
    ///   - who: Who does it, for the history.
    ///   - now: Seconds since 1970.
    ///   - auditor: Under whom the audit log has each platform that became different; nil where the caller keeps that.
    ///   - read: Gives the platforms, and is told the registry as it stands, so that it can check them against it; what
    ///     it throws leaves everything as it was.
    /// - Returns: What became different.
    /// - Throws: What `read` threw, or that the database cannot be written.
    package func importRegistry(
        replacing isWhole: Bool, by who: String, at now: Int, audit auditor: Who? = nil,
        reading read: @escaping @Sendable ([Platform]) throws -> [Platform]
    ) async throws -> ImportSummary {
        try await pool.write { db in
            let before = try Self.registry(db)
            let platforms = try read(before)
            let old = Dictionary(before.map { ($0.key, $0) }) { first, _ in first }
            let keys = Set(platforms.map(\.key))
            var summary = ImportSummary()
            let absent = before.filter { !keys.contains($0.key) }
            let leaving = isWhole ? absent : []
            summary.removed = leaving.count
            summary.kept = absent.count - leaving.count
            for platform in leaving {
                try db.execute(sql: "DELETE FROM platforms WHERE key = ?", arguments: [platform.key])
                try Self.note(platform.name, platform.status, nil, who, now, db)
            }
            // First all patterns go, so that one may move from a platform to another.
            for platform in platforms where old[platform.key] != nil {
                try db.execute(
                    sql: "DELETE FROM patterns WHERE platform = (SELECT id FROM platforms WHERE key = ?)",
                    arguments: [platform.key])
            }
            for platform in platforms {
                try Self.keep(platform, db)
                let previous = old[platform.key]
                if previous == platform { summary.unchanged += 1 } else if previous == nil { summary.added += 1 }
                if previous?.status != platform.status {
                    try Self.note(platform.name, previous?.status, platform.status, who, now, db)
                }
            }
            if let auditor {
                let difference = PlatformDifference(from: before, to: platforms, isWhole: isWhole)
                for entry in difference.auditEntries(by: auditor, at: now) { try AuditLog.record(entry, in: db) }
            }
            summary.changed = platforms.count - summary.added - summary.unchanged
            try db.execute(
                sql: "INSERT INTO registry_imports (at, who, platforms) VALUES (?, ?, ?)",
                arguments: [now, who, platforms.count])
            return summary
        }
    }

    /// Every status that a platform ever had, oldest first; of all platforms when none is named.
    package func statusHistory(of platform: String? = nil) async throws -> [StatusChange] {
        try await pool.read { db in
            try GRDB.Row.fetchAll(db, sql: "SELECT platform, at, who, old, new FROM status_changes ORDER BY id")
                .map { row in
                    let old: String = row[3]
                    let new: String = row[4]
                    return StatusChange(
                        platform: row[0], at: row[1], who: row[2], from: Status(rawValue: old),
                        to: Status(rawValue: new))
                }
                .filter { change in platform.map { Platform.key(of: change.platform) == Platform.key(of: $0) } ?? true }
        }
    }

    static func note(
        _ platform: String, _ old: Status?, _ new: Status?, _ who: String, _ now: Int, _ db: Database
    ) throws {
        try db.execute(
            sql: "INSERT INTO status_changes (platform, at, who, old, new) VALUES (?, ?, ?, ?, ?)",
            arguments: [platform, now, who, old?.rawValue ?? "absent", new?.rawValue ?? "absent"])
    }
}
