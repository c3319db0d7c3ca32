import GRDB
import Registry
import Wire

/// How platforms lie in the database.
extension SQLiteStore {
    static func keep(_ platform: Platform, _ db: Database) throws {
        let columns = platform.columns
        let names = columns.map(\.name)
        let sql = """
            INSERT INTO platforms (\(names.joined(separator: ", ")))
            VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
            ON CONFLICT (key) DO UPDATE SET \(names.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            RETURNING id
            """
        let key = try Int64.fetchOne(
            db.cachedStatement(sql: sql), arguments: StatementArguments(columns.map(\.value)))
        for (position, pattern) in platform.patterns.enumerated() {
            try db.cachedStatement(sql: "INSERT INTO patterns (platform, position, pattern) VALUES (?, ?, ?)")
                .execute(arguments: [key, position, pattern.text])
        }
    }

    static func registry(_ db: Database) throws -> [Platform] {
        var patterns: [Int64: [NamePattern]] = [:]
        let sql = "SELECT platform, pattern FROM patterns ORDER BY platform, position"
        for row in try GRDB.Row.fetchAll(db, sql: sql) {
            let platform: Int64 = row[0]
            patterns[platform, default: []].append(try NamePattern(row[1] as String))
        }
        return try GRDB.Row.fetchAll(db, sql: "SELECT * FROM platforms ORDER BY key").map { row in
            var platform = Platform(row)
            platform.patterns = patterns[row["id"]] ?? []
            return platform
        }
    }
}

extension Platform {
    /// The columns of `platforms` with what this one says; patterns lie in a table of their own.
    fileprivate var columns: [(name: String, value: (any DatabaseValueConvertible)?)] {
        [
            ("key", key), ("name", name), ("vendor", vendor), ("category", category), ("kind", kind.rawValue),
            ("status", status.rawValue), ("conditions", conditions), ("replacement", replacement), ("notes", notes),
            ("relationship", terms.relationship?.rawValue), ("contract", terms.contract),
            ("price_vehicle", terms.priceVehicle), ("licences", terms.licences),
            ("audiences", terms.audiences.lines), ("approval_expires", terms.approvalExpires?.description),
            ("student_data", privacy.studentData.lines), ("age_limit", privacy.ageLimit),
            ("agreement", privacy.agreement?.link), ("agreement_signed", privacy.agreement?.signed?.description),
            ("agreement_expires", privacy.agreement?.expires?.description),
            ("ratings", privacy.ratings.map { "\($0.day) \($0.link)" }.lines),
        ]
    }

    /// Reads a row of `platforms`.
    fileprivate init(_ row: GRDB.Row) {
        func day(_ column: String) -> SchoolDay? { (row[column] as String?).flatMap { SchoolDay($0) } }
        let kind: String = row["kind"]
        let status: String = row["status"]
        let relationship: String? = row["relationship"]
        let agreement: String? = row["agreement"]
        self.init(
            name: row["name"], vendor: row["vendor"], category: row["category"], kind: Kind(rawValue: kind) ?? .tool,
            status: Status(rawValue: status) ?? .unlisted, conditions: row["conditions"],
            replacement: row["replacement"], notes: row["notes"],
            terms: Terms(
                relationship: relationship.flatMap { Terms.Relationship(rawValue: $0) }, contract: row["contract"],
                priceVehicle: row["price_vehicle"], licences: row["licences"],
                audiences: [String](lines: row["audiences"]),
                approvalExpires: day("approval_expires")),
            privacy: PrivacyFacts(
                studentData: [String](lines: row["student_data"]), ageLimit: row["age_limit"],
                agreement: agreement.map {
                    PrivacyFacts.Agreement(link: $0, signed: day("agreement_signed"), expires: day("agreement_expires"))
                },
                ratings: [String](lines: row["ratings"]).compactMap(PrivacyFacts.Rating.init(line:))))
    }
}

extension PrivacyFacts.Rating {
    /// Reads `2026-11-24 https://…`.
    fileprivate init?(line: String) {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let day = SchoolDay(parts[0]) else { return nil }
        self.init(link: String(parts[1]), day: day)
    }
}

extension [String] {
    /// The texts, one a line.
    fileprivate var lines: String { joined(separator: "\n") }

    /// Reads texts, one a line.
    fileprivate init(lines: String) {
        self = lines.split(separator: "\n").map(String.init)
    }
}
