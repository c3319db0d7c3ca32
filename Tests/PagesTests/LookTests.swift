import Foundation
import Testing
import Usage

@testable import Pages

/// Writes sample pages to the folder that `ROLLCALL_LOOK` names, to be looked at in a browser.
@Test(.enabled(if: ProcessInfo.processInfo.environment["ROLLCALL_LOOK"] != nil))
func `sample pages are written to be looked at`() throws {
    let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["ROLLCALL_LOOK"] ?? "/nonexistent")
    let pages = try Pages()
    try reportCSV(Samples.report).write(
        to: folder.appendingPathComponent("report.csv"), atomically: true, encoding: .utf8)
    try reportJSON(Samples.report).write(
        to: folder.appendingPathComponent("report.json"), atomically: true, encoding: .utf8)
    let files = [
        "report": pages.report(Samples.report, schools: Samples.schools.sorted()),
        "empty": pages.report(.init(scope: .init()), schools: []),
        "narrow": pages.report(
            .init(scope: .init(school: "Example High", from: "2026-07-01", to: "2026-07-31")), schools: Samples.schools),
        "many": pages.report(Samples.report(names: 1000), schools: Samples.schools),
        "hostile": Hostile.pages(pages, text: Hostile.texts[12])[0],
        "tool": pages.tool(Samples.detail),
        "schools": pages.schools(Samples.summaries),
        "problem": pages.problem(
            status: 400, title: "“2026-13-01” is no day",
            detail: "The address asks for days from 2026-13-01. Write a day as 2026-11-24, or choose it in the form."),
    ]
    for width in [60, 80, 120] {
        let table = reportTable(Samples.report, width: width)
        try table.write(to: folder.appendingPathComponent("report-\(width).txt"), atomically: true, encoding: .utf8)
    }
    for (name, html) in files {
        // The pages lie beside the style sheet here, without a server.
        let local = html.replacing("/static/style.css", with: "style.css")
        try local.write(to: folder.appendingPathComponent("\(name).html"), atomically: true, encoding: .utf8)
    }
    try Pages.styleSheet.write(to: folder.appendingPathComponent("style.css"), atomically: true, encoding: .utf8)
}
