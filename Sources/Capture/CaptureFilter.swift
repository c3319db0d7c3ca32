internal import CPcap

/// What a live interface hands to the program: a filter in libpcap's language that passes whatever can carry a name.
///
/// ```swift
/// try source.setFilter(CaptureFilter.live(for: source.linkType).text)
/// ```
///
/// The kernel keeps no state between frames, so each must tell by itself. What passes, over IPv4 and IPv6:
///
/// - **DNS**: port 53 of UDP and TCP, both ways.
/// - **TCP's first SYN**, which tells where the client's stream begins.
/// - **The start of a ClientHello**, known by its first six bytes, from any port above 1023.
/// - **Whatever else a client says**, where the sender's port is not below the receiver's: the second segment of a
///   ClientHello begins with any bytes, has any length, need not be pushed, and may come first, and so does what
///   precedes STARTTLS. Of it two things are known to be bulk and do not pass: what begins as a record of application
///   data does (one in 16 million other segments looks the same), and what is longer than 1500 bytes, which the
///   interface has put together of many segments, unless it begins as a ClientHello does.
/// - **Requests of HTTP/1**, by the capital letters of the method, likewise.
/// - **QUIC's long headers** of versions whose keys are known, both ways: the server's tell its connection ID.
/// - **ClientHellos of DTLS**, by their first record, and the first messages of WireGuard, OpenVPN and IKE.
/// - **Fragments**, and IPv6 packets with extension headers.
///
/// So pure acknowledgments, everything that servers send and QUIC's data stay in the kernel. A full segment in the middle
/// of an upload does pass where the interface does not put segments together.
///
/// Left out, as the price: the second segment of a ClientHello whose client has a lower port than its server; names
/// inside tunnels, unless ``tunnels`` asks for them. On Ethernet one VLAN tag is looked behind; Linux takes the
/// outermost one off before the filter sees the frame, so QinQ is too on a live interface.
public struct CaptureFilter: Sendable, Equatable {
    /// The expression; empty where libpcap has none for the link type, and everything passes.
    public let text: String

    /// The filter for frames of a link type (libpcap's number), and its tunnels whole where they are to be looked into.
    ///
    /// The content of a tunnel is out of the reach of so simple a program: with `tunnels` all of their traffic passes.
    public static func live(for linkType: Int32, tunnels: Bool = false) -> CaptureFilter {
        // libpcap's language expects address and control bytes before PPP that not every capture has.
        if linkType == DLT_PPP { return CaptureFilter(text: "") }
        var parts: [String] = []
        let plain = [HeaderView.plain4.filter, HeaderView.plain6.filter]
        parts += plain
        if linkType == DLT_EN10MB { parts.append(tagged) }
        if tunnels { parts += Self.tunnels(isEthernet: linkType == DLT_EN10MB) }
        // Before a header of any length (radiotap) every field takes a calculation of its own: what is too long for the
        // kernel is left out, up to any IP packet.
        let candidates = [parts, plain, ["ip", "ip6"]].map { $0.joined(separator: " or ") }
        return candidates.lazy.compactMap { CaptureFilter($0, for: linkType) }.first ?? CaptureFilter(text: "")
    }

    /// The most instructions that Linux takes (BPF_MAXINSNS).
    private static let maximumLength = 4096

    /// How many instructions the kernel's program has; 0 for an empty filter.
    public func instructionCount(for linkType: Int32) -> Int {
        text.isEmpty ? 0 : Self.compiledLength(text, linkType) ?? 0
    }

    private init(text: String) {
        self.text = text
    }

    /// A filter that libpcap can compile for the link type, and the kernel takes; nil for another.
    private init?(_ text: String, for linkType: Int32) {
        guard let length = Self.compiledLength(text, linkType), length <= Self.maximumLength else { return nil }
        self.text = text
    }

    private static func compiledLength(_ text: String, _ linkType: Int32) -> Int? {
        try? CompiledFilter(text, linkType: linkType).instructionCount
    }

