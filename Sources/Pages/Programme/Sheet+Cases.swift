package import Programme
import Registry
package import Store
package import Wire

/// The pages of transition cases.
extension Sheet {
    /// The transition cases.
    ///
    /// - Parameters:
    ///   - cases: All of them.
    ///   - facts: What was seen.
    ///   - today: The day in the district.
    ///   - school: The one school whose cases are shown; nil for all.
    ///   - query: What the address asks for, with the choice `state`: `overdue` or `closed`, or without it `open`.
    /// - Returns: The page.
    package static func cases(
        _ cases: [Numbered<TransitionCase>], facts: UseFacts, today: SchoolDay, school: String?, _ query: ListQuery
    ) -> Sheet {
        let own = cases.filter { school == nil || $0.value.school == school }
        let state = CaseState(rawValue: query.choice("state") ?? "") ?? .open
        let path = "/programme/cases"
        let tabs = CaseState.allCases.map { each in
            SheetTab(
                each.label, own.count { each.has($0.value, on: today) },
                link: query.link(path, "state", each == .open ? nil : each.rawValue), isCurrent: each == state)
        }
        let table = table(own.filter { state.has($0.value, on: today) }, state, facts, today)
        return Sheet(
            title: "Transition cases", subject: school ?? "Whole district", headline: "Moves to make",
            summary: "A case opens when a flagged platform is in use at a school, or one that is paid for is not, and "
                + "closes on evidence.",
            links: [Link("Requests", "/programme/requests")],
            blocks: [.heading("Cases"), .tabs("State", tabs)] + list(table, query, at: path, "case"))
    }

    private static func table(
        _ cases: [Numbered<TransitionCase>], _ state: CaseState, _ facts: UseFacts, _ today: SchoolDay
    ) -> Table {
        Table(
            caption: "\(state.label) cases",
            columns: [
                .init("platform", "Platform"), .init("school", "School"), .init("kind", "Why"),
                .init("before", "Four weeks before", isNumber: true),
                .init("devices", "Devices lately", isNumber: true), .init("trend", "Use"), .init("owner", "Owner"),
                .init("due", "Due"), .init("done", "Done"),
            ],
            remarks: [.init("replacement", "Move to"), .init("evidence", "Last evidence:")],
            rows: cases.map { numbered in
                let value = numbered.value
                let use = facts.tool(named: value.platform)?.uses[value.school]
                return Table.Row(
                    [
                        .text(value.platform, link: caseLink(numbered.number)), .text(value.school),
                        .text(value.kind.label), .devices(use?.before ?? 0), .devices(use?.devices ?? 0),
                        value.trend(use), .text(value.owner),
                        value.isOverdue(on: today)
                            ? .mark(.bad, Days.brief(value.due.description) + ", overdue")
                            : .day(value.due.description),
                        .text("\(value.steps.count(where: \.isDone))\u{A0}of\u{A0}\(value.steps.count)"),
                    ],
                    remarks: [
                        value.replacement.isEmpty ? nil : .text(value.replacement),
                        value.turns.last.map { .text($0.evidence) },
                    ])
            }, none: "No case is \(state.label.lowercased()).")
    }

