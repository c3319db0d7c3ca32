import Wire

/// Takes the rows out of a report's JSON, which are nearly all of it, several times as fast as a general decoder would.
///
/// Reads only rows that are written plainly: members in any order, each once, none that is not known, texts without
/// escapes, whole numbers. Whatever else there is makes it give up, and the general decoder reads it all, or says what is
/// wrong. So what this accepts has to mean the same to both, and nothing has to be refused here.
struct ReportRows {
    /// The JSON with an empty list in the place of each list of rows.
    private(set) var rest: [UInt8] = []
    /// The rows of each list, in order.
    private(set) var lists: [[Row]] = []

    /// Gives up (nil) on what it does not read.
    init?(_ json: [UInt8]) {
        var scanner = JSONScanner(json.span)
        rest.reserveCapacity(1024)
        // Depth 3 is an object in a list in the whole: a day, if it is in `days`; who reads the rest compares the counts.
        var depth = 0
        // Ends, because each turn consumes a byte.
        while let byte = scanner.next() {
            rest.append(byte)
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                guard let text = scanner.plainText() else { return nil }
                for index in text { rest.append(json[index]) }
                rest.append(byte)
                guard depth == 3, json[text].elementsEqual("rows".utf8), scanner.skip(UInt8(ascii: ":")) else {
                    continue
                }
                guard scanner.skip(UInt8(ascii: "[")), let rows = scanner.rows() else { return nil }
                lists.append(rows)
                rest += ":[]".utf8
            default: break
            }
        }
    }
}

/// Reads plain JSON (RFC 8259); gives nil for anything that is not.
private struct JSONScanner: ~Escapable {
    private let bytes: Span<UInt8>
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    /// The next byte, or nil at the end.
    @_lifetime(self: copy self)
    mutating func next() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// Passes over a byte and the white space before it; whether it was there.
    @_lifetime(self: copy self)
    mutating func skip(_ byte: UInt8) -> Bool {
        let start = position
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
        guard position < bytes.count, bytes[position] == byte else {
            position = start
            return false
        }
        position += 1
        return true
    }

    /// Where the text is of which the opening quote was read; without escapes.
    @_lifetime(self: copy self)
    mutating func plainText() -> Range<Int>? {
        let start = position
        while let byte = next() {
            if byte == UInt8(ascii: "\"") { return start..<(position - 1) }
            if byte == UInt8(ascii: "\\") || byte < 0x20 { return nil }
        }
        return nil
    }

    /// The rows of a list of which the opening bracket was read.
    @_lifetime(self: copy self)
    mutating func rows() -> [Row]? {
        var rows: [Row] = []
        if skip(UInt8(ascii: "]")) { return rows }
        repeat {
            guard let row = row() else { return nil }
            rows.append(row)
        } while skip(UInt8(ascii: ","))
        return skip(UInt8(ascii: "]")) ? rows : nil
    }

    @_lifetime(self: copy self)
    private mutating func row() -> Row? {
        guard skip(UInt8(ascii: "{")) else { return nil }
        var row = Row(name: "")
        var seen = 0
        repeat {
            guard let member = member() else { return nil }
            let bit = 1 << member.rawValue
            guard seen & bit == 0 else { return nil }
            seen |= bit
            guard read(member, into: &row) else { return nil }
        } while skip(UInt8(ascii: ","))
        // `http` is the one that earlier agents do not tell.
        guard skip(UInt8(ascii: "}")), seen | 1 << Member.http.rawValue == Member.all else { return nil }
        return row
    }

    @_lifetime(self: copy self)
    private mutating func read(_ member: Member, into row: inout Row) -> Bool {
        switch member {
        case .name, .segment:
            guard let text = text() else { return false }
            if member == .name { row.name = text } else { row.segment = text }
            return true
        case .hours:
            guard let hours = hours() else { return false }
            row.hours = hours
            return true
        case .dns, .tls, .quic, .http, .attributed, .devices:
            guard let number = number() else { return false }
            switch member {
            case .dns: row.dns = number
            case .tls: row.tls = number
            case .quic: row.quic = number
            case .http: row.http = number
            case .attributed: row.attributed = number
            default: row.devices = number
            }
            return true
        }
    }

