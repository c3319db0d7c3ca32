import Foundation
import Registry
import Testing
import Usage

@testable import Pages

@Suite struct `CSV` {
    @Test func `each tool, unknown name and platform of the infrastructure is a row`() {
        let rows = reportCSV(Samples.report).components(separatedBy: "\r\n")
        #expect(rows[0] == "kind,platform,status,category,vendor,schools,devices,dns,tls,quic,attributed,names")
        #expect(rows.count == 1 + 10 + 4 + 3 + 1, "and nothing after the last line break")
        #expect(rows.last == "")
        #expect(
            rows.contains(
                "tool,Chatterbox,flagged,messaging,Sample Social,Example High; Placeholder Elementary; Sample Middle,"
                    + "58,522,812,290,19,chatterbox.example api.chatterbox.example"))
        #expect(rows.contains("unknown,,not_in_registry,,,Example High,9,27,36,0,2,portal.flashcards.example"))
        #expect(rows.contains { $0.hasPrefix("infrastructure,Example CDN,,cdn,Example Networks,") })
    }

    @Test(arguments: [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\tx", "'\tx"),
        ("=\u{301}1", "'=\u{301}1"), ("a=b", "a=b"),
    ])
    func `text that a spreadsheet would run is defused`(name: String, cell: String) {
        #expect(row(name) == "unknown,,not_in_registry,,,,1,0,0,0,0,\(cell)")
    }

    @Test(arguments: [
        ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("\r=1", "\"'\r=1\""),
        ("a\"\u{301}", "\"a\"\"\u{301}\""),
    ])
    func `what separates fields is quoted`(name: String, cell: String) {
        #expect(row(name) == "unknown,,not_in_registry,,,,1,0,0,0,0,\(cell)")
    }

    /// The only row of a report with one unknown name.
    private func row(_ name: String) -> String {
        let use = NameUse(name: name, schools: [], devices: 1, counts: Counts())
        return reportCSV(UseReport(scope: .init(), unknown: [use])).components(separatedBy: "\r\n")[1]
    }
}

@Suite struct `JSON` {
    /// The fields of the report that other programs rely on.
    struct Document: Decodable {
        struct Name: Decodable, Equatable {
            var name: String
            var schools: [String]
            var devices, dns, tls, quic, attributed: Int
        }
        struct Tool: Decodable {
            var platform, vendor, status, category: String
            var schools: [String]
            var devices, dns, tls, quic, attributed: Int
            var names: [Name]
        }
        struct Infrastructure: Decodable {
            struct Category: Decodable {
                var category: String
                var names: [Name]
            }
            var names, dns, tls, quic, attributed: Int
            var categories: [Category]
        }
        var scope: [String: Value]
        var tools: [Tool]
        var unknown: [Name]
        var infrastructure: Infrastructure
        var coverage: [String: Value]
    }

    /// Anything but a number with a fraction.
    indirect enum Value: Decodable, Equatable {
        case null, text(String), number(Int), list([Value]), object([String: Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else if let list = try? container.decode([Value].self) {
                self = .list(list)
            } else {
                self = .object(try container.decode([String: Value].self))
            }
        }
    }

    @Test func `it has the documented form`() throws {
        let document = try JSONDecoder().decode(Document.self, from: Data(reportJSON(Samples.report).utf8))
        #expect(document.tools.count == 10)
        let tool = try #require(document.tools.first { $0.platform == "Homework Genie" })
        #expect((tool.status, tool.category, tool.vendor) == ("flagged", "ai", "Placeholder AI"))
        #expect((tool.devices, tool.dns, tool.tls, tool.quic, tool.attributed) == (117, 1053, 1638, 585, 39))
        #expect(tool.names.map(\.name) == ["genie.example", "api.genie.example"])
        #expect(document.unknown.map(\.name).first == "quiz.example.net")
        #expect(document.infrastructure.names == 6)
        #expect(document.infrastructure.categories.map(\.category) == ["cdn", "certificates", "updates"])
        #expect(document.scope["school"] == .null)
        #expect(document.scope["first_day"] == .text("2026-11-16"))
        #expect(
            document.coverage["encrypted_dns"] == .object(["dot": .number(12), "doq": .number(0), "doh": .number(431)]))
        #expect(document.coverage["unnamed"] == .object(["tls": .number(2951), "quic": .number(640)]))
        #expect(document.coverage["agents"] == .number(6))
    }

