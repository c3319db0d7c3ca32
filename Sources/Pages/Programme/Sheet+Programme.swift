package import Programme
import Registry
package import Store
import Wire

/// The pages of the certification programme.
extension Sheet {
    /// Where everything stands.
    package static func programme(
        _ platforms: [ListedPlatform], requests: [Numbered<ToolRequest>], cases: [Numbered<TransitionCase>]
    ) -> Sheet {
        let tools = platforms.filter { $0.platform.kind == .tool }
        func stage(_ stage: Stage) -> [ListedPlatform] {
            tools.filter { $0.stage == stage && ($0.since != nil || stage != .discovered) }
        }
        var blocks: [Block] = []
        for wanted in [Stage.underReview, .expired, .discovered, .flagged, .approved] {
            let found = stage(wanted)
            blocks += [
                .heading("\(wanted.label) (\(written(found.count)))"),
                .table(
                    SheetTable(
                        "Platforms: \(wanted.label)",
                        [
                            .init("platform", "Platform"), .init("category", "Category"), .init("since", "Since"),
                            .init("expires", "Approved until"),
                        ],
                        found.map {
                            [
                                .text(
                                    $0.platform.name, link: href("/programme/platform", [("name", $0.platform.name)])),
                                .text($0.platform.category), .day($0.since?.description), .day($0.expires?.description),
                            ]
                        }, none: "None.")),
            ]
        }
        return Sheet(
            title: "Certification", headline: "The certification programme",
            summary: "\(counted(stage(.underReview).count + stage(.expired).count, "platform")) to review, "
                + "\(counted(requests.count { !$0.value.state.isAnswer }, "open request")), "
                + "\(counted(cases.count { $0.value.isOpen }, "open case")).",
            links: [
                Link("Requests", "/programme/requests"), Link("Cases", "/programme/cases"),
                Link("Surveys", "/programme/surveys"), Link("Monthly letter", "/programme/letter"),
                Link("Rules", "/programme/rules"), Link("Alerts", "/alerts"),
            ], blocks: blocks)
    }

    /// The rule book.
    package static var rules: Sheet {
        Sheet(
            title: "Rules of the programme", headline: "Who may do what, and who is told",
            blocks: [
                .heading("Steps"),
                .table(
                    SheetTable(
                        "Steps of the programme",
                        [
                            .init("step", "Step"), .init("from", "From"), .init("who", "Who may"),
                            .init("demands", "Demands"), .init("tells", "Tells"),
                        ],
                        StepRule.all.map { rule in
                            [
                                .text(rule.kind.label),
                                .list(
                                    Stage.allCases.filter { rule.from.contains($0) }.map(\.label)
                                        + (rule.from.contains(nil) ? ["Not in the programme"] : [])),
                                .list(Party.allCases.filter { rule.parties.contains($0) }.map(\.label)),
                                .text(rule.demands), .list(rule.tells.map(\.label)),
                            ]
                        }, none: "")),
            ])
    }

    /// Everything about one platform in the programme, with the steps that come next where the reader may take them.
    package static func dossier(
        _ listed: ListedPlatform, _ life: Certification, checklist: Checklist?, replacements: [String], mayEdit: Bool,
        clock: DistrictClock
    ) -> Sheet {
        let name = listed.platform.name
        var sheet = Sheet(
            title: name, subject: "Certification", headline: name,
            links: [
                Link("Use", toolHref(name)), Link("May I buy this?", href("/procurement", [("q", name)])),
                Link("Contract language", href("/procurement/language", [("name", name)])),
            ],
            blocks: [
                .verdict(listed.platform.status, listed.stage.label + "."),
                facts([
                    ("Conditions", .text(listed.conditions)), ("For", .list(listed.audiences)),
                    ("Approved until", listed.expires.map { .day($0.description) } ?? .text("")),
                    ("Reason", .text(listed.reason)), ("Severity", .text(listed.severity?.rawValue ?? "")),
                    ("Use instead", .text(listed.replacement)), ("Maker", .text(listed.platform.vendor)),
                    ("Category", .text(listed.platform.category)), ("Agreement", agreement(listed)),
                ]),
            ])
        if let audit = life.audit { sheet.blocks += blocks(audit) }
        if mayEdit { sheet.blocks += steps(name, life.stage ?? listed.stage, life.audit, checklist, replacements) }
        sheet.blocks += [.heading("History"), .table(history(life, clock))]
        return sheet
    }

