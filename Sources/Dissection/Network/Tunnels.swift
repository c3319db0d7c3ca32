extension Dissector {
    /// Follows IP-in-IP, GRE and their like to the packet inside.
    mutating func tunnel(_ next: IPProtocol, _ payload: Span<UInt8>, _ outer: Packet) {
        var packet = outer
        do {
            try packet.descend()
            switch next {
            case .ipv4: ipv4(payload, packet)
            case .ipv6: ipv6(payload, packet)
            case .gre: try gre(ByteReader(payload), packet)
            case .authentication: try authentication(ByteReader(payload), packet)
            case .mpls: try mpls(ByteReader(payload), packet)
            case .l2tp: try l2tpSession(ByteReader(payload), packet)
            case .etherIP:  // RFC 3378: a version, then a whole Ethernet frame
                var frame = ByteReader(payload)
                try frame.skip(2)
                try ethernet(frame, packet)
            default: break
            }
        } catch {
            malformed(error, in: .tunnel)
        }
    }

    /// AH (RFC 4302): authenticated, not encrypted.
    private mutating func authentication(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        let next = try payload.uint8()
        let words = Int(try payload.uint8())
        try payload.skip(words * 4 + 6)
        transport(IPProtocol(rawValue: next), payload.rest, packet)
    }

    /// L2TP version 3 data (RFC 3931 section 4.1.1.1): a session, then what its control messages agreed on.
    ///
    ///     session 4, 0 for control | cookie 0, 4 or 8 | sublayer 0 or 4 | an Ethernet frame, mostly
    ///
    /// Those messages may not have been seen, so the frame is looked for behind each length that is allowed.
    mutating func l2tpSession(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        guard try payload.uint32() != 0 else { return }
        for length in [0, 4, 8, 12] where Self.hasKnownType(payload.rest.extracting(droppingFirst: length)) {
            return try frame(behind: length, payload, packet)
        }
    }

    /// GRE (RFC 2784, 2890; version 1 is that of PPTP, RFC 2637).
    ///
    ///     flags and version 2 | type 2 | checksum 4? | key 4? | sequence 4? | acknowledgment 4? | payload
    private mutating func gre(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        let flags = try payload.uint16()
        let type = EtherType(rawValue: try payload.uint16())
        let hasChecksum = flags & 0x8000 != 0
        let hasRouting = flags & 0x4000 != 0
        let hasKey = flags & 0x2000 != 0
        let hasSequence = flags & 0x1000 != 0
        let hasAcknowledgment = flags & 0x0080 != 0 && flags & 7 == 1
        if hasChecksum || hasRouting { try payload.skip(4) }
        if hasKey { try payload.skip(4) }
        if hasSequence { try payload.skip(4) }
        if hasAcknowledgment { try payload.skip(4) }
        guard !payload.isEmpty else { return }
        switch type {
        case .erspan2:
            // ERSPAN type I has no header of its own, and no sequence number.
            if hasSequence { try payload.skip(8) }
            try ethernet(payload, packet)
        case .erspan3: try erspan3(payload, packet)
        case _ where (EtherType.arubaFirst...EtherType.arubaLast).contains(type.rawValue):
            try ieee80211(payload, packet)
        default: try etherType(type, payload, packet)
        }
    }

    /// ERSPAN type III: twelve bytes, and eight more where the last bit says so.
    private mutating func erspan3(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        try payload.skip(11)
        if try payload.uint8() & 1 == 1 { try payload.skip(8) }
        try ethernet(payload, packet)
    }
}
