package import Programme
import Registry
package import Store
import Wire

/// The page of transition cases.
extension Sheet {
    /// The transition cases.
    package static func cases(
        _ cases: [Numbered<TransitionCase>], facts: UseFacts, today: String, school: String?, mayEdit: Bool
    ) -> Sheet {
        let shown = cases.filter { school == nil || $0.value.school == school }
        func table(_ isOpen: Bool) -> SheetTable {
            SheetTable(
                isOpen ? "Open cases" : "Closed cases",
                [
                    .init("platform", "Platform"), .init("school", "School"), .init("kind", "Why"),
                    .init("devices", "Devices lately", isNumber: true),
                    .init("before", "Four weeks before", isNumber: true),
                    .init("replacement", "Move to"), .init("owner", "Owner"), .init("due", "Due"),
                    .init("evidence", "Last evidence"), .init("steps", "To do"), .init("change", "Change"),
                ],
                shown.filter { $0.value.isOpen == isOpen }.map { numbered in
                    let value = numbered.value
                    let use = facts.tool(named: value.platform)?.uses[value.school]
                    let overdue = isOpen && value.due.description < today
                    return [
                        .text(value.platform, link: href("/programme/platform", [("name", value.platform)])),
                        .text(value.school),
                        .text(value.kind == .flaggedInUse ? "Flagged and in use" : "Paid for and silent"),
                        .devices(use?.devices ?? 0), .devices(use?.before ?? 0), .text(value.replacement),
                        .text(value.owner),
                        .text(Days.written(value.due.description) + (overdue ? " (overdue)" : "")),
                        .text(value.turns.last.map { "\(Days.written($0.day.description)): \($0.evidence)" } ?? ""),
                        .list(value.steps.map { ($0.isDone ? "Done: " : "") + $0.text }),
                        mayEdit ? .button(change(numbered)) : .text(""),
                    ]
                }, none: isOpen ? "No case is open." : "No case was closed yet.")
        }
        return Sheet(
            title: "Transition cases", subject: school ?? "Whole district", headline: "Moves to make",
            summary:
                "A case opens when a flagged platform is in use at a school, or one that is paid for is not, and closes on evidence.",
            blocks: [.heading("Open"), .table(table(true)), .heading("Closed"), .table(table(false))])
    }

    private static func change(_ numbered: Numbered<TransitionCase>) -> SheetForm {
        let open = numbered.value.steps.filter { !$0.isDone }.map { SheetForm.Option($0.text, $0.text) }
        return SheetForm(
            "/programme/cases",
            [
                .hidden("number", "\(numbered.number)"), .init("owner", "Owner", value: numbered.value.owner),
                .init("due", "Due", .day, value: numbered.value.due.description),
                .init("done", "Done", .choice([SheetForm.Option("", "Nothing")] + open)), .init("message", "Message"),
            ], button: "Keep")
    }
}
