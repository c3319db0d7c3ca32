import GRDB
import Wire

extension SQLiteStore {
    /// Adds up what the agents of schools told of whole days.
    static func addWholeDays(
        of schools: [School], _ period: Period, to figures: inout CoverageFigures, _ db: Database
    ) throws {
        let columns = [
            "unnamed_tls", "unnamed_quic", "dot", "doq", "doh", "relay", "vpn", "dns_declined", "dns_allowed",
            "relay_declined", "relay_allowed", "withheld_names", "withheld_dns", "withheld_tls", "withheld_quic",
            "withheld_http", "withheld_attributed",
        ]
        let sql = """
            SELECT \(columns.map(sum).joined(separator: ", ")), count(DISTINCT agent)
            FROM days WHERE day BETWEEN ? AND ? AND school IN (\(schools.map { "\($0.key)" }.joined(separator: ", ")))
            """
        let arguments: StatementArguments = [period.first.description, period.last.description]
        guard let row = try GRDB.Row.fetchOne(db, sql: sql, arguments: arguments) else { return }
        figures.unnamed = Unnamed(tls: row[0], quic: row[1])
        figures.encryptedDNS = EncryptedDNS(dot: row[2], doq: row[3], doh: row[4])
        figures.hidden = Hidden(relay: row[5], vpn: row[6])
        figures.declines = Declines(
            encryptedDNS: Declines.Answers(declined: row[7], allowed: row[8]),
            privateRelay: Declines.Answers(declined: row[9], allowed: row[10]))
        figures.withheld = Withheld(
            names: row[11], dns: row[12], tls: row[13], quic: row[14], http: row[15], attributed: row[16])
        figures.agents = row[17]
    }

    /// A sum that stays within 2^53 and so is exact, or else stands at the bound: `sum` itself would fail for everybody
    /// if one agent sent absurd counts.
    private static func sum(_ column: String) -> String {
        "CAST(min(total(\(column)), 9007199254740992.0) AS INTEGER)"
    }
}
