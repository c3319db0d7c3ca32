import Registry

extension Table {
    /// The table as CSV (RFC 4180) that a spreadsheet opens as it is meant.
    ///
    /// It begins with a byte order mark. Numbers are plain, lists
    /// are separated by `; `. Text that a spreadsheet would take for a formula, because it begins with `=`, `+`, `-`, `@`,
    /// a tab or a carriage return, has a `'` before it; a program that wants it exactly reads JSON.
    package var csv: String {
        var text = byteOrderMark + csvRecord((columns + remarks).map(\.key))
        // One after the other: a list of a hundred thousand rows is not there twice.
        for row in rows { text += csvRecord(row.cells.map(\.field) + row.remarks.map { $0?.field ?? "" }) }
        return text
    }
}

/// What a file for a spreadsheet begins with: without it, spreadsheets read UTF-8 as something else.
package let byteOrderMark = "\u{FEFF}"

/// A record with its line end, each field quoted where it needs it (RFC 4180 section 2).
func csvRecord(_ fields: [String]) -> String {
    fields.map(csvQuoted).joined(separator: ",") + "\r\n"
}

/// The field in quotes where it needs them (RFC 4180 section 2, rules 5 to 7).
private func csvQuoted(_ field: String) -> String {
    guard field.utf8.contains(where: { #","\#r\#n"#.utf8.contains($0) }) else { return field }
    var text = "\""
    for scalar in field.unicodeScalars {
        if scalar == "\"" { text += "\"" }
        text.unicodeScalars.append(scalar)
    }
    return text + "\""
}

extension Cell {
    /// The value as a field of CSV.
    fileprivate var field: String {
        switch self {
        case .text(let text, _), .mark(_, let text): Formula.defused(text)
        case .number(let number): number.map { String($0) } ?? ""
        case .devices(let number): String(number)
        case .money(let cents): cents.map { "\($0 / 100).\(twoDigits($0 % 100))" } ?? ""
        case .average(let tenths): decimal(tenths: tenths)
        case .share(let part, let whole): whole > 0 ? decimal(tenths: fraction(part, of: whole, in: 1000)) : ""
        case .status(let status, _): status.rawValue
        case .day(let day): day ?? ""
        case .moment(let moment, _): moment.map(Moments.iso) ?? ""
        case .list(let texts): Formula.defused(texts.joined(separator: "; "))
        case .links(let links): Formula.defused(links.map(\.link).joined(separator: "; "))
        }
    }
}
