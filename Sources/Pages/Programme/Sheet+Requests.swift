package import Programme
import Registry
package import Store
import Wire

/// The page of requests.
extension Sheet {
    /// Who reads the page of requests, and what they may do there.
    package struct RequestReader: Sendable {
        /// The one school whose requests are shown; nil for all.
        package var school: String?
        /// Whether they may ask, and answer for a school.
        package var mayAsk: Bool
        /// Whether they may take steps for the district.
        package var mayEdit: Bool
        /// The address that hears each step unless they write another.
        package var contact: String

        /// Describes a reader.
        package init(school: String?, mayAsk: Bool, mayEdit: Bool, contact: String) {
            self.school = school
            self.mayAsk = mayAsk
            self.mayEdit = mayEdit
            self.contact = contact
        }
    }

    /// The requests.
    ///
    /// - Parameters:
    ///   - requests: All of them.
    ///   - reader: Who reads them.
    ///   - schools: The schools that there are, to choose from.
    ///   - tool: The tool with which the form is filled in; empty for none.
    ///   - asked: The request that was just asked, whose answer stands above.
    ///   - query: What the address asks for, with the choice `state`: `open`, without it, or `answered`.
    ///   - clock: The district's clock.
    /// - Returns: The page.
    package static func requests(
        _ requests: [Numbered<ToolRequest>], reader: RequestReader, schools: [String], tool: String, asked: Int64?,
        _ query: ListQuery, clock: DistrictClock
    ) -> Sheet {
        let own = requests.filter { reader.school == nil || $0.value.question.school == reader.school }
        let isAnswered = query.choice("state") == "answered"
        let shown = own.filter { $0.value.state.isAnswer == isAnswered }
        var blocks = own.filter { $0.number == asked }.map { Block.notice(answer(to: $0.value)) }
        if reader.mayAsk {
            let form = Block.form(askForm(reader, schools, tool))
            // Who came to ask finds the form open; who came to answer finds what is to be answered.
            blocks +=
                tool.isEmpty && !own.isEmpty ? [.folded("Ask for a tool", [form])] : [.heading("Ask for a tool"), form]
            if reader.mayEdit { blocks.append(manyForm) }
        }
        let path = "/programme/requests"
        blocks += [
            .heading("Requests"),
            .tabs(
                "State",
                [
                    SheetTab(
                        "Open", own.count { !$0.value.state.isAnswer }, link: query.link(path, "state", nil),
                        isCurrent: !isAnswered),
                    SheetTab(
                        "Answered", own.count { $0.value.state.isAnswer },
                        link: query.link(path, "state", "answered"), isCurrent: isAnswered),
                ]),
        ]
        blocks += list(table(shown, isAnswered, reader, clock), query, at: path, "request")
        return Sheet(
            title: "Requests", subject: reader.school ?? "Whole district", headline: "Requests for tools",
            summary: "Approved and flagged tools are answered at once. Others are looked at by the school, then by the "
                + "reviewer of the subject; whoever asked hears each step.",
            links: [Link("Moves to make", "/programme/cases")], blocks: blocks)
    }

    /// What stands above the list after somebody asked.
    private static func answer(to request: ToolRequest) -> String {
        guard request.question.platform == nil, !request.state.isAnswer, let likely = request.question.likely?.first
        else { return request.message }
        return request.message + " Did you mean \(likely)? Say so below: what is decided already is answered at once."
    }