    private enum Member: Int {
        case segment, name, dns, tls, quic, http, attributed, devices, hours

        /// A bit for each.
        static let all = (1 << 9) - 1
    }

    /// The member whose name and colon come next.
    @_lifetime(self: copy self)
    private mutating func member() -> Member? {
        guard skip(UInt8(ascii: "\"")), let text = plainText(), skip(UInt8(ascii: ":")) else { return nil }
        guard !text.isEmpty else { return nil }
        let member: Member? =
            switch (text.count, bytes[text.lowerBound]) {
            case (3, UInt8(ascii: "d")): .dns
            case (3, UInt8(ascii: "t")): .tls
            case (4, UInt8(ascii: "q")): .quic
            case (4, UInt8(ascii: "h")): .http
            case (4, UInt8(ascii: "n")): .name
            case (5, UInt8(ascii: "h")): .hours
            case (7, UInt8(ascii: "s")): .segment
            case (7, UInt8(ascii: "d")): .devices
            case (10, UInt8(ascii: "a")): .attributed
            default: nil
            }
        return member.flatMap { spells($0, text) ? $0 : nil }
    }

    private func spells(_ member: Member, _ text: Range<Int>) -> Bool {
        let name: StaticString =
            switch member {
            case .segment: "segment"
            case .name: "name"
            case .dns: "dns"
            case .tls: "tls"
            case .quic: "quic"
            case .http: "http"
            case .attributed: "attributed"
            case .devices: "devices"
            case .hours: "hours"
            }
        guard name.utf8CodeUnitCount == text.count else { return false }
        return name.withUTF8Buffer { buffer in
            for index in 0..<text.count where unsafe buffer[index] != bytes[text.lowerBound + index] { return false }
            return true
        }
    }

    @_lifetime(self: copy self)
    private mutating func text() -> String? {
        guard skip(UInt8(ascii: "\"")), let range = plainText() else { return nil }
        return String(copying: bytes, range)
    }

    @_lifetime(self: copy self)
    private mutating func hours() -> [Int: Int]? {
        var hours: [Int: Int] = [:]
        guard skip(UInt8(ascii: "{")) else { return nil }
        if skip(UInt8(ascii: "}")) { return hours }
        repeat {
            guard skip(UInt8(ascii: "\"")), let hour = digits(), hour.count <= 2, next() == UInt8(ascii: "\""),
                skip(UInt8(ascii: ":")), let devices = number()
            else { return nil }
            guard hours.updateValue(devices, forKey: hour.value) == nil else { return nil }
        } while skip(UInt8(ascii: ","))
        return skip(UInt8(ascii: "}")) ? hours : nil
    }

    @_lifetime(self: copy self)
    private mutating func number() -> Int? {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
        guard let number = digits() else { return nil }
        // A fraction, an exponent or a letter: not for us.
        guard position < bytes.count, ",}] \n\r\t".utf8.contains(bytes[position]) else { return nil }
        return number.value
    }

    /// A whole number without sign and without zeros before it, of as many digits as cannot overflow.
    @_lifetime(self: copy self)
    private mutating func digits() -> (value: Int, count: Int)? {
        let start = position
        var value = 0
        while position < bytes.count, (48...57).contains(bytes[position]), position - start < 18 {
            value = value * 10 + Int(bytes[position] - 48)
            position += 1
        }
        let count = position - start
        guard count > 0, count == 1 || bytes[start] != 48 else { return nil }
        return (value, count)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}

extension String {
    /// The text in a part of some bytes; nil where it is no UTF-8.
    fileprivate init?(copying bytes: Span<UInt8>, _ range: Range<Int>) {
        let part = bytes.extracting(range)
        guard let text = try? UTF8Span(validating: part) else { return nil }
        self.init(copying: text)
    }
}
