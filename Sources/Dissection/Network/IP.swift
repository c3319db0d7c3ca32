/// Protocol numbers of IPv4's protocol and IPv6's next header fields.
struct IPProtocol: RawRepresentable, Hashable {
    var rawValue: UInt8

    static let hopByHop = IPProtocol(rawValue: 0)
    static let ipv4 = IPProtocol(rawValue: 4)
    static let tcp = IPProtocol(rawValue: 6)
    static let udp = IPProtocol(rawValue: 17)
    static let ipv6 = IPProtocol(rawValue: 41)
    static let routing = IPProtocol(rawValue: 43)
    static let fragment = IPProtocol(rawValue: 44)
    static let gre = IPProtocol(rawValue: 47)
    static let authentication = IPProtocol(rawValue: 51)
    static let destinationOptions = IPProtocol(rawValue: 60)
    static let etherIP = IPProtocol(rawValue: 97)
    static let l2tp = IPProtocol(rawValue: 115)
    static let mobility = IPProtocol(rawValue: 135)
    static let udpLite = IPProtocol(rawValue: 136)
    static let mpls = IPProtocol(rawValue: 137)
    static let hostIdentity = IPProtocol(rawValue: 139)
    static let shim6 = IPProtocol(rawValue: 140)
}

extension Dissector {
    /// An IP packet whose version only its first byte tells.
    mutating func ip(_ bytes: Span<UInt8>, _ packet: Packet) {
        guard !bytes.isEmpty else { return }
        switch bytes[0] >> 4 {
        case 4: ipv4(bytes, packet)
        case 6: ipv6(bytes, packet)
        default: malformed(.badValue, in: .link)
        }
    }

    /// IPv4 (RFC 791).
    mutating func ipv4(_ bytes: Span<UInt8>, _ outer: Packet) {
        guard bytes.count >= 20 else { return malformed(.truncated, in: .ipv4) }
        let headerLength = Int(bytes[0] & 0xf) * 4
        guard bytes[0] >> 4 == 4, headerLength >= 20 else { return malformed(.badValue, in: .ipv4) }
        guard headerLength <= bytes.count else { return malformed(.truncated, in: .ipv4) }
        let totalLength = Int(bytes.uint16(at: 2))
        // A total length of 0 is a packet that the network card will cut (TCP segmentation offload).
        guard totalLength == 0 || totalLength >= headerLength else { return malformed(.badLength, in: .ipv4) }
        let end = totalLength == 0 ? bytes.count : min(totalLength, bytes.count)
        let payload = bytes.extracting(headerLength..<end)

        var packet = outer
        packet.source = IPAddress(v4: bytes.uint32(at: 12))
        packet.destination = IPAddress(v4: bytes.uint32(at: 16))
        let fragment = bytes.uint16(at: 6)
        let next = IPProtocol(rawValue: bytes[9])
        if fragment & 0x3fff == 0 {
            transport(next, payload, packet)
        } else {
            let piece = FragmentedPacket.Piece(
                offset: Int(fragment & 0x1fff) * 8, isLast: fragment & 0x2000 == 0, next: next,
                identification: UInt32(bytes.uint16(at: 4)))
            reassemble(piece, payload, packet)
        }
    }

    /// IPv6 (RFC 8200) with its extension headers.
    mutating func ipv6(_ bytes: Span<UInt8>, _ outer: Packet) {
        guard bytes.count >= 40 else { return malformed(.truncated, in: .ipv6) }
        guard bytes[0] >> 4 == 6 else { return malformed(.badValue, in: .ipv6) }
        let length = Int(bytes.uint16(at: 4))
        // A payload length of 0 is a jumbogram (RFC 2675), or one that the network card will cut.
        let end = length == 0 ? bytes.count : min(40 + length, bytes.count)

        var packet = outer
        packet.source = IPAddress(high: bytes.uint64(at: 8), low: bytes.uint64(at: 16))
        packet.destination = IPAddress(high: bytes.uint64(at: 24), low: bytes.uint64(at: 32))
        do {
            let payload = ByteReader(bytes.extracting(40..<end))
            try extensionHeaders(IPProtocol(rawValue: bytes[6]), payload, packet)
        } catch {
            malformed(error, in: .ipv6)
        }
    }

    /// Goes past IPv6 extension headers to what they precede.
    private mutating func extensionHeaders(
        _ first: IPProtocol, _ payload: ByteReader, _ outer: Packet
    ) throws(WireError) {
        var next = first
        var payload = payload
        var packet = outer
        while true {
            switch next {
            case .hopByHop, .routing, .destinationOptions, .mobility, .hostIdentity, .shim6:
                try packet.descend()
                next = IPProtocol(rawValue: try payload.uint8())
                try payload.skip(Int(payload.uint8()) * 8 + 6)
            case .authentication:  // RFC 4302 section 2.2: its length is in words, less two
                try packet.descend()
                next = IPProtocol(rawValue: try payload.uint8())
                try payload.skip(Int(payload.uint8()) * 4 + 6)
            case .fragment:
                let piece = try FragmentedPacket.Piece(ipv6: &payload)
                if piece.offset == 0 && piece.isLast {  // an atomic fragment (RFC 6946)
                    try packet.descend()
                    next = piece.next
                } else {
                    return reassemble(piece, payload.rest, packet)
                }
            default:
                return transport(next, payload.rest, packet)
            }
        }
    }

    /// Follows what an IP packet carries; what is not known here carries no name.
    mutating func transport(_ next: IPProtocol, _ payload: Span<UInt8>, _ packet: Packet) {
        switch next {
        case .tcp: tcp(payload, packet)
        case .udp: udp(payload, packet)
        default: tunnel(next, payload, packet)
        }
    }
}
