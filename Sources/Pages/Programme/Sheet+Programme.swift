package import Programme
import Registry
package import Store
package import Wire

/// The pages of the certification programme.
extension Sheet {
    /// Where everything stands.
    ///
    /// - Parameters:
    ///   - platforms: All platforms.
    ///   - requests: All requests.
    ///   - cases: All cases.
    ///   - query: What the address asks for, with the choice `stage`; without it what is to be reviewed.
    /// - Returns: The page.
    package static func programme(
        _ platforms: [ListedPlatform], requests: [Numbered<ToolRequest>], cases: [Numbered<TransitionCase>],
        _ query: ListQuery
    ) -> Sheet {
        let tools = platforms.filter { $0.platform.kind == .tool }
        func stage(_ stage: Stage) -> [ListedPlatform] {
            tools.filter { $0.stage == stage && ($0.since != nil || stage != .discovered) }
        }
        let wanted = query.choice("stage").flatMap { Stage(rawValue: $0) } ?? .underReview
        let tabs = [Stage.underReview, .expired, .discovered, .flagged, .approved, .retired].map { each in
            SheetTab(
                each.label, stage(each).count,
                link: query.link("/programme", "stage", each == .underReview ? nil : each.rawValue),
                isCurrent: each == wanted)
        }
        let table = Table(
            caption: "Platforms: \(wanted.label)",
            columns: [
                .init("platform", "Platform"), .init("vendor", "Maker"), .init("category", "Category"),
                .init("since", "Since"), .init("expires", "Approved until"), .init("reason", "Reason"),
            ],
            rows: stage(wanted).map { listed in
                Table.Row([
                    .text(listed.platform.name, link: platformLink(listed.platform.name)),
                    .text(listed.platform.vendor), .text(listed.platform.category), .day(listed.since?.description),
                    .day(listed.expires?.description), .text(listed.reason),
                ])
            }, none: "There is none.")
        let blocks =
            [Block.heading("Platforms"), .tabs("Stage", tabs)] + list(table, query, at: "/programme", "platform")
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
                    Table(
                        caption: "Steps of the programme",
                        columns: [
                            .init("step", "Step"), .init("from", "From"), .init("who", "Who may"),
                            .init("demands", "Demands"), .init("tells", "Tells"),
                        ],
                        rows: StepRule.all.map { rule in
                            Table.Row([
                                .text(rule.kind.label),
                                .list(
                                    Stage.allCases.filter { rule.from.contains($0) }.map(\.label)
                                        + (rule.from.contains(nil) ? ["Not in the programme"] : [])),
                                .list(Party.allCases.filter { rule.parties.contains($0) }.map(\.label)),
                                .text(rule.demands), .list(rule.tells.map(\.label)),
                            ])
                        })),
            ])
    }

    /// The monthly letter.
    ///
    /// - Parameters:
    ///   - letter: The letter.
    ///   - today: The day in the district, after whose month there is no letter.
    ///   - isExport: Whether the page goes to others, as a file.
    /// - Returns: The page.
    package static func letter(_ letter: MonthlyLetter, today: SchoolDay, isExport: Bool = false) -> Sheet {
        var blocks: [Block] = []
        for section in letter.sections {
            blocks.append(.heading(section.heading))
            let columns = [Table.Column("platform", "Platform"), .init("detail", "What it means")]
            let rows = section.entries.map { Table.Row([.text($0.platform), .text($0.detail)]) }
            blocks.append(
                .table(Table(caption: section.heading, columns: columns, rows: rows, none: section.none)))
        }
        if !isExport { blocks.append(.folded("As plain text, for an e-mail", [.letter(letter.text)])) }
        let months = [letter.month.before, letter.month.after].filter { $0 <= MonthlyLetter.Month(of: today) }
        return Sheet(
            title: "Monthly letter, \(letter.month.words)",
            subject: isExport ? letter.month.words : "A draft for ITS, to print or to send",
            headline: "Online tools in our schools: \(letter.month.words)",
            links: isExport
                ? []
                : [
                    Link("HTML", href("/programme/letter.html", [("month", letter.month.text)])),
                    Link("Plain text", href("/programme/letter.txt", [("month", letter.month.text)])),
                ] + months.map { Link($0.words, href("/programme/letter", [("month", $0.text)])) }, blocks: blocks)
    }
}
