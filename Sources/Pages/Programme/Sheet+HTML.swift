import Registry

extension Sheet {
    /// The content of the page as HTML, everything in it escaped.
    ///
    /// The form token is what each form that changes something carries.
    func html(formToken: String) -> String {
        var html = "<div class=\"lead\">\n<p class=\"subject\">\(escapedForHTML(subject))</p>\n"
        html += "<h1>\(escapedForHTML(headline))</h1>\n"
        if !summary.isEmpty { html += "<p class=\"summary\">\(escapedForHTML(summary))</p>\n" }
        html += links.isEmpty ? "" : Self.links(links)
        html += "</div>\n"
        var isOpen = false
        for (index, block) in blocks.enumerated() {
            if case .heading(let heading) = block {
                html += isOpen ? "</section>\n" : ""
                isOpen = true
                html +=
                    "<section aria-labelledby=\"part-\(index)\">\n<h2 id=\"part-\(index)\">\(escapedForHTML(heading))</h2>\n"
            } else {
                html += block.html(formToken: formToken)
            }
        }
        return html + (isOpen ? "</section>\n" : "")
    }

    fileprivate static func links(_ links: [Link]) -> String {
        let items = links.map { "<li><a href=\"\(escapedForHTML($0.link))\">\(escapedForHTML($0.label))</a></li>" }
        return "<ul class=\"sheet-links\">\(items.joined())</ul>\n"
    }
}

extension Sheet.Block {
    fileprivate func html(formToken: String) -> String {
        switch self {
        case .heading: ""
        case .text(let text): "<p class=\"meaning\">\(escapedForHTML(text))</p>\n"
        case .notice(let text): "<p class=\"sheet-notice\" role=\"status\">\(escapedForHTML(text))</p>\n"
        case .verdict(let status, let text): "<p class=\"verdict\">\(status.badge) \(escapedForHTML(text))</p>\n"
        case .facts(let facts): Self.facts(facts, formToken)
        case .table(let table): table.html(formToken: formToken)
        case .form(let form): form.html(formToken: formToken, isInline: false)
        case .letter(let text): "<pre class=\"sheet-letter\" tabindex=\"0\">\(escapedForHTML(text))</pre>\n"
        case .links(let links): Sheet.links(links)
        }
    }

    private static func facts(_ facts: [Sheet.Fact], _ formToken: String) -> String {
        guard !facts.isEmpty else { return "" }
        let items = facts.map {
            "<div><dt>\(escapedForHTML($0.label))</dt><dd>\($0.value.html(formToken: formToken))</dd></div>"
        }
        return "<dl class=\"entry\">\n\(items.joined(separator: "\n"))\n</dl>\n"
    }
}

extension SheetTable {
    fileprivate func html(formToken: String) -> String {
        guard !rows.isEmpty else { return "<p class=\"none\">\(escapedForHTML(none))</p>\n" }
        let head = columns.map {
            "<th scope=\"col\"\($0.isNumber ? " class=\"n\"" : "")>\(escapedForHTML($0.label))</th>"
        }
        var html = """
            <div class="table-scroll" role="region" aria-label="Table: \(escapedForHTML(caption))" tabindex="0">
            <table class="stacking"><caption class="unseen">\(escapedForHTML(caption))</caption>
            <thead><tr>\(head.joined())</tr></thead>
            <tbody>

            """
        for row in rows {
            html += "<tr>"
            for (index, (column, cell)) in zip(columns, row).enumerated() {
                let content = cell.html(formToken: formToken)
                html +=
                    index == 0
                    ? "<th scope=\"row\">\(content)</th>"
                    : "<td data-label=\"\(escapedForHTML(column.label))\"\(column.isNumber ? " class=\"n\"" : "")>\(content)</td>"
            }
            html += "</tr>\n"
        }
        return html + "</tbody>\n</table>\n</div>\n"
    }
}

extension SheetCell {
    fileprivate func html(formToken: String) -> String {
        switch self {
        case .text(let text, let link?) where !text.isEmpty:
            "<a href=\"\(escapedForHTML(link))\"><bdi>\(escapedForHTML(text))</bdi></a>"
        case .status(let status): status.badge
        case .list(let texts) where texts.count > 1:
            "<ul class=\"sheet-list\">" + texts.map { "<li><bdi>\(escapedForHTML($0))</bdi></li>" }.joined() + "</ul>"
        case .button(let form): form.html(formToken: formToken, isInline: true)
        case .buttons(let forms):
            "<div class=\"sheet-buttons\">" + forms.map { $0.html(formToken: formToken, isInline: true) }.joined()
                + "</div>"
        case .text, .number, .devices, .money, .day, .list: "<bdi>\(escapedForHTML(words))</bdi>"
        }
    }

