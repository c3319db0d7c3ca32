import Foundation
import FoundationXML
import Identity
import Registry
import Testing
import Usage

@testable import Pages

@Suite struct `Markup` {
    let pages: Pages

    init() throws {
        pages = try Pages().shown(
            to: Visitor(name: "Sample Person", role: "Administrator", formToken: "0", rights: Set(Right.allCases)))
    }

    /// Every page there is, with something in it and with nothing.
    var all: [String] {
        [
            pages.report(Samples.report, schools: Samples.schools), pages.report(.init(scope: .init()), schools: []),
            pages.report(.init(scope: .init(from: "2026-01-01")), schools: Samples.schools),
            pages.report(.init(scope: Samples.scope), schools: Samples.schools), pages.tool(Samples.detail),
            pages.tool(Samples.unused), pages.schools(Samples.summaries), pages.schools([]),
            pages.problem(status: 404, title: "No such tool", detail: "There is no tool called “X”."),
        ]
    }

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
            #expect(html.contains("<nav aria-label="))
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

    @Test func `ten thousand names render`() {
        let html = pages.report(Samples.report(names: 10_000), schools: Samples.schools)
        #expect(html.contains("host-9999.unknown.example"))
        #expect(problems(inXML: html).isEmpty)
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
        let platform = Platform(
            name: text, vendor: text, category: text, status: .flagged, patterns: [.domain(text)], conditions: text,
            replacement: text, notes: text)
        let name = NameUse(name: text, schools: [text], devices: 3, counts: Counts(dns: 1, tls: 1))
        let use = ToolUse(
            platform: platform, schools: [text], devices: 3, counts: Counts(dns: 1, tls: 1), names: [name])
        let scope = UseReport.Scope(
            school: text, from: text, to: text, firstDay: text, lastDay: text, schools: [text])
        return [
            pages.report(
                UseReport(scope: scope, tools: [use], unknown: [name], infrastructure: [use]), schools: [text]),
            pages.report(UseReport(scope: .init(school: text, from: text, to: text)), schools: [text]),
            pages.tool(
                ToolDetail(
                    tool: use, scope: scope, trend: [.init(day: text, devices: 3, counts: Counts())],
                    schools: [.init(school: text, devices: 3, counts: Counts())])),
            pages.schools([.init(school: text, lastDay: text, agents: 1, tools: [:], unknown: 0)]),
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
