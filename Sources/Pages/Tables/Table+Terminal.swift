extension Table {
    /// The table for a terminal of the given width.
    ///
    /// Columns that do not fit are left out from the right, and names that do not fit are cut in the middle; no line is
    /// wider than the terminal, down to 40 columns.
    package func text(width: Int) -> String {
        let layout = TerminalColumns(self, width: max(40, width))
        var lines = wrapped(caption, max(40, width)) + [""]
        guard !rows.isEmpty else { return (lines + ["nothing"]).joined(separator: "\n") + "\n" }
        lines.append(layout.line(columns.map(\.label)))
        for row in rows {
            lines.append(layout.line(row.cells.map(\.words)))
            for (column, cell) in zip(remarks, row.remarks) {
                if let cell {
                    lines.append(cut("  → " + escapedForTerminal("\(column.label) \(cell.words)"), to: max(40, width)))
                }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Where the columns of a table stand in a terminal.
private struct TerminalColumns {
    /// What the first column gets at least, before others are left out.
    private static let leastFirst = 24
    /// What a text column gets at most.
    private static let mostText = 28
    private static let gap = 2

    private var widths: [Int]
    private var isNumber: [Bool]

    init(_ table: Table, width: Int) {
        isNumber = table.columns.map(\.isNumber)
        widths = table.columns.indices.map { index in
            let cells = table.rows.map { columns(escapedForTerminal($0.cells[index].words)) }
            let widest = max(table.columns[index].label.count, cells.max() ?? 0)
            return index == 0 || table.columns[index].isNumber ? widest : min(widest, Self.mostText)
        }
        while widths.count > 1,
            widths.dropFirst().reduce(0, { $0 + $1 + Self.gap }) + min(widths[0], Self.leastFirst) > width
        {
            widths.removeLast()
        }
        let rest = widths.dropFirst().reduce(0) { $0 + $1 + Self.gap }
        widths[0] = min(widths[0], width - rest)
    }

    func line(_ cells: [String]) -> String {
        var line = ""
        for (index, (width, text)) in zip(widths, cells).enumerated() {
            let cell = cut(escapedForTerminal(text), to: width)
            let blanks = String(repeating: " ", count: width - columns(cell))
            line += index == 0 ? "" : String(repeating: " ", count: Self.gap)
            line += isNumber[index] ? blanks + cell : cell + blanks
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }
}
