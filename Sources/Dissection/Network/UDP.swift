/// Ports that tell what a datagram carries.
enum Port {
    static let dns: UInt16 = 53
    static let dnsOverTLS: UInt16 = 853
    static let l2tp: UInt16 = 1701
    static let gtpUser: UInt16 = 2152
    static let teredo: UInt16 = 3544
    static let vxlan: UInt16 = 4789
    static let capwapData: UInt16 = 5247
    static let geneve: UInt16 = 6081
    static let lisp: UInt16 = 4341
    static let vxlanGeneric: UInt16 = 4790
    static let ayiya: UInt16 = 5072
    static let genericUDPEncapsulation: UInt16 = 6080
    static let mplsOverUDP: UInt16 = 6635
    static let snifferProtocol: UInt16 = 37_008
    /// What Linux used for VXLAN before IANA gave it a number.
    static let vxlanOnLinux: UInt16 = 8472
}

/// A pair of ports, as a TCP or UDP header begins.
struct Ports {
    var source: UInt16
    var destination: UInt16
}

extension Dissector {
    /// UDP (RFC 768): DNS, QUIC, DTLS, and tunnels.
    mutating func udp(_ datagram: Span<UInt8>, _ packet: Packet) {
        guard datagram.count >= 8 else { return malformed(.truncated, in: .udp) }
        let ports = Ports(source: datagram.uint16(at: 0), destination: datagram.uint16(at: 2))
        let length = Int(datagram.uint16(at: 4))
        guard length == 0 || length >= 8 else { return malformed(.badLength, in: .udp) }
        let end = length == 0 ? datagram.count : min(length, datagram.count)
        let payload = datagram.extracting(8..<end)
        guard !payload.isEmpty else { return }

        if ports.destination == Port.dns || ports.source == Port.dns {
            dns(payload, ports, packet)
        } else if QUICVersion.mayBeLongHeader(payload) {
            quic(payload, ports, packet)
        } else if Self.mayBeDTLS(payload) {
            dtls(payload, ports, packet)
        } else if let attempt = VPNHandshake.identify(payload, ports) {
            sightVPN(attempt, ports, packet)
        } else {
            tunnelOverUDP(payload, ports, packet)
        }
    }

    private mutating func tunnelOverUDP(_ payload: Span<UInt8>, _ ports: Ports, _ outer: Packet) {
        var packet = outer
        do {
            try packet.descend()
            switch ports.destination {
            case Port.vxlan, Port.vxlanOnLinux: try vxlan(ByteReader(payload), packet)
            case Port.geneve: try geneve(ByteReader(payload), packet)
            case Port.gtpUser: try gtp(ByteReader(payload), packet)
            case Port.mplsOverUDP: try mpls(ByteReader(payload), packet)
            case Port.vxlanGeneric: try vxlanGeneric(ByteReader(payload), packet)
            case Port.lisp: ip(payload.extracting(droppingFirst: 8), packet)  // RFC 9300 section 5.1
            case Port.genericUDPEncapsulation: try genericUDP(ByteReader(payload), packet)
            case Port.snifferProtocol: try snifferProtocol(ByteReader(payload), packet)
            default: try tunnelByEitherPort(payload, ports, packet)
            }
        } catch {
            malformed(error, in: .tunnel)
        }
    }

    private mutating func tunnelByEitherPort(
        _ payload: Span<UInt8>, _ ports: Ports, _ packet: Packet
    ) throws(WireError) {
        func isUsed(_ port: UInt16) -> Bool { ports.source == port || ports.destination == port }
        if isUsed(Port.teredo) {
            try teredo(ByteReader(payload), packet)
        } else if isUsed(Port.capwapData) {
            try capwap(ByteReader(payload), packet)
        } else if isUsed(Port.l2tp) {
            try l2tp(ByteReader(payload), packet)
        } else if isUsed(Port.ayiya) {
            try ayiya(ByteReader(payload), packet)
        }
    }

    /// VXLAN (RFC 7348): flags, network identifier, then an Ethernet frame.
    private mutating func vxlan(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        guard try payload.uint8() & 0x08 != 0 else { return }
        try frame(behind: 7, payload, packet)
    }

    /// VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe): the fourth byte says what follows, where a flag says so.
    private mutating func vxlanGeneric(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        let flags = try payload.uint8()
        try payload.skip(2)
        let next = try payload.uint8()
        try payload.skip(4)
        let hasNext = flags & 0x04 != 0
        switch hasNext ? next : 3 {
        case 1: ipv4(payload.rest, packet)
        case 2: ipv6(payload.rest, packet)
        case 3: try ethernet(payload, packet)
        case 4: try networkServiceHeader(payload, packet)
        case 5: try mpls(payload, packet)
        default: break
        }
    }

    /// Generic UDP encapsulation (draft-ietf-intarea-gue): variant 1 is an IP packet as it is, variant 0 has a header.
    private mutating func genericUDP(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        let whole = payload.rest
        var payload = payload
        let first = try payload.uint8()
        let isIP = first >> 6 == 1
        if isIP { return ip(whole, packet) }
        let isControl = first & 0x20 != 0
        guard first >> 6 == 0, !isControl else { return }
        let next = try payload.uint8()
        try payload.skip(2 + Int(first & 0x1f) * 4)
        transport(IPProtocol(rawValue: next), payload.rest, packet)
    }

