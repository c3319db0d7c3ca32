import Foundation
import Testing
import Wire

@testable import Store

@Suite struct `A row` {
    private func skipped(_ row: Row) -> Receipt.Skipped? {
        let report = accepted([day([Row(name: "fine.example", dns: 1), row])])
        #expect(report.days[0].rows.first?.name == "fine.example")
        #expect(report.receipt.stored == (report.skipped.isEmpty ? 2 : 1))
        return report.skipped.first
    }

    @Test(arguments: [
        "example.com", "a", "_dmarc.example.com", "xn--schne-kva.example", "a\\046b.example", "a\\092b", "a\\.b.c",
        "a\\000",
        String(repeating: "a", count: 63) + ".example",
    ])
    func `may have any name in its one spelling`(name: String) {
        #expect(skipped(Row(name: name)) == nil)
    }

    @Test(arguments: [
        ("bad..example", "has an empty label"), ("", "has an empty label"), (".", "has an empty label"),
        ("a.", "has an empty label"), (".a", "has an empty label"), ("Example.com", "has capitals"),
        ("a b.example", "is not escaped"), ("é.example", "is not escaped"), ("a\n", "is not escaped"),
        ("a\\", "broken escape"), ("a\\25", "broken escape"), ("a\\256", "broken escape"), ("a\\ ", "broken escape"),
        ("\\097", "needs none"), ("\\065", "needs none"), ("\\a", "needs none"),
        (String(repeating: "a", count: 64) + ".example", "longer than 63"),
        (Array(repeating: String(repeating: "a", count: 60), count: 5).joined(separator: "."), "255 octets"),
    ])
    func `is skipped for a name in another spelling, and told why`(name: String, reason: String) throws {
        let entry = try #require(skipped(Row(name: name)))
        #expect(entry.pointer == "/days/0/rows/1/name")
        #expect(entry.detail.contains(reason))
        #expect(entry.detail.hasSuffix("; the row was skipped"))
    }

    @Test(arguments: [
        (Row(name: "a", dns: -1), "/dns"), (Row(name: "a", tls: (1 << 53) + 1), "/tls"),
        (Row(name: "a", quic: .min), "/quic"), (Row(name: "a", devices: .max), "/devices"),
        (Row(name: "a", tls: 1, quic: 1, attributed: 3), "/attributed"), (Row(name: "a", hours: [24: 1]), "/hours"),
        (Row(name: "a", hours: [-1: 1]), "/hours"), (Row(name: "a", hours: [3: -1]), "/hours/3"),
        (Row(segment: "a\u{0}", name: "a"), "/segment"),
        (Row(segment: String(repeating: "s", count: 101), name: "a"), "/segment"),
    ])
    func `is skipped for a count that is none, and told where`(row: Row, field: String) throws {
        #expect(try #require(skipped(row)).pointer == "/days/0/rows/1" + field)
    }
}

@Suite struct `A day of a report` {
    private static let today = SchoolDay(ordinal: 20_781)

    private func skipped(_ change: (inout Day) -> Void) -> [Receipt.Skipped] {
        var bad = day(Self.today, [Row(name: "a.example")])
        change(&bad)
        let report = AcceptedReport(
            checking: Report(sentAt: 0, version: "1", days: [bad, day(Self.today, [Row(name: "b.example")])]),
            today: Self.today)
        #expect(report.days.count == (report.skipped.isEmpty ? 2 : 1))
        return report.skipped
    }

    @Test func `is skipped as a whole for what is wrong in it as a whole`() {
        #expect(skipped { $0.day = Self.today.advanced(by: 2) } == [])
        #expect(skipped { $0.day = Self.today.advanced(by: 3) }.map(\.pointer) == ["/days/0/day"])
        #expect(skipped { $0.day = SchoolDay(ordinal: 10_956) }.map(\.pointer) == ["/days/0/day"])
        #expect(skipped { $0.run = String(repeating: "A", count: 32) }.map(\.pointer) == ["/days/0/run"])
        #expect(skipped { $0.run = "abc" }.map(\.pointer) == ["/days/0/run"])
        #expect(skipped { $0.sequence = -1 }.map(\.pointer) == ["/days/0/sequence"])
        #expect(skipped { $0.withheld.attributed = -1 }.map(\.pointer) == ["/days/0/withheld/attributed"])
        #expect(skipped { $0.encryptedDNS.doh = -1 }.map(\.pointer) == ["/days/0/encrypted_dns/doh"])
    }
}

@Suite struct `A report's JSON` {
    private func detail(_ json: String) -> String? {
        do throws(Problem) {
            _ = try Report(json: Array(json.utf8))
            return nil
        } catch {
            #expect(error.status == 400)
            return error.detail
        }
    }

    private static let day = """
        "day": "2026-11-24", "run": "00000000000000000000000000000000", "sequence": 1, "ended": false,
        "unnamed": {"tls": 0, "quic": 0}, "encrypted_dns": {"dot": 0, "doq": 0, "doh": 0}, "devices": 0,
        "withheld": {"names": 0, "dns": 0, "tls": 0, "quic": 0, "attributed": 0}
        """

    private func report(_ rows: String) -> String {
        "{\"sent_at\": 1, \"version\": \"1\", \"new\": {}, \"days\": [{\(Self.day), \"later\": 1, \"rows\": [\(rows)]}]}"
    }

