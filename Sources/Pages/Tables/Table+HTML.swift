import Registry

extension Table {
    /// The table as HTML, everything in it escaped; where it does not fit, style turns each row into a card.
    var html: String {
        var html = """
            <div class="table-scroll" role="region" aria-label="\(escapedForHTML(caption))" tabindex="0">
            <table class="stacking"><caption class="unseen">\(escapedForHTML(caption))</caption>
            <thead><tr>\(columns.map(\.head).joined())</tr></thead>
            <tbody>

            """
        for row in rows { html += markup(of: row) }
        return html + "</tbody>\n</table>\n</div>\n"
    }

    private func markup(of row: Row) -> String {
        var html = "<tr>"
        for (index, (column, cell)) in zip(columns, row.cells).enumerated() {
            if index == 0 {
                html += "<th scope=\"row\">\(cell.html)\(remarks(of: row))</th>"
            } else {
                html +=
                    "<td data-label=\"\(escapedForHTML(column.label))\"\(column.isNumber ? " class=\"n\"" : "")>"
                    + cell.html + "</td>"
            }
        }
        return html + "</tr>\n"
    }

    private func remarks(of row: Row) -> String {
        zip(remarks, row.remarks).map { column, cell in
            cell.map { cell in
                "<span class=\"remark\"><span class=\"remark-label\">\(escapedForHTML(column.label))</span> \(cell.html)</span>"
            } ?? ""
        }.joined()
    }
}

extension Table.Column {
    fileprivate var head: String {
        let classes = isNumber ? " class=\"n\"" : ""
        guard let sort else { return "<th scope=\"col\"\(classes)>\(escapedForHTML(label))</th>" }
        let order = sort.current.map { " aria-sort=\"\($0.rawValue)\"" } ?? ""
        let arrow =
            switch sort.current {
            case .ascending?: "<span class=\"arrow\" aria-hidden=\"true\"> ↑</span>"
            case .descending?: "<span class=\"arrow\" aria-hidden=\"true\"> ↓</span>"
            case nil: ""
            }
        return "<th scope=\"col\"\(classes)\(order)><a href=\"\(escapedForHTML(sort.link))\">\(escapedForHTML(label))"
            + "<span class=\"unseen\">, sort</span></a>\(arrow)</th>"
    }
}

extension Cell {
    /// The cell's content as HTML.
    var html: String {
        switch self {
        case .text(let text, let link):
            guard let link, !text.isEmpty else { return "<bdi>\(escapedForHTML(words))</bdi>" }
            return "<a href=\"\(escapedForHTML(link))\"><bdi>\(escapedForHTML(text))</bdi></a>"
        case .status(let status, let link): return StatusBadge(status).html(link: link)
        case .moment(let moment?, let ago):
            return "<time datetime=\"\(Moments.iso(moment))\">\(escapedForHTML(ago))</time>"
        case .day(let day?): return "<time datetime=\"\(escapedForHTML(day))\">\(escapedForHTML(words))</time>"
        case .list(let texts) where texts.count > 1:
            return "<ul class=\"list\">" + texts.map { "<li><bdi>\(escapedForHTML($0))</bdi></li>" }.joined() + "</ul>"
        case .mark(let mark, let text):
            return "<span class=\"mark mark-\(mark.rawValue)\">\(escapedForHTML(text))</span>"
        case .number, .devices, .average, .share, .day, .moment, .list: return escapedForHTML(words)
        }
    }
}

extension StatusBadge {
    /// The badge as HTML: a shape, a word and a colour.
    func html(link: String? = nil) -> String {
        let content =
            "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#icon-\(style)\"/></svg>\(escapedForHTML(label))"
        guard let link else { return "<span class=\"badge status-\(style)\">\(content)</span>" }
        return "<a class=\"badge status-\(style)\" href=\"\(escapedForHTML(link))\">\(content)</a>"
    }
}
