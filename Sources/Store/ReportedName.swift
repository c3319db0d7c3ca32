/// The one way in which a name is written: so that a name has one row, not one for each spelling.
enum ReportedName {
    /// What is wrong with a name, to follow the quoted name; nil when it is as it should be.
    ///
    /// Presentation form (RFC 4343 section 2.1): lower case, no trailing dot; what is not a visible ASCII character,
    /// a dot in a label and a backslash are escaped.
    static func mistake(in name: String) -> String? {
        var label = 0
        var total = 1  // The root's length octet.
        var bytes = name.utf8.makeIterator()
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "."):
                if label == 0 { return emptyLabel }
                total += label + 1
                label = 0
                continue
            case UInt8(ascii: "\\"):
                guard let escaped = escape(&bytes) else { return "has a broken escape; write \\ and three digits" }
                if isPlain(escaped) || isCapital(escaped) { return "escapes a character that needs none" }
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): return "has capitals; names are in lower case"
            case 0x21...0x7E: break
            default: return "has a character that is not escaped; write \\ and three digits"
            }
            label += 1
            if label > 63 { return "has a label longer than 63 characters" }
        }
        if label == 0 { return emptyLabel }
        return total + label + 1 > 255 ? "is longer than a name can be (255 octets)" : nil
    }

    private static let emptyLabel = "has an empty label; names have no dot at either end, nor two in a row"

    /// The character after a backslash: itself, or the one with that decimal number.
    private static func escape(_ bytes: inout String.UTF8View.Iterator) -> UInt8? {
        guard let first = bytes.next() else { return nil }
        guard let hundreds = digit(first) else { return (0x21...0x7E).contains(first) ? first : nil }
        guard let tens = bytes.next().flatMap(digit), let ones = bytes.next().flatMap(digit) else { return nil }
        return UInt8(exactly: hundreds * 100 + tens * 10 + ones)
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (48...57).contains(byte) ? Int(byte) - 48 : nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isCapital(_ byte: UInt8) -> Bool { (65...90).contains(byte) }
}
