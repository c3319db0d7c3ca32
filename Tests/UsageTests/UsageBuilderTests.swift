import Matching
import Registry
import Store
import Testing
import Usage
import Wire

@Suite struct `The report` {
    private let builder = UsageBuilder(
        matcher: Matcher(registry: [
            Platform(name: "Quiz", category: "games", status: .flagged, patterns: [.domain("quiz.example")]),
            Platform(name: "Board", status: .approved, patterns: [.domain("board.example")]),
            Platform(name: "Fonts", category: "cdn", kind: .infrastructure, patterns: [.domain("fonts.example")]),
        ]))

    private func observations(_ names: [NameObservation]) -> Observations {
        var observations = Observations()
        observations.names = names
        observations.schools = Set(names.map(\.school)).sorted().map {
            SchoolObservation(school: $0, firstDay: "2026-11-23", lastDay: "2026-11-25", agents: 1)
        }
        return observations
    }

    private func seen(_ school: String, _ name: String, _ devices: Int, dns: Int = 1) -> NameObservation {
        NameObservation(school: school, name: name, devices: devices, dns: dns, tls: 2, quic: 3, attributed: 1)
    }

    @Test func `adds counts up, but takes the largest name of a tool at a school`() {
        let report = builder.report(
            observations([
                seen("A", "quiz.example", 5), seen("A", "www.quiz.example", 7), seen("B", "quiz.example", 2),
            ]), scope: ObservationScope())
        #expect(report.tools.count == 1)
        #expect(report.tools[0].platform.name == "Quiz")
        #expect(report.tools[0].devices == 9)
        #expect(report.tools[0].schools == ["A", "B"])
        #expect(report.tools[0].counts == Counts(dns: 3, tls: 6, quic: 9, attributed: 3))
        #expect(report.tools[0].names.map(\.name) == ["quiz.example", "www.quiz.example"])
        #expect(report.tools[0].names[0].devices == 7)
        #expect(report.coverage.named == Counts(dns: 3, tls: 6, quic: 9, attributed: 3))
        #expect(report.coverage.attributed == 3)
    }

    @Test func `lists names of no known tool one by one, and none that infrastructure has`() {
        let report = builder.report(
            observations([
                seen("A", "x.fonts.example", 50), seen("A", "new.sample.example", 4), seen("A", "other.example", 6),
            ]), scope: ObservationScope())
        #expect(report.tools == [])
        #expect(report.unknown.map(\.name) == ["other.example", "new.sample.example"])
        #expect(report.infrastructure.map(\.platform.name) == ["Fonts"])
    }

    @Test(arguments: [
        "4.3.2.1.in-addr.arpa", "8.b.d.0.1.0.0.2.ip6.arpa", "printer.local", "wpad", "192.0.2.1", "com", "co.uk",
        "evil\\046quiz.example.localhost",
    ])
    func `takes names that no tool can have for local ones`(name: String) {
        let report = builder.report(observations([seen("A", name, 3)]), scope: ObservationScope())
        #expect(report.tools == [] && report.unknown == [])
        #expect(report.infrastructure.map(\.platform) == [UsageBuilder.localNames])
    }

    @Test func `has the most used first, and the alphabet where that is the same`() {
        let report = builder.report(
            observations([
                seen("A", "b.sample.example", 4), seen("A", "a.sample.example", 4),
                seen("A", "c.sample.example", 4, dns: 9),
                seen("A", "d.sample.example", 5),
            ]), scope: ObservationScope())
        #expect(report.unknown.map { $0.name.prefix(1) } == ["d", "c", "a", "b"])
    }

    @Test func `of nothing is empty`() {
        let report = builder.report(Observations(), scope: ObservationScope())
        #expect(report == UseReport(scope: UseReport.Scope()))
    }

    @Test func `does not break by absurd counts`() {
        let report = builder.report(
            observations((0..<2000).map { seen("\($0)", "quiz.example", 1 << 53, dns: 1 << 53) }),
            scope: ObservationScope())
        #expect(report.tools[0].counts.dns == .max)
    }
}
