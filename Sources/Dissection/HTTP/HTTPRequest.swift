/// Reads whom a request of HTTP/1 is for (RFC 9112 sections 3 and 5).
///
///     method SP target SP HTTP/1.x CRLF
///     (field-name: value CRLF)…
///     CRLF
enum HTTPRequest {
    /// What bytes at the start of a request, whole or only its beginning, say.
    enum Outcome {
        /// They end before it is decided.
        case needsMore
        /// The host's name was read.
        case named
        /// It names no host, or one by its address.
        case nameless
        /// It asks a proxy for a tunnel (RFC 9110 section 9.3.6); what is sent through it says for whom it is.
        case tunnel
        /// It is no request of HTTP/1.
        case other
    }

    /// The most bytes that are waited for until the host is told: twice what servers take at most.
    static let maximumLength = 16_384

    /// Whether bytes begin as a request does; four are enough to tell.
    static func mayBegin(_ bytes: Span<UInt8>) -> Bool {
        bytes.count >= 4 && isMethod(bytes.uint32(at: 0))
    }

    /// Reads a request from its first byte on, and leaves the host's name in `name`.
    static func read(_ bytes: Span<UInt8>, into name: inout NameBuffer) -> Outcome {
        name.removeAll()
        guard bytes.count >= 4 else { return isPartOfMethod(bytes) ? .needsMore : .other }
        guard mayBegin(bytes) else { return .other }
        guard let lineEnd = lineEnd(bytes, from: 0) else {
            return bytes.count < maximumLength ? .needsMore : .other
        }
        guard let target = target(bytes.extracting(first: contentEnd(bytes, 0..<lineEnd))) else { return .other }
        if bytes.starts(with: "CONNECT ") { return .tunnel }
        if let authority = authority(inAbsolute: bytes.extracting(target)) {
            // Where both are there, the target's is the one that counts (RFC 9112 section 3.2.2).
            let start = target.lowerBound
            return set(bytes.extracting(start + authority.lowerBound..<start + authority.upperBound), &name)
        }
        return host(bytes, from: lineEnd + 1, into: &name)
    }

    /// Finds the Host field (RFC 9112 section 3.2) among the fields from `start` on.
    private static func host(_ bytes: Span<UInt8>, from start: Int, into name: inout NameBuffer) -> Outcome {
        var start = start
        // Each line has a byte or more.
        while let end = lineEnd(bytes, from: start) {
            let line = bytes.extracting(start..<contentEnd(bytes, start..<end))
            guard !line.isEmpty else { return .nameless }
            if isHostField(line) { return set(line.extracting(droppingFirst: 5), &name) }
            start = end + 1
        }
        return bytes.count < maximumLength ? .needsMore : .nameless
    }

    /// Takes the name out of `host`, `host:port` or `user@host:port`, with blanks around it.
    private static func set(_ authority: Span<UInt8>, _ name: inout NameBuffer) -> Outcome {
        var start = 0
        var end = authority.count
        while start < end, isBlank(authority[start]) { start += 1 }
        while start < end, isBlank(authority[end - 1]) { end -= 1 }
        for index in start..<end where authority[index] == UInt8(ascii: "@") { start = index + 1 }
        let isLiteral = start < end && authority[start] == UInt8(ascii: "[")
        guard !isLiteral else { return .nameless }
        for index in start..<end where authority[index] == UInt8(ascii: ":") {
            end = index
            break
        }
        return name.set(serverName: authority.extracting(start..<end)) ? .named : .nameless
    }

    /// The target of a request line that ends in a version 1; nil for a line that is none.
    private static func target(_ line: Span<UInt8>) -> Range<Int>? {
        let versionLength = 9
        guard line.count > versionLength else { return nil }
        let versionStart = line.count - versionLength
        guard line.extracting(versionStart..<line.count).starts(with: " HTTP/1.") else { return nil }
        var start = 0
        while start < versionStart, line[start] != UInt8(ascii: " ") { start += 1 }
        return start < versionStart ? start + 1..<versionStart : nil
    }

    /// Where the authority lies in `scheme://authority/path`; nil for a target of another form.
    private static func authority(inAbsolute target: Span<UInt8>) -> Range<Int>? {
        var start = 0
        while start < target.count, isLetter(target[start]) { start += 1 }
        guard start > 0, target.extracting(droppingFirst: start).starts(with: "://") else { return nil }
        start += 3
        var end = start
        while end < target.count, !isAuthorityEnd(target[end]) { end += 1 }
        return start..<end
    }

    private static func lineEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        return index < bytes.count ? index : nil
    }

    /// A line's end without the CR, which some leave out (RFC 9112 section 2.2).
    private static func contentEnd(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Int {
        !line.isEmpty && bytes[line.upperBound - 1] == UInt8(ascii: "\r") ? line.upperBound - 1 : line.upperBound
    }

    /// Whether a line is `Host: …`; field names have no case (RFC 9110 section 5.1).
    private static func isHostField(_ line: Span<UInt8>) -> Bool {
        line.count >= 5 && line.uint32(at: 0) | 0x2020_2020 == 0x686f_7374 && line[4] == UInt8(ascii: ":")
    }

    /// Whether four bytes begin one of the methods that clients send.
    private static func isMethod(_ start: UInt32) -> Bool {
        switch start {
        case 0x4745_5420, 0x504f_5354, 0x4845_4144, 0x5055_5420: true  // GET, POST, HEAD, PUT
        case 0x4f50_5449, 0x434f_4e4e, 0x4445_4c45, 0x5041_5443: true  // OPTIONS, CONNECT, DELETE, PATCH
        case 0x5452_4143, 0x5052_4f50: true  // TRACE; PROPFIND and PROPPATCH (RFC 4918)
        default: false
        }
    }

    /// Whether fewer than four bytes may become the beginning of a method.
    private static func isPartOfMethod(_ bytes: Span<UInt8>) -> Bool {
        guard !bytes.isEmpty else { return false }
        switch bytes[0] {
        case UInt8(ascii: "G"), UInt8(ascii: "P"), UInt8(ascii: "H"), UInt8(ascii: "O"): return true
        case UInt8(ascii: "C"), UInt8(ascii: "D"), UInt8(ascii: "T"): return true
        default: return false
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isAuthorityEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }
}
