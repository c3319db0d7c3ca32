extension Dissector {
    /// MPLS (RFC 3032): labels of four bytes up to the one marked as the bottom of the stack.
    ///
    /// Nothing says what follows. An IP packet shows by its version; else it is an Ethernet pseudowire (RFC 4448),
    /// with or without a control word, whose first half byte is 0.
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
        case 4: ipv4(payload.rest, packet)
        case 6: ipv6(payload.rest, packet)
        case 0:
            try payload.skip(4)
            try ethernet(payload, packet)
        default: try ethernet(payload, packet)
        }
    }
}
