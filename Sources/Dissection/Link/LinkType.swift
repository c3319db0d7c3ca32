/// What a capture's frames begin with, by the numbers of libpcap's `pcap_datalink` (DLT_…).
public struct LinkType: RawRepresentable, Sendable, Hashable {
    /// libpcap's number.
    public var rawValue: Int32

    /// Makes a link type of libpcap's number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// BSD loopback: the address family in the byte order of the capturing machine.
    public static let null = LinkType(rawValue: 0)
    /// Ethernet.
    public static let ethernet = LinkType(rawValue: 1)
    /// PPP (RFC 1661), with or without HDLC framing.
    public static let ppp = LinkType(rawValue: 9)
    /// Raw IP, as `pcap_datalink` gives it on Linux.
    public static let raw = LinkType(rawValue: 12)
    /// Raw IP, as `pcap_datalink` gives it on OpenBSD, and as the file format has it.
    static let rawAlternatives: [LinkType] = [LinkType(rawValue: 14), LinkType(rawValue: 101)]
    /// PPP in HDLC-like framing (RFC 1662).
    public static let pppSerial = LinkType(rawValue: 50)
    /// PPPoE (RFC 2516) from its header on.
    public static let pppoe = LinkType(rawValue: 51)
    /// Cisco HDLC.
    public static let ciscoHDLC = LinkType(rawValue: 104)
    /// IEEE 802.11.
    public static let ieee80211 = LinkType(rawValue: 105)
    /// Frame Relay (RFC 2427).
    public static let frameRelay = LinkType(rawValue: 107)
    /// OpenBSD loopback: the address family in network byte order.
    public static let loop = LinkType(rawValue: 108)
    /// Linux cooked capture.
    public static let linuxCooked = LinkType(rawValue: 113)
    /// IEEE 802.11 behind a Prism header.
    public static let prism = LinkType(rawValue: 119)
    /// IEEE 802.11 behind a radiotap header.
    public static let radiotap = LinkType(rawValue: 127)
    /// ARCNET as Linux captures it.
    public static let arcnetLinux = LinkType(rawValue: 129)
    /// IEEE 802.11 behind an AVS header.
    public static let avs = LinkType(rawValue: 163)
    /// Per-packet information.
    public static let ppi = LinkType(rawValue: 192)
    /// Raw IPv4.
    public static let ipv4 = LinkType(rawValue: 228)
    /// Raw IPv6.
    public static let ipv6 = LinkType(rawValue: 229)
    /// Linux netfilter log.
    public static let nflog = LinkType(rawValue: 239)
    /// Linux cooked capture, second version.
    public static let linuxCooked2 = LinkType(rawValue: 276)

    /// Whether a ``Dissector`` can look into such frames.
    public var isSupported: Bool {
        switch self {
        case .null, .loop, .ethernet, .linuxCooked, .linuxCooked2, .raw, .ipv4, .ipv6: true
        case .ppp, .pppSerial, .pppoe, .ciscoHDLC, .frameRelay, .arcnetLinux, .nflog: true
        case .ieee80211, .radiotap, .prism, .avs, .ppi: true
        default: Self.rawAlternatives.contains(self)
        }
    }
}

extension Dissector {
    /// Looks into a frame of a link type, counting what is wrong with its link headers.
    mutating func link(_ frame: Span<UInt8>, _ type: LinkType, _ packet: Packet) {
        do {
            try linkPayload(ByteReader(frame), type, packet)
        } catch {
            malformed(error, in: .link)
        }
    }

    mutating func linkPayload(_ frame: ByteReader, _ type: LinkType, _ packet: Packet) throws(WireError) {
        switch type {
        case .ethernet: try ethernet(frame, packet)
        case .linuxCooked: try linuxCooked(frame, packet)
        case .linuxCooked2: try linuxCooked2(frame, packet)
        case .null, .loop: try loopback(frame, packet)
        case .ppp, .pppSerial: try ppp(frame, packet)
        case .pppoe: try pppoe(frame, packet)
        case .ciscoHDLC: try ciscoHDLC(frame, packet)
        case .frameRelay: try frameRelay(frame, packet)
        case .ieee80211: try ieee80211(frame, packet)
        case .radiotap, .prism, .avs: try wirelessCapture(frame, type, packet)
        case .ppi: try perPacketInformation(frame, packet)
        case .arcnetLinux: try arcnet(frame, packet)
        case .nflog: try netfilterLog(frame, packet)
        case .raw, .ipv4, .ipv6: ip(frame.rest, packet)
        default:
            guard LinkType.rawAlternatives.contains(type) else { throw .unsupported }
            ip(frame.rest, packet)
        }
    }
}
