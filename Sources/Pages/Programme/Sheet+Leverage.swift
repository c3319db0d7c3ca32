import Identity
package import Programme
import Registry

/// The pages of price leverage: what is used and what is paid for it.
extension Sheet {
    /// What a buyer puts before a vendor.
    package static func leverage(_ leverage: Leverage, _ query: ListQuery) -> Sheet {
        Sheet(
            title: "Price leverage", headline: "What the district brings to the table",
            summary:
                "Schools and devices of the last seven days, each school by its busiest day, beside licences and spend where "
                + "the district has entered them.",
            links: [
                Link("CSV", "/procurement/leverage.csv"), Link("JSON", "/procurement/leverage.json"),
                Link("Several tools for the same thing", "/procurement/overlaps"),
                Link("Spend figures", "/procurement/spend"),
            ],
            blocks: [.heading("By platform")]
                + list(leverageTable(leverage), query, at: "/procurement/leverage", "platform"))
    }

    /// Categories in which several tools do the same.
    package static func overlaps(_ leverage: Leverage, _ query: ListQuery) -> Sheet {
        Sheet(
            title: "Several tools for the same thing", headline: "Several tools for the same thing",
            summary:
                "Categories in which two tools or more are in use, with the schools that use one of them at least. At each "
                + "school the devices are those of its largest tool, for the same devices may use several.",
            links: [
                Link("CSV", "/procurement/overlaps.csv"), Link("JSON", "/procurement/overlaps.json"),
                Link("By platform", "/procurement/leverage"),
            ],
            blocks: [.heading("Categories")]
                + list(
                    overlapTable(leverage.overlaps), query, at: "/procurement/overlaps", "category", "categories"))
    }

    /// What was paid, line by line, and the form that takes over more.
    ///
    /// - Parameters:
    ///   - spends: All figures.
    ///   - schools: The schools that ever reported.
    ///   - query: What the address asks for.
    ///   - mayBuy: Whether the reader may change them.
    /// - Returns: The page.
    package static func spends(
        _ spends: [Spend], schools: [String], _ query: ListQuery, mayBuy: Bool
    ) -> Sheet {
        Sheet(
            title: "Spend figures", headline: "Spend figures",
            summary: "What schools and the district paid, as it was taken over: "
                + "\(counted(spends.count, "line")), $\(written(spends.reduce(0) { $0 + $1.cents } / 100)) in all.",
            links: [
                Link("CSV", "/procurement/spend.csv"), Link("JSON", "/procurement/spend.json"),
                Link("Price leverage", "/procurement/leverage"),
            ],
            blocks: (mayBuy ? [spendForm] : []) + [.heading("Lines")]
                + list(
                    spendTable(spends, schools: schools, mayBuy: mayBuy), query, at: "/procurement/spend", "line"))
    }

    /// The spend figures; as CSV, a file that can be taken over again.
    package static func spendTable(_ spends: [Spend], schools: [String] = [], mayBuy: Bool = false) -> Table {
        let known = Set(schools.map(SchoolName.key))
        return Table(
            caption: "Spend figures",
            columns: [
                .init("platform", "Platform"), .init("school", "School"), .init("period", "Period"),
                .init("amount", "Paid", isNumber: true), .init("licences", "Licences", isNumber: true),
            ],
            remarks: schools.isEmpty ? [] : [.init("remark", "Note:")],
            rows: spends.map { spend in
                let isStrange = !spend.school.isEmpty && !known.contains(SchoolName.key(of: spend.school))
                return Table.Row(
                    [
                        .text(
                            spend.platform, link: mayBuy ? href("/procurement/offer", [("name", spend.platform)]) : nil),
                        .text(spend.school.isEmpty && !schools.isEmpty ? "Whole district" : spend.school),
                        .text(spend.period), .money(spend.cents), .number(spend.licences),
                    ],
                    remarks: schools.isEmpty
                        ? [] : [isStrange ? .text("No school of this name has ever reported: is it misspelt?") : nil],
                    forms: mayBuy ? [takeAway(spend)] : [])
            }, none: "There are no spend figures yet.")
    }

    private static func takeAway(_ spend: Spend) -> SheetForm {
        SheetForm(
            "/procurement/spend/remove",
            [
                .hidden("platform", spend.platform), .hidden("school", spend.school), .hidden("period", spend.period),
            ], button: "Take away")
    }

