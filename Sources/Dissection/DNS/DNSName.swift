/// Reads names out of DNS messages (RFC 1035 sections 3.1 and 4.1.4).
enum DNSName {
    /// The most bytes of a name on the wire (RFC 1035 section 2.3.4).
    private static let maximumLength = 255
    /// The most pointers in a name: as many as there can be labels; more only make work.
    private static let maximumPointers = 127

    /// Reads the name at `start` of a message into `name`, and gives the place behind it.
    ///
    /// A compression pointer must go to before the place where the labels being read began, so every jump goes
    /// backwards and the loop ends.
    static func read(_ message: Span<UInt8>, at start: Int, into name: inout NameBuffer) throws(WireError) -> Int {
        name.removeAll()
        var position = start
        var labelsBegan = start
        var end: Int?
        var length = 0
        var pointers = 0
        while true {
            guard position < message.count else { throw .truncated }
            let byte = Int(message[position])
            switch byte >> 6 {
            case 0:
                guard byte > 0 else { return end ?? position + 1 }
                guard message.count - position > byte else { throw .truncated }
                length += byte + 1
                guard length < maximumLength else { throw .badLength }
                name.append(label: message.extracting(position + 1..<position + 1 + byte))
                position += 1 + byte
            case 3:
                guard message.count - position >= 2 else { throw .truncated }
                let target = Int(message.uint16(at: position)) & 0x3fff
                guard target < labelsBegan else { throw .forwardPointer }
                pointers += 1
                guard pointers <= maximumPointers else { throw .tooDeep }
                end = end ?? position + 2
                labelsBegan = target
                position = target
            default:
                throw .badValue
            }
        }
    }
}
