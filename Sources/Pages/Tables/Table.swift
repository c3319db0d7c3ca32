package import Registry

/// A list as its readers get it: the same value becomes a table of a page, of a terminal, CSV and JSON.
///
/// Only the printings differ: a page has links and marks estimates, a file has plain numbers under the columns' keys.
package struct Table: Sendable, Equatable {
    /// What the table lists, and over what, in a line.
    package var caption: String
    /// The columns; the first one says what a row is about.
    package var columns: [Column]
    /// Columns that a page shows as a line below a row's first cell, such as what to move to.
    package var remarks: [Column]
    /// The rows, in the order in which they are shown.
    package var rows: [Row]
    /// What a page says in place of a table without rows; empty where the page says so itself.
    package var none: String

    /// Makes a table.
    package init(caption: String, columns: [Column], remarks: [Column] = [], rows: [Row] = [], none: String = "") {
        self.caption = caption
        self.columns = columns
        self.remarks = remarks
        self.rows = rows
        self.none = none
    }

    /// The table with the rows of one page alone, from 1; one past the end is the last.
    func page(_ number: Int) -> Table {
        var table = self
        table.rows = Array(rows[Paging.range(page: number, of: rows.count)])
        return table
    }

    /// The table without the columns in which no row has anything; the first one stays in any case.
    var withoutEmptyColumns: Table {
        let filled = columns.indices.filter { index in
            index == 0 || rows.contains { !$0.cells[index].isEmpty }
        }
        var table = self
        table.columns = filled.map { columns[$0] }
        table.rows = rows.map { row in
            var row = row
            row.cells = filled.map { row.cells[$0] }
            return row
        }
        return table
    }

    /// The table with the rows alone in which people read a text, in any column.
    func matching(_ search: String) -> Table {
        guard !search.isEmpty else { return self }
        var table = self
        table.rows = rows.filter { row in
            (row.cells + row.remarks.compactMap { $0 }).contains { $0.words.lowercased().contains(search.lowercased()) }
        }
        return table
    }

    /// One column.
    package struct Column: Sendable, Equatable {
        /// What CSV and JSON call it, `device_hours`.
        package var key: String
        /// What people read, `Device-hours`.
        package var label: String
        /// Whether it holds numbers, which stand to the right.
        package var isNumber: Bool
        /// How a click on its head sorts; nil where the order is fixed.
        package var sort: Sort?

        /// Makes a column.
        package init(_ key: String, _ label: String, isNumber: Bool = false, sort: Sort? = nil) {
            self.key = key
            self.label = label
            self.isNumber = isNumber
            self.sort = sort
        }
    }

    /// The order that the head of a column offers.
    package struct Sort: Sendable, Equatable {
        /// The address of the table in that order.
        package var link: String
        /// Whether the table stands in the order of this column, and in which direction.
        package var current: Direction?

        /// Makes an order.
        package init(link: String, current: Direction? = nil) {
            self.link = link
            self.current = current
        }
    }

    /// Which end of an order comes first.
    package enum Direction: String, Sendable, Equatable {
        /// The smallest first.
        case ascending
        /// The largest first.
        case descending
    }

    /// One row.
    package struct Row: Sendable, Equatable {
        /// A cell for each column.
        package var cells: [Cell]
        /// The remarks that this row has; nil for one that it does not have.
        package var remarks: [Cell?]
        /// What can be done about it on a page; files have nothing of it.
        package var forms: [SheetForm]

        /// Makes a row.
        package init(_ cells: [Cell], remarks: [Cell?] = [], forms: [SheetForm] = []) {
            self.cells = cells
            self.remarks = remarks
            self.forms = forms
        }
    }
}

/// What stands in a cell: a value, not its looks.
package enum Cell: Sendable, Equatable {
    /// A text, which may lead somewhere.
    case text(String, link: String? = nil)
    /// A whole number; nil where there is none.
    case number(Int?)
    /// Devices; what may be an estimate is marked as one.
    case devices(Int)
    /// An average over school days, in tenths.
    case average(tenths: Int)
    /// Money, in cents of the district's currency; nil where nobody said.
    case money(Int?)
    /// A part of a whole; nil where there is no whole.
    case share(Int, of: Int)
    /// What the district decided, which may lead somewhere.
    case status(Status, link: String? = nil)
    /// A day, `2026-11-24`; nil where there is none.
    case day(String?)
    /// A moment, in seconds since 1970, and how long ago that is; nil for never.
    case moment(Int?, ago: String)
    /// Several texts.
    case list([String])
    /// Several texts, each of which leads somewhere.
    case links([Sheet.Link])
    /// A text that asks for attention, with how urgently.
    case mark(Mark, String)

    /// How urgently a mark asks for attention.
    package enum Mark: String, Sendable, Equatable {
        /// Something is broken, or not allowed.
        case bad
        /// Something should be looked at.
        case warning
        /// All is well.
        case good
        /// Said, and no more.
        case plain
    }

    /// An average over school days.
    static func average(_ figure: Double) -> Cell {
        .average(tenths: inTenths(figure))
    }
}

extension Cell {
    /// Whether there is nothing in it.
    var isEmpty: Bool {
        switch self {
        case .text(let text, _), .mark(_, let text): text.isEmpty
        case .number(let number), .money(let number): number == nil
        case .day(let day): day == nil
        case .moment(let moment, _): moment == nil
        case .list(let texts): texts.isEmpty
        case .links(let links): links.isEmpty
        case .devices, .average, .share, .status: false
        }
    }

    /// What people read, without links; an em dash where there is nothing.
    var words: String {
        switch self {
        case .text(let text, _): text.isEmpty ? "—" : text
        case .number(let number): number.map { written($0) } ?? "—"
        case .devices(let devices): writtenDevices(devices)
        case .average(let tenths): writtenAverage(tenths: tenths)
        case .money(let cents):
            cents.map { "$" + written($0 / 100) + ($0 % 100 == 0 ? "" : "." + twoDigits($0 % 100)) } ?? "—"
        case .share(let part, let whole): percentage(part, of: whole) ?? "—"
        case .status(let status, _): status.label
        case .day(let day): day.map(Days.brief) ?? "—"
        case .moment(_, let ago): ago
        case .list(let texts): texts.isEmpty ? "—" : texts.joined(separator: ", ")
        case .links(let links): links.isEmpty ? "—" : links.map(\.label).joined(separator: ", ")
        case .mark(_, let text): text
        }
    }
}
