import Foundation
import FoundationXML
import Identity
import Identity
import Registry
import Store
import Testing
import Usage
import Wire

@testable import Pages

@Suite struct `Markup` {
    let pages: Pages

    init() throws {
        pages = try Pages().shown(
            to: Visitor(name: "Sample Person", role: "Administrator", formToken: "0", rights: Set(Right.allCases)))
    }

    /// Every page there is, with something in it and with nothing.
    var all: [String] { Look.pages(pages).map(\.html) + Look.signedOut(pages) }

    @Test func `every page is well-formed`() {
        for html in all {
            #expect(problems(inXML: html).isEmpty)
            #expect(!html.contains("{{"))
        }
    }

    @Test func `no page needs anything that the content security policy forbids`() {
        for html in all {
            #expect(!html.contains("<script"))
            #expect(!html.contains(" style="))
            #expect(!html.contains("<style"))
            #expect(!html.contains(" onclick="))
            // Nothing is loaded from elsewhere; a command may name an address.
            #expect(html.ranges(of: "<link ").count == 1)
            #expect(!html.contains("src="))
        }
        #expect(!Pages.styleSheet.contains("url("))
        #expect(!Pages.styleSheet.contains("@import"))
    }

    @Test func `every page has landmarks, one heading of the first rank and a skip link`() {
        for html in all {
            #expect(html.contains("<html lang=\"en\">"))
            #expect(html.ranges(of: "<h1>").count == 1)
            #expect(html.contains("<a class=\"skip\" href=\"#main\">"))
            #expect(html.contains("<main id=\"main\""))
        }
    }

    @Test func `every table has a caption and every header cell a scope`() {
        for html in all {
            #expect(html.ranges(of: "<table").count == html.ranges(of: "<caption").count)
            #expect(html.ranges(of: "<th ").count == html.ranges(of: "<th scope=").count)
            #expect(!html.contains("<th>"))
        }
    }

    @Test func `no list is empty`() {
        for html in all {
            #expect(!html.contains(/<(ol|ul|dl|tbody|select)[^>]*>\s*<\//))
        }
    }

    @Test func `no anchor is there twice`() {
        for html in all {
            let ids = html.split(separator: " id=\"").dropFirst().compactMap { $0.split(separator: "\"").first }
            #expect(Set(ids).count == ids.count)
        }
    }

    @Test(arguments: Hostile.texts)
    func `hostile text stays text wherever it stands`(text: String) {
        for html in Hostile.pages(pages, text: text) {
            #expect(problems(inXML: html).isEmpty)
            #expect(!html.contains("<script>alert"))
            #expect(!html.contains("\" onfocus="))
            #expect(!html.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
        }
    }

    @Test func `a mark after a quote does not hide the quote`() {
        #expect(escapedForHTML("\"\u{301} onfocus=\"x") == "&quot;\u{301} onfocus=&quot;x")
        #expect(escapedForHTML("\u{600}\"<&'>") == "\u{600}&quot;&lt;&amp;&#39;&gt;")
    }

    @Test func `what turns the direction of writing is spelled out`() {
        #expect(escapedForHTML("\u{202E}moc.elpmaxe") == "\\u{202E}moc.elpmaxe")
        #expect(escapedForHTML("a\u{7}b") == "a\\u{7}b")
        #expect(escapedForHTML("שלום") == "שלום")
    }

    @Test func `of ten thousand tools a page shows fifty, and all of them can be reached`() {
        let page = ToolsPage(
            Samples.lines(10_000), query: ToolsQuery(), over: Samples.basis, facets: Samples.facets)
        let html = pages.shown(to: Samples.editor).tools(page)
        #expect(html.occurrences(of: "<th scope=\"row\">") == 50)
        #expect(page.list.paging.position == "1 to 50 of 10,000 tools")
        #expect(html.contains("href=\"/tools?page=200\""))
        #expect(page.all.rows.count == 10_000)
    }

    @Test func `what somebody may not do, no page offers`() {
        let page = UnknownPage(
            Samples.review, query: UnknownQuery(), over: Samples.basis, facets: Samples.facets, platforms: ["Quizzard"])
        #expect(pages.shown(to: Samples.editor).unknown(page).contains("action=\"/unknown/dismiss\""))
        for visitor in [Samples.auditor, Samples.leader] {
            let html = pages.shown(to: visitor).unknown(page)
            #expect(html.occurrences(of: "method=\"post\"") == 1, "to sign out, and no more")
        }
    }

