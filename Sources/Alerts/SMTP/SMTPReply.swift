/// A server's reply (RFC 5321 section 4.2): a code, and the text of its lines.
package struct SMTPReply: Sendable, Equatable {
    /// Three digits.
    package var code: Int
    /// What follows them, line by line.
    package var lines: [String]

    /// Makes a reply.
    package init(code: Int, lines: [String]) {
        self.code = code
        self.lines = lines
    }

    /// The reply in one line, for people: cut, and without anything that could move a cursor.
    var summary: String {
        let text = lines.joined(separator: " ").unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        return "\(code) " + String(String.UnicodeScalarView(text)).prefix(200)
    }
}

/// Puts replies together from the bytes of a connection.
package struct SMTPReplyReader: Sendable {
    private var pending: [UInt8] = []
    private var lines: [String] = []

    /// A server that sends more than this in one reply is none.
    static let longestReply = 64 * 1024

    /// Makes a reader of a new connection.
    package init() {}

    /// Whether bytes came of which no reply was made yet.
    package var hasRest: Bool { !pending.isEmpty || !lines.isEmpty }

    /// Takes bytes that came.
    package mutating func append(_ bytes: some Sequence<UInt8>) throws(SMTPFailure) {
        pending += bytes
        if pending.count > Self.longestReply { throw .protocolError("the server's reply does not end") }
    }

    /// The next whole reply; nil while it is not all there.
    package mutating func next() throws(SMTPFailure) -> SMTPReply? {
        // Ends, because each turn consumes a line.
        while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
            var line = pending[..<end]
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            let (code, isLast, text) = try Self.parse(line)
            pending.removeSubrange(...end)
            lines.append(text)
            if lines.count > 1000 { throw .protocolError("the server's reply does not end") }
            if isLast {
                defer { lines = [] }
                return SMTPReply(code: code, lines: lines)
            }
        }
        return nil
    }

    /// `250-text` goes on, `250 text` and `250` end the reply.
    private static func parse(_ line: ArraySlice<UInt8>) throws(SMTPFailure) -> (Int, isLast: Bool, String) {
        let digits = line.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (48...57).contains($0) }),
            (50...53).contains(line[line.startIndex])
        else { throw .protocolError("what answers is no mail server") }
        let code = digits.reduce(0) { $0 * 10 + Int($1) - 48 }
        let rest = line.dropFirst(3)
        guard rest.isEmpty || rest.first == UInt8(ascii: " ") || rest.first == UInt8(ascii: "-") else {
            throw .protocolError("what answers is no mail server")
        }
        return (code, rest.first != UInt8(ascii: "-"), String(decoding: rest.dropFirst(), as: UTF8.self))
    }
}

/// Why a mail was not taken.
package enum SMTPFailure: Error, Equatable {
    /// The server does not want this message; sending it again is in vain.
    case refused(String)
    /// The server does not want it now, or is not set up for us.
    case postponed(String)
    /// The server does not speak SMTP as it should.
    case protocolError(String)
}
