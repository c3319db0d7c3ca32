/// Ethernet (IEEE 802.3), its types, and the tags between the addresses and the payload.
///
///     +-------------+-------------+- - - - - - - - - +------+---------
///     | destination | source      | 802.1Q tags …    | type | payload
///     | 6 bytes     | 6 bytes     | 4 bytes each     | 2    |
///     +-------------+-------------+- - - - - - - - - +------+---------
struct EtherType: RawRepresentable, Hashable {
    var rawValue: UInt16

    static let ipv4 = EtherType(rawValue: 0x0800)
    static let arp = EtherType(rawValue: 0x0806)
    static let transparentBridging = EtherType(rawValue: 0x6558)
    static let vlan = EtherType(rawValue: 0x8100)
    static let ipv6 = EtherType(rawValue: 0x86dd)
    static let ppp = EtherType(rawValue: 0x880b)
    static let mpls = EtherType(rawValue: 0x8847)
    static let mplsMulticast = EtherType(rawValue: 0x8848)
    static let pppoeSession = EtherType(rawValue: 0x8864)
    static let serviceVLAN = EtherType(rawValue: 0x88a8)
    static let erspan2 = EtherType(rawValue: 0x88be)
    static let fabricPath = EtherType(rawValue: 0x8903)
    static let ciscoMetaData = EtherType(rawValue: 0x8909)
    static let interfaceTag = EtherType(rawValue: 0x8926)
    static let seamlessRedundancy = EtherType(rawValue: 0x892f)
    static let bridgePortTag = EtherType(rawValue: 0x893f)
    static let webCache = EtherType(rawValue: 0x883e)
    static let trill = EtherType(rawValue: 0x22f3)
    static let backboneService = EtherType(rawValue: 0x88e7)
    static let nsh = EtherType(rawValue: 0x894f)
    /// QinQ before IEEE 802.1ad gave it a number.
    static let oldServiceVLANs = [0x9100, 0x9200, 0x9300].map(EtherType.init(rawValue:))
    static let erspan3 = EtherType(rawValue: 0x22eb)

    /// Aruba's access points send frames of 802.11 to their controller in GRE with these types, one for each radio.
    static let arubaFirst: UInt16 = 0x8200
    static let arubaLast: UInt16 = 0x8210

    /// Below it the field is the length of an IEEE 802.2 frame (IEEE 802.3 section 3.2.6).
    static let first = EtherType(rawValue: 0x0600)
}

extension Dissector {
    mutating func ethernet(_ frame: ByteReader, _ outer: Packet) throws(WireError) {
        var frame = frame
        var packet = outer
        try packet.descend()
        try frame.skip(6)
        let high = try frame.uint16()
        let low = try frame.uint32()
        packet.hardwareAddress = UInt64(high) << 32 | UInt64(low)
        try etherType(EtherType(rawValue: frame.uint16()), frame, packet)
    }

    /// Follows the payload that an EtherType announces; what it does not know carries no name.
    mutating func etherType(_ type: EtherType, _ payload: ByteReader, _ packet: Packet) throws(WireError) {
        switch type {
        case .ipv4: ipv4(payload.rest, packet)
        case .ipv6: ipv6(payload.rest, packet)
        case .vlan, .serviceVLAN: try vlan(payload, packet)
        case .pppoeSession: try pppoe(payload, packet)
        case .mpls, .mplsMulticast: try mpls(payload, packet)
        case .transparentBridging: try ethernet(payload, packet)
        case .ppp: try ppp(payload, packet)
        case .backboneService: try backboneService(payload, packet)
        case .nsh: try networkServiceHeader(payload, packet)
        default:
            if type.rawValue < EtherType.first.rawValue {
                try logicalLink(payload, packet)
            } else {
                try rareEtherType(type, payload, packet)
            }
        }
    }

    /// Tags and encapsulations that switches of some makers add.
    private mutating func rareEtherType(
        _ type: EtherType, _ payload: ByteReader, _ packet: Packet
    ) throws(WireError) {
        switch type {
        case .interfaceTag, .seamlessRedundancy: try tag(of: 4, payload, packet)  // VN-Tag; HSR (IEC 62439-3)
        case .bridgePortTag, .ciscoMetaData: try tag(of: 6, payload, packet)  // IEEE 802.1BR
        case .fabricPath: try frame(behind: 2, payload, packet)
        case .trill: try trill(payload, packet)
        case .webCache: try webCache(payload, packet)
        default: if EtherType.oldServiceVLANs.contains(type) { try vlan(payload, packet) }
        }
    }

    /// A tag that says nothing here, then the type of what follows.
    private mutating func tag(of length: Int, _ payload: ByteReader, _ outer: Packet) throws(WireError) {
        var payload = payload
        var packet = outer
        try packet.descend()
        try payload.skip(length)
        try etherType(EtherType(rawValue: payload.uint16()), payload, packet)
    }

    /// A header that says nothing here, then a whole Ethernet frame.
    mutating func frame(behind length: Int, _ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        try payload.skip(length)
        try ethernet(payload, packet)
    }

    /// TRILL (RFC 6325 section 3): options in four-byte words behind the nicknames, then an Ethernet frame.
    private mutating func trill(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        let optionWords = Int(try payload.uint16() >> 6 & 0x1f)
        try frame(behind: 4 + optionWords * 4, payload, packet)
    }

    /// What a router redirects to a web cache (WCCP): in version 2 a header of four bytes, then an IPv4 packet.
    private mutating func webCache(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        if !payload.isEmpty, payload.rest[0] >> 4 != 4 { try payload.skip(4) }
        ipv4(payload.rest, packet)
    }

    /// IEEE 802.1Q: priority and VLAN identifier, then the type of what follows.
    private mutating func vlan(_ payload: ByteReader, _ outer: Packet) throws(WireError) {
        var payload = payload
        var packet = outer
        try packet.descend()
        let identifier = try payload.uint16() & 0xfff
        if packet.vlan == nil { packet.vlan = identifier }
        try etherType(EtherType(rawValue: payload.uint16()), payload, packet)
    }

    /// IEEE 802.1ah: a service identifier, then a whole Ethernet frame.
    private mutating func backboneService(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        try frame(behind: 4, payload, packet)
    }

    /// IEEE 802.2 logical link control; with SNAP an EtherType follows (RFC 1042).
    mutating func logicalLink(_ payload: ByteReader, _ packet: Packet) throws(WireError) {
        var payload = payload
        var packet = packet
        try packet.descend()
        guard payload.count >= 8, try payload.uint16() == 0xaaaa, try payload.uint8() == 3 else { return }
        try payload.skip(3)
        try etherType(EtherType(rawValue: payload.uint16()), payload, packet)
    }
}
