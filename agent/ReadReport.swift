import Dissection
import FoundationEssentials
import Tally
import Wire

/// What captures showed, as ``Read`` prints it.
struct ReadReport: Encodable {
    struct Name: Encodable {
        var name: String
        var dns: Int
        var tls: Int
        var quic: Int
        var http: Int
        var attributed: Int
        var devices: Int
    }

    struct Capture: Encodable {
        var frames: Int
        var bytes: Int
        var malformed: Int
        /// The time of the first frame (RFC 3339), null without frames.
        var first: String?
        var last: String?
        /// What was forgotten early because a table was full, by table.
        var evictions: [String: Int]
        /// What was malformed and how often, where that was asked for.
        var reasons: [String: Int]?
    }

    /// By name.
    var names: [Name]
    var unnamed: Unnamed
    var encryptedDNS: EncryptedDNS
    var hidden: Hidden
    var declines: Declines
    var withheld: Withheld
    var capture: Capture

    private enum CodingKeys: String, CodingKey {
        case names, unnamed, hidden, declines, withheld, capture
        case encryptedDNS = "encrypted_dns"
    }

    init(_ result: CaptureTally.Result, _ statistics: Statistics, _ evictions: Evictions, withReasons: Bool) {
        names = result.rows.map { row in
            Name(
                name: row.name, dns: row.dns, tls: row.tls, quic: row.quic, http: row.http,
                attributed: row.attributed, devices: row.devices)
        }
        unnamed = result.unnamed
        encryptedDNS = result.encryptedDNS
        hidden = result.hidden
        declines = result.declines
        withheld = result.withheld
        capture = Capture(
            frames: statistics.frames, bytes: statistics.bytes, malformed: statistics.malformed,
            first: Self.timestamp(statistics.firstNanoseconds), last: Self.timestamp(statistics.lastNanoseconds),
            evictions: Dictionary(evictions.byTable.map { ($0.table, $0.count) }) { $0 + $1 },
            reasons: withReasons
                ? Dictionary(statistics.malformedByReason.map { ($0.reason, $0.count) }) { $0 + $1 } : nil)
    }

    func text(_ format: ReadFormat) throws -> String {
        switch format {
        case .json: try json
        case .csv: csv
        case .table: table
        }
    }

    private var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    private var csv: String {
        let rows = names.map { name in
            ([Self.quoted(name.name)] + Self.counts(name)).joined(separator: ",")
        }
        return ([Self.columns.joined(separator: ",")] + rows).joined(separator: "\n")
    }

    private var table: String {
        let header = Self.columns
        let rows = names.map { name in [name.name] + Self.counts(name) }
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        let lines = ([header] + rows).map { row in
            row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + padding : padding + row[column]
            }.joined(separator: "  ")
        }
        return (lines + [""] + summary).joined(separator: "\n")
    }

    private static let columns = ["name", "dns", "tls", "quic", "http", "attributed", "devices"]

    private static func counts(_ name: Name) -> [String] {
        [name.dns, name.tls, name.quic, name.http, name.attributed, name.devices].map(String.init)
    }

    /// What stands below the table: how much of what happened it shows.
    private var summary: [String] {
        var lines = [
            "\(names.count) names in \(capture.frames) frames"
                + (capture.first.map { " from \($0) to \(capture.last ?? $0)" } ?? "")
                + (capture.malformed > 0 ? ", \(capture.malformed) of them malformed" : ""),
            "without a name: \(unnamed.tls) TLS and \(unnamed.quic) QUIC connections",
            "encrypted DNS: \(encryptedDNS.dot) over TLS, \(encryptedDNS.doq) over QUIC, \(encryptedDNS.doh) over HTTPS",
            "hidden: \(hidden.relay) connections to relays, \(hidden.vpn) to VPN and proxy services",
        ]
        lines +=
            Self.told(declines.encryptedDNS, of: "encrypted DNS")
            + Self.told(declines.privateRelay, of: "private relay")
        if withheld.names > 0 {
            lines.append("withheld, because too few devices share them: \(withheld.names) names")
        }
        for (table, count) in capture.evictions.sorted(by: { $0.key < $1.key }) where count > 0 {
            lines.append("forgotten early, because there were too many: \(count) \(table)")
        }
        for (reason, count) in (capture.reasons ?? [:]).sorted(by: { $0.key < $1.key }) {
            lines.append("malformed: \(reason), \(count) times")
        }
        return lines
    }

    /// What the network says of something, where devices asked.
    private static func told(_ answers: Declines.Answers, of what: String) -> [String] {
        guard answers != Declines.Answers() else { return [] }
        return ["\(what): the network declined \(answers.declined) times and did not \(answers.allowed) times"]
    }

    /// A field of CSV (RFC 4180 section 2).
    private static func quoted(_ field: String) -> String {
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }

    private static func timestamp(_ nanoseconds: Int64?) -> String? {
        guard let nanoseconds else { return nil }
        let date = Date(timeIntervalSince1970: Double(nanoseconds) / 1e9)
        return date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
