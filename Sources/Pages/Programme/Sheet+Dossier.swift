package import Programme
import Registry
import Store
import Wire

/// The page of one platform in the programme.
extension Sheet {
    /// Everything about one platform in the programme, with the steps that come next where the reader may take them.
    ///
    /// - Parameters:
    ///   - listed: The platform.
    ///   - life: Its life in the programme.
    ///   - checklist: The checklist with which the next audit is made.
    ///   - used: The versions of the checklist that its audits used, by version.
    ///   - replacements: The approved platforms, by name.
    ///   - mayEdit: Whether the reader may take steps.
    ///   - mayBuy: Whether the reader may change contract and agreement.
    ///   - clock: The district's clock.
    /// - Returns: The page.
    package static func dossier(
        _ listed: ListedPlatform, _ life: Certification, checklist: Checklist?, used: [String: Checklist],
        replacements: [String], mayEdit: Bool, mayBuy: Bool, clock: DistrictClock
    ) -> Sheet {
        let name = listed.platform.name
        var sheet = Sheet(
            title: name, subject: "Certification", headline: name,
            links: [
                Link("Use", toolHref(name)), Link("May I buy this?", href("/procurement", [("q", name)])),
                Link("Contract language", href("/procurement/language", [("name", name)])),
            ],
            blocks: [
                .verdict(listed.platform.status, listed.stage.sentence),
                facts(
                    [
                        ("Conditions", .text(listed.conditions)), ("For", .list(listed.audiences)),
                        ("Approved until", listed.expires.map { .day($0.description) } ?? .text("")),
                        ("Reason", .text(listed.reason)), ("Severity", .text(listed.severity?.rawValue ?? "")),
                        ("Use instead", .text(listed.replacement)), ("Maker", .text(listed.platform.vendor)),
                        ("Category", .text(listed.platform.category)),
                    ] + bought(listed)),
            ])
        if mayBuy { sheet.blocks.append(.folded("Change contract and agreement", [.form(terms(listed.platform))])) }
        if let audit = life.audit { sheet.blocks += [.heading("The audit")] + blocks(audit, used[audit.checklist]) }
        if mayEdit { sheet.blocks += steps(name, life.stage ?? listed.stage, life.audit, checklist, replacements) }
        sheet.blocks += [.heading("History"), .table(history(life, clock))]
        let audits = life.audits
        for audit in (life.audit == nil ? audits : audits.dropLast()).reversed() {
            let line = "Audit of \(Days.written(audit.to.description)): \(audit.result.label.lowercased())"
            sheet.blocks.append(.folded(line, blocks(audit, used[audit.checklist])))
        }
        return sheet
    }

    /// What a buyer writes down of a platform.
    private static func terms(_ platform: Platform) -> SheetForm {
        let (terms, agreement) = (platform.terms, platform.privacy.agreement)
        let ways = Terms.Relationship.allCases.map { SheetForm.Option($0.rawValue, $0.label) }
        return SheetForm(
            "/programme/terms",
            [
                .hidden("name", platform.name),
                .init(
                    "relationship", "How to buy", .choice([SheetForm.Option("", "Not said")] + ways),
                    value: terms.relationship?.rawValue ?? ""),
                .init("contract", "Contract", value: terms.contract),
                .init("price_vehicle", "Price vehicle", value: terms.priceVehicle),
                .init("licences", "Licences held", .number, value: terms.licences.map(String.init) ?? ""),
                .init("agreement", "Address of the agreement", value: agreement?.link ?? ""),
                .init("agreement_signed", "Signed on", .day, value: agreement?.signed?.description ?? ""),
                .init(
                    "agreement_expires", "Last day of the agreement", .day, value: agreement?.expires?.description ?? ""
                ),
            ], button: "Keep")
    }

    private static func history(_ life: Certification, _ clock: DistrictClock) -> Table {
        Table(
            caption: "History of \(life.platform)",
            columns: [
                .init("day", "Day"), .init("step", "Step"), .init("who", "Who"), .init("stage", "Stands at"),
                .init("detail", "Detail"),
            ],
            rows: life.history.reversed().map { step in
                Table.Row([
                    .day(clock.day(at: step.at).description), .text(step.action.kind.label), .text(step.who),
                    .text(step.stage.label), .text(step.action.words),
                ])
            }, none: "The programme has taken no step yet.")
    }

