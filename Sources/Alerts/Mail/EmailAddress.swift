/// A mailbox, `its@district.example`: a Dot-string and a domain (RFC 5321 section 4.1.2), in ASCII.
///
/// Nothing that has another meaning in a header or a command can be in it.
package struct EmailAddress: Sendable, Hashable {
    /// The address.
    package let text: String

    /// Reads an address; nil for anything else than one.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].count), (1...255).contains(parts[1].count) else {
            return nil
        }
        let atoms = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard atoms.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.isAtomText) }) else { return nil }
        let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let areLabels = labels.allSatisfy { label in
            (1...63).contains(label.count) && label.allSatisfy { Self.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
                && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
        }
        guard areLabels else { return nil }
        self.text = text
    }

    /// The part after the `@`.
    package var domain: Substring { text[(text.firstIndex(of: "@").map(text.index(after:)) ?? text.startIndex)...] }

    /// The characters of an atom (RFC 5322 section 3.2.3).
    private static func isAtomText(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