    /// One case: whether use falls, what is to do, what was written, and when it opened and closed.
    ///
    /// - Parameters:
    ///   - numbered: The case.
    ///   - use: The use of the platform at the school, day by day; nil where it was not seen.
    ///   - days: The days on which the school reported, oldest first.
    ///   - today: The day in the district.
    ///   - mayEdit: Whether the reader may change it.
    ///   - clock: The district's clock.
    /// - Returns: The page.
    package static func transition(
        _ numbered: Numbered<TransitionCase>, use: UseAtSchool?, days: [SchoolDay], today: SchoolDay, mayEdit: Bool,
        clock: DistrictClock
    ) -> Sheet {
        let value = numbered.value
        var blocks: [Block] = [
            facts([
                ("State", value.isOpen ? .text("Open") : .mark(.good, "Closed")), ("Why", .text(value.kind.label)),
                ("Move to", .text(value.replacement)), ("Owner", .text(value.owner)),
                (
                    "Due",
                    value.isOverdue(on: today)
                        ? .mark(.bad, Days.written(value.due.description) + ", overdue") : .day(value.due.description)
                ),
            ])
        ]
        if mayEdit { blocks.append(.folded("Change it", [.form(change(numbered))])) }
        blocks += useByDay(value, use, days)
        blocks += [
            .heading("What to do"),
            .table(
                Table(
                    caption: "What to do", columns: [.init("step", "Step"), .init("state", "State")],
                    rows: value.steps.map { step in
                        Table.Row(
                            [.text(step.text), step.isDone ? .mark(.good, "Done") : .text("To do")],
                            forms: mayEdit && !step.isDone ? [done(step, numbered.number)] : [])
                    }, none: "Nothing.")),
            .heading("Messages"),
            .table(
                Table(
                    caption: "Messages",
                    columns: [.init("day", "Day"), .init("who", "Who"), .init("text", "Message")],
                    rows: value.messages.reversed().map {
                        Table.Row([.day(clock.day(at: $0.at).description), .text($0.who), .text($0.text)])
                    }, none: "Nobody has written anything.")),
            .heading("Opened and closed"),
            .table(
                Table(
                    caption: "When the case opened and closed",
                    columns: [.init("day", "Day"), .init("turn", "What happened"), .init("evidence", "Evidence")],
                    rows: value.turns.reversed().map {
                        Table.Row([
                            .day($0.day.description), .text($0.isOpen ? "Opened" : "Closed"), .text($0.evidence),
                        ])
                    })),
        ]
        return Sheet(
            title: "\(value.platform) at \(value.school)", subject: value.school,
            headline: "\(value.platform) at \(value.school)",
            summary: value.kind == .flaggedInUse
                ? "It is flagged and in use. The case closes when use stays below the bound for long enough."
                : "It is paid for and silent. The case closes when it is used.",
            links: [Link("All cases", "/programme/cases"), Link("Its use", toolHref(value.platform))], blocks: blocks)
    }

    private static func useByDay(_ value: TransitionCase, _ use: UseAtSchool?, _ days: [SchoolDay]) -> [Block] {
        let points = days.map { ($0.description, use?.days[$0] ?? 0) }
        let table = Table(
            caption: "Devices a day at \(value.school)",
            columns: [.init("day", "Day"), .init("devices", "Devices, at least", isNumber: true)],
            rows: points.reversed().map { Table.Row([.day($0), .devices($1)]) },
            none: "The school did not report in the last five weeks.")
        let chart = BarChart(
            title: "Devices a day", description: trendSentence(use),
            points: points.map { BarChart.Point(label: Days.short($0), value: $1) })
        return [
            .heading("Its use at the school"), .text(trendSentence(use)), .chart(chart.svg),
            .folded("The figures behind the chart", [.table(table)]),
        ]
    }

    private static func trendSentence(_ use: UseAtSchool?) -> String {
        let (lately, before) = (use?.devices ?? 0, use?.before ?? 0)
        let way = lately < before ? "Use falls" : lately > before ? "Use grows" : "Use stays"
        return "\(way): at least \(counted(lately, "device")) on the busiest day of the last seven, after "
            + "\(written(before)) on the busiest of the four weeks before."
    }

    private static func change(_ numbered: Numbered<TransitionCase>) -> SheetForm {
        SheetForm(
            "/programme/cases",
            [
                .hidden("number", "\(numbered.number)"), .init("owner", "Owner", value: numbered.value.owner),
                .init("due", "Due", .day, value: numbered.value.due.description, isRequired: true),
                .init("step", "One more thing to do"), .init("message", "Message"),
            ], button: "Keep")
    }

    private static func done(_ step: TransitionCase.Task, _ number: Int64) -> SheetForm {
        SheetForm(
            "/programme/cases/done", [.hidden("number", "\(number)"), .hidden("done", step.text)], button: "Done")
    }
}

/// What cases are asked for.
private enum CaseState: String, CaseIterable {
    case open, overdue, closed

    var label: String {
        switch self {
        case .open: "Open"
        case .overdue: "Overdue"
        case .closed: "Closed"
        }
    }

    func has(_ value: TransitionCase, on today: SchoolDay) -> Bool {
        switch self {
        case .open: value.isOpen
        case .overdue: value.isOverdue(on: today)
        case .closed: !value.isOpen
        }
    }
}

extension TransitionCase.Kind {
    fileprivate var label: String {
        switch self {
        case .flaggedInUse: "Flagged and in use"
        case .paidAndSilent: "Paid for and silent"
        }
    }
}

extension TransitionCase {
    /// Whether use goes where the case wants it to go.
    fileprivate func trend(_ use: UseAtSchool?) -> Cell {
        let (lately, before) = (use?.devices ?? 0, use?.before ?? 0)
        let isWanted = kind == .flaggedInUse ? lately < before : lately > before
        if lately == before { return .text("unchanged") }
        return .mark(isWanted ? .good : .bad, lately < before ? "falls" : "grows")
    }
}
