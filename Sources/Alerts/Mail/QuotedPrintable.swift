/// The quoted-printable encoding of text (RFC 2045 section 6.7): seven bits, lines of 76 characters at most.
enum QuotedPrintable {
    /// The text, encoded, with CRLF at the ends of lines.
    static func encode(_ text: String) -> String {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.map { encode(line: $0) }.joined(separator: "\r\n")
    }

    private static func encode(line: Substring.UTF8View) -> String {
        let bytes = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        var encoded = ""
        var width = 0
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            let unit = isPlain(byte, isLast: isLast) ? String(Character(Unicode.Scalar(byte))) : escape(byte)
            // Room for the soft break's own `=`.
            if width + unit.utf8.count > 75 {
                encoded += "=\r\n"
                width = 0
            }
            encoded += unit
            width += unit.utf8.count
        }
        return encoded
    }

    /// A space or tab may not end a line: some relay would take it away.
    private static func isPlain(_ byte: UInt8, isLast: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "="): false
        case 0x21...0x7E: true
        case UInt8(ascii: " "), UInt8(ascii: "\t"): !isLast
        default: false
        }
    }

    private static func escape(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF")
        return "=\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
}
