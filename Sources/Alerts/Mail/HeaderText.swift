import Foundation

/// Text in a header field: nothing in it can end the field or begin another.
enum HeaderText {
    /// The text as it stands in a header, folded: plain where it is short printable ASCII, as encoded words
    /// (RFC 2047) otherwise.
    static func encode(_ text: String) -> String {
        let line = onOneLine(text)
        let isPlain = line.utf8.allSatisfy { (0x20...0x7E).contains($0) } && line.utf8.count <= 60
        return isPlain && !line.contains("=?") ? line : words(line)
    }

    /// A display name before an address: a quoted-string (RFC 5322 section 3.2.4), or encoded words.
    static func phrase(_ text: String) -> String {
        let encoded = encode(text)
        if encoded.hasPrefix("=?") { return encoded }
        return "\"" + encoded.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Controls, line ends of every kind among them, become spaces.
    private static func onOneLine(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            let isBreak = scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}"
            line.unicodeScalars.append(isBreak ? " " : scalar)
        }
        return line
    }

    /// Encoded words of 75 characters at most, none of which cuts a character (RFC 2047 sections 2 and 5).
    private static func words(_ line: String) -> String {
        var chunks: [[UInt8]] = [[]]
        for scalar in line.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if (chunks.last?.count ?? 0) + bytes.count > 39 { chunks.append([]) }
            chunks[chunks.count - 1] += bytes
        }
        return chunks.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }
}
