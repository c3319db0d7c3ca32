import Registry
import Store
import Testing
import Usage
import Wire

@testable import Pages

@Suite struct `Addresses` {
    /// Reads a link.
    func fields(of link: String) -> AddressFields {
        AddressFields(query: String(link.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""))
    }

    static let queries = [
        ToolsQuery(),
        ToolsQuery(
            scope: ScopeQuery(
                school: "Example High & Söhne", region: "North", segment: "students", period: .last(28)),
            status: .flagged, category: "AI assistants", change: .growing, manner: .all, search: "50% = ½",
            order: ToolOrder(by: .deviceHours, .ascending), columns: [.status, .dns, .quic], page: 3),
        ToolsQuery(
            scope: ScopeQuery(period: .days(from: Samples.day(1), to: nil)), order: ToolOrder(by: nil, .descending)),
    ]

    @Test(arguments: queries)
    func `what a page is asked comes back from its address`(query: ToolsQuery) throws {
        #expect(try ToolsQuery(fields(of: query.link)) == query)
    }

    @Test func `what is usual stands in no address`() {
        #expect(ToolsQuery().link == "/tools")
        #expect(SchoolsQuery().link() == "/schools")
        #expect(UnknownQuery().link() == "/unknown")
        #expect(GatewaysQuery().link() == "/gateways")
    }

    @Test(arguments: [
        ("/tools?from=yesterday", "from is \"yesterday\"; write a day as 2026-11-24."),
        ("/tools?from=2026-11-24&to=2026-11-23", "to is \"2026-11-23\"; choose a day that is not before 2026-11-24."),
        ("/tools?status=good", "status is \"good\"; choose one of approved, flagged, under_review, not_in_registry."),
        ("/tools?page=0", "page is \"0\"; write a number from 1 to 1000000."),
        ("/tools?column=nonsense", "column is \"nonsense\""), ("/tools?sort=size", "sort is \"size\""),
        ("/tools?last=-1", "last is \"-1\"; write a number from 1 to 4000."),
    ])
    func `a mistake is told with its place and the remedy`(link: String, sentence: String) {
        let mistake = #expect(throws: AddressMistake.self) { try ToolsQuery(fields(of: link)) }
        #expect(mistake?.sentence.hasPrefix(sentence) == true)
    }

    @Test func `a field that was not filled in asks for nothing`() throws {
        #expect(try ToolsQuery(fields(of: "/tools?school=&search=&from=&to=&status=")) == ToolsQuery())
    }

    @Test(arguments: [
        ("search=nothing+like+it", "nothing like it"), ("search=a%2Bb%26c%3Dd", "a+b&c=d"),
        ("search=S%C3%B6hne", "Söhne"),
        ("search=100%", "100%"), ("search=%zz%4", "%zz%4"), ("search=a=b", "a=b"), ("x=1&search=q&search=r", "q"),
        ("search=%FF", "\u{FFFD}"), ("search", nil), ("", nil),
    ])
    func `an address is read as browsers write it`(query: String, text: String?) {
        #expect(AddressFields(query: query).text("search") == text)
    }

    @Test func `days are reckoned from the last one on record`() {
        let record = Period(Samples.day(0), Samples.day(8))
        #expect(ScopeQuery().days(onRecord: record) == Period(Samples.day(2), Samples.day(8)))
        let from = ScopeQuery(period: .days(from: Samples.day(3), to: nil))
        #expect(from.days(onRecord: record) == Period(Samples.day(3), Samples.day(8)))
        let to = ScopeQuery(period: .days(from: nil, to: Samples.day(3)))
        #expect(to.days(onRecord: record) == Period(Samples.day(0), Samples.day(3)))
        let later = ScopeQuery(period: .days(from: Samples.day(30), to: nil))
        #expect(later.days(onRecord: record) == Period(Samples.day(30), Samples.day(30)))
    }

    @Test(arguments: [(1, 0..<50), (2, 50..<100), (3, 100..<120), (9, 100..<120)])
    func `a page past the end is the last`(page: Int, range: Range<Int>) {
        #expect(Paging.range(page: page, of: 120) == range)
        #expect(Paging.range(page: page, of: 0) == 0..<0)
    }

    @Test func `a long list leads to its first, its last and the pages around`() {
        let paging = Paging(page: 7, of: 1000, "tool") { "/\($0)" }
        #expect(paging.position == "301 to 350 of 1,000 tools")
        #expect(paging.bar?.pages.map(\.link) == ["/1", "/6", "/7", "/8", "/20"])
        #expect(paging.bar?.pages.map(\.hasGap) == [false, true, false, false, true])
        #expect(Paging(page: 1, of: 50, "tool") { "/\($0)" }.bar == nil)
    }

    @Test func `a form leads back to the list as it was asked for`() {
        #expect(
            UnknownPage.link(back: "/unknown?search=a", saying: .dismissed("b c.example"))
                == "/unknown?search=a&done=dismissed&of=b%20c.example")
        #expect(UnknownPage.link(back: "/unknown", saying: .made("A")) == "/unknown?done=made&of=A")
    }
}
