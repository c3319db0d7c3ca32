package import Programme
import Registry
package import Store
import Wire

/// The pages of procurement.
extension Sheet {
    /// "May I buy this?" and its answers.
    package static func purchase(
        question: String, answers: [PurchaseAnswer], language: [String: [ContractLanguage]]
    ) -> Sheet {
        var sheet = Sheet(
            title: "Before you buy", headline: "May I buy this?",
            summary: "Search for a product, its maker or its web address.",
            links: [
                Link("Acceptable Platforms", "/procurement/acceptable"), Link("Do Not Buy", "/procurement/do-not-buy"),
                Link("What changed", "/procurement/changes"), Link("Price leverage", "/procurement/leverage"),
                Link("Contract language", "/procurement/language"),
            ],
            blocks: [
                .form(
                    SheetForm(
                        "/procurement", isChange: false,
                        [SheetForm.Field("q", "Product, maker or web address", .search, value: question)],
                        button: "Search"))
            ])
        guard !question.isEmpty else { return sheet }
        sheet.title = "\(question): may I buy this?"
        if answers.isEmpty {
            sheet.blocks += [
                .heading("Nothing is known of “\(question)”"),
                .text(
                    "Neither the registry nor the catalogue has it, and no school was seen to use something of that name. "
                        + "Ask for a review before you buy it; say which school wants it and what for."),
                .links([Link("Ask for a review", "/programme/requests")]),
            ]
        }
        for answer in answers { sheet.blocks += blocks(answer, language) }
        return sheet
    }

    private static func blocks(_ answer: PurchaseAnswer, _ language: [String: [ContractLanguage]]) -> [Block] {
        switch answer {
        case .approved(let listed):
            let own = language[listed.platform.key] ?? []
            return [
                .heading(listed.platform.name), .verdict(.approved, "Yes, you may buy it."),
                facts(bought(listed)),
            ] + own.flatMap { [.text($0.title), .letter($0.text)] as [Block] }
        case .flagged(let listed):
            return [
                .heading(listed.platform.name), .verdict(.flagged, "No, do not buy it."),
                facts([
                    ("Reason", .text(listed.reason)), ("Severity", .text(listed.severity?.rawValue ?? "")),
                    ("Buy instead", link(to: listed.replacement)), ("Maker", .text(listed.platform.vendor)),
                    ("Since", .day(listed.since?.description)),
                ]),
            ]
        case .underReview(let listed, let use):
            return [
                .heading(listed.platform.name),
                .verdict(
                    .underReview,
                    listed.stage == .expired ? "Not now: its approval has expired." : "Not yet: it is being audited."),
                facts(known(listed, use)),
            ]
        case .undecided(let listed, let use):
            return [
                .heading(listed.platform.name), .verdict(.unlisted, "Nobody has decided yet: ask for a review first."),
                facts(known(listed, use)), .links([Link("Ask for a review", "/programme/requests")]),
            ]
        }
    }

    private static func bought(_ listed: ListedPlatform) -> [(String, SheetCell)] {
        let terms = listed.platform.terms
        return [
            ("Conditions", .text(listed.conditions)), ("For", .list(listed.audiences)),
            ("Contract", .text(terms.contract)), ("How to buy", .text(terms.relationship?.words ?? "")),
            ("Licences held", terms.licences.map { .number($0) } ?? .text("")),
            ("Agreement", agreement(listed)), ("Data elements", .list(listed.platform.privacy.studentData)),
            ("Approved until", listed.expires.map { .day($0.description) } ?? .text("")),
            ("Maker", .text(listed.platform.vendor)), ("Category", .text(listed.platform.category)),
        ]
    }

    private static func known(_ listed: ListedPlatform, _ use: PurchaseAnswer.Use) -> [(String, SheetCell)] {
        [
            ("In use at", .text(counted(use.schools, "school") + " in the last seven days")),
            ("On at least", .text(counted(use.devices, "device"))), ("Maker", .text(listed.platform.vendor)),
            ("Category", .text(listed.platform.category)),
        ]
    }

