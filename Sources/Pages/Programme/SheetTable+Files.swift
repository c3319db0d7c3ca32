import FoundationEssentials
import Registry

extension SheetTable {
    /// The table as CSV (RFC 4180); columns of buttons are left out.
    ///
    /// Text that a spreadsheet would take for a formula has a `'` before it: names come off the wire, where anybody can
    /// write `=HYPERLINK(…)`.
    package var csv: String {
        var writer = CSVWriter()
        writer.write(columns.map(\.key))
        for row in rows { writer.write(row.map(\.field)) }
        return writer.text
    }

    /// The table as JSON, a list of objects with the columns by key.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let objects = rows.map { row in Dictionary(zip(columns.map(\.key), row)) { first, _ in first } }
        return String(decoding: try encoder.encode(objects), as: UTF8.self) + "\n"
    }
}

extension SheetCell: Encodable {
    fileprivate var field: String {
        switch self {
        case .text(let text, _): Self.defused(text)
        case .number(let number): number.map(String.init) ?? ""
        case .devices(let devices): String(devices)
        case .money(let cents): cents.map { "\($0 / 100).\($0 % 100 < 10 ? "0" : "")\($0 % 100)" } ?? ""
        case .status(let status): status.rawValue
        case .day(let day): day ?? ""
        case .list(let texts): Self.defused(texts.joined(separator: "; "))
        case .button, .buttons: ""
        }
    }

    /// Writes the value.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text, _): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .devices(let devices): try container.encode(devices)
        case .money(let cents): try container.encode(cents.map { Double($0) / 100 })
        case .status(let status): try container.encode(status.rawValue)
        case .day(let day): try container.encode(day)
        case .list(let texts): try container.encode(texts)
        case .button, .buttons: try container.encodeNil()
        }
    }

    private static func defused(_ text: String) -> String {
        // Scalars, not characters: `=` with a combining mark after it is still `=` to a spreadsheet.
        guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else { return text }
        return "'" + text
    }
}