    /// An audit, with the questions of the version that it used.
    private static func blocks(_ audit: Audit, _ checklist: Checklist?) -> [Block] {
        let title = checklist.map { "\($0.title), version \($0.version)" } ?? "version \(audit.checklist)"
        let asked = checklist?.questions.filter { audit.answers[$0.identifier] != nil } ?? []
        let other = Set(audit.answers.keys).subtracting(asked.map(\.identifier)).sorted()
        let lines = asked.map { ($0.identifier, $0.section, $0.text) } + other.map { ($0, "", $0) }
        return [
            facts([
                (
                    "Result",
                    audit.result == .passed ? .mark(.good, audit.result.label) : .mark(.bad, audit.result.label)
                ),
                ("Summary", .text(audit.summary)), ("Auditor", .text(audit.auditor)),
                ("From", .day(audit.from.description)), ("To", .day(audit.to.description)),
                ("Checklist", .text(title)),
            ]),
            .table(
                Table(
                    caption: "Answers of the audit that ended on \(Days.written(audit.to.description))",
                    columns: [
                        .init("question", "Question"), .init("section", "Section"), .init("answer", "Answer"),
                        .init("finding", "Finding"), .init("evidence", "Evidence"),
                    ],
                    rows: lines.compactMap { identifier, section, text in
                        audit.answers[identifier].map { answer in
                            Table.Row([
                                .text(text), .text(section), .text(answer.value.label), .text(answer.finding),
                                .links(evidence(answer)),
                            ])
                        }
                    }, none: "There are none.")),
        ]
    }

    private static func evidence(_ answer: Audit.Answer) -> [Link] {
        answer.evidence.enumerated().map { number, link in
            Link(answer.evidence.count == 1 ? "Document" : "Document \(number + 1)", link)
        }
    }

    private static func steps(
        _ name: String, _ stage: Stage, _ audit: Audit?, _ checklist: Checklist?, _ replacements: [String]
    ) -> [Block] {
        func form(
            _ kind: Action.Kind, _ fields: [SheetForm.Field], _ button: String, _ about: String? = nil
        ) -> Block {
            let hidden = [SheetForm.Field.hidden("name", name), .hidden("step", kind.rawValue)]
            let form = Block.form(SheetForm("/programme/step", hidden + fields, button: button))
            return .folded(button, (about.map { [.text($0)] } ?? []) + [form])
        }
        func may(_ kind: Action.Kind) -> Bool {
            StepRule.of(kind).parties.contains(.its) && StepRule.of(kind).from.contains(stage)
        }
        var blocks: [Block] = [.heading("Next steps")]
        if may(.review) {
            blocks.append(form(.review, [.init("reason", "Reason", isRequired: true)], "Begin a review"))
        }
        if may(.audit), let checklist {
            blocks.append(form(.audit, auditFields(checklist), "Record the audit", about(checklist)))
        }
        if may(.audit), checklist == nil {
            blocks.append(
                .notice(
                    "No audit can be recorded: the settings name no checklist. Add a line checklist = \"audit-checklist.toml\" to the collector's settings."
                ))
        }
        if may(.approve), audit?.result == .passed {
            let audiences = Audience.allCases.map { SheetForm.Option($0.rawValue, $0.label) }
            blocks.append(
                form(
                    .approve,
                    [
                        .init("audiences", "For whom", .boxes(audiences)), .init("conditions", "Conditions"),
                        .init("expires", "Last day of the approval", .day, isRequired: true),
                    ], "Approve"))
        }
        if may(.flag) {
            let severities = Flagging.Severity.allCases.map { SheetForm.Option($0.rawValue, $0.rawValue) }
            let options = [SheetForm.Option("", "Nothing")] + replacements.map { SheetForm.Option($0, $0) }
            blocks.append(
                form(
                    .flag,
                    [
                        .init("reason", "Reason", isRequired: true),
                        .init("severity", "Severity", .choice(severities), value: "medium"),
                        .init("replacement", "Use instead", .choice(options)),
                    ], "Flag"))
        }
        if may(.retire) {
            blocks.append(form(.retire, [.init("reason", "Reason", isRequired: true)], "Take off the lists"))
        }
        return blocks
    }

    private static func about(_ checklist: Checklist) -> String {
        "With \(checklist.title), version \(checklist.version). A question that is required has to be answered with yes "
            + "before an audit is passed; one that does not apply says why under “Finding”."
    }

    private static func auditFields(_ checklist: Checklist) -> [SheetForm.Field] {
        let answers = Audit.Answer.Value.allCases.map { SheetForm.Option($0.rawValue, $0.label) }
        let questions = checklist.questions.flatMap { question -> [SheetForm.Field] in
            var answer = SheetForm.Field(
                "answer." + question.identifier, question.text + (question.isRequired ? " (required)" : ""),
                .choice([SheetForm.Option("", "Choose")] + answers), isRequired: true)
            answer.isWide = true
            var finding = SheetForm.Field("finding." + question.identifier, "Finding")
            var evidence = SheetForm.Field("evidence." + question.identifier, "Links to evidence")
            (finding.remark, evidence.remark) = (question.text, question.text)
            return [answer, finding, evidence]
        }
        return questions + [
            .init("from", "Audit began", .day, isRequired: true), .init("to", "Audit ended", .day, isRequired: true),
            .init(
                "result", "Result", .choice([.init("passed", "Passed"), .init("failed", "Failed")]), value: "failed"),
            .init("summary", "Summary", .area, isRequired: true),
        ]
    }
}
