import Mustache
import Registry

extension Sheet {
    /// The content of the page as HTML, everything in it escaped: each form that changes something carries the token, and
    /// the library has the parts that sheets share with other pages.
    func html(formToken: String, library: MustacheLibrary) -> String {
        var html = "<div class=\"lead\">\n<p class=\"subject\">\(escapedForHTML(subject))</p>\n"
        html += "<h1>\(escapedForHTML(headline))</h1>\n"
        if !summary.isEmpty { html += "<p class=\"summary\">\(escapedForHTML(summary))</p>\n" }
        html += links.isEmpty ? "" : Self.links(links)
        html += "</div>\n"
        let frame = SheetFrame(formToken: formToken, library: library)
        var isOpen = false
        for (index, block) in blocks.enumerated() {
            if case .heading(let heading) = block {
                html += isOpen ? "</section>\n" : ""
                isOpen = true
                html +=
                    "<section aria-labelledby=\"part-\(index)\">\n<h2 id=\"part-\(index)\">\(escapedForHTML(heading))</h2>\n"
            } else {
                html += block.html(in: frame)
            }
        }
        return html + (isOpen ? "</section>\n" : "")
    }

    fileprivate static func links(_ links: [Link]) -> String {
        let items = links.map { "<li><a href=\"\(escapedForHTML($0.link))\">\(escapedForHTML($0.label))</a></li>" }
        return "<ul class=\"sheet-links\">\(items.joined())</ul>\n"
    }
}

/// What a sheet is printed with.
private struct SheetFrame {
    /// What each form carries that changes something.
    var formToken: String
    /// The parts that sheets share with other pages.
    var library: MustacheLibrary

    /// A part of other pages, for a value.
    func part(_ name: String, of value: some Equatable) -> String {
        library.render(value, withTemplate: name) ?? ""
    }

    /// The states to choose from, as the part `tabs` takes them.
    struct Tabs: Equatable {
        var tabsLabel: String
        var tabs: [StatusTab]
    }
}

extension Sheet.Block {
    fileprivate func html(in frame: SheetFrame) -> String {
        switch self {
        case .heading: ""
        case .text(let text): "<p class=\"meaning\">\(escapedForHTML(text))</p>\n"
        case .notice(let text): "<p class=\"sheet-notice\" role=\"status\">\(escapedForHTML(text))</p>\n"
        case .verdict(let status, let text):
            "<p class=\"verdict\">\(StatusBadge(status).html()) \(escapedForHTML(text))</p>\n"
        case .facts(let facts): Self.facts(facts)
        case .table(let table): table.withoutEmptyColumns.html(formToken: frame.formToken)
        case .list(let list):
            (list.listing.none.map { frame.part("none", of: $0) }
                ?? list.listing.table.withoutEmptyColumns.html(formToken: frame.formToken))
                + (list.listing.table.rows.isEmpty ? "" : frame.part("paging", of: list.listing))
        case .tabs(let label, let tabs):
            frame.part("tabs", of: SheetFrame.Tabs(tabsLabel: label, tabs: tabs.map(\.tab)))
        case .chart(let svg): svg + "\n"
        case .form(let form): form.html(formToken: frame.formToken, isInline: false)
        case .folded(let summary, let blocks):
            "<details class=\"sheet-folded\"><summary>\(escapedForHTML(summary))</summary>\n"
                + blocks.map { $0.html(in: frame) }.joined() + "</details>\n"
        case .letter(let text): "<pre class=\"sheet-letter\" tabindex=\"0\">\(escapedForHTML(text))</pre>\n"
        case .links(let links): Sheet.links(links)
        }
    }

    private static func facts(_ facts: [Sheet.Fact]) -> String {
        guard !facts.isEmpty else { return "" }
        let items = facts.map { "<div><dt>\(escapedForHTML($0.label))</dt><dd>\($0.value.html)</dd></div>" }
        return "<dl class=\"entry\">\n\(items.joined(separator: "\n"))\n</dl>\n"
    }
}

extension SheetForm {
    /// The form as HTML; `isInline` where it stands in a cell of a table.
    func html(formToken: String, isInline: Bool) -> String {
        let label = isInline ? "" : " aria-label=\"\(escapedForHTML(button))\""
        var html =
            "<form class=\"\(isInline ? "sheet-inline" : "filter sheet-form")\" method=\"\(isChange ? "post" : "get")\""
        html += " action=\"\(escapedForHTML(action))\"\(label)\(staysInFrame ? " target=\"_self\"" : "")>"
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
        case .boxes(let options, let chosen):
            let boxes = options.map { option in
                "<label><input type=\"checkbox\" name=\"\(name)\" value=\"\(escapedForHTML(option.value))\""
                    + "\(chosen.contains(option.value) ? " checked" : "")/> \(escapedForHTML(option.label))</label>"
            }
            return
                "<fieldset class=\"sheet-boxes\"><legend>\(escapedForHTML(label))</legend>\(boxes.joined())</fieldset>"
        case .line: control = input("text")
        case .suggested(let texts):
            let options = texts.map { "<option value=\"\(escapedForHTML($0))\"></option>" }.joined()
            control =
                "<input id=\"\(identifier)\" name=\"\(name)\" type=\"text\" list=\"\(identifier)-list\" value=\"\(value)\"\(required)/>"
                + "<datalist id=\"\(identifier)-list\">\(options)</datalist>"
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
