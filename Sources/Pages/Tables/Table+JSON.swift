import FoundationEssentials
import Registry

extension Table {
    /// The table as JSON, `{"caption": …, "rows": [{"tool": …}, …]}`, byte for byte the same for the same table.
    ///
    /// A row has its columns by key. Averages have one decimal, shares are percentages with one decimal, days are
    /// `2026-11-24`, moments are of RFC 3339; what there is not is null.
    package func json() throws -> String { try json(rowsAtOnce: 1000) }

    /// Likewise, so many rows at once: what the encoder keeps of a row is many times as large as its text.
    func json(rowsAtOnce count: Int) throws -> String {
        guard rows.count > count else { return try encoded() + "\n" }
        var text = ""
        for start in stride(from: 0, to: rows.count, by: count) {
            var part = self
            part.rows = Array(rows[start..<min(start + count, rows.count)])
            // Each part is a whole document: what is around its rows stays of the first and of the last alone.
            part.caption = start == 0 ? caption : ""
            let document = try part.encoded()
            let rows = document.dropFirst(start == 0 ? 0 : Self.opening.count).dropLast(Self.closing.count)
            text += (start == 0 ? "" : ",") + rows
        }
        return text + Self.closing + "\n"
    }

    private func encoded() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Document(table: self)), as: UTF8.self)
    }

    /// What a document without a caption begins with, up to the first row, and what each ends with after the last.
    private static let (opening, closing) = ("{\n  \"caption\" : \"\",\n  \"rows\" : [", "\n  ]\n}")

    private struct Document: Encodable {
        var caption: String
        var rows: [[String: Cell?]]

        init(table: Table) {
            caption = table.caption
            let keys = (table.columns + table.remarks).map(\.key)
            rows = table.rows.map { row in
                let cells = row.cells.map { Optional($0) } + row.remarks
                return Dictionary(zip(keys, cells)) { first, _ in first }
            }
        }
    }
}

extension Cell: Encodable {
    /// Writes the value.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text, _), .mark(_, let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .devices(let number): try container.encode(number)
        case .money(let cents): try container.encode(cents.map { Double($0) / 100 })
        case .average(let tenths): try container.encode(Double(tenths) / 10)
        case .share(let part, let whole):
            if whole > 0 {
                try container.encode(Double(fraction(part, of: whole, in: 1000)) / 10)
            } else {
                try container.encodeNil()
            }
        case .status(let status, _): try container.encode(status.rawValue)
        case .day(let day): try container.encode(day)
        case .moment(let moment, _): try container.encode(moment.map(Moments.iso))
        case .list(let texts): try container.encode(texts)
        case .links(let links): try container.encode(links.map(\.link))
        }
    }
}
