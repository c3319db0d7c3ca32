import Names

extension NamePattern {
    /// Reads a pattern as people write it; capitals and a final dot are forgiven.
    package init(_ text: String) throws(PatternMistake) {
        if text.hasPrefix("*"), !text.hasPrefix("*.") {
            self = try Self.ending(of: text)
            return
        }
        let isExact = text.hasPrefix("=")
        var name = (isExact ? String(text.dropFirst()) : text).lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        try Self.check(name)
        self = isExact ? .exact(name) : .domain(name)
    }

    /// The pattern as people write it.
    package var text: String {
        switch self {
        case .domain(let name): name
        case .exact(let name): "=" + name
        case .ending(let ending): "*" + ending
        }
    }

    /// The host name or domain that the pattern speaks of.
    package var name: String {
        switch self {
        case .domain(let name), .exact(let name), .ending(let name): name
        }
    }

    /// Reads `*-cdn.example.com`: what follows the asterisk ends a label, below a domain that has an owner.
    private static func ending(of text: String) throws(PatternMistake) -> NamePattern {
        var ending = text.dropFirst().lowercased()
        if ending.hasSuffix(".") { ending.removeLast() }
        guard let dot = ending.firstIndex(of: ".") else { throw .wildcard }
        // As a name with a letter in the asterisk's place: what is wrong with that is wrong with the pattern.
        try check("a" + ending)
        try check(String(ending[ending.index(after: dot)...]))
        return .ending(ending)
    }

    /// Host names as in RFC 1123 section 2.1, and underscores, which names of services have (RFC 8552).
    private static func check(_ name: String) throws(PatternMistake) {
        guard !name.isEmpty else { throw .empty }
        if name.contains("/") || name.contains(":") { throw .address }
        if name.hasPrefix("*.") || name.hasPrefix(".") { throw .wildcard }
        guard name.utf8.allSatisfy({ $0 < 0x80 }) else { throw .notASCII }
        guard name.utf8.count <= 253 else { throw .tooLong }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels {
            guard !label.isEmpty else { throw .emptyLabel }
            guard label.count <= 63 else { throw .labelTooLong }
            guard label.allSatisfy(isAllowed) else { throw .character }
            guard label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-") else { throw .hyphen }
        }
        guard labels.count >= 2 else { throw .singleLabel }
        if labels.last?.allSatisfy({ (48...57).contains($0) }) == true { throw .number }
        if HostName(name)?.isPublicSuffix == true { throw .publicSuffix }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}

/// Why a text is no pattern; each case says what to write instead.
package enum PatternMistake: Error, CaseIterable, CustomStringConvertible {
    /// There is nothing.
    case empty
    /// It is a web address or has a port.
    case address
    /// It has an asterisk or a leading dot.
    case wildcard
    /// It has letters beyond ASCII.
    case notASCII
    /// It is longer than a name can be.
    case tooLong
    /// There are two dots in a row, or a leading one.
    case emptyLabel
    /// A part between dots is longer than it can be.
    case labelTooLong
    /// It has a character that host names have not.
    case character
    /// A part begins or ends with a hyphen.
    case hyphen
    /// It has no dot.
    case singleLabel
    /// It is an IP address.
    case number
    /// Everybody's domains are below it.
    case publicSuffix

    /// What is wrong and the remedy, to follow the quoted text.
    package var description: String {
        switch self {
        case .empty: "is empty; write a domain such as example.com, or =host.example.com for one name alone"
        case .address: "is an address, not a name; write the host name alone, such as example.com"
        case .wildcard:
            "has a wildcard; write example.com, which covers everything below it, or *-cdn.example.com for all labels "
                + "that end in -cdn"
        case .notASCII: "has letters beyond a to z; write the name in its xn-- form"
        case .tooLong: "is longer than 253 characters; check for a missing space between two patterns"
        case .emptyLabel: "has two dots in a row or one too many; write it as example.com"
        case .labelTooLong: "has a part longer than 63 characters; check for a missing dot or space"
        case .character: "has a character that no host name has; use a to z, 0 to 9, hyphens and dots"
        case .hyphen: "has a part that begins or ends with a hyphen; write it as my-example.com"
        case .singleLabel: "is a single word; write the domain with its ending, such as example.com"
        case .number: "is an IP address; Rollcall knows names only, write the host name"
        case .publicSuffix:
            "is an ending that many owners share; write the domain below it that is the platform's own"
        }
    }
}
