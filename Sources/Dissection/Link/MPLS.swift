extension Dissector {
    /// MPLS (RFC 3032): labels of four bytes up to the one marked as the bottom of the stack.
    ///
    /// Nothing says what follows. An IP packet shows by its version and lengths; else it is an Ethernet pseudowire
    /// (RFC 4448), with a control word, whose first half byte is 0, or without one, whatever the address begins with.
    mutating func mpls(_ payload: ByteReader, _ outer: Packet) throws(WireError) {
        var payload = payload
        var packet = outer
        var isBottom = false
        while !isBottom {
            try packet.descend()
            isBottom = try payload.uint32() & 0x100 != 0
        }
        guard !payload.isEmpty else { return }
        switch payload.rest[0] >> 4 {
        case 4 where Self.isPlausibleIPv4(payload.rest): ipv4(payload.rest, packet)
        case 6 where !Self.hasKnownType(payload.rest): ipv6(payload.rest, packet)
        case 0 where Self.isPlausibleEthernet(payload.rest.extracting(droppingFirst: 4)):
            try frame(behind: 4, payload, packet)
        default: try ethernet(payload, packet)
        }
    }

    private static func isPlausibleIPv4(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 20 else { return true }
        let length = Int(bytes.uint16(at: 2))
        return bytes[0] & 0xf >= 5 && (length == 0 || length >= 20) && length <= 9216
    }

    /// Whether an Ethernet frame may begin here: its type is one that is followed, or a length that fits.
    private static func isPlausibleEthernet(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 14 else { return false }
        let type = bytes.uint16(at: 12)
        let isLength = type < EtherType.first.rawValue && Int(type) <= bytes.count - 14
        return isLength || hasKnownType(bytes)
    }

    /// Whether the type of an Ethernet frame that may begin here is one that is followed.
    static func hasKnownType(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 14 else { return false }
        switch EtherType(rawValue: bytes.uint16(at: 12)) {
        case .ipv4: return bytes.count > 14 && bytes[14] >> 4 == 4
        case .ipv6: return bytes.count > 14 && bytes[14] >> 4 == 6
        case .vlan, .serviceVLAN, .mpls, .pppoeSession, .arp: return true
        default: return false
        }
    }
}
