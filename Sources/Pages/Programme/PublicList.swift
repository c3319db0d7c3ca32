package import Programme
import Registry
import Wire

/// The list that everybody may read: what is approved, and no figure of use.
///
/// It has nothing in it but what it takes from platforms here: no counts, no schools, no contracts.
package struct PublicList: Sendable, Equatable {
    /// What the district calls itself; empty where nobody said.
    package var district: String
    /// The approved platforms, by name.
    package var approved: [Entry]
    /// The flagged ones, where the district shows them; nil where it does not.
    package var flagged: [Entry]?
    /// What changed on the lists that are shown, newest first.
    package var changes: [ListChange]

    /// A platform as everybody reads of it.
    package struct Entry: Sendable, Equatable {
        /// The product.
        package var platform: String
        /// Who makes it.
        package var vendor: String
        /// What it is for.
        package var category: String
        /// Who may use it.
        package var audiences: [String]
        /// What use is bound to, or why it is flagged.
        package var conditions: String
        /// The data about students that it takes.
        package var data: [String]
        /// The agreement's address; empty for none.
        package var agreement: String
        /// The day on which it was signed; nil where nobody said.
        package var agreementSigned: String?
        /// The agreement's last day; nil for none.
        package var agreementExpires: String?
        /// The last day of the approval; nil for none.
        package var expires: String?
        /// What to use instead; empty for nothing.
        package var replacement: String
    }

    /// Takes from platforms what everybody may read.
    ///
    /// - Parameters:
    ///   - platforms: All platforms.
    ///   - changes: What changed on all lists.
    ///   - showsFlagged: Whether the district shows what it flagged.
    ///   - district: What the district calls itself.
    package init(_ platforms: [ListedPlatform], changes: [ListChange], showsFlagged: Bool, district: String) {
        self.district = district
        approved = PlatformList.acceptable.platforms(among: platforms).map(Entry.init)
        flagged = showsFlagged ? PlatformList.doNotBuy.platforms(among: platforms).map(Entry.init) : nil
        // Of what is not shown, not even its leaving is told: "no longer flagged" says that it was.
        self.changes =
            showsFlagged
            ? changes
            : changes.compactMap { change in
                guard change.concerns(.acceptable), change.from == .approved || change.to == .approved else {
                    return nil
                }
                var change = change
                if change.to != .approved { (change.to, change.detail) = (.unlisted, "") }
                if change.from != .approved { change.from = nil }
                return change
            }
    }

    /// The list with only what is of a category; all of it where that is empty.
    private func matching(category: String) -> PublicList {
        guard !category.isEmpty else { return self }
        var list = self
        list.approved = approved.filter { $0.category.lowercased() == category.lowercased() }
        list.flagged = flagged?.filter { $0.category.lowercased() == category.lowercased() }
        return list
    }
}

extension ListedPlatform {
    /// The reason that the programme gave; what stands in the registry's notes is for the district alone.
    fileprivate var publicReason: String { severity == nil ? "" : reason }
}

extension PublicList.Entry {
    fileprivate init(_ listed: ListedPlatform) {
        let privacy = listed.platform.privacy
        self.init(
            platform: listed.platform.name, vendor: listed.platform.vendor, category: listed.platform.category,
            audiences: listed.audiences,
            conditions: listed.platform.status == .flagged ? listed.publicReason : listed.conditions,
            data: privacy.studentData, agreement: privacy.agreement?.link ?? "",
            agreementSigned: privacy.agreement?.signed?.description,
            agreementExpires: privacy.agreement?.expires?.description, expires: listed.expires?.description,
            replacement: listed.platform.status == .flagged ? listed.replacement : "")
    }
}

extension PublicList {
    /// Where the list is shown.
    package enum Place: Sendable {
        /// On a page of the collector's own.
        case page
        /// In a frame of another site: links leave the frame, a search stays in it, and all rows are there.
        case frame
        /// In a file beside its CSV and JSON, where a script searches.
        case file
    }

