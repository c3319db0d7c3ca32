import Foundation
import Registry
import Store
import Testing
import Usage

@testable import Pages

/// Every page in each of its states.
enum Look {
    static func pages(_ pages: Pages) -> [(name: String, html: String)] {
        let pages = pages.shown(to: Samples.editor)
        let (basis, facets, now) = (Samples.basis, Samples.facets, Samples.now)
        func tools(_ lines: [ToolLine], _ query: ToolsQuery = ToolsQuery(), over basis: Basis = basis) -> String {
            pages.tools(ToolsPage(lines, query: query, over: basis, facets: facets))
        }
        let every = ToolsQuery(manner: .all, columns: ToolColumn.allCases)
        let narrow = ToolsQuery(scope: ScopeQuery(school: "Example High"), status: .flagged, search: "nothing like it")
        return [
            ("overview", pages.overview(OverviewPage(Samples.overview))),
            ("overview-empty", pages.overview(OverviewPage(Overview(basis: Samples.nothing)))),
            ("tools", tools(Samples.lines)), ("tools-every-column", tools(Samples.lines, every)),
            ("tools-many", tools(Samples.lines(3000), ToolsQuery(page: 7))),
            ("tools-none", tools(Samples.lines, narrow)),
            ("tools-empty", tools([], over: Samples.nothing)),
            ("tool", pages.tool(ToolPage(Samples.story, scope: ScopeQuery(), facets: facets))),
            ("tool-unused", pages.tool(ToolPage(Samples.unused, scope: ScopeQuery(), facets: facets))),
            (
                "schools",
                pages.schools(SchoolsPage(Samples.states, query: SchoolsQuery(), over: basis, facets: facets, now: now))
            ),
            (
                "schools-empty",
                pages.schools(SchoolsPage([], query: SchoolsQuery(), over: Samples.nothing, facets: Facets(), now: now))
            ),
            ("school", pages.school(SchoolPage(Samples.schoolStory, scope: ScopeQuery(), facets: facets, now: now))),
            (
                "unknown",
                pages.unknown(
                    UnknownPage(
                        Samples.review, query: UnknownQuery(), over: basis, facets: facets, platforms: ["Quizzard"],
                        done: .dismissed("flashcards.example")))
            ),
            (
                "unknown-joined",
                pages.unknown(
                    UnknownPage(
                        Samples.joined, query: UnknownQuery(), over: basis, facets: facets, platforms: ["Quizzard"],
                        done: .dismissed("letters.example letterscdn.example")))
            ),
            (
                "unknown-dismissed",
                pages.unknown(
                    UnknownPage(
                        Samples.dismissed, query: UnknownQuery(kind: .dismissed), over: basis, facets: facets,
                        platforms: []))
            ),
            (
                "unknown-empty",
                pages.unknown(
                    UnknownPage(UnknownReview(), query: UnknownQuery(), over: basis, facets: facets, platforms: []))
            ),
            ("gateways", pages.gateways(GatewaysPage(Samples.agents, query: GatewaysQuery(), over: basis, now: now))),
            (
                "gateways-empty",
                pages.gateways(GatewaysPage([], query: GatewaysQuery(), over: Samples.nothing, now: now))
            ),
            ("problem", pages.problem(status: 404, title: "No such tool", detail: "There is no tool called “X”.")),
        ]
    }

    static func signedOut(_ pages: Pages) -> [String] {
        [pages.problem(status: 401, title: "Who are you?", detail: "Sign in first.")]
    }
}

/// Writes the pages to the folder that `ROLLCALL_LOOK` names, to be looked at in a browser.
@Test(.enabled(if: ProcessInfo.processInfo.environment["ROLLCALL_LOOK"] != nil))
func `sample pages are written to be looked at`() throws {
    let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["ROLLCALL_LOOK"] ?? "/nonexistent")
    for (name, html) in Look.pages(try Pages()) {
        // The pages lie beside the style sheet here, without a server.
        let local = html.replacing("/static/style.css", with: "style.css")
        try local.write(to: folder.appendingPathComponent("\(name).html"), atomically: true, encoding: .utf8)
    }
    try Pages.styleSheet.write(to: folder.appendingPathComponent("style.css"), atomically: true, encoding: .utf8)
}