    @Test func `the same report is the same bytes`() throws {
        #expect(try reportJSON(Samples.report) == reportJSON(Samples.report))
    }

    @Test func `an empty report has every field`() throws {
        let document = try JSONDecoder().decode(Document.self, from: Data(reportJSON(UseReport(scope: .init())).utf8))
        #expect(document.tools.isEmpty)
        #expect(document.infrastructure.categories.isEmpty)
        #expect(document.scope.keys.sorted() == ["first_day", "from", "last_day", "school", "schools", "to"])
    }

    @Test(arguments: Hostile.texts)
    func `a hostile name comes back as it was`(text: String) throws {
        let use = NameUse(name: text, schools: [], devices: 1, counts: Counts())
        let json = try reportJSON(UseReport(scope: .init(), unknown: [use]))
        #expect(try JSONDecoder().decode(Document.self, from: Data(json.utf8)).unknown.map(\.name) == [text])
    }
}

@Suite struct `Terminal table` {
    @Test func `it is what a colleague reads in the morning`() {
        let expected = """
            10 online tools in use at 5 schools
            Seen from November 16 to 24, 2026.
            2 are flagged and 4 are not yet audited; 4 names belong to no known tool.

            Flagged (2)                  schools  devices  queries    TLS   QUIC  attributed
            Homework Genie                     4    ≈ 117    1,053  1,638    585          39
              → move to Sample Tutor
            Chatterbox                         3       58      522    812    290          19
              → move to Class Messages

            Not in the registry (3)      schools  devices  queries    TLS   QUIC  attributed
            Quizzard                           5    ≈ 143    1,287  2,002    715          47

            """
        #expect(reportTable(Samples.report, width: 80).hasPrefix(expected.dropLast()))
    }

    @Test(arguments: 40...130)
    func `no line is wider than the terminal`(width: Int) {
        for report in [Samples.report, UseReport(scope: Samples.scope)] + Hostile.reports {
            let widest = reportTable(report, width: width).split(separator: "\n").map { columns(String($0)) }.max()
            #expect((widest ?? 0) <= width)
        }
    }

    @Test func `an escape sequence in a name moves no cursor`() {
        let table = reportTable(
            UseReport(scope: Samples.scope, unknown: [Samples.unknown("\u{1B}[2Ja", 3, 1)]), width: 80)
        #expect(!table.contains("\u{1B}"))
        #expect(table.contains("\\u{1B}[2Ja"))
    }

    @Test(arguments: [
        ("short.example", 20, "short.example"), ("a-very-long-name.example", 11, "a-ver…ample"),
        ("abcdefghij", 4, "ab…j"), ("日本語日本語", 7, "日本…語"),
    ])
    func `a long name loses its middle`(name: String, width: Int, expected: String) {
        #expect(cut(name, to: width) == expected)
    }

    @Test func `without a report it says what to do`() {
        let table = reportTable(UseReport(scope: .init()), width: 80)
        #expect(table.hasPrefix("No school has reported yet\n"))
        #expect(table.contains("\n  rollcall-agent run --config agent.toml\n"))
    }
}

extension Hostile {
    /// A report for each text, with it wherever text of others goes.
    static var reports: [UseReport] {
        texts.map { text in
            let name = NameUse(name: text, schools: [text], devices: .max / 4, counts: Counts(dns: .max / 8))
            return UseReport(
                scope: .init(school: text, firstDay: text, lastDay: text, schools: [text]),
                tools: [Samples.tool(text, text, text, .flagged, 3, 1, text, replacement: text)], unknown: [name])
        }
    }
}
