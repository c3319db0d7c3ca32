import Foundation
import Testing
import Wire

@Suite struct `Reports on the wire` {
    @Test func `a report comes back as it was sent`() throws {
        let day = Day(
            day: try #require(SchoolDay("2026-11-24")), run: String(repeating: "a", count: 32), sequence: 3,
            ended: false,
            rows: [
                Row(
                    segment: "staff", name: "www.example.com", dns: 4, tls: 3, quic: 2, http: 1, devices: 3,
                    hours: [9: 3])
            ],
            hidden: Hidden(relay: 5, vpn: 6),
            declines: Declines(encryptedDNS: .init(declined: 7, allowed: 8), privateRelay: .init(declined: 9)),
            withheld: Withheld(names: 2, http: 1))
        let health = Health(
            uptimeSeconds: 60, interfaces: [.init(name: "eth1", isUp: true, frames: 9, droppedByKernel: 1)], rows: 1,
            rowCapacity: 50_000)
        let report = Report(sentAt: 1_795_500_000, version: "0.1.0", days: [day], health: health)
        #expect(try JSONDecoder().decode(Report.self, from: JSONEncoder().encode(report)) == report)
    }

    @Test func `a report of an agent that tells less is read`() throws {
        let json = """
            {"sent_at": 1, "version": "0.1.0", "days": [{"day": "2026-11-24", "run": "r", "sequence": 1, "ended": true,
              "devices": 3, "rows": [{"segment": "", "name": "a.example", "dns": 1, "tls": 0, "quic": 0,
              "attributed": 0, "devices": 3, "hours": {}}], "unnamed": {"tls": 1, "quic": 0},
              "encrypted_dns": {"dot": 0, "doq": 0, "doh": 2},
              "withheld": {"names": 1, "dns": 1, "tls": 0, "quic": 0, "attributed": 0}}]}
            """
        let report = try JSONDecoder().decode(Report.self, from: Data(json.utf8))
        let day = try #require(report.days.first)
        #expect(report.health == nil)
        #expect(day.rows.map(\.http) == [0])
        #expect(day.hidden == Hidden() && day.declines == Declines() && day.withheld.http == 0)
    }
}