    /// The same behind a VLAN tag (IEEE 802.1Q, 802.1ad) that is in the frame.
    ///
    /// Written with offsets, because `vlan` in libpcap's language also asks for the tag that the kernel took off.
    private static var tagged: String {
        let tag = "(ether[12:2] = 0x8100 or ether[12:2] = 0x88a8 or ether[12:2] = 0x9100)"
        let four = HeaderView.behindTag(isIPv4: true).filter
        let six = HeaderView.behindTag(isIPv4: false).filter
        return "(\(tag) and ((ether[16:2] = 0x0800 and \(four)) or (ether[16:2] = 0x86dd and \(six))))"
    }

    private static func tunnels(isEthernet: Bool) -> [String] {
        var parts = ["(ip and (ip[9] = 4 or ip[9] = 41 or ip[9] = 47 or ip[9] = 51 or ip[9] = 97 or ip[9] = 137))"]
        parts.append(
            "(ip6 and (ip6[6] = 4 or ip6[6] = 41 or ip6[6] = 47 or ip6[6] = 51 or ip6[6] = 97 or ip6[6] = 137))")
        let ports = [1701, 2152, 3544, 4789, 5247, 6081, 6635, 8472].map { "udp port \($0)" }
        parts.append("(\(ports.joined(separator: " or ")))")
        guard isEthernet else { return parts }
        // A length in place of a type (IEEE 802.2), more VLAN tags, PPPoE, MPLS, PPP, bridging, NSH, IEEE 802.1ah.
        let types = [0x8100, 0x88a8, 0x9100, 0x8864, 0x8847, 0x8848, 0x880b, 0x6558, 0x894f, 0x88e7]
        parts.append("ether[12:2] < 0x0600")
        parts += types.map { "ether[12:2] = \($0)" }
        return parts
    }
}

/// How an expression names the bytes of an IP packet and of what it carries.
private struct HeaderView {
    /// What must hold before the other fields mean anything, with ` and ` behind it.
    var condition: String
    /// Whether there is more to see than a TCP or UDP header that follows the IP header, whole.
    var isElsewhere: String
    var isTCP: String
    var isUDP: String
    /// How many bytes the IP packet has.
    var length: String
    /// How many bytes of TCP payload there are.
    var payloadLength: String
    /// The bytes from the TCP or UDP header on, at an offset, which may be an expression.
    var segment: @Sendable (String, Int) -> String
    var datagram: @Sendable (String, Int) -> String

    static let plain4 = HeaderView(
        condition: "ip and ", isElsewhere: "ip[6:2] & 0x3fff != 0", isTCP: "ip[9] = 6", isUDP: "ip[9] = 17",
        length: "ip[2:2]", payloadLength: "(ip[2:2] - ((ip[0] & 0xf) << 2) - ((tcp[12] & 0xf0) >> 2))",
        segment: { "tcp[\($0):\($1)]" }, datagram: { "udp[\($0):\($1)]" })

    static let plain6 = HeaderView(
        condition: "ip6 and ", isElsewhere: extensions("ip6[6]"), isTCP: "ip6[6] = 6", isUDP: "ip6[6] = 17",
        length: "ip6[4:2]", payloadLength: "(ip6[4:2] - ((ip6[52] & 0xf0) >> 2))",
        segment: { "ip6[40 + \($0):\($1)]" }, datagram: { "ip6[40 + \($0):\($1)]" })

    /// An IP packet behind the addresses, a tag and the type of an Ethernet frame.
    static func behindTag(isIPv4: Bool) -> HeaderView {
        if isIPv4 {
            let headerLength = "((ether[18] & 0xf) << 2)"
            return HeaderView(
                condition: "", isElsewhere: "ether[24:2] & 0x3fff != 0", isTCP: "ether[27] = 6",
                isUDP: "ether[27] = 17",
                length: "ether[20:2]",
                payloadLength: "(ether[20:2] - \(headerLength) - ((ether[30 + \(headerLength)] & 0xf0) >> 2))",
                segment: { "ether[18 + \(headerLength) + \($0):\($1)]" },
                datagram: { "ether[18 + \(headerLength) + \($0):\($1)]" })
        }
        return HeaderView(
            condition: "", isElsewhere: extensions("ether[24]"), isTCP: "ether[24] = 6", isUDP: "ether[24] = 17",
            length: "ether[22:2]", payloadLength: "(ether[22:2] - ((ether[70] & 0xf0) >> 2))",
            segment: { "ether[58 + \($0):\($1)]" },
            datagram: { "ether[58 + \($0):\($1)]" })
    }

