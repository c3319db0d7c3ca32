import Foundation
import GRDB
import Wire

extension SQLiteStore {
    private static let wholeDayColumns = [
        "unnamed_tls", "unnamed_quic", "dot", "doq", "doh", "relay", "vpn", "dns_declined", "dns_allowed",
        "relay_declined", "relay_allowed", "withheld_names", "withheld_dns", "withheld_tls", "withheld_quic",
        "withheld_http", "withheld_attributed",
    ]

    /// The columns of whole days, each added up over those that a condition picks.
    static func wholeDaySums(_ condition: String, _ arguments: StatementArguments, _ db: Database) throws -> [Int] {
        // A sum that stays within 2^53 and so is exact, or else stands at the bound: `sum` itself would fail for
        // everybody if one agent sent absurd counts.
        let sums = wholeDayColumns.map { "CAST(min(total(\($0)), 9007199254740992.0) AS INTEGER)" }
        let sql = "SELECT \(sums.joined(separator: ", ")) FROM days WHERE \(condition)"
        guard let row = try GRDB.Row.fetchOne(db.cachedStatement(sql: sql), arguments: arguments) else { return [] }
        return wholeDayColumns.indices.map { row[$0] }
    }

    /// Adds up what the agents of schools told of whole days.
    static func addWholeDays(
        of schools: [School], _ period: Period, to figures: inout CoverageFigures, _ db: Database
    ) throws {
        var sums = wholeDayColumns.map { _ in 0 }
        var agents: Set<Int64> = []
        for school in schools {
            try addWholeDays(
                "school = ? AND day BETWEEN ? AND ?",
                [school.key, period.first.description, period.last.description], to: &sums, &agents, db)
        }
        figures.take(sums, agents: agents.count)
    }

    /// Adds up what the agents of all schools told of whole days.
    static func addWholeDays(
        ofAllIn parts: PeriodParts, to figures: inout CoverageFigures, _ db: Database
    ) throws {
        var sums = wholeDayColumns.map { _ in 0 }
        var agents: Set<Int64> = []
        for part in parts.rows {
            try addWholeDays(
                "day BETWEEN ? AND ?", [part.first.description, part.last.description], to: &sums, &agents, db)
        }
        for week in parts.weeks {
            let find = try db.cachedStatement(sql: "SELECT days FROM week_coverage WHERE week = ? AND figures = ?")
            guard let days = try Data.fetchOne(find, arguments: [week.week.number, week.figures]) else { continue }
            try CoverageWeek.add(days.span, on: week.days, to: &sums, agents: &agents)
        }
        figures.take(sums, agents: agents.count)
    }

    private static func addWholeDays(
        _ condition: String, _ arguments: StatementArguments, to sums: inout [Int], _ agents: inout Set<Int64>,
        _ db: Database
    ) throws {
        for (column, sum) in try wholeDaySums(condition, arguments, db).enumerated() {
            sums[column] = sums[column].addingWithinBound(sum)
        }
        let find = try db.cachedStatement(sql: "SELECT DISTINCT agent FROM days WHERE \(condition)")
        agents.formUnion(try Int64.fetchAll(find, arguments: arguments))
    }
}

extension CoverageFigures {
    /// Takes over what the columns of whole days add up to.
    fileprivate mutating func take(_ sums: [Int], agents: Int) {
        unnamed = Unnamed(tls: sums[0], quic: sums[1])
        encryptedDNS = EncryptedDNS(dot: sums[2], doq: sums[3], doh: sums[4])
        hidden = Hidden(relay: sums[5], vpn: sums[6])
        declines = Declines(
            encryptedDNS: Declines.Answers(declined: sums[7], allowed: sums[8]),
            privateRelay: Declines.Answers(declined: sums[9], allowed: sums[10]))
        withheld = Withheld(
            names: sums[11], dns: sums[12], tls: sums[13], quic: sums[14], http: sums[15], attributed: sums[16])
        self.agents = agents
    }
}
