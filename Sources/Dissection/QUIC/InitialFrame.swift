/// A frame in an Initial packet (RFC 9000 sections 12.4 and 19).
enum InitialFrame {
    /// Handshake bytes at an offset of the CRYPTO stream; the data follows.
    case crypto(offset: Int, length: Int)
    /// Anything else that may be there, read past.
    case other

    /// Reads the next frame, a CRYPTO frame up to its data; nil at the end.
    init?(_ frames: inout ByteReader, _ version: QUICVersion) throws(WireError) {
        guard !frames.isEmpty else { return nil }
        switch try frames.varInt() {
        case 0x00:  // PADDING, mostly a thousand in a row
            let rest = frames.rest
            var length = 0
            while length < rest.count, rest[length] == 0 { length += 1 }
            try frames.skip(length)
            self = .other
        case 0x01:  // PING
            self = .other
        case let type where type == 0x02 || type == 0x03:  // ACK
            try Self.skipAcknowledgment(&frames, hasCongestionCounts: type == 0x03)
            self = .other
        case version.cryptoFrameType:
            guard let offset = Int(exactly: try frames.varInt()), let length = Int(exactly: try frames.varInt())
            else { throw .badLength }
            self = .crypto(offset: offset, length: length)
        case let type where type == 0x1c || type == 0x1d:  // CONNECTION_CLOSE
            _ = try frames.varInt()
            if type == 0x1c { _ = try frames.varInt() }
            try frames.skip(Int(exactly: frames.varInt()) ?? .max)
            self = .other
        default:
            throw .badValue
        }
    }

    private static func skipAcknowledgment(
        _ frames: inout ByteReader, hasCongestionCounts: Bool
    ) throws(WireError) {
        _ = try frames.varInt()
        _ = try frames.varInt()
        let ranges = try frames.varInt()
        _ = try frames.varInt()
        // Each range takes two bytes or more, so a count that lies ends with the bytes.
        var left = ranges
        while left > 0 {
            _ = try frames.varInt()
            _ = try frames.varInt()
            left -= 1
        }
        if hasCongestionCounts { for _ in 0..<3 { _ = try frames.varInt() } }
    }
}
