import Foundation
import Registry
import Testing

@testable import Pages

@Suite struct `Tables` {
    let table = Table(
        caption: "Tools in use",
        columns: [
            Table.Column("tool", "Tool"), Table.Column("status", "Status"),
            Table.Column("devices", "Devices a day", isNumber: true), Table.Column("share", "Share", isNumber: true),
        ], remarks: [Table.Column("replacement", "Move to")],
        rows: [
            Table.Row(
                [
                    .text("Chatterbox", link: "/tool?name=Chatterbox"), .status(.flagged), .average(tenths: 1234),
                    .share(1, of: 3),
                ],
                remarks: [.text("Class Messages")]),
            Table.Row([.text("=evil()"), .status(.unlisted), .average(tenths: 46), .share(0, of: 0)], remarks: [nil]),
        ])

    @Test func `CSV opens in a spreadsheet, with plain numbers and no formula`() {
        let lines = table.csv.components(separatedBy: "\r\n")
        #expect(
            lines == [
                "\u{FEFF}tool,status,devices,share,replacement", "Chatterbox,flagged,123.4,33.3,Class Messages",
                "'=evil(),not_in_registry,4.6,,", "",
            ])
    }

    @Test func `JSON has the same rows by the same keys, and the names as they are`() throws {
        let json = try table.json()
        #expect(json.contains("\"devices\" : 123.4"))
        #expect(json.contains("\"tool\" : \"=evil()\""))
        #expect(json.contains("\"share\" : null"))
        #expect(json.contains("\"replacement\" : null"))
        #expect(try table.json() == json)
    }

    @Test(arguments: 1...8)
    func `JSON of very many rows is the same as of few`(rowsAtOnce: Int) throws {
        var table = table
        table.caption = "\"rows\" : [ é \\"
        table.rows = (0..<3).flatMap { _ in table.rows }
        #expect(try table.json(rowsAtOnce: rowsAtOnce) == table.json())
    }

    @Test func `the terminal has the same rows with the remarks below`() {
        #expect(
            table.text(width: 80) == """
                Tools in use

                Tool        Status               Devices a day  Share
                Chatterbox  Flagged                        123    33%
                  → Move to Class Messages
                =evil()     Not in the registry            4.6      —

                """)
    }

    @Test func `a sheet leaves out the columns in which nobody has anything`() {
        var table = table
        table.columns.append(Table.Column("note", "Note"))
        table.columns.append(Table.Column("until", "Until"))
        for index in table.rows.indices {
            table.rows[index].cells += [.text(""), .day(index == 1 ? "2026-11-24" : nil)]
        }
        let shown = table.withoutEmptyColumns
        #expect(shown.columns.map(\.key) == ["tool", "status", "devices", "share", "until"])
        #expect(shown.rows.map { $0.cells.last?.words } == ["—", "Nov 24, 2026"])
        #expect(table.csv.contains(",note,until,"))
    }

    @Test func `a search looks at every column and at remarks, in whatever case`() {
        for (search, found) in [("CHATTER", 1), ("class messages", 1), ("not in the registry", 1), ("", 2), ("zz", 0)] {
            #expect(table.matching(search).rows.count == found, "\(search)")
        }
    }

    @Test func `a row's buttons stand open, what has to be filled in is folded away, and files have neither`() {
        var table = table
        table.rows[0].forms = [
            SheetForm("/done", [.hidden("number", "1")], button: "Done"),
            SheetForm("/give", [.hidden("number", "1"), .init("to", "To")], button: "Give"),
        ]
        let html = table.html(formToken: "token<")
        #expect(html.contains("<details><summary>Give<span class=\"unseen\">: Chatterbox</span></summary><form"))
        #expect(html.contains("name=\"form_token\" value=\"token&lt;\""))
        let open = html.components(separatedBy: "<details>")[0]
        #expect(open.contains("Done</button>"))
        #expect(!open.contains("Give</button>"))
        #expect(table.csv == self.table.csv)
    }

    @Test func `HTML has links, badges and labels for cards`() {
        #expect(table.html.contains("<a href=\"/tool?name=Chatterbox\"><bdi>Chatterbox</bdi></a>"))
        #expect(table.html.contains("<td data-label=\"Devices a day\" class=\"n\">123</td>"))
        #expect(table.html.contains("<use href=\"#icon-flagged\"/>"))
    }

    @Test(arguments: 40...130)
    func `no line is wider than the terminal`(width: Int) {
        for text in Hostile.texts + ["日本語日本語日本語日本語日本語日本語日本語日本語日本語"] {
            let row = Table.Row(
                [.text(text), .text(text), .devices(.max / 8), .number(.max / 8)], remarks: [.text(text)])
            let table = Table(caption: text, columns: table.columns, remarks: table.remarks, rows: [row])
            let widest = table.text(width: width).split(separator: "\n").map { columns(String($0)) }.max()
            #expect((widest ?? 0) <= width)
        }
    }

    @Test func `an escape sequence in a name moves no cursor`() {
        let row = Table.Row([.text("\u{1B}[2Ja"), .status(.flagged), .number(1), .number(1)])
        let text = Table(caption: "", columns: table.columns, rows: [row]).text(width: 80)
        #expect(!text.contains("\u{1B}"))
        #expect(text.contains("\\u{1B}[2Ja"))
    }

    @Test(arguments: [
        ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("\r=1", "\"'\r=1\""),
        ("=\u{301}1", "'=\u{301}1"), ("-1", "'-1"), ("a=b", "a=b"),
    ])
    func `what separates fields is quoted, what a spreadsheet would run is defused`(text: String, field: String) {
        let row = Table.Row([.text(text), .number(1), .number(1), .number(1)])
        #expect(Table(caption: "", columns: table.columns, rows: [row]).csv.hasSuffix("\r\n\(field),1,1,1\r\n"))
    }

    @Test(arguments: [
        ("short.example", 20, "short.example"), ("a-very-long-name.example", 11, "a-ver…ample"),
        ("abcdefghij", 4, "ab…j"), ("日本語日本語", 7, "日本…語"),
    ])
    func `a long name loses its middle`(name: String, width: Int, expected: String) {
        #expect(cut(name, to: width) == expected)
    }

    @Test(arguments: [(0, "0"), (4, "0.4"), (46, "4.6"), (99, "9.9"), (100, "10"), (1235, "124"), (123_456, "12,346")])
    func `an average is as exact as it is sure`(tenths: Int, words: String) {
        #expect(writtenAverage(tenths: tenths) == words)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (1_795_590_000, "2026-11-25T07:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
    ])
    func `a moment is written as RFC 3339 has it`(seconds: Int, text: String) {
        #expect(Moments.iso(seconds) == text)
    }

    @Test(arguments: [
        (30, "just now"), (90, "1 minute ago"), (7300, "2 hours ago"), (200_000, "2 days ago"), (-50, "just now"),
    ])
    func `how long ago is told in the largest unit that fits`(passed: Int, words: String) {
        #expect(Moments.ago(1_000_000 - passed, now: 1_000_000) == words)
    }
}