    @Test func `each form that changes something carries the session's token`() {
        for (_, html) in Look.pages(pages) {
            #expect(
                html.occurrences(of: "method=\"post\"")
                    == html.occurrences(of: "<input type=\"hidden\" name=\"form_token\" value=\"token\"/>"))
        }
    }

    @Test func `the header leads where one may go, and says where one is`() {
        func links(_ visitor: Visitor) -> [String] {
            Navigation.bar(for: visitor, at: "/tools")?.items.map(\.link) ?? []
        }
        #expect(links(Samples.editor).prefix(5) == ["/", "/tools", "/schools", "/unknown", "/gateways"])
        #expect(links(Samples.leader).prefix(5) == ["/", "/tools", "/school", "/unknown", "/gateways"])
        #expect(!links(Samples.editor).contains("/people"))
        #expect(links(Samples.auditor).contains("/audit"))
        let bar = Navigation.bar(for: Samples.editor, at: "/tools")
        #expect(bar?.items.filter(\.isCurrent).map(\.label) == ["Tools"])
        #expect(Navigation.bar(for: nil, at: "/") == nil)
    }
}

/// Text as somebody would write it who wants to harm a reader.
enum Hostile {
    static let texts = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onfocus='alert(1)",
        "\"\u{301} onfocus=\"alert(1)", "{{title}} {{{chart}}} {{#rows}}", "&lt;b&gt; &amp;", "a\\046b.example",
        "\u{202E}moc.elpmaxe", "שלום.example", "\u{1B}[2Jcleared", "a\nb\r\nc\td", "-->]]><!--",
        String(repeating: "long.", count: 400) + "example", "",
    ]

    /// Pages that have the text wherever text of others goes.
    static func pages(_ pages: Pages, text: String) -> [String] {
        let pages = pages.shown(to: Visitor(name: text, role: text, formToken: text, rights: Role.admin.rights))
        let basis = Basis(
            period: Samples.period, school: text, region: text, segment: text, schools: 1, schoolDays: 5,
            hasBefore: true, coverage: Samples.coverage)
        let facets = Facets(schools: [text], regions: [text], segments: [text])
        let scope = ScopeQuery(school: text, region: text, segment: text)
        let line = Samples.line(
            text, text, text, .flagged, 10, 1, before: 1, replacement: text, conditions: text,
            manner: .embedded(Embedding(devices: 30, ownDevices: 0, names: [text])))
        let story = ToolStory(
            basis: basis, line: line, trend: [TrendPoint(day: Samples.day(2), figures: Samples.figures(3))],
            schools: [SchoolUse(school: text, region: text, figures: Samples.figures(3))],
            names: Paged(items: [Store.NameUse(name: text, figures: Samples.figures(3))], total: 1),
            history: [Decision(at: 0, who: text, old: nil, new: .flagged)])
        let state = SchoolState(school: text, region: text, agents: 1)
        let agent = AgentState(
            identifier: text, school: text, region: text, host: text, version: text, problems: [.interfaceDown(text)])
        let group = UnknownGroup(
            domains: [text], names: [Store.NameUse(name: text, figures: Samples.figures(3))],
            figures: Samples.figures(3),
            hints: [text], likely: text, patterns: [text])
        return [
            pages.overview(OverviewPage(Overview(basis: basis, tools: [line]), scope: scope)),
            pages.tools(
                ToolsPage(
                    [line], query: ToolsQuery(scope: scope, category: text, manner: .all, search: text), over: basis,
                    facets: facets)),
            pages.tool(ToolPage(story, scope: scope, facets: facets)),
            pages.schools(SchoolsPage([state], query: SchoolsQuery(region: text), over: basis, facets: facets, now: 0)),
            pages.school(
                SchoolPage(
                    SchoolStory(basis: basis, state: state, tools: [line], agents: [agent]), scope: scope,
                    facets: facets,
                    now: 0)),
            pages.unknown(
                UnknownPage(
                    UnknownReview(groups: [group], open: 1, openNames: 1),
                    query: UnknownQuery(scope: scope, search: text), over: basis, facets: facets,
                    platforms: [text], done: .dismissed(text))),
            pages.gateways(GatewaysPage([agent], query: GatewaysQuery(search: text), over: basis, now: 0)),
            pages.problem(status: 400, title: text, detail: text),
        ]
    }
}

/// What keeps the text from being well-formed XML; empty when it is.
func problems(inXML text: String) -> [String] {
    let parser = XMLParser(data: Data(text.utf8))
    parser.shouldResolveExternalEntities = false
    return parser.parse() ? [] : ["line \(parser.lineNumber): \(String(describing: parser.parserError))"]
}

extension String {
    /// How often the text contains another.
    func occurrences(of other: String) -> Int {
        ranges(of: other).count
    }
}