    /// What people read; an em dash where there is nothing.
    var words: String {
        switch self {
        case .text(let text, _): text.isEmpty ? "—" : text
        case .number(let number): number.map(written) ?? "—"
        case .devices(let devices): writtenDevices(devices)
        case .money(let cents):
            cents.map { "$" + written($0 / 100) + ($0 % 100 == 0 ? "" : ".\($0 % 100 < 10 ? "0" : "")\($0 % 100)") }
                ?? "—"
        case .status(let status): status.label
        case .day(let day): day.map(Days.written) ?? "—"
        case .list(let texts): texts.isEmpty ? "—" : texts.joined(separator: ", ")
        case .button, .buttons: ""
        }
    }
}

extension Status {
    /// The status as HTML: a shape, a word and a colour.
    fileprivate var badge: String {
        let badge = StatusBadge(self)
        return "<span class=\"badge status-\(badge.style)\"><svg class=\"icon\" aria-hidden=\"true\">"
            + "<use href=\"#icon-\(badge.style)\"/></svg>\(escapedForHTML(badge.label))</span>"
    }
}

extension SheetForm {
    /// The form as HTML; `isInline` where it stands in a cell of a table.
    fileprivate func html(formToken: String, isInline: Bool) -> String {
        let label = isInline ? "" : " aria-label=\"\(escapedForHTML(button))\""
        var html =
            "<form class=\"\(isInline ? "sheet-inline" : "filter sheet-form")\" method=\"\(isChange ? "post" : "get")\""
        html += " action=\"\(escapedForHTML(action))\"\(label)>"
        if isChange { html += "<input type=\"hidden\" name=\"form_token\" value=\"\(escapedForHTML(formToken))\"/>" }
        html += fields.map { $0.html(in: self) }.joined()
        return html + "<div class=\"actions\"><button type=\"submit\">\(escapedForHTML(button))</button></div></form>\n"
    }
}

extension SheetForm.Field {
    fileprivate func html(in form: SheetForm) -> String {
        let (name, value) = (escapedForHTML(name), escapedForHTML(value))
        let required = isRequired ? " required" : ""
        let identifier = escapedForHTML(form.identifier(of: self))
        func input(_ type: String) -> String {
            "<input id=\"\(identifier)\" name=\"\(name)\" type=\"\(type)\" value=\"\(value)\"\(required)/>"
        }
        let control: String
        switch kind {
        case .hidden: return "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\"/>"
        case .boxes(let options):
            let boxes = options.map { option in
                "<label><input type=\"checkbox\" name=\"\(name)\" value=\"\(escapedForHTML(option.value))\"/> "
                    + "\(escapedForHTML(option.label))</label>"
            }
            return
                "<fieldset class=\"sheet-boxes\"><legend>\(escapedForHTML(label))</legend>\(boxes.joined())</fieldset>"
        case .line: control = input("text")
        case .search: control = input("search")
        case .day: control = input("date")
        case .number: control = input("number")
        case .area:
            control = "<textarea id=\"\(identifier)\" name=\"\(name)\" rows=\"4\"\(required)>\(value)</textarea>"
        case .choice(let options):
            let items = options.map { option in
                "<option value=\"\(escapedForHTML(option.value))\"\(option.value == self.value ? " selected" : "")>"
                    + "\(escapedForHTML(option.label))</option>"
            }
            control = "<select id=\"\(identifier)\" name=\"\(name)\"\(required)>\(items.joined())</select>"
        }
        let about = remark.isEmpty ? "" : "<span class=\"unseen\">: \(escapedForHTML(remark))</span>"
        return
            "<div class=\"field\(isWide ? " sheet-wide" : "")\"><label for=\"\(identifier)\">\(escapedForHTML(label))\(about)</label>"
            + "\(control)</div>"
    }
}

extension SheetForm {
    /// What a field is called in the page: a page may have the same form for several things.
    fileprivate func identifier(of field: Field) -> String {
        let subject = fields.first { $0.kind == .hidden && $0.name != "step" }?.value ?? ""
        let step = fields.first { $0.kind == .hidden && $0.name == "step" }?.value ?? ""
        let text = "\(action)-\(subject)-\(step)-\(field.name)"
        return String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    }
}