    static func agreement(_ listed: ListedPlatform) -> SheetCell {
        guard let agreement = listed.platform.privacy.agreement else { return .text("") }
        let until = agreement.expires.map { ", until \(Days.written($0.description))" } ?? ""
        return .text("Signed agreement" + until, link: agreement.link)
    }

    private static func link(to platform: String) -> SheetCell {
        .text(platform, link: platform.isEmpty ? nil : href("/procurement", [("q", platform)]))
    }

    /// A list of the programme.
    package static func list(_ list: PlatformList, _ platforms: [ListedPlatform]) -> Sheet {
        let path = list.path
        return Sheet(
            title: list.title, headline: list.title,
            summary: list == .acceptable
                ? "\(counted(platforms.count, "platform")) passed the district's audit and may be bought, under the conditions beside them."
                : "\(counted(platforms.count, "platform")) must not be bought. Each says what to buy instead, where there is something.",
            links: [
                Link("CSV", path + ".csv"), Link("JSON", path + ".json"), Link("Atom feed", path + ".atom"),
                Link("What changed", "/procurement/changes"),
            ],
            blocks: [.heading("The list"), .table(listTable(list, platforms))])
    }

    /// The table of a list.
    package static func listTable(_ list: PlatformList, _ platforms: [ListedPlatform]) -> SheetTable {
        switch list {
        case .acceptable:
            SheetTable(
                list.title,
                [
                    .init("platform", "Platform"), .init("vendor", "Maker"), .init("category", "Category"),
                    .init("audiences", "For"), .init("conditions", "Conditions"), .init("contract", "Contract"),
                    .init("relationship", "How to buy"), .init("approval_expires", "Approved until"),
                ],
                platforms.map { listed in
                    [
                        .text(
                            listed.platform.name, link: href("/programme/platform", [("name", listed.platform.name)])),
                        .text(listed.platform.vendor), .text(listed.platform.category), .list(listed.audiences),
                        .text(listed.conditions), .text(listed.platform.terms.contract),
                        .text(listed.platform.terms.relationship?.words ?? ""), .day(listed.expires?.description),
                    ]
                }, none: "Nothing is approved yet.")
        case .doNotBuy:
            SheetTable(
                list.title,
                [
                    .init("platform", "Platform"), .init("vendor", "Maker"), .init("category", "Category"),
                    .init("reason", "Reason"), .init("severity", "Severity"), .init("replacement", "Buy instead"),
                    .init("since", "Since"),
                ],
                platforms.map { listed in
                    [
                        .text(
                            listed.platform.name, link: href("/programme/platform", [("name", listed.platform.name)])),
                        .text(listed.platform.vendor), .text(listed.platform.category), .text(listed.reason),
                        .text(listed.severity?.rawValue ?? ""), link(to: listed.replacement),
                        .day(listed.since?.description),
                    ]
                }, none: "Nothing is flagged.")
        }
    }

    /// What changed on the lists since a day.
    package static func changes(_ changes: [ListChange], since: String, clock: DistrictClock) -> Sheet {
        Sheet(
            title: "What changed", headline: "What changed on the lists",
            summary: since.isEmpty
                ? "Since the beginning, newest first." : "Since \(Days.written(since)), newest first.",
            links: [
                Link("CSV", href("/procurement/changes.csv", [("since", since)])),
                Link("JSON", href("/procurement/changes.json", [("since", since)])),
                Link("Atom feed", "/procurement/changes.atom"),
            ],
            blocks: [
                .form(
                    SheetForm(
                        "/procurement/changes", isChange: false,
                        [SheetForm.Field("since", "Since", .day, value: since)],
                        button: "Show")),
                .heading("Changes"), .table(changesTable(changes, clock: clock)),
            ])
    }

    /// The table of changes.
    package static func changesTable(_ changes: [ListChange], clock: DistrictClock) -> SheetTable {
        SheetTable(
            "What changed on the lists",
            [
                .init("platform", "Platform"), .init("day", "Day"), .init("status", "Now"),
                .init("change", "What happened"),
            ],
            changes.map { change in
                [
                    .text(change.platform, link: href("/procurement", [("q", change.platform)])),
                    .day(clock.day(at: change.at).description), .status(change.to), .text(change.sentence),
                ]
            }, none: "Nothing changed.")
    }

