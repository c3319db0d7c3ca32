import GRDB

extension Schema {
    /// Adds what somebody said needs no review.
    static func registerReview(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("review: dismissed groups of names") { db in try db.execute(sql: dismissals) }
    }

    private static let dismissals = """
        CREATE TABLE dismissals (
            key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 1020),
            reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
            who TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
