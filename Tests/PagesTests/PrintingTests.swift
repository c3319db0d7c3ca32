import Foundation
import Registry
import Testing
import Usage

@testable import Pages

@Suite struct `CSV of everything` {
    @Test func `each tool, unknown name and platform of the infrastructure is a row`() {
        let rows = reportCSV(Samples.report).components(separatedBy: "\r\n")
        #expect(rows[0] == "kind,platform,status,category,vendor,schools,devices,dns,tls,quic,attributed,names")
        #expect(rows.count == 1 + 2 + 1 + 1 + 1, "and nothing after the last line break")
        #expect(rows.last == "")
        #expect(
            rows.contains(
                "tool,Chatterbox,flagged,messaging,Sample Social,Example High; Placeholder Elementary; Sample Middle,"
                    + "58,522,812,290,19,chatterbox.example"))
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

@Suite struct `JSON of everything` {
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
        #expect(document.tools.count == 2)
        let tool = try #require(document.tools.first { $0.platform == "Homework Genie" })
        #expect((tool.status, tool.category, tool.vendor) == ("flagged", "ai", "Placeholder AI"))
        #expect((tool.devices, tool.dns, tool.tls, tool.quic, tool.attributed) == (117, 1053, 1638, 585, 39))
        #expect(tool.names.map(\.name) == ["genie.example"])
        #expect(document.unknown.map(\.name).first == "portal.flashcards.example")
        #expect(document.infrastructure.names == 1)
        #expect(document.infrastructure.categories.map(\.category) == ["cdn"])
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
