extension Dissector {
    /// ARCNET as Linux gives it: addresses, offset, protocol, then for IP the packet.
    ///
    /// RFC 1201 has a split flag and a sequence number before the packet, RFC 1051 nothing.
    mutating func arcnet(_ frame: ByteReader, _ packet: Packet) throws(WireError) {
        var frame = frame
        try frame.skip(4)
        switch try frame.uint8() {
        case 212, 196:
            let isException = try frame.uint8() == 0xff
            try frame.skip(isException ? 6 : 2)
            ip(frame.rest, packet)
        case 240: ip(frame.rest, packet)
        default: break
        }
    }

    /// Linux netfilter log: family, version, resource, then attributes; the packet is the ninth kind.
    mutating func netfilterLog(_ frame: ByteReader, _ packet: Packet) throws(WireError) {
        var frame = frame
        try frame.skip(4)
        while frame.count >= 4 {
            // Length and type are in the byte order of the capturing machine; both are small.
            let length = Int(try smallInHostOrder(&frame))
            let type = try smallInHostOrder(&frame) & 0x7fff
            guard length >= 4 else { throw .badLength }
            let value = frame.prefix(upTo: length - 4)
            if type == 9 { return ip(value.rest, packet) }
            _ = frame.prefix(upTo: (4 - length % 4) % 4)
        }
    }

    private func smallInHostOrder(_ reader: inout ByteReader) throws(WireError) -> UInt16 {
        try reader.uint16().byteSwapped
    }

    /// Network service header (RFC 8300): length in four-byte words, then the next protocol.
    mutating func networkServiceHeader(_ payload: ByteReader, _ outer: Packet) throws(WireError) {
        var payload = payload
        var packet = outer
        try packet.descend()
        let length = Int(try payload.uint16() & 0x3f) * 4
        try payload.skip(1)
        let next = try payload.uint8()
        try payload.skip(length - 4)
        switch next {
        case 1: ipv4(payload.rest, packet)
        case 2: ipv6(payload.rest, packet)
        case 3: try ethernet(payload, packet)
        case 5: try mpls(payload, packet)
        default: break
        }
    }
}
