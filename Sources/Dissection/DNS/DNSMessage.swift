/// The header of a DNS message (RFC 1035 section 4.1.1).
struct DNSHeader {
    static let length = 12

    var identifier: UInt16
    var isResponse: Bool
    var operation: UInt8
    var responseCode: UInt8
    var questions: Int
    var answers: Int

    init(_ message: Span<UInt8>) throws(WireError) {
        guard message.count >= Self.length else { throw .truncated }
        identifier = message.uint16(at: 0)
        isResponse = message[2] & 0x80 != 0
        operation = message[2] >> 3 & 0xf
        responseCode = message[3] & 0xf
        questions = Int(message.uint16(at: 4))
        answers = Int(message.uint16(at: 6))
    }
}

/// Types of resource records.
struct RecordType: RawRepresentable, Hashable {
    var rawValue: UInt16

    static let a = RecordType(rawValue: 1)
    static let cname = RecordType(rawValue: 5)
    static let aaaa = RecordType(rawValue: 28)
    static let svcb = RecordType(rawValue: 64)
    static let https = RecordType(rawValue: 65)

    /// Whether a question of this type precedes a connection, so that it counts as use.
    var isUse: Bool { self == .a || self == .aaaa || self == .https }
}

/// A resource record's fields before and around its data (RFC 1035 section 4.1.3), its name read past.
struct ResourceRecord {
    var type: RecordType
    var timeToLive: UInt32
    var data: Range<Int>

    /// Reads what follows the record's name.
    init(_ message: Span<UInt8>, at start: Int) throws(WireError) {
        guard message.count - start >= 10 else { throw .truncated }
        type = RecordType(rawValue: message.uint16(at: start))
        timeToLive = message.uint32(at: start + 4)
        let length = Int(message.uint16(at: start + 8))
        guard message.count - start - 10 >= length else { throw .truncated }
        data = start + 10..<start + 10 + length
    }
}
