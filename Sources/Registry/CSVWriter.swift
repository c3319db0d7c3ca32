/// Writes CSV (RFC 4180) with commas, and with line feeds alone at the ends of lines, so that versions compare well.
package struct CSVWriter {
    /// What was written so far.
    package private(set) var text = ""

    /// Makes a writer with nothing written.
    package init() {}

    /// Adds a record.
    package mutating func write(_ fields: [String]) {
        text += fields.map(Self.quoted).joined(separator: ",")
        text += "\n"
    }

    private static func quoted(_ field: String) -> String {
        let needsQuotes = field.utf8.contains { byte in
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "\""), UInt8(ascii: "\n"),
                UInt8(ascii: "\r"):
                true
            default: false
            }
        }
        guard needsQuotes else { return field }
        var quoted = "\""
        for character in field.unicodeScalars {
            if character == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }
}
