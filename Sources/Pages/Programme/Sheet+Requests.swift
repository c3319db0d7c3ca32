package import Programme
import Registry
package import Store
import Wire

/// The page of requests.
extension Sheet {
    /// The requests.
    ///
    /// - Parameters:
    ///   - requests: All of them.
    ///   - school: The one school whose requests are shown; nil for all.
    ///   - mayEdit: Whether the reader may take steps for the district.
    ///   - asked: The request that was just asked, whose answer stands above.
    ///   - clock: The district's clock.
    /// - Returns: The page.
    package static func requests(
        _ requests: [Numbered<ToolRequest>], school: String?, mayEdit: Bool, asked: Int64?, clock: DistrictClock
    ) -> Sheet {
        let shown = requests.filter { school == nil || $0.value.question.school == school }
        var blocks = shown.filter { $0.number == asked }.map { Block.notice($0.value.message) }
        blocks += [
            .heading("Ask for a tool"),
            .form(
                SheetForm(
                    "/programme/requests",
                    [
                        school.map { .hidden("school", $0) } ?? .init("school", "School", isRequired: true),
                        .init("tool", "Tool", isRequired: true), .init("purpose", "What for", isRequired: true),
                        .init("subject", "Subject"), .init("users", "How many would use it", .number),
                        .init("contact", "E-mail address that hears each step"),
                    ], button: "Ask")),
            .heading("Requests"),
            .table(
                SheetTable(
                    "Requests for tools",
                    [
                        .init("tool", "Tool"), .init("school", "School"), .init("purpose", "What for"),
                        .init("subject", "Subject"), .init("users", "Users", isNumber: true), .init("asked", "Asked"),
                        .init("state", "Stands"), .init("next", "Next"),
                    ],
                    shown.map { request in
                        let question = request.value.question
                        return [
                            .text(
                                question.platform ?? question.tool,
                                link: question.platform.map { href("/programme/platform", [("name", $0)]) }),
                            .text(question.school), .text(question.purpose), .text(question.subject),
                            .number(question.users),
                            .day(request.value.history.first.map { clock.day(at: $0.at).description }),
                            .text(request.value.state.label), .buttons(buttons(request, mayEdit: mayEdit)),
                        ]
                    }, none: "Nobody has asked for a tool.")),
        ]
        return Sheet(
            title: "Requests", subject: school ?? "Whole district", headline: "Requests for tools",
            summary:
                "Approved and flagged tools are answered at once. Others are looked at by the school, then by the reviewer of the subject.",
            blocks: blocks)
    }

    private static func buttons(_ request: Numbered<ToolRequest>, mayEdit: Bool) -> [SheetForm] {
        func step(_ name: String, _ label: String, _ fields: [SheetForm.Field] = []) -> SheetForm {
            SheetForm(
                "/programme/requests/step", [.hidden("number", "\(request.number)"), .hidden("step", name)] + fields,
                button: label)
        }
        if request.value.state.isAnswer { return [] }
        let decline = step("decline", "Decline", [.init("reason", "Reason", isRequired: true)])
        switch request.value.state {
        case .atSchool: return [step("agree", "The school agrees"), decline]
        case .withReviewer where mayEdit: return [step("take", "Take into review"), decline]
        default: return mayEdit ? [decline] : []
        }
    }
}