    /// Hop-by-hop options, routing, fragment, destination options.
    private static func extensions(_ next: String) -> String {
        "(\(next) = 0 or \(next) = 43 or \(next) = 44 or \(next) = 60)"
    }

    var filter: String {
        "(\(condition)(\(isElsewhere) or (\(isTCP) and \(tcp)) or (\(isUDP) and \(udp))))"
    }

    /// A load beyond the end of the frame refuses it, so each test comes when its bytes are known to be there.
    private var tcp: String {
        func field(_ offset: Int, _ size: Int = 1) -> String { segment("\(offset)", size) }
        let isDNS = "\(field(0, 2)) = 53 or \(field(2, 2)) = 53"
        let isOpening = "\(field(13)) & 0x12 = 2"
        let start = segment("((\(field(12)) & 0xf0) >> 2)", 4)
        let type = segment("((\(field(12)) & 0xf0) >> 2) + 5", 1)
        let isUpstream = "\(field(0, 2)) >= \(field(2, 2))"
        // A handshake record of any version of TLS, and in it a ClientHello.
        let isClientHello = "(\(start) & 0xfffff800 = 0x16030000 and \(type) = 1)"
        // Three capital letters, as a method of HTTP begins; so does one in 512 segments of anything.
        let isRequest = "\(start) & 0xe0e0e000 = 0x40404000"
        let isOther = "(\(isUpstream) and \(length) <= 1500 and \(start) & 0xffffff00 != 0x17030300)"
        let isShort = "(\(payloadLength) > 0 and \(payloadLength) <= 5 and \(isUpstream))"
        let isLong = "(\(payloadLength) > 5 and (\(isClientHello) or \(isOther) or \(isRequest)))"
        return "(\(isOpening) or \(isDNS) or (\(field(0, 2)) >= 1024 and (\(isShort) or \(isLong))))"
    }

    /// The versions of QUIC are told by their first byte: 1, 2, drafts, Google's T05x, Facebook's.
    private var udp: String {
        func field(_ offset: Int, _ size: Int = 1) -> String { datagram("\(offset)", size) }
        let isDNS = "\(field(0, 2)) = 53 or \(field(2, 2)) = 53"
        let first = field(9)
        let versions = [0x00, 0x6b, 0xff, 0x54, 0xfa].map { "\(first) = \($0)" }.joined(separator: " or ")
        let isQUIC = "(\(field(8)) & 0xc0 = 0xc0 and (\(versions)))"
        // A DTLS handshake record whose first message is a ClientHello.
        let isDTLS = "(\(field(8, 2)) = 0x16fe and \(field(21)) = 1)"
        // WireGuard's first message has 148 bytes, OpenVPN's begins with 0x38 and has 86 at most.
        let isWireGuard = "(\(field(8, 4)) = 0x01000000 and \(field(4, 2)) = 156)"
        let isOpenVPN =
            "(\(field(8)) = 0x38 and \(field(4, 2)) <= 94)"
            + " or (\(field(2, 2)) = 1194 and (\(field(8)) = 0x38 or \(field(8)) = 0x50))"
        // IKE, behind NAT with four zeros before it, which the encrypted packets on its port do not have.
        let isIKE = "\(field(2, 2)) = 500 or (\(field(2, 2)) = 4500 and \(field(8, 4)) = 0)"
        return "(\([isDNS, isQUIC, isDTLS, isWireGuard, isOpenVPN, isIKE].joined(separator: " or ")))"
    }
}