    /// TZSP, in which access points and switches send what they see to an analyser: tagged fields up to an end tag.
    private mutating func snifferProtocol(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        guard try payload.uint16() == 0x0100 else { return }
        let encapsulated = try payload.uint16()
        // Each field takes a byte or more.
        var field = try payload.uint8()
        while field != 1 {
            let isPadding = field == 0
            if !isPadding { try payload.skip(Int(payload.uint8())) }
            field = try payload.uint8()
        }
        switch encapsulated {
        case 0x01: try ethernet(payload, packet)
        case 0x12: try ieee80211(payload, packet)
        default: break
        }
    }

    /// AYIYA (draft-massar-v6ops-ayiya): identity and signature, whose lengths the first two bytes have, then IPv6.
    private mutating func ayiya(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        let identity = 1 << Int(try payload.uint8() >> 4)
        let signature = Int(try payload.uint8() >> 4) * 4
        let isForwarded = try payload.uint8() & 0xf == 1
        let next = try payload.uint8()
        try payload.skip(4 + identity + signature)
        if isForwarded { transport(IPProtocol(rawValue: next), payload.rest, packet) }
    }

    /// Geneve (RFC 8926): options in four-byte words, then what the type says.
    private mutating func geneve(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        let first = try payload.uint8()
        guard first >> 6 == 0 else { return }
        try payload.skip(1)
        let type = EtherType(rawValue: try payload.uint16())
        try payload.skip(4 + Int(first & 0x3f) * 4)
        try etherType(type, payload, packet)
    }

    /// GTP-U (3GPP TS 29.281 section 5): a user's IP packet in message type 255.
    private mutating func gtp(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        let flags = try payload.uint8()
        guard flags >> 5 == 1, flags & 0x10 != 0, try payload.uint8() == 255 else { return }
        try payload.skip(6)
        if flags & 7 != 0 {
            try payload.skip(3)
            var next = try payload.uint8()
            while next != 0 {
                let words = Int(try payload.uint8())
                guard words > 0 else { throw .badLength }
                try payload.skip(words * 4 - 2)
                next = try payload.uint8()
            }
        }
        ip(payload.rest, packet)
    }

    /// Teredo (RFC 4380 section 5.1.1): authentication and origin indications, then an IPv6 packet.
    private mutating func teredo(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        if payload.count >= 4, payload.rest.uint16(at: 0) == 1 {
            let lengths = Int(payload.rest[2]) + Int(payload.rest[3])
            try payload.skip(4 + lengths + 9)
        }
        if payload.count >= 8, payload.rest.uint16(at: 0) == 0 { try payload.skip(8) }
        if payload.count >= 40, payload.rest[0] >> 4 == 6 { ipv6(payload.rest, packet) }
    }

    /// CAPWAP data (RFC 5415 section 4.3) that is not encrypted: an 802.11 or 802.3 frame.
    private mutating func capwap(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        let header = try payload.sub(8).rest
        let isEncrypted = header[0] & 0xf != 0
        let isFragment = header[3] & 0x80 != 0
        guard !isEncrypted, !isFragment else { return }
        let headerLength = Int(header[1] >> 3) * 4
        try payload.skip(headerLength - 8)
        let isEthernet = header[2] & 1 == 0
        if isEthernet {
            try ethernet(payload, packet)
        } else {
            try capwapWireless(payload, packet)
        }
    }

    /// Access points send the frame control field of 802.11 with its bytes swapped; both orders are in use.
    private mutating func capwapWireless(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        guard payload.count >= 2 else { throw .truncated }
        let isSwapped = payload.rest[0] & 0x0c != 0x08 && payload.rest[1] & 0x0f == 0x08
        if isSwapped {
            var copy = [UInt8]()
            copy.reserveCapacity(payload.count)
            copy.append(payload.rest[1])
            copy.append(payload.rest[0])
            for index in 2..<payload.count { copy.append(payload.rest[index]) }
            try ieee80211(ByteReader(copy.span), packet)
        } else {
            try ieee80211(payload, packet)
        }
    }

    /// L2TP data (RFC 2661 section 3.1): optional fields, then PPP; of version 3 the session's.
    private mutating func l2tp(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        let flags = try payload.uint16()
        let isControl = flags & 0x8000 != 0
        guard !isControl else { return }
        if flags & 0xf == 3 {  // RFC 3931 section 4.1.2.1: two reserved bytes, then the session
            try payload.skip(2)
            return try l2tpSession(payload, packet)
        }
        guard flags & 0xf == 2 else { return }
        if flags & 0x4000 != 0 { try payload.skip(2) }
        try payload.skip(4)
        if flags & 0x0800 != 0 { try payload.skip(4) }
        if flags & 0x0200 != 0 { try payload.skip(Int(payload.uint16())) }
        guard !payload.isEmpty else { return }
        try ppp(payload, packet)
    }
}
