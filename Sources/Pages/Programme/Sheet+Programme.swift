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
