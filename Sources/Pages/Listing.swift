/// A list that is too long for one page: the rows of one page, where the others are, and the whole as files.
struct Listing: Equatable {
    /// The rows of this page.
    var table: Table
    var paging: Paging
    /// The whole list as files; nil where there are none.
    var csvLink: String?
    var jsonLink: String?
    /// What is said in place of a table; nil where there is one.
    var none: EmptyList?

    /// Describes a page of a list.
    ///
    /// - Parameters:
    ///   - all: All rows that match.
    ///   - page: The page, from 1.
    ///   - one: What a row is, and ``many`` what several are.
    ///   - many: The plural; nil for an `s` more.
    ///   - none: What is said where there is no row.
    ///   - link: The address of a page.
    ///   - files: Where the list is as CSV and as JSON.
    init(
        _ all: Table, page: Int, _ one: String, _ many: String? = nil, none: EmptyList? = nil, link: (Int) -> String,
        files: (csv: String, json: String)? = nil
    ) {
        table = all.page(page)
        paging = Paging(page: page, of: all.rows.count, one, many, link: link)
        (csvLink, jsonLink) = (files?.csv, files?.json)
        self.none = all.rows.isEmpty ? none : nil
    }

    /// Describes a page of a list of which only that page was read.
    ///
    /// - Parameters:
    ///   - table: The rows of the page.
    ///   - page: The page, from 1.
    ///   - total: How many rows there are in all.
    ///   - one: What a row is.
    ///   - none: What is said where there is no row.
    ///   - link: The address of a page.
    init(
        part table: Table, page: Int, of total: Int, _ one: String, none: EmptyList?, link: (Int) -> String
    ) {
        self.table = table
        paging = Paging(page: page, of: total, one, link: link)
        self.none = table.rows.isEmpty ? none : nil
    }
}
