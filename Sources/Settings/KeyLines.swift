/// On which line of a TOML text each key stands.
///
/// The parser tells positions of syntax errors only, and mistakes of meaning are the commoner ones. The text is known
/// to be well-formed here, so it is enough to follow headers, keys, and where a value ends.
struct KeyLines {
    private var lines: [[String]: Int] = [:]

    /// Scans a well-formed text.
    init(of text: String) {
        var scanner = Scanner(bytes: Array(text.utf8))
        var table: [String] = []
        var elements: [[String]: Int] = [:]
        // Ends, because each turn goes on past the end of a line.
        while scanner.skipToContent() {
            let line = scanner.line
            if scanner.peek == UInt8(ascii: "[") {
                let isElement = scanner.header()
                table = scanner.keys(until: UInt8(ascii: "]"))
                if isElement {
                    let index = elements[table, default: 0]
                    elements[table] = index + 1
                    table.append("#\(index)")
                } else {
                    table = Self.insideLastElement(table, elements)
                }
                note(table, line)
            } else {
                note(table + scanner.keys(until: UInt8(ascii: "=")), line)
                scanner.skipValue()
            }
            scanner.skipLine()
        }
    }

    /// The line of a key, or else of the table it is in.
    func line(of path: [String]) -> Int? {
        var path = path
        while !path.isEmpty {
            if let line = lines[path] { return line }
            path.removeLast()
        }
        return nil
    }

    private mutating func note(_ path: [String], _ line: Int) {
        for length in 1...max(1, path.count) where length <= path.count {
            let prefix = Array(path.prefix(length))
            if lines[prefix] == nil { lines[prefix] = line }
        }
    }

    /// `[segment.more]` after `[[segment]]` speaks of the last element.
    private static func insideLastElement(_ path: [String], _ elements: [[String]: Int]) -> [String] {
        for length in stride(from: path.count - 1, to: 0, by: -1) {
            let prefix = Array(path.prefix(length))
            if let count = elements[prefix] { return prefix + ["#\(count - 1)"] + path.dropFirst(length) }
        }
        return path
    }
}

private struct Scanner {
    let bytes: [UInt8]
    var position = 0
    var line = 1

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func advance() {
        if peek == UInt8(ascii: "\n") { line += 1 }
        position += 1
    }

    /// Goes to the next line that says something; false at the end.
    mutating func skipToContent() -> Bool {
        while let byte = peek {
            if byte == UInt8(ascii: "#") {
                skipLine()
            } else if isSpace(byte) {
                advance()
            } else {
                return true
            }
        }
        return false
    }

    mutating func skipLine() {
        while let byte = peek {
            advance()
            if byte == UInt8(ascii: "\n") { return }
        }
    }

    /// Goes past `[` or `[[`; true for the latter.
    mutating func header() -> Bool {
        advance()
        guard peek == UInt8(ascii: "[") else { return false }
        advance()
        return true
    }

    /// A dotted key, up to and including `end`.
    mutating func keys(until end: UInt8) -> [String] {
        var keys: [String] = []
        var key: [UInt8] = []
        while let byte = peek, byte != end, byte != UInt8(ascii: "\n") {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                key += quoted()
            } else {
                if byte == UInt8(ascii: ".") {
                    keys.append(String(decoding: key, as: UTF8.self))
                    key = []
                } else if !isSpace(byte) {
                    key.append(byte)
                }
                advance()
            }
        }
        if peek == end { advance() }
        return keys + [String(decoding: key, as: UTF8.self)]
    }

    /// Goes past a value, which may span lines: strings in three quotes, lists.
    mutating func skipValue() {
        var depth = 0
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                _ = quoted()
                continue
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "#"):
                while let byte = peek, byte != UInt8(ascii: "\n") { advance() }
                continue
            case UInt8(ascii: "\n") where depth <= 0: return
            default: break
            }
            advance()
        }
    }

    /// Goes past a string and gives what is between its quotes, as written.
    private mutating func quoted() -> [UInt8] {
        guard let quote = peek else { return [] }
        let isLong = position + 2 < bytes.count && bytes[position + 1] == quote && bytes[position + 2] == quote
        let width = isLong ? 3 : 1
        for _ in 0..<width { advance() }
        var content: [UInt8] = []
        while let byte = peek, !isClosed(quote, width) {
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") { advance() }
            if let byte = peek { content.append(byte) }
            advance()
        }
        for _ in 0..<width { advance() }
        return content
    }

    private func isClosed(_ quote: UInt8, _ width: Int) -> Bool {
        position + width <= bytes.count && bytes[position..<position + width].allSatisfy { $0 == quote }
    }

    private func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (9...13).contains(byte)
    }
}