    private static func history(_ life: Certification, _ clock: DistrictClock) -> SheetTable {
        SheetTable(
            "History of \(life.platform)",
            [
                .init("day", "Day"), .init("step", "Step"), .init("who", "Who"), .init("stage", "Stands at"),
                .init("detail", "Detail"),
            ],
            life.history.reversed().map { step in
                [
                    .day(clock.day(at: step.at).description), .text(step.action.kind.label), .text(step.who),
                    .text(step.stage.label), .text(step.action.words),
                ]
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
                SheetTable(
                    "Answers of the audit",
                    [
                        .init("question", "Question"), .init("answer", "Answer"), .init("finding", "Finding"),
                        .init("evidence", "Evidence"),
                    ],
                    audit.answers.sorted { $0.key < $1.key }.map { question, answer in
                        [
                            .text(question), .text(answer.value.label), .text(answer.finding),
                            answer.evidence.count == 1
                                ? .text("Document", link: answer.evidence[0]) : .list(answer.evidence),
                        ]
                    }, none: "There are none.")),
        ]
    }

    private static func steps(
        _ name: String, _ stage: Stage, _ audit: Audit?, _ checklist: Checklist?, _ replacements: [String]
    ) -> [Block] {
        func form(_ kind: Action.Kind, _ fields: [SheetForm.Field], _ button: String) -> Block {
            .form(
                SheetForm(
                    "/programme/step", [.hidden("name", name), .hidden("step", kind.rawValue)] + fields, button: button)
            )
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
                .text("\(checklist.title), version \(checklist.version)"),
                form(.audit, auditFields(checklist), "Record the audit"),
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

    /// The surveys, and one of them.
    package static func surveys(
        _ names: [String], shown: String, declarations: [DeclaredTool], comparison: SurveyComparison?,
        schools: [String], mayEdit: Bool
    ) -> Sheet {
        var blocks: [Block] = []
        if let comparison { blocks += self.blocks(comparison) }
        if !names.isEmpty {
            blocks.append(
                .form(
                    SheetForm(
                        "/programme/surveys", isChange: false,
                        [
                            .init("survey", "Survey", .choice(names.map { SheetForm.Option($0, $0) }), value: shown),
                            .init(
                                "school", "School",
                                .choice([SheetForm.Option("", "Choose")] + schools.map { SheetForm.Option($0, $0) }),
                                value: comparison?.school ?? ""),
                        ], button: "Compare")))
        }
        let unsure = declarations.filter { !$0.isConfirmed }
        if !unsure.isEmpty {
            blocks += [
                .heading("To confirm (\(written(unsure.count)))"),
                .text("What these schools wrote is no exact name. Say which platform it is."),
                .table(
                    SheetTable(
                        "Declarations to confirm",
                        [
                            .init("tool", "As written"), .init("school", "School"), .init("purpose", "What for"),
                            .init("platform", "Platform"),
                        ],
                        unsure.prefix(100).map { declared in
                            [
                                .text(declared.declaration.tool), .text(declared.declaration.school),
                                .text(declared.declaration.purpose),
                                mayEdit ? .button(confirm(declared, shown)) : .text(declared.platform ?? ""),
                            ]
                        }, none: "")),
            ]
        }
        if mayEdit {
            blocks += [
                .heading("Take over a survey"),
                .text(
                    "Paste lines of CSV with the columns school, tool, purpose and users. A survey of the same name is replaced."
                ),
                .form(
                    SheetForm(
                        "/programme/surveys",
                        [
                            .init("survey", "Name of the survey", isRequired: true),
                            .init("csv", "The survey as CSV", .area, isRequired: true),
                        ],
                        button: "Take over")),
            ]
        }
        return Sheet(
            title: "Surveys", subject: comparison?.school ?? "Whole district", headline: "What schools say they use",
            summary: "Declared and seen, declared and not seen, seen and not declared.", blocks: blocks)
    }

    private static func confirm(_ declared: DeclaredTool, _ survey: String) -> SheetForm {
        SheetForm(
            "/programme/surveys/confirm",
            [
                .hidden("number", "\(declared.number)"), .hidden("survey", survey),
                .init("platform", "Platform, or nothing for none", value: declared.platform ?? ""),
            ], button: "Confirm")
    }

    private static func blocks(_ comparison: SurveyComparison) -> [Block] {
        func table(_ caption: String, _ lines: [SurveyComparison.Line]) -> Block {
            .table(
                SheetTable(
                    caption,
                    [
                        .init("platform", "Platform"), .init("status", "Status"),
                        .init("users", "Users declared", isNumber: true),
                        .init("devices", "Devices lately", isNumber: true), .init("purpose", "What for"),
                    ],
                    lines.map {
                        [
                            .text($0.platform), .status($0.status), .number($0.users), .devices($0.devices),
                            .text($0.purpose),
                        ]
                    },
                    none: "None."))
        }
        return [
            .heading("Declared and seen"), table("Declared and seen", comparison.both),
            .heading("Declared and not seen"), table("Declared and not seen", comparison.declaredOnly),
            .heading("Seen and not declared"), table("Seen and not declared", comparison.seenOnly),
            .heading("Other surveys and schools"),
        ]
    }

    /// The monthly letter.
    package static func letter(_ letter: MonthlyLetter) -> Sheet {
        var blocks: [Block] = []
        for section in letter.sections {
            blocks.append(.heading(section.heading))
            if section.entries.isEmpty {
                blocks.append(.text(section.none))
            } else {
                blocks.append(.facts(section.entries.map { Fact($0.platform, .text($0.detail)) }))
            }
        }
        blocks += [.heading("As plain text"), .letter(letter.text)]
        return Sheet(
            title: "Monthly letter \(letter.month)", subject: "A draft for ITS",
            headline: "Online tools in our schools: \(letter.month)",
            links: [Link("Plain text", href("/programme/letter.txt", [("month", letter.month)]))], blocks: blocks)
    }
}

extension Action.Kind {
    /// The step in words.
    var label: String {
        switch self {
        case .discover: "Discovered"
        case .review: "Review begun"
        case .audit: "Audit recorded"
        case .approve: "Approved"
        case .flag: "Flagged"
        case .expire: "Approval expired"
        case .retire: "Taken off the lists"
        case .takeOver: "Changed by a registry file"
        }
    }
}

extension Audit.Answer.Value {
    /// The answer in words.
    var label: String {
        switch self {
        case .yes: "Yes"
        case .no: "No"
        case .notApplicable: "Does not apply"
        }
    }
}

extension Action {
    /// What a step said, in words.
    fileprivate var words: String {
        switch self {
        case .discover(let schools, let devices):
            "\(counted(schools, "school")), at least \(counted(devices, "device"))"
        case .review(let reviewer, let reason): "\(reason) (reviewer: \(reviewer))"
        case .audit(let audit): "\(audit.result.rawValue): \(audit.summary)"
        case .approve(let approval):
            "until \(approval.expires), for \(approval.audiences.map(\.label).joined(separator: ", "))"
                + (approval.conditions.isEmpty ? "" : "; \(approval.conditions)")
        case .flag(let flagging):
            "\(flagging.reason) (\(flagging.severity.rawValue))"
                + (flagging.replacement.isEmpty ? "" : "; use \(flagging.replacement)")
        case .expire(let day): "held until \(day)"
        case .retire(let reason): reason
        case .takeOver(let status): "the file says: \(status.label)"
        }
    }
}
