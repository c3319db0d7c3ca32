/// One bar, cut into shares of a whole, as SVG.
///
/// Its parts carry no text, for text inside would shrink with the page; the table beside it names them in the same order.
enum ShareBar {
    /// A part of the bar.
    struct Part {
        /// Its CSS class, `status-flagged`.
        var style: String
        /// What it is called.
        var label: String
        /// How much it is, never below zero.
        var amount: Int
        /// Its share in words, `12%`.
        var share: String
    }

    /// The width in units of the drawing; a page stretches it.
    private static let width = 10_000
    /// The least width of a part that is there at all, so that something never looks like nothing.
    private static let leastWidth = 60

    /// Draws the bar; nil when there is nothing to share.
    static func svg(_ parts: [Part], title: String) -> String? {
        let present = parts.filter { $0.amount > 0 }
        guard !present.isEmpty else { return nil }
        let description = present.map { "\($0.label) \($0.share)" }.joined(separator: ", ")
        var x = 0
        var rectangles = ""
        for (part, width) in zip(present, widths(of: present.map(\.amount))) {
            rectangles += """
                <rect class="\(part.style)" x="\(x)" y="0" width="\(width)" height="10">\
                <title>\(escapedForHTML("\(part.label): \(part.share)"))</title></rect>
                """
            x += width
        }
        return """
            <svg class="share-bar" viewBox="0 0 \(width) 10" preserveAspectRatio="none" role="img" \
            aria-label="\(escapedForHTML("\(title): \(description)"))">\(rectangles)</svg>
            """
    }

    /// Widths that fill the bar exactly, each at least the least.
    static func widths(of amounts: [Int]) -> [Int] {
        // Amounts are counts of a district and may be large: halving them all keeps shares and avoids overflow.
        var amounts = amounts
        while amounts.contains(where: { $0 > Int.max / max(1, amounts.count) }) { amounts = amounts.map { $0 / 2 } }
        let whole = amounts.reduce(0, +)
        var widths = amounts.map { max(leastWidth, fraction($0, of: whole, in: width)) }
        guard let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) else { return [] }
        // What the least widths took and rounding left is the widest part's, where it shows least.
        widths[widest] += width - widths.reduce(0, +)
        return widths
    }
}