    /// The list as a page.
    ///
    /// - Parameters:
    ///   - query: What the address asks for, with the choice `category`.
    ///   - clock: The district's clock.
    ///   - place: Where it is shown.
    /// - Returns: The page.
    package func sheet(_ query: ListQuery, clock: DistrictClock, in place: Place) -> Sheet {
        let shown = matching(category: query.choice("category") ?? "")
        let root = place == .file ? "" : "/public/"
        var sheet = Sheet(
            title: "Approved online tools", subject: district.isEmpty ? "The district" : district,
            headline: "Approved online tools",
            summary: "\(counted(shown.approved.count, "tool")) passed the district's security and privacy audit.",
            links: [
                Sheet.Link("CSV", root + "approved.csv"), Sheet.Link("JSON", root + "approved.json"),
                Sheet.Link("What changed (Atom)", root + "changes.atom"),
            ])
        sheet.blocks.append(.heading("Approved"))
        let table = shown.approvedTable
        switch place {
        case .file: sheet.blocks.append(.table(table))
        case .frame:
            let search = SheetForm.Field("search", "Search", .search, value: query.search)
            let form = SheetForm(
                "/public/embed", isChange: false, [search, categories(query)], button: "Show", staysInFrame: true)
            sheet.blocks += [.form(form), .table(table.matching(query.search))]
        case .page: sheet.blocks += Sheet.list(table, query, at: "/public", "tool", fields: [categories(query)])
        }
        if let flagged = shown.flaggedTable {
            sheet.blocks += [.heading("Not to be used"), .table(flagged.matching(query.search))]
        }
        let recent = changes.prefix(20).map { Table.Row([.day(clock.day(at: $0.at).description), .text($0.sentence)]) }
        if !recent.isEmpty {
            sheet.blocks += [
                .heading("What changed lately"),
                .table(
                    Table(
                        caption: "What changed lately",
                        columns: [.init("day", "Day"), .init("change", "What happened")], rows: recent)),
            ]
        }
        return sheet
    }

    /// The approved platforms as a table.
    package var approvedTable: Table {
        Table(
            caption: "Approved online tools",
            columns: [
                .init("platform", "Tool"), .init("vendor", "Maker"), .init("category", "Category"),
                .init("audiences", "For"), .init("conditions", "Conditions"),
                .init("student_data", "Data about students"), .init("agreement", "Agreement"),
                .init("agreement_signed", "Signed"), .init("agreement_expires", "Agreement until"),
                .init("approval_expires", "Approved until"),
            ],
            rows: approved.map { entry in
                Table.Row([
                    .text(entry.platform), .text(entry.vendor), .text(entry.category), .list(entry.audiences),
                    .text(entry.conditions), .list(entry.data),
                    entry.agreement.isEmpty ? .text("") : .text("Agreement", link: entry.agreement),
                    .day(entry.agreementSigned), .day(entry.agreementExpires), .day(entry.expires),
                ])
            }, none: "No tool matches.")
    }

    /// The flagged platforms as a table; nil where the district does not show them.
    private var flaggedTable: Table? {
        flagged.map { flagged in
            Table(
                caption: "Tools that are not to be used",
                columns: [
                    .init("platform", "Tool"), .init("vendor", "Maker"), .init("category", "Category"),
                    .init("reason", "Reason"), .init("replacement", "Use instead"),
                ],
                rows: flagged.map { entry in
                    Table.Row([
                        .text(entry.platform), .text(entry.vendor), .text(entry.category), .text(entry.conditions),
                        .text(entry.replacement),
                    ])
                }, none: "None.")
        }
    }

    /// The list as a file that another district's `registry import` takes: without this district's contracts and notes.
    package var portableCSV: String {
        byteOrderMark
            + PlatformFile.write(
                approved.map { entry in
                    Platform(
                        name: entry.platform, vendor: entry.vendor, category: entry.category, status: .approved,
                        conditions: entry.conditions, terms: Terms(audiences: entry.audiences),
                        privacy: PrivacyFacts(studentData: entry.data))
                })
    }

    /// What changed, as a feed.
    ///
    /// - Parameter link: Where the feed is; empty where nobody said.
    /// - Returns: The feed.
    package func feed(link: String) -> AtomFeed {
        AtomFeed(
            title: "Approved online tools: what changed", identifier: "urn:rollcall:public", link: link,
            changes: changes)
    }

    private func categories(_ query: ListQuery) -> SheetForm.Field {
        let categories = Set(approved.map(\.category) + (flagged ?? []).map(\.category)).filter { !$0.isEmpty }.sorted()
        return SheetForm.Field(
            "category", "Category",
            .choice([SheetForm.Option("", "All")] + categories.map { SheetForm.Option($0, $0) }),
            value: query.choice("category") ?? "")
    }
}