    @Test func `may have members that nobody knows yet`() {
        let row = """
            {"segment": "", "name": "a.example", "dns": 1, "tls": 0, "quic": 0, "attributed": 0, "devices": 1,
             "hours": {"9": 3}, "ja4": "x"}
            """
        #expect(detail(report(row)) == nil)
    }

    @Test(arguments: [
        ("", "the body is no JSON"), ("{", "the body is no JSON"), ("[1]", "the whole is not an object"),
        ("{\"sent_at\": 1, \"version\": \"1\"}", "/days is missing"),
        ("{\"sent_at\": \"now\", \"version\": \"1\", \"days\": []}", "/sent_at is not a whole number"),
        ("{\"sent_at\": 1, \"version\": null, \"days\": []}", "/version is null; it has to be a text"),
        (
            "{\"sent_at\": 1, \"version\": \"1\", \"days\": [{\"day\": \"2026-02-30\"}]}",
            "/days/0/day: \"2026-02-30\" is no day"
        ),
    ])
    func `is refused with the place and the reason`(json: String, reason: String) throws {
        #expect(try #require(detail(json)).hasPrefix(reason), "\(detail(json) ?? "")")
    }

    @Test func `is refused with the row in which a field has another type`() throws {
        let rows = "{\"segment\": \"\", \"name\": 5}"
        #expect(detail(report(rows)) == "/days/0/rows/0/name is not a text")
    }
}

@Suite struct `A report that is written plainly` {
    private static let row = """
        {"segment": "students", "name": "a.example", "dns": 1, "tls": 22, "quic": 333, "http": 4, "attributed": 5,
         "devices": 6, "hours": {"9": 3, "10": 14}}
        """

    private static func report(_ rows: [String]) -> [UInt8] {
        let day = """
            "day": "2026-11-24", "run": "00000000000000000000000000000000", "sequence": 1, "ended": false,
            "unnamed": {"tls": 0, "quic": 0}, "encrypted_dns": {"dot": 0, "doq": 0, "doh": 0}, "devices": 0,
            "withheld": {"names": 0, "dns": 0, "tls": 0, "quic": 0, "attributed": 0}
            """
        let days = rows.map { "{\(day), \"rows\": \($0)}" }.joined(separator: ", ")
        let health = "{\"uptime_seconds\": 1, \"rows\": 7, \"interfaces\": []}"
        return Array("{\"sent_at\": 1, \"version\": \"1\", \"days\": [\(days)], \"health\": \(health)}".utf8)
    }

    private static func decoded(_ json: [UInt8]) -> Report? { try? JSONDecoder().decode(Report.self, from: Data(json)) }

    @Test func `is read fast, and as the general decoder reads it`() throws {
        for rows in [["[\(Self.row), \(Self.row)]", "[]"], ["[ \(Self.row) ]"], []] {
            var json = Self.report(rows)
            // Without what health must have, so that both leave it out.
            json = Array(
                String(decoding: json, as: UTF8.self).replacing(/, "health".*}/, with: "}").utf8)
            let plain = try #require(Report(plain: json))
            #expect(plain == Self.decoded(json))
            #expect(plain.days.map(\.rows.count) == rows.map { $0.ranges(of: "segment").count })
        }
    }

    @Test(arguments: [
        (#""dns": 1"#, #""dns": -1"#), (#""dns": 1"#, #""dns": 1.5"#), (#""dns": 1"#, #""dns": 1e3"#),
        (#""dns": 1"#, #""dns": 01"#), (#""dns": 1"#, #""dns": 1234567890123456789"#), (#""dns": 1"#, #""dns": null"#),
        (#""dns": 1"#, #""dns": 1, "dns": 2"#), (#""dns": 1, "#, ""), (#""dns": 1"#, #""dnx": 1"#),
        (#""dns": 1"#, #""dns": 1, "ja4": "x""#), ("a.example", #"a\\046b"#), ("a.example", #"a\u0062"#),
        (#""9": 3"#, #""9": 3, "9": 4"#), (#""9": 3"#, #""09": 3"#), (#""9": 3"#, #""x": 3"#),
        (#""hours": {"#, #""hours": [{"#),
    ])
    func `or else is left to the general decoder`(plain: String, other: String) {
        let row = Self.row.replacing(plain, with: other)
        #expect(row != Self.row)
        #expect(Report(plain: Self.report(["[\(row)]"])) == nil)
    }

    @Test func `never means something else, whatever bytes are changed in it`() {
        var random = Seeded(state: 3)
        let json = Self.report(["[\(Self.row), \(Self.row)]"])
        var read = 0
        for _ in 0..<3000 {
            var changed = json
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let place = Int.random(in: changed.indices, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: changed[place] = UInt8.random(in: 0x20...0x7F, using: &random)
                case 1: changed.remove(at: place)
                default: changed.insert(changed[Int.random(in: changed.indices, using: &random)], at: place)
                }
            }
            guard let plain = Report(plain: changed) else { continue }
            read += 1
            #expect(plain == Self.decoded(changed), "\(String(decoding: changed, as: UTF8.self))")
        }
        #expect(read > 0)
    }
}
