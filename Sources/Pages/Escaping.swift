import Mustache

/// HTML in which nothing that was read off the wire or typed by somebody can act as markup.
///
/// Mustache's own HTML type goes character by character, and `"` followed by a combining mark is one character to
/// Swift but an end of the attribute to a browser. This one goes scalar by scalar.
struct SafeHTML: MustacheContentType {
    /// The name that every template begins with: `{{% CONTENT_TYPE: SAFE_HTML}}`.
    static let name = "SAFE_HTML"

    func escapeText(_ text: String) -> String {
        escapedForHTML(text)
    }
}

/// The text with everything escaped that HTML gives a meaning, and everything invisible shown.
func escapedForHTML(_ text: String) -> String {
    var html = ""
    html.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
        switch scalar {
        case "<": html += "&lt;"
        case ">": html += "&gt;"
        case "&": html += "&amp;"
        case "\"": html += "&quot;"
        case "'": html += "&#39;"
        case _ where isTreacherous(scalar): html += spelledOut(scalar)
        default: html.unicodeScalars.append(scalar)
        }
    }
    return html
}

/// The text with everything invisible shown, for a terminal: an escape sequence in a name moves no cursor.
func escapedForTerminal(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
        if isTreacherous(scalar) || scalar == "\n" || scalar == "\t" {
            plain += spelledOut(scalar)
        } else {
            plain.unicodeScalars.append(scalar)
        }
    }
    return plain
}

/// Whether a scalar shows nothing itself but changes how others are shown: controls, and the marks that turn
/// the direction of writing, with which `moc.elpmaxe` reads `example.com`.
private func isTreacherous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0x00...0x1F, 0x7F...0x9F: true
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    case 0xFFFE, 0xFFFF: true
    default: false
    }
}

private func spelledOut(_ scalar: Unicode.Scalar) -> String {
    "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
}
