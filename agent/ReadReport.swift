import Dissection
import FoundationEssentials
import Tally
import Wire

/// What captures showed, as ``Read`` prints it.
struct ReadReport {
    private let result: CaptureTally.Result
    private let summary: Summary

    init(_ result: CaptureTally.Result, _ statistics: Statistics, _ evictions: Evictions, withReasons: Bool) {
        self.result = result
        summary = Summary(result, statistics, evictions, withReasons: withReasons)
    }

    func print(_ format: ReadFormat, to output: inout StandardOutput) throws {
        switch format {
        case .json: try printJSON(to: &output)
        case .csv: printCSV(to: &output)
        case .table: printTable(to: &output)
        }
    }

    /// One object: the names, one a line, then the ``Summary``.
    ///
    /// Names come one after the other, because fifty thousand at once take more memory than counting them.
    private func printJSON(to output: inout StandardOutput) throws {
        output.write("{\n  \"names\" : [")
        var separator = "\n"
        result.forEachRow { row in
            let fields = zip(Self.columns.dropFirst(), Self.counts(row)).map { "\"\($0)\" : \($1)" }
            output.write(
                "\(separator)    { \"name\" : \(Self.quotedJSON(row.name)), \(fields.joined(separator: ", ")) }")
            separator = ",\n"
        }
        output.write("\n  ],")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Goes on with the members of the same object.
        output.write(String(decoding: try encoder.encode(summary).dropFirst(), as: UTF8.self))
        output.write("\n")
    }

    private func printCSV(to output: inout StandardOutput) {
        output.write(Self.columns.joined(separator: ",") + "\n")
        result.forEachRow { row in
            output.write(([Self.quotedCSV(row.name)] + Self.counts(row)).joined(separator: ",") + "\n")
        }
    }

    private func printTable(to output: inout StandardOutput) {
        var widths = Self.columns.map(\.count)
        result.forEachRow { row in
            for (column, field) in ([row.name] + Self.counts(row)).enumerated() {
                widths[column] = max(widths[column], field.utf8.count)
            }
        }
        func line(_ fields: [String]) -> String {
            fields.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - fields[column].utf8.count)
                return column == 0 ? fields[column] + padding : padding + fields[column]
            }.joined(separator: "  ") + "\n"
        }
        output.write(line(Self.columns))
        result.forEachRow { row in output.write(line([row.name] + Self.counts(row))) }
        output.write("\n")
        for line in summary.lines(names: result.rowCount) { output.write(line + "\n") }
    }

    private static let columns = ["name", "dns", "tls", "quic", "http", "attributed", "devices"]

    private static func counts(_ row: Row) -> [String] {
        [row.dns, row.tls, row.quic, row.http, row.attributed, row.devices].map(String.init)
    }

    /// A field of CSV (RFC 4180 section 2).
    private static func quotedCSV(_ field: String) -> String {
        guard field.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }

    /// A string of JSON (RFC 8259 section 7); a name has no control characters.
    private static func quotedJSON(_ name: String) -> String {
        let isPlain = !name.utf8.contains { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\"") }
        let escaped = isPlain ? name : name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}

/// What captures showed besides names.
private struct Summary: Encodable {
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

    var unnamed: Unnamed
    var encryptedDNS: EncryptedDNS
    var hidden: Hidden
    var declines: Declines
    var withheld: Withheld
    var capture: Capture

    private enum CodingKeys: String, CodingKey {
        case unnamed, hidden, declines, withheld, capture
        case encryptedDNS = "encrypted_dns"
    }

    init(_ result: CaptureTally.Result, _ statistics: Statistics, _ evictions: Evictions, withReasons: Bool) {
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

    /// What stands below the table: how much of what happened it shows.
    func lines(names: Int) -> [String] {
        var lines = [
            "\(names) names in \(capture.frames) frames"
                + (capture.first.map { " from \($0) to \(capture.last ?? $0)" } ?? "")
                + (capture.malformed > 0 ? ", \(capture.malformed) of them malformed" : ""),
            "without a name: \(unnamed.tls) TLS and \(unnamed.quic) QUIC connections",
            "encrypted DNS: \(encryptedDNS.dot) over TLS, \(encryptedDNS.doq) over QUIC, \(encryptedDNS.doh) over HTTPS",
            "hidden: \(hidden.relay) connections to relays, \(hidden.vpn) to VPN and proxy services",
        ]
        lines += Self.told(declines.encryptedDNS, of: "encrypted DNS")
        lines += Self.told(declines.privateRelay, of: "private relay")
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

    private static func timestamp(_ nanoseconds: Int64?) -> String? {
        guard let nanoseconds else { return nil }
        let date = Date(timeIntervalSince1970: Double(nanoseconds) / 1e9)
        return date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
