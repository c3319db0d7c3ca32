import Registry

extension Table {
    /// The table as HTML, everything in it escaped; where it does not fit, style turns each row into a card.
    var html: String { html(formToken: "") }

    /// Likewise, with the token that each form in it carries.
    func html(formToken: String) -> String {
        if rows.isEmpty, !none.isEmpty { return "<p class=\"none\">\(escapedForHTML(none))</p>\n" }
        let hasForms = rows.contains { !$0.forms.isEmpty }
        var html = """
            <div class="table-scroll" role="region" aria-label="Table: \(escapedForHTML(caption))" tabindex="0">
            <table class="stacking"><caption class="unseen">\(escapedForHTML(caption))</caption>
            <thead><tr>\(columns.map(\.head).joined())\(hasForms ? "<th scope=\"col\" class=\"to-do\">Action</th>" : "")</tr></thead>
            <tbody>

            """
        for row in rows {
            html += "<tr>\(markup(of: row))"
            if hasForms { html += "<td class=\"to-do\">\(row.forms(formToken: formToken))</td>" }
            html += "</tr>\n"
        }
        return html + "</tbody>\n</table>\n</div>\n"
    }

    private func markup(of row: Row) -> String {
        var html = ""
        for (index, (column, cell)) in zip(columns, row.cells).enumerated() {
            if index == 0 {
                html += "<th scope=\"row\">\(cell.html)\(remarks(of: row))</th>"
            } else {
                let classes = (column.isNumber ? ["n"] : []) + (cell.isEmpty ? ["blank"] : [])
                let named = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
                html += "<td data-label=\"\(escapedForHTML(column.label))\"\(named)>\(cell.html)</td>"
            }
        }
        return html
    }

    private func remarks(of row: Row) -> String {
        zip(remarks, row.remarks).map { column, cell in
            cell.map { cell in
                "<span class=\"remark\"><span class=\"remark-label\">\(escapedForHTML(column.label))</span> \(cell.html)</span>"
            } ?? ""
        }.joined()
    }
}

extension Table.Row {
    /// What can be done: buttons stand open, and what has to be filled in is folded away.
    fileprivate func forms(formToken: String) -> String {
        let about = cells.first.map { "<span class=\"unseen\">: \(escapedForHTML($0.words))</span>" } ?? ""
        let open = forms.filter(\.isButton).map { $0.html(formToken: formToken, isInline: true) }
        let folded = forms.filter { !$0.isButton }.map { form in
            "<details><summary>\(escapedForHTML(form.summary))\(about)</summary>"
                + form.html(formToken: formToken, isInline: true) + "</details>"
        }
        return (open + folded).joined()
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
        case .links(let links) where !links.isEmpty:
            let items = links.map { "<li><a href=\"\(escapedForHTML($0.link))\">\(escapedForHTML($0.label))</a></li>" }
            return "<ul class=\"list\">\(items.joined())</ul>"
        case .mark(let mark, let text):
            return "<span class=\"mark mark-\(mark.rawValue)\">\(escapedForHTML(text))</span>"
        case .number, .devices, .average, .money, .share, .day, .moment, .list, .links: return escapedForHTML(words)
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
