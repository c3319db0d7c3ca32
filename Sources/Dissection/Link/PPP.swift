/// PPP protocol numbers.
private enum PPPProtocol {
    static let ipv4: UInt16 = 0x0021
    static let ipv6: UInt16 = 0x0057
    static let mpls: UInt16 = 0x0281
}

extension Dissector {
    /// PPP (RFC 1661), with the address and control bytes of HDLC-like framing (RFC 1662) or without.
    mutating func ppp(_ frame: ByteReader, _ outer: Packet) throws(WireError) {
        var frame = frame
        var packet = outer
        try packet.descend()
        if frame.count >= 2, frame.rest[0] == 0xff, frame.rest[1] == 0x03 { try frame.skip(2) }
        // RFC 1661 section 2: an odd first byte is a compressed, one-byte protocol number.
        let first = try frame.uint8()
        let number = first & 1 == 1 ? UInt16(first) : UInt16(first) << 8 | UInt16(try frame.uint8())
        switch number {
        case PPPProtocol.ipv4: ipv4(frame.rest, packet)
        case PPPProtocol.ipv6: ipv6(frame.rest, packet)
        case PPPProtocol.mpls: try mpls(frame, packet)
        default: break
        }
    }

    /// PPPoE (RFC 2516): version and type 1, code 0 for session data, session, length, then PPP.
    mutating func pppoe(_ frame: ByteReader, _ packet: Packet) throws(WireError) {
        var frame = frame
        guard try frame.uint16() == 0x1100 else { return }
        try frame.skip(2)
        let length = try Int(frame.uint16())
        try ppp(frame.prefix(upTo: length), packet)
    }

    /// Cisco HDLC: address, control, then an EtherType.
    mutating func ciscoHDLC(_ frame: ByteReader, _ packet: Packet) throws(WireError) {
        var frame = frame
        try frame.skip(2)
        try etherType(EtherType(rawValue: frame.uint16()), frame, packet)
    }

    /// Frame Relay (RFC 2427): an address of two bytes or more, control, then an NLPID, or SNAP.
    mutating func frameRelay(_ frame: ByteReader, _ packet: Packet) throws(WireError) {
        var frame = frame
        while try frame.uint8() & 1 == 0 {}
        // Cisco's own encapsulation has an EtherType here, RFC 2427 the control byte 3 (unnumbered information).
        if frame.count >= 2, frame.rest[0] != 3 {
            try etherType(EtherType(rawValue: frame.uint16()), frame, packet)
            return
        }
        try frame.skip(1)
        var identifier = try frame.uint8()
        if identifier == 0 { identifier = try frame.uint8() }
        switch identifier {
        case 0xcc: ipv4(frame.rest, packet)
        case 0x8e: ipv6(frame.rest, packet)
        case 0x80:
            try frame.skip(3)
            try etherType(EtherType(rawValue: frame.uint16()), frame, packet)
        default: break
        }
    }
}