    /// What a buyer puts before a vendor.
    package static func leverage(_ leverage: Leverage) -> Sheet {
        Sheet(
            title: "Price leverage", headline: "What the district brings to the table",
            summary:
                "Schools and devices of the last seven days, beside licences and spend where the district has entered them.",
            links: [Link("CSV", "/procurement/leverage.csv"), Link("JSON", "/procurement/leverage.json")],
            blocks: [
                .heading("By platform"), .table(leverageTable(leverage)),
                .heading("Several tools for the same thing"),
                .table(
                    SheetTable(
                        "Categories with several tools in use",
                        [
                            .init("category", "Category"), .init("platforms", "Tools"),
                            .init("schools", "Schools", isNumber: true),
                            .init("devices", "Devices, at least", isNumber: true),
                            .init("spend", "Spend", isNumber: true),
                        ],
                        leverage.overlaps.map { overlap in
                            [
                                .text(overlap.category), .list(overlap.platforms), .number(overlap.schools),
                                .devices(overlap.devices), .money(overlap.cents),
                            ]
                        }, none: "No category has two tools in use.")),
                .heading("Spend figures"),
                .text(
                    "Paste lines of CSV with the columns platform, school, period, amount and licences. A line for the same platform, school and period replaces the one before."
                ),
                .form(
                    SheetForm(
                        "/procurement/spend", [SheetForm.Field("csv", "Spend figures as CSV", .area, isRequired: true)],
                        button: "Take over")),
            ])
    }

    /// The table of leverage.
    package static func leverageTable(_ leverage: Leverage) -> SheetTable {
        SheetTable(
            "Price leverage by platform",
            [
                .init("platform", "Platform"), .init("vendor", "Maker"), .init("category", "Category"),
                .init("status", "Status"), .init("schools", "Schools", isNumber: true),
                .init("devices", "Devices, at least", isNumber: true),
                .init("devices_before", "Four weeks before", isNumber: true), .init("others", "Other tools for this"),
                .init("licences", "Licences", isNumber: true), .init("spend", "Spend", isNumber: true),
                .init("argument", "The case"),
            ],
            leverage.lines.map { line in
                [
                    .text(line.platform), .text(line.vendor), .text(line.category), .status(line.status),
                    .number(line.schools), .devices(line.devices), .devices(line.devicesBefore), .list(line.others),
                    .number(line.licences), .money(line.cents), .text(line.argument ?? ""),
                ]
            }, none: "Nothing is in use.")
    }

    /// The contract language for a platform.
    package static func language(platform: String, _ pieces: [ContractLanguage]) -> Sheet {
        Sheet(
            title: "Contract language",
            headline: platform.isEmpty ? "Contract language for all" : "Contract language for \(platform)",
            summary: "What Law wants in a contract. What is for all platforms comes first.",
            blocks: [
                .form(
                    SheetForm(
                        "/procurement/language", isChange: false,
                        [SheetForm.Field("name", "Platform, or nothing for all", value: platform)], button: "Show")),
                .heading("Snippets"),
            ] + (pieces.isEmpty ? [.text("There is none.")] : [])
                + pieces.flatMap {
                    [.text($0.platform.isEmpty ? "\($0.title) (all platforms)" : $0.title), .letter($0.text)] as [Block]
                }
                + [
                    .heading("Change"),
                    .form(
                        SheetForm(
                            "/procurement/language",
                            [
                                .hidden("name", platform),
                                SheetForm.Field("title", "What it is about", isRequired: true),
                                SheetForm.Field("text", "Text; nothing takes the snippet away", .area),
                            ], button: "Keep")),
                ])
    }
}

extension PlatformList {
    /// Where the list's page is.
    package var path: String {
        switch self {
        case .acceptable: "/procurement/acceptable"
        case .doNotBuy: "/procurement/do-not-buy"
        }
    }
}

extension Terms.Relationship {
    /// How the district comes by it, in words.
    var words: String {
        switch self {
        case .contract: "Under a contract"
        case .onDemand: "When needed"
        case .free: "Without paying"
        }
    }
}
