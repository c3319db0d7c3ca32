/// A host name as seen on the wire: lower case, no trailing dot, presentation form (RFC 4343 section 2.1 escapes).
///
/// DNS allows any byte in a label, so a name here may be one that no host has: a dot inside a label is written `\.`
/// (or `\046`), and what is not printable `\DDD`.
public struct HostName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name as text, ASCII only.
    public let text: String

    /// Reads a name; nil for what cannot be one.
    ///
    /// Letters become lower case and one trailing dot is dropped. Empty labels, labels beyond 63 bytes, names beyond
    /// 255 bytes (RFC 1035 section 2.3.4), unescaped spaces, and anything but ASCII make it nil.
    public init?(_ text: some StringProtocol) {
        var bytes = Array(text.utf8)
        if bytes.last == UInt8(ascii: "."), !Self.isEscaped(bytes.count - 1, in: bytes) { bytes.removeLast() }
        for index in bytes.indices where (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[index]) {
            bytes[index] += 32
        }
        guard Self.isWellFormed(bytes) else { return nil }
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    /// Takes what is known to be a well-formed name.
    init(wellFormed text: some StringProtocol) {
        self.text = String(text)
    }

    /// The name as text.
    public var description: String { text }

    /// The order of the names as bytes.
    public static func < (left: HostName, right: HostName) -> Bool {
        left.text < right.text
    }

    /// The labels, in the order in which they are written.
    public var labels: [String] {
        let starts = labelStarts
        let ends = starts.dropFirst().map { $0 - 1 } + [text.utf8.count]
        let bytes = Array(text.utf8)
        return zip(starts, ends).map { String(decoding: bytes[$0..<$1], as: UTF8.self) }
    }

    /// The name without its first label; nil for a name of one label.
    public var parent: HostName? {
        guard let start = labelStarts.dropFirst().first else { return nil }
        return suffix(from: start)
    }

    /// Whether the name is `other` or lies below it.
    public func isWithin(_ other: HostName) -> Bool {
        guard text.utf8.count > other.text.utf8.count else { return self == other }
        let start = text.utf8.count - other.text.utf8.count
        return text.hasSuffix(other.text) && labelStarts.contains(start)
    }

    /// Whether every label is made of letters, digits, hyphens and underscores, as the names of real hosts are.
    public var isOrdinary: Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            default: false
            }
        }
    }

    /// Whether the name is the text of an IPv4 or IPv6 address.
    ///
    /// No server may be named so (RFC 6066 section 3), and some clients do it, also with a port behind the address.
    public var isAddress: Bool {
        let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
        if colons > 1 { return text.allSatisfy { $0.isHexDigit || ":.[]%".contains($0) } }
        let host = text.prefix { $0 != ":" }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Where each label starts, in bytes.
    var labelStarts: [Int] {
        var starts = [0]
        var isEscaped = false
        for (index, byte) in text.utf8.enumerated() {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: ".") {
                starts.append(index + 1)
            }
        }
        return starts
    }

    /// The name from one of the ``labelStarts`` on.
    func suffix(from start: Int) -> HostName {
        HostName(wellFormed: String(decoding: text.utf8.dropFirst(start), as: UTF8.self))
    }

    private static func isEscaped(_ index: Int, in bytes: [UInt8]) -> Bool {
        bytes[..<index].reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1
    }

    /// Whether the bytes are labels of 1 to 63 bytes with dots between them, of 255 bytes at most on the wire.
    private static func isWellFormed(_ bytes: [UInt8]) -> Bool {
        var index = 0
        var label = 0
        var total = 1
        // Ends, because each turn goes on by a byte at least.
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "."):
                guard label > 0 else { return false }
                label = 0
                total += 1
                index += 1
                continue
            case UInt8(ascii: "\\"):
                guard let length = escapeLength(bytes[index...]) else { return false }
                index += length
            case 0x21...0x7e: index += 1
            default: return false
            }
            label += 1
            total += 1
            guard label <= 63, total <= 254 else { return false }
        }
        return label > 0
    }

    /// The length of the escape that `bytes` begin with: `\X` or `\DDD`.
    private static func escapeLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.dropFirst().first, (0x21...0x7e).contains(first) else { return nil }
        let digits = bytes.dropFirst().prefix(3)
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return 2 }
        guard digits.count == 3, UInt8(String(decoding: digits, as: UTF8.self)) != nil else { return nil }
        return 4
    }
}
