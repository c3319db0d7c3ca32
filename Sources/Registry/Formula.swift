/// Text that a spreadsheet would run: names come off the wire, where anybody can write `=HYPERLINK(…)`, and a pattern for one
/// name begins with `=`.
package enum Formula {
    /// The text with a `'` before it where a spreadsheet would take it for a formula.
    package static func defused(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, begins(with: first) else { return text }
        return "'" + text
    }

    /// Likewise, so that ``read(_:)`` gives the text back whatever it is.
    static func written(_ text: String) -> String {
        isMarked(text) || text.unicodeScalars.first.map(begins) ?? false ? "'" + text : text
    }

    /// What ``written(_:)`` wrote.
    static func read(_ text: String) -> String { isMarked(text) ? String(text.unicodeScalars.dropFirst()) : text }

    /// Whether a `'` stands before what would be a formula.
    private static func isMarked(_ text: String) -> Bool {
        let rest = text.unicodeScalars.drop { $0 == "'" }
        return text.unicodeScalars.first == "'" && rest.first.map(begins) ?? false
    }

    // Scalars, not characters: `=` with a combining mark after it is still `=` to a spreadsheet.
    private static func begins(with scalar: Unicode.Scalar) -> Bool { "=+-@\t\r".unicodeScalars.contains(scalar) }
}
