/// A packet with a long header (RFC 9000 section 17.2), cut out of its datagram.
///
///     first byte | version 4 | DCID <1> | SCID <1> | type-specific …
///     Initial:     token <varint> | length varint | packet number 1..4 | payload
///     0-RTT, Handshake:             length varint | packet number 1..4 | payload
///     Retry:       token | integrity tag 16
struct LongHeader: ~Escapable {
    enum Kind {
        case initial, zeroRTT, handshake, retry, versionNegotiation
    }

    let kind: Kind
    let version: QUICVersion
    let destinationID: Span<UInt8>
    let sourceID: Span<UInt8>
    let hasToken: Bool
    /// The whole packet, from its first byte.
    let packet: Span<UInt8>
    /// Where in ``packet`` the packet number begins.
    let packetNumberOffset: Int

    /// Cuts the first packet off a datagram.
    @_lifetime(copy datagram)
    init(_ datagram: inout ByteReader) throws(WireError) {
        let whole = datagram.rest
        var reader = datagram
        let first = try reader.uint8()
        guard first & 0x80 != 0 else { throw .badValue }
        version = QUICVersion(rawValue: try reader.uint32())
        destinationID = try reader.sub(Int(reader.uint8())).rest
        sourceID = try reader.sub(Int(reader.uint8())).rest
        let kind = Self.kind(first, version)
        self.kind = kind
        switch kind {
        case .retry, .versionNegotiation:
            hasToken = false
            packetNumberOffset = 0
            packet = whole
            datagram = ByteReader(whole.extracting(first: 0))
        case .initial, .zeroRTT, .handshake:
            let tokenLength = kind == .initial ? try reader.varInt() : 0
            hasToken = tokenLength > 0
            try reader.skip(Int(exactly: tokenLength) ?? .max)
            let length = try reader.varInt()
            packetNumberOffset = whole.count - reader.count
            guard length >= 20, length <= UInt64(reader.count) else { throw .badLength }
            let end = packetNumberOffset + Int(length)
            packet = whole.extracting(first: end)
            datagram = ByteReader(whole.extracting(droppingFirst: end))
        }
    }

    /// The type bits, which version 2 numbers differently (RFC 9369 section 3.2).
    private static func kind(_ first: UInt8, _ version: QUICVersion) -> Kind {
        if version == .negotiation { return .versionNegotiation }
        let shift: UInt8 = version == .v2 ? 3 : 0
        switch ((first >> 4 & 3) &+ shift) & 3 {
        case 0: return .initial
        case 1: return .zeroRTT
        case 2: return .handshake
        default: return .retry
        }
    }
}

extension ByteReader {
    /// A variable-length integer (RFC 9000 section 16).
    @_lifetime(self: copy self)
    mutating func varInt() throws(WireError) -> UInt64 {
        guard !isEmpty else { throw .truncated }
        let length = 1 << Int(rest[0] >> 6)
        let bytes = try sub(length).rest
        var value = UInt64(bytes[0] & 0x3f)
        for index in 1..<length { value = value << 8 | UInt64(bytes[index]) }
        return value
    }
}