    private static var spendForm: Block {
        .folded(
            "Take over spend figures",
            [
                .text(
                    "Paste lines of CSV with the columns platform, school, period, amount and licences. A line for the "
                        + "same platform, school and period replaces the one before."),
                .form(
                    SheetForm(
                        "/procurement/spend", [SheetForm.Field("csv", "Spend figures as CSV", .area, isRequired: true)],
                        button: "Take over")),
            ])
    }

    /// Categories in which several tools do the same.
    package static func overlapTable(_ overlaps: [Leverage.Overlap]) -> Table {
        Table(
            caption: "Categories with several tools in use",
            columns: [
                .init("category", "Category"), .init("schools", "Schools", isNumber: true),
                .init("devices", "Devices, at least", isNumber: true),
                .init("devices_before", "Four weeks before", isNumber: true),
                .init("licences", "Licences", isNumber: true), .init("spend", "Spend", isNumber: true),
            ],
            remarks: [.init("argument", "The case:"), .init("platforms", "Tools:")],
            rows: overlaps.map { overlap in
                Table.Row(
                    [
                        .text(overlap.category), .number(overlap.schools), .devices(overlap.devices),
                        .devices(overlap.devicesBefore), .number(overlap.licences), .money(overlap.cents),
                    ], remarks: [.text(overlap.argument), .list(overlap.platforms)])
            }, none: "No category has two tools in use.")
    }

    /// What a buyer puts before one vendor: the use of one platform, what is paid, and the case for one contract.
    package static func offer(_ line: Leverage.Line, uses: [(school: String, use: UseAtSchool)], today: String) -> Sheet
    {
        Sheet(
            title: "\(line.platform): price leverage", subject: "Whole district, \(Days.written(today))",
            headline: "\(line.platform) in our schools", summary: line.argument ?? "",
            links: [
                Link("CSV", href("/procurement/offer.csv", [("name", line.platform)])),
                Link("All platforms", "/procurement/leverage"), Link("Use", toolHref(line.platform)),
            ],
            blocks: [
                .heading("What the district uses"),
                facts([
                    ("Maker", .text(line.vendor)), ("Category", .text(line.category)), ("Status", .status(line.status)),
                    ("Schools, last seven days", .number(line.schools)),
                    ("Devices, at least, last seven days", .devices(line.devices)),
                    ("Devices, at least, four weeks before", .devices(line.devicesBefore)),
                    ("Licences held", .number(line.licences)), ("Paid so far", .money(line.cents)),
                    ("Schools that pay for themselves", line.payers > 0 ? .number(line.payers) : .text("")),
                    ("Others for the same thing", .list(line.others)),
                ]),
                .heading("By school"), .table(offerTable(line.platform, uses)),
            ])
    }

    /// The use of one platform by school.
    package static func offerTable(_ platform: String, _ uses: [(school: String, use: UseAtSchool)]) -> Table {
        Table(
            caption: "\(platform) by school",
            columns: [
                .init("school", "School"), .init("devices", "Devices, at least", isNumber: true),
                .init("devices_before", "Four weeks before", isNumber: true),
            ],
            rows: uses.map { Table.Row([.text($0.school), .devices($0.use.devices), .devices($0.use.before)]) },
            none: "No school was seen to use it.")
    }

    /// The table of leverage.
    package static func leverageTable(_ leverage: Leverage) -> Table {
        Table(
            caption: "Price leverage by platform",
            columns: [
                .init("platform", "Platform"), .init("vendor", "Maker"), .init("category", "Category"),
                .init("status", "Status"), .init("schools", "Schools", isNumber: true),
                .init("devices", "Devices, at least", isNumber: true),
                .init("devices_before", "Four weeks before", isNumber: true),
                .init("licences", "Licences", isNumber: true), .init("spend", "Spend", isNumber: true),
            ],
            remarks: [.init("argument", "The case:"), .init("others", "Others for this:")],
            rows: leverage.lines.map { line in
                Table.Row(
                    [
                        .text(line.platform, link: href("/procurement/offer", [("name", line.platform)])),
                        .text(line.vendor), .text(line.category), .status(line.status), .number(line.schools),
                        .devices(line.devices), .devices(line.devicesBefore), .number(line.licences),
                        .money(line.cents),
                    ],
                    remarks: [
                        line.argument.map { .text($0) }, line.others.isEmpty ? nil : .list(line.others),
                    ])
            }, none: "Nothing is in use.")
    }
}
