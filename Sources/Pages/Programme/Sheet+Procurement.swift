package import Programme
import Registry
package import Store
import Wire

/// The pages of procurement.
extension Sheet {
    /// How many answers a search shows.
    private static let shownAnswers = 20

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
                    "Neither the registry nor the catalogue has it, and no school was seen to use something of that name in "
                        + "the last seven days. Ask for a review before you buy it; say which school wants it and what for."
                ),
                .links([Link("Ask for a review", requestLink(question))]),
            ]
        }
        for answer in answers.prefix(shownAnswers) { sheet.blocks += blocks(answer, language) }
        if answers.count > shownAnswers {
            sheet.blocks += [
                .heading("And \(written(answers.count - shownAnswers)) more"),
                .text("What is decided on came first. Write more of the name to see the others."),
            ]
        }
        return sheet
    }

    private static func blocks(_ answer: PurchaseAnswer, _ language: [String: [ContractLanguage]]) -> [Block] {
        switch answer {
        case .approved(let listed):
            let own = language[listed.platform.key] ?? []
            return [
                .heading(listed.platform.name), .verdict(.approved, "Yes, you may buy it."),
                facts(
                    [
                        ("Conditions", .text(listed.conditions)), ("For", .list(listed.audiences)),
                        ("Approved until", .day(listed.expires?.description)),
                    ] + bought(listed) + [
                        ("Data elements", .list(listed.platform.privacy.studentData)),
                        ("Maker", .text(listed.platform.vendor)), ("Category", .text(listed.platform.category)),
                    ]),
            ] + (own.isEmpty ? [] : [.text("What Law wants in the contract:")])
                + own.flatMap { [.folded($0.title, [.letter($0.text)])] as [Block] }
                + [.links([Link("All about it", platformLink(listed.platform.name))])]
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
                facts(known(listed, use)), .links([Link("Ask for a review", requestLink(listed.platform.name))]),
            ]
        case .unknown(let unknown):
            return [
                .heading(unknown.name),
                .verdict(.unlisted, "No known tool has this name, and nobody has decided: ask for a review first."),
                facts([
                    ("In use at", .text(counted(unknown.schools, "school") + " in the last seven days")),
                    ("On at least", .text(counted(unknown.devices, "device") + " on the busiest day")),
                ]),
                .links([
                    Link("Ask for a review", requestLink(unknown.name)),
                    Link("Its names", href("/unknown", [("search", unknown.name)])),
                ]),
            ]
        }
    }

    /// How the district comes by a platform, and what was agreed on.
    static func bought(_ listed: ListedPlatform) -> [(String, Cell)] {
        let terms = listed.platform.terms
        return [
            ("How to buy", .text(terms.relationship?.label ?? "")), ("Contract", .text(terms.contract)),
            ("Price vehicle", .text(terms.priceVehicle)), ("Licences held", .number(terms.licences)),
            ("Agreement", agreement(listed)),
        ]
    }

    private static func known(_ listed: ListedPlatform, _ use: PurchaseAnswer.Use) -> [(String, Cell)] {
        [
            ("In use at", .text(counted(use.schools, "school") + " in the last seven days")),
            ("On at least", .text(counted(use.devices, "device") + " on the busiest day")),
            ("Maker", .text(listed.platform.vendor)),
            ("Category", .text(listed.platform.category)),
        ]
    }

    private static func agreement(_ listed: ListedPlatform) -> Cell {
        guard let agreement = listed.platform.privacy.agreement else { return .text("") }
        return .text(agreement.words, link: agreement.link)
    }

    private static func link(to platform: String) -> Cell {
        .text(platform, link: platform.isEmpty ? nil : href("/procurement", [("q", platform)]))
    }

    /// A list of the programme.
    package static func list(_ list: PlatformList, _ platforms: [ListedPlatform], _ query: ListQuery) -> Sheet {
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
            blocks: [.heading("The list")] + self.list(listTable(list, platforms), query, at: path, "platform"))
    }

    /// The table of a list.
    package static func listTable(_ list: PlatformList, _ platforms: [ListedPlatform]) -> Table {
        switch list {
        case .acceptable:
            Table(
                caption: list.title,
                columns: [
                    .init("platform", "Platform"), .init("vendor", "Maker"), .init("category", "Category"),
                    .init("audiences", "For"), .init("conditions", "Conditions"), .init("relationship", "How to buy"),
                    .init("contract", "Contract"), .init("price_vehicle", "Price vehicle"),
                    .init("approval_expires", "Approved until"),
                ],
                rows: platforms.map { listed in
                    let terms = listed.platform.terms
                    return Table.Row([
                        .text(listed.platform.name, link: platformLink(listed.platform.name)),
                        .text(listed.platform.vendor), .text(listed.platform.category), .list(listed.audiences),
                        .text(listed.conditions), .text(terms.relationship?.label ?? ""), .text(terms.contract),
                        .text(terms.priceVehicle), .day(listed.expires?.description),
                    ])
                }, none: "Nothing is approved yet.")
        case .doNotBuy:
            Table(
                caption: list.title,
                columns: [
                    .init("platform", "Platform"), .init("vendor", "Maker"), .init("category", "Category"),
                    .init("reason", "Reason"), .init("severity", "Severity"), .init("replacement", "Buy instead"),
                    .init("since", "Since"),
                ],
                rows: platforms.map { listed in
                    Table.Row([
                        .text(listed.platform.name, link: platformLink(listed.platform.name)),
                        .text(listed.platform.vendor), .text(listed.platform.category), .text(listed.reason),
                        .text(listed.severity?.rawValue ?? ""), link(to: listed.replacement),
                        .day(listed.since?.description),
                    ])
                }, none: "Nothing is flagged.")
        }
    }

    /// What changed on the lists since a day.
    package static func changes(
        _ changes: [ListChange], since: String, _ query: ListQuery, clock: DistrictClock
    ) -> Sheet {
        Sheet(
            title: "What changed", headline: "What changed on the lists",
            summary: since.isEmpty
                ? "Since the beginning, newest first." : "Since \(Days.written(since)), newest first.",
            links: [
                Link("CSV", href("/procurement/changes.csv", [("since", since)])),
                Link("JSON", href("/procurement/changes.json", [("since", since)])),
                Link("Atom feed", "/procurement/changes.atom"),
            ],
            blocks: [.heading("Changes")]
                + list(
                    changesTable(changes, clock: clock), query, at: "/procurement/changes", "change",
                    fields: [SheetForm.Field("since", "Since", .day, value: since)]))
    }

    /// The table of changes.
    package static func changesTable(_ changes: [ListChange], clock: DistrictClock) -> Table {
        Table(
            caption: "What changed on the lists",
            columns: [
                .init("platform", "Platform"), .init("day", "Day"), .init("status", "Now"),
                .init("change", "What happened"),
            ],
            rows: changes.map { change in
                Table.Row([
                    .text(change.platform, link: href("/procurement", [("q", change.platform)])),
                    .day(clock.day(at: change.at).description), .status(change.to), .text(change.sentence),
                ])
            }, none: "Nothing changed.")
    }

    /// The contract language for a platform.
    package static func language(
        platform: String, _ pieces: [ContractLanguage], platforms: [String], mayBuy: Bool
    ) -> Sheet {
        Sheet(
            title: "Contract language",
            headline: platform.isEmpty ? "Contract language for all" : "Contract language for \(platform)",
            summary: "What Law wants in a contract. What is for all platforms comes first.",
            blocks: [
                .form(
                    SheetForm(
                        "/procurement/language", isChange: false,
                        [
                            SheetForm.Field(
                                "name", "Platform, or nothing for all", .suggested(platforms), value: platform)
                        ], button: "Show")),
                .heading("Snippets"),
            ] + (pieces.isEmpty ? [.text("There is none.")] : [])
                + pieces.flatMap {
                    [.text($0.platform.isEmpty ? "\($0.title) (all platforms)" : $0.title), .letter($0.text)] as [Block]
                }
                + (mayBuy ? [languageForm(platform)] : []))
    }

    private static func languageForm(_ platform: String) -> Block {
        .folded(
            platform.isEmpty ? "Add or change a snippet for all" : "Add or change a snippet for \(platform)",
            [
                .form(
                    SheetForm(
                        "/procurement/language",
                        [
                            .hidden("name", platform),
                            SheetForm.Field("title", "What it is about", isRequired: true),
                            SheetForm.Field("text", "Text; nothing takes the snippet away", .area),
                        ], button: "Keep"))
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

extension PrivacyFacts.Agreement {
    /// What there is to know of the agreement, in words.
    var words: String {
        "Signed" + (signed.map { " on \(Days.written($0.description))" } ?? "")
            + (expires.map { ", until \(Days.written($0.description))" } ?? "")
    }
}
