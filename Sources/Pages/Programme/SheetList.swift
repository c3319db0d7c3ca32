/// What a list of a sheet is asked by its address: the page, a search, and what else the sheet lets choose.
package struct ListQuery: Sendable, Equatable {
    /// What a row contains; empty for anything.
    package var search: String
    /// The page, from 1.
    package var page: Int
    /// What else was chosen; nil for nothing.
    package var choices: [(name: String, value: String?)]

    /// Asks for the first page of a list.
    package init(search: String = "", page: Int = 1, choices: [(name: String, value: String?)] = []) {
        self.search = search
        self.page = page
        self.choices = choices
    }

    /// Reads an address, with the choices of these names.
    package init(_ fields: AddressFields, choices names: [String] = []) throws(AddressMistake) {
        search = fields.text("search") ?? ""
        page = try fields.number("page", upTo: 1_000_000) ?? 1
        choices = names.map { ($0, fields.text($0)) }
    }

    /// What was chosen under a name; nil for nothing.
    package func choice(_ name: String) -> String? { choices.first { $0.name == name }?.value }

    /// The address of this part of the list, or of another page or choice.
    func link(_ path: String, page: Int = 1, _ name: String? = nil, _ value: String? = nil) -> String {
        let chosen = choices.map { $0.name == name ? ($0.name, value) : ($0.name, $0.value) }
        return href(path, chosen + [("search", search.isEmpty ? nil : search), ("page", page == 1 ? nil : "\(page)")])
    }

    package static func == (left: ListQuery, right: ListQuery) -> Bool {
        left.search == right.search && left.page == right.page
            && left.choices.map { [$0.name, $0.value] } == right.choices.map { [$0.name, $0.value] }
    }
}

/// A list of a sheet of which a page shows a part.
package struct SheetList: Sendable, Equatable {
    var listing: Listing
}

/// A state to choose on a sheet, with how many there are.
package struct SheetTab: Sendable, Equatable {
    var tab: StatusTab

    /// Offers a state.
    ///
    /// - Parameters:
    ///   - label: The state.
    ///   - count: How many there are.
    ///   - link: Where they are.
    ///   - isCurrent: Whether the page shows them.
    init(_ label: String, _ count: Int, link: String, isCurrent: Bool) {
        tab = StatusTab(label: label, number: written(count), link: link, isCurrent: isCurrent)
    }
}

extension Sheet {
    /// A search over a table, and the part of the table that the address asks for.
    ///
    /// - Parameters:
    ///   - table: All rows.
    ///   - query: What the address asks for.
    ///   - path: Where the page is.
    ///   - one: What a row is.
    ///   - many: What several are; nil for an `s` more.
    ///   - fields: What else the form lets choose.
    ///   - files: Whether the whole list is at `path.csv` and `path.json`.
    /// - Returns: The blocks.
    static func list(
        _ table: Table, _ query: ListQuery, at path: String, _ one: String, _ many: String? = nil,
        fields: [SheetForm.Field] = [], files: Bool = false
    ) -> [Block] {
        let found = table.matching(query.search)
        let listing = Listing(
            found, page: query.page, one, many,
            none: table.rows.isEmpty
                ? nil : EmptyList(sentence: "Nothing here has “\(query.search)” in it.", link: path),
            link: { query.link(path, page: $0) }, files: files ? (path + ".csv", path + ".json") : nil)
        if table.rows.isEmpty, query.search.isEmpty, fields.isEmpty { return [.table(table)] }
        let visible = Set(fields.map(\.name))
        let carried = query.choices.filter { !visible.contains($0.name) }.compactMap { name, value in
            value.map { SheetForm.Field.hidden(name, $0) }
        }
        return [
            .form(
                SheetForm(
                    path, isChange: false,
                    [SheetForm.Field("search", "Search", .search, value: query.search)] + fields + carried,
                    button: "Show")), .list(SheetList(listing: listing)),
        ]
    }
}
