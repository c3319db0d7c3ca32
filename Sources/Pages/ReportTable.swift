import Registry
public import Usage

/// The report for a terminal of the given width, what needs action first.
///
/// Columns that do not fit are left out from the right, and names that do not fit are cut in the middle; no line is wider
/// than the terminal, down to 40 columns.
public func reportTable(_ report: UseReport, width: Int) -> String {
    let width = max(40, width)
    let page = ReportPage(report, schools: report.scope.schools)
    var lines = wrapped(page.headline, width) + wrapped(page.days, width)
    guard report.scope.firstDay != nil else {
        let steps = page.empty?.steps ?? []
        // A command is to be copied: it is never broken.
        lines += steps.flatMap { wrapped($0.what, width) + ["  \($0.command)"] }
        return lines.joined(separator: "\n") + "\n"
    }
    lines += wrapped(page.summary, width)
    let groups = TerminalGroup.all(of: report)
    let layout = TerminalLayout(groups, width: width)
    for group in groups {
        lines += ["", layout.header(group.title)] + group.lines.flatMap(layout.line)
    }
    lines += [""] + wrapped(coverage(report.coverage), width)
    lines += wrapped("Devices are at least that many, on the busiest day; ≈ may be an estimate.", width)
    return lines.joined(separator: "\n") + "\n"
}

private func coverage(_ coverage: Coverage) -> String {
    let figures = CoverageFigures(coverage)
    return figures.coverageHeading + ": "
        + figures.figures.map { "\($0.label.prefix(1).lowercased() + $0.label.dropFirst()) \($0.value)" }.joined(
            separator: ", ") + "."
}

/// The words in lines that are no wider than the terminal.
private func wrapped(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    for word in escapedForTerminal(text).split(separator: " ") {
        let word = cut(String(word), to: width)
        if let last = lines.last, columns(last) + 1 + columns(word) <= width {
            lines[lines.count - 1] = last + " " + word
        } else {
            lines.append(word)
        }
    }
    return lines
}

/// Lines under a heading.
private struct TerminalGroup {
    var title: String
    var lines: [TerminalLine]

    /// Tools by status, the names to look at behind those that are not in the registry, infrastructure last.
    static func all(of report: UseReport) -> [TerminalGroup] {
        var groups: [TerminalGroup] = []
        for section in StatusSection.all(of: report) {
            let rows = section.tools?.rows ?? []
            if !rows.isEmpty {
                groups.append(
                    TerminalGroup(
                        title: "\(section.badge.label) (\(written(rows.count)))", lines: rows.map(TerminalLine.init)))
            }
            guard let queue = section.queue else { continue }
            let names = queue.head.rows + (queue.rest?.table.rows ?? [])
            groups.append(
                TerminalGroup(title: "\(queue.heading) (\(written(names.count)))", lines: names.map(TerminalLine.init)))
        }
        if let infrastructure = InfrastructureSummary(report.infrastructure) {
            groups.append(
                TerminalGroup(
                    title: "Infrastructure (\(written(infrastructure.rows.count)))",
                    lines: infrastructure.rows.map(TerminalLine.init)))
        }
        return groups
    }
}

/// A line of the table: a name, its figures, and what to do.
private struct TerminalLine {
    var name: String
    var figures: [String]
    var remark: String?

    init(_ row: ToolRow) {
        name = row.tool
        figures = [row.schoolCount, row.devices] + row.counts.all
        remark = row.moveTo.map { "move to \($0.replacement)" } ?? row.conditions
    }

    init(_ row: NameRow) {
        name = row.host
        figures = [row.schoolCount, row.devices] + row.counts.all
    }

    init(_ row: InfrastructureSummary.Row) {
        name = row.category
        figures = [row.schools, row.devices] + row.counts.all
    }
}

/// Where the columns stand, the same in every group.
private struct TerminalLayout {
    private static let titles = ["schools", "devices", "queries", "TLS", "QUIC", "attributed"]
    /// What a name gets at least, before figures are left out.
    private static let leastName = 24
    private static let gap = 2

    private var width: Int
    private var nameWidth: Int
    private var widths: [Int]

    init(_ groups: [TerminalGroup], width: Int) {
        self.width = width
        let lines = groups.flatMap(\.lines)
        widths = Self.titles.indices.map { column in
            max(Self.titles[column].count, lines.map { $0.figures[column].count }.max() ?? 0)
        }
        while widths.count > 1, widths.reduce(0, { $0 + $1 + Self.gap }) + Self.leastName > width {
            widths.removeLast()
        }
        let longest = (groups.map(\.title) + lines.map(\.name)).map { columns(escapedForTerminal($0)) }.max() ?? 0
        // A wide terminal does not tear a name and its figures apart.
        nameWidth = min(longest, width - widths.reduce(0) { $0 + $1 + Self.gap })
    }

    func header(_ title: String) -> String {
        row(title, Self.titles)
    }

    func line(_ line: TerminalLine) -> [String] {
        let first = row(line.name, line.figures)
        guard let remark = line.remark else { return [first] }
        return [first, cut("  → " + escapedForTerminal(remark), to: width)]
    }

    private func row(_ name: String, _ figures: [String]) -> String {
        let cell = cut(escapedForTerminal(name), to: nameWidth)
        let blanks = String(repeating: " ", count: nameWidth - columns(cell))
        return zip(widths, figures).reduce(cell + blanks) { line, cell in
            line + String(repeating: " ", count: max(0, cell.0 - cell.1.count) + Self.gap) + cell.1
        }
    }
}

/// The text, or its beginning and end with `…` between them, so that it takes no more columns than there are.
func cut(_ text: String, to width: Int) -> String {
    guard columns(text) > width else { return text }
    var (head, tail) = ("", "")
    var rest = Substring(text)
    // The beginning gets the odd column. Each turn takes a character off the text, or is the last.
    while let first = rest.popFirst(), columns(head) + columns(tail) + columns(String(first)) < width {
        head.append(first)
        guard let last = rest.popLast(), columns(head) + columns(tail) + columns(String(last)) < width else { break }
        tail = String(last) + tail
    }
    return head + "…" + tail
}

/// How many columns of a terminal the text takes: two for a character of East Asian writing or an emoji.
func columns(_ text: String) -> Int {
    text.reduce(0) { sum, character in
        let wide = character.unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
                0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                true
            default: false
            }
        }
        return sum + (wide ? 2 : 1)
    }
}