    private static func table(
        _ requests: [Numbered<ToolRequest>], _ isAnswered: Bool, _ reader: RequestReader, _ clock: DistrictClock
    ) -> Table {
        Table(
            caption: isAnswered ? "Requests that were answered" : "Open requests",
            columns: [
                .init("tool", "Tool"), .init("school", "School"), .init("subject", "Subject"),
                .init("users", "Users", isNumber: true), .init("asked", "Asked"), .init("state", "Stands"),
                .init("since", "Since"),
            ],
            remarks: [
                .init("purpose", "What for:"), .init("likely", "Most likely:"), .init("answer", "Answer:"),
            ],
            rows: requests.map { request in
                let question = request.value.question
                let name = question.platform ?? question.tool
                return Table.Row(
                    [
                        .text(name, link: reader.school == nil ? question.platform.map(platformLink) : nil),
                        .text(question.school), .text(question.subject), .number(question.users),
                        .day(request.value.history.first.map { clock.day(at: $0.at).description }),
                        .text(request.value.state.label),
                        .day(request.value.history.last.map { clock.day(at: $0.at).description }),
                    ],
                    remarks: [
                        .text(question.purpose), isAnswered ? nil : likely(question),
                        isAnswered ? .text(request.value.message) : nil,
                    ],
                    forms: means(request, reader) + forms(request, reader))
            }, none: isAnswered ? "No request was answered yet." : "No request waits.")
    }

    private static func askForm(_ reader: RequestReader, _ schools: [String], _ tool: String) -> SheetForm {
        SheetForm(
            "/programme/requests",
            [
                reader.school.map { .hidden("school", $0) }
                    ?? .init(
                        "school", "School",
                        .choice([SheetForm.Option("", "Choose")] + schools.map { SheetForm.Option($0, $0) }),
                        isRequired: true),
                .init("tool", "Tool", value: tool, isRequired: true), .init("purpose", "What for", isRequired: true),
                .init("subject", "Subject"), .init("users", "How many would use it", .number),
                .init("contact", "E-mail that hears each step", value: reader.contact),
            ], button: "Ask")
    }

    private static var manyForm: Block {
        .folded(
            "Take over many requests",
            [
                .text("Paste lines of CSV with the columns school, tool, purpose, subject, users and contact."),
                .form(
                    SheetForm(
                        "/programme/requests/many",
                        [SheetForm.Field("csv", "Requests as CSV", .area, isRequired: true)], button: "Take over")),
            ])
    }

    /// What a tool may be that nobody has recognised, in words; nil where it was.
    private static func likely(_ question: ToolRequest.Question) -> Cell? {
        guard question.platform == nil else { return nil }
        return (question.likely ?? []).isEmpty ? nil : .text((question.likely ?? []).joined(separator: ", or "))
    }

    /// Says which platform is meant by what somebody wrote.
    private static func means(_ request: Numbered<ToolRequest>, _ reader: RequestReader) -> [SheetForm] {
        let question = request.value.question
        guard reader.mayAsk, !request.value.state.isAnswer, question.platform == nil else { return [] }
        let hidden = [SheetForm.Field.hidden("number", "\(request.number)"), .hidden("step", "means")]
        let likely = (question.likely ?? []).map { name in
            SheetForm("/programme/requests/step", hidden + [.hidden("platform", name)], button: "It is \(name)")
        }
        guard reader.mayEdit else { return likely }
        let other = SheetForm(
            "/programme/requests/step",
            hidden + [.init("platform", "Platform, as the registry or catalogue writes it", isRequired: true)],
            button: "Keep", summary: "It is a known platform")
        return likely + [other]
    }

    private static func forms(_ request: Numbered<ToolRequest>, _ reader: RequestReader) -> [SheetForm] {
        func step(_ name: String, _ label: String, _ fields: [SheetForm.Field] = []) -> SheetForm {
            SheetForm(
                "/programme/requests/step", [.hidden("number", "\(request.number)"), .hidden("step", name)] + fields,
                button: label)
        }
        guard reader.mayAsk, !request.value.state.isAnswer else { return [] }
        let decline = step("decline", "Decline", [.init("reason", "Reason", isRequired: true)])
        let withdraw = step("withdraw", "Withdraw")
        switch request.value.state {
        case .atSchool: return [step("agree", "The school agrees"), decline, withdraw]
        case .withReviewer where reader.mayEdit: return [step("take", "Take into review"), decline]
        default: return reader.mayEdit ? [decline] : [withdraw]
        }
    }
}
