package import Programme
import Registry
import Store
import Wire

/// The page of one platform in the programme.
extension Sheet {
    /// Everything about one platform in the programme, with the steps that come next where the reader may take them.
    package static func dossier(
        _ listed: ListedPlatform, _ life: Certification, checklist: Checklist?, replacements: [String], mayEdit: Bool,
        mayBuy: Bool, clock: DistrictClock
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
        if let audit = life.audit { sheet.blocks += blocks(audit) }
        if mayEdit { sheet.blocks += steps(name, life.stage ?? listed.stage, life.audit, checklist, replacements) }
        sheet.blocks += [.heading("History"), .table(history(life, clock))]
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

    private static func blocks(_ audit: Audit) -> [Block] {
        [
            .heading("The audit"),
            facts([
                ("Result", .text(audit.result == .passed ? "Passed" : "Failed")), ("Summary", .text(audit.summary)),
                ("Auditor", .text(audit.auditor)), ("From", .day(audit.from.description)),
                ("To", .day(audit.to.description)),
                ("Checklist", .text(audit.checklist)),
            ]),
            .table(
                Table(
                    caption: "Answers of the audit",
                    columns: [
                        .init("question", "Question"), .init("answer", "Answer"), .init("finding", "Finding"),
                        .init("evidence", "Evidence"),
                    ],
                    rows: audit.answers.sorted { $0.key < $1.key }.map { question, answer in
                        Table.Row([
                            .text(question), .text(answer.value.label), .text(answer.finding),
                            answer.evidence.count == 1
                                ? .text("Document", link: answer.evidence[0]) : .list(answer.evidence),
                        ])
                    }, none: "There are none.")),
        ]
    }

    private static func steps(
        _ name: String, _ stage: Stage, _ audit: Audit?, _ checklist: Checklist?, _ replacements: [String]
    ) -> [Block] {
        func form(_ kind: Action.Kind, _ fields: [SheetForm.Field], _ button: String) -> Block {
            .folded(
                button,
                [
                    .form(
                        SheetForm(
                            "/programme/step", [.hidden("name", name), .hidden("step", kind.rawValue)] + fields,
                            button: button))
                ])
        }
        func may(_ kind: Action.Kind) -> Bool {
            StepRule.of(kind).parties.contains(.its) && StepRule.of(kind).from.contains(stage)
        }
        var blocks: [Block] = [.heading("Next steps")]
        if may(.review) {
            blocks.append(form(.review, [.init("reason", "Reason", isRequired: true)], "Begin a review"))
        }
        if may(.audit), let checklist {
            blocks += [
                form(.audit, auditFields(checklist), "Record the audit"),
                .text("Audits are made with \(checklist.title), version \(checklist.version)."),
            ]
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

    private static func auditFields(_ checklist: Checklist) -> [SheetForm.Field] {
        let answers = Audit.Answer.Value.allCases.map { SheetForm.Option($0.rawValue, $0.label) }
        let questions = checklist.questions.flatMap { question -> [SheetForm.Field] in
            var answer = SheetForm.Field(
                "answer." + question.identifier, question.text + (question.isRequired ? " (required)" : ""),
                .choice([SheetForm.Option("", "Choose")] + answers), isRequired: true)
            answer.isWide = true
            var finding = SheetForm.Field("finding." + question.identifier, "Finding")
            var evidence = SheetForm.Field("evidence." + question.identifier, "Link to evidence")
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
