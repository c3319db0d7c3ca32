import GRDB
package import Programme
import Registry

/// A piece of contract language from Law.
package struct ContractLanguage: Sendable, Equatable {
    /// The platform that it is for; empty for all.
    package var platform: String
    /// What it is about.
    package var title: String
    /// The text.
    package var text: String

    /// Makes one.
    package init(platform: String, title: String, text: String) {
        self.platform = platform
        self.title = title
        self.text = text
    }
}

extension SQLiteStore {
    /// Takes over spend figures; one for the same platform, school and period is replaced.
    package func keep(_ spends: [Spend]) async throws {
        try await pool.write { db in
            for spend in spends {
                try db.execute(
                    sql: """
                        INSERT INTO spends (platform, school, period, name, cents, licences) VALUES (?, ?, ?, ?, ?, ?)
                        ON CONFLICT (platform, school, period) DO UPDATE SET name = excluded.name,
                            cents = excluded.cents, licences = excluded.licences
                        """,
                    arguments: [
                        Platform.key(of: spend.platform), spend.school, spend.period, spend.platform, spend.cents,
                        spend.licences,
                    ])
            }
        }
    }

    /// All spend figures.
    package func spends() async throws -> [Spend] {
        try await pool.read { db in
            try GRDB.Row.fetchAll(
                db,
                sql: "SELECT name, school, period, cents, licences FROM spends ORDER BY platform, period DESC, school"
            ).map {
                Spend(platform: $0[0], school: $0[1], period: $0[2], cents: $0[3], licences: $0[4])
            }
        }
    }

    /// Takes one spend figure away: that of its platform, school and period.
    package func remove(_ spend: Spend) async throws {
        try await pool.write { db in
            try db.execute(
                sql: "DELETE FROM spends WHERE platform = ? AND school = ? AND period = ?",
                arguments: [Platform.key(of: spend.platform), spend.school, spend.period])
        }
    }

    /// Keeps a piece of contract language; an empty text takes it away.
    package func keep(_ language: ContractLanguage) async throws {
        try await pool.write { db in
            let key = Platform.key(of: language.platform)
            try db.execute(
                sql: "DELETE FROM contract_language WHERE platform = ? AND title = ?", arguments: [key, language.title])
            guard !language.text.isEmpty else { return }
            try db.execute(
                sql: "INSERT INTO contract_language (platform, title, text) VALUES (?, ?, ?)",
                arguments: [key, language.title, language.text])
        }
    }

    /// The contract language for a platform: what is for all, then its own.
    package func contractLanguage(for platform: String) async throws -> [ContractLanguage] {
        try await pool.read { db in
            try GRDB.Row.fetchAll(
                db,
                sql:
                    "SELECT platform, title, text FROM contract_language WHERE platform IN ('', ?) ORDER BY platform, title",
                arguments: [Platform.key(of: platform)]
            ).map { ContractLanguage(platform: $0[0], title: $0[1], text: $0[2]) }
        }
    }
}
