import Dissection
import Testing
import TrafficMaker

@Suite struct `Links and tunnels` {
    static let query = conversation(to: 53).udp(MadeMessage(identifier: 1, "learn.example.org").bytes)
    static let packet = Array(query.dropFirst(14))
    static let packet6 = Array(
        conversation6(to: 53).udp(MadeMessage(identifier: 1, "learn.example.org").bytes).dropFirst(14))
    static let expected = [Seen(means: .dns, name: "learn.example.org")]

    /// A link header and what it belongs to.
    struct Link: CustomTestStringConvertible {
        var testDescription: String
        var type: LinkType
        var header: [UInt8]
        var payload = packet

        init(_ name: String, _ type: LinkType, _ header: [UInt8], _ payload: [UInt8] = packet) {
            testDescription = name
            self.type = type
            self.header = header
            self.payload = payload
        }
    }

    static let addresses: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0x10]

    static let links: [Link] = [
        Link("raw IPv4", .raw, []),
        Link("raw IPv6", .raw, [], packet6),
        Link("IPv4", .ipv4, []),
        Link("IPv6", .ipv6, [], packet6),
        Link("BSD loopback, little-endian", .null, [2, 0, 0, 0]),
        Link("BSD loopback, big-endian", .null, [0, 0, 0, 2]),
        Link("BSD loopback, IPv6", .null, [30, 0, 0, 0], packet6),
        Link("OpenBSD loopback", .loop, [0, 0, 0, 24], packet6),
        Link("Linux cooked", .linuxCooked, [0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 0x10, 0, 0, 8, 0]),
        Link("Linux cooked 2", .linuxCooked2, [8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 4, 6, 2, 0, 0, 0, 0, 0x10, 0, 0]),
        Link("802.1Q", .ethernet, addresses + [0x81, 0, 0, 10, 8, 0]),
        Link("QinQ", .ethernet, addresses + [0x88, 0xa8, 0, 10, 0x81, 0, 0, 20, 8, 0]),
        Link(
            "three tags", .ethernet, addresses + [0x91, 0, 0, 1, 0x88, 0xa8, 0, 10, 0x81, 0, 0, 20, 0x86, 0xdd], packet6
        ),
        Link("802.2 SNAP", .ethernet, addresses + [0, 90, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0]),
        Link("PPPoE", .ethernet, addresses + [0x88, 0x64, 0x11, 0, 0, 9, 0x0f, 0xff, 0, 0x21]),
        Link("MPLS, two labels", .ethernet, addresses + [0x88, 0x47, 0, 0, 0x10, 64, 0, 0, 0x21, 64]),
        Link(
            "MPLS with a pseudowire", .ethernet,
            addresses + [0x88, 0x47, 0, 0, 0x11, 64, 0, 0, 0, 0] + addresses + [8, 0]),
        Link("PPP", .ppp, [0xff, 3, 0, 0x21]),
        Link("PPP, compressed", .ppp, [0x21]),
        Link("PPP, IPv6", .ppp, [0, 0x57], packet6),
        Link("Cisco HDLC", .ciscoHDLC, [0x0f, 0, 8, 0]),
        Link("Frame Relay", .frameRelay, [0x18, 0x41, 3, 0xcc]),
        Link(
            "802.11", .ieee80211,
            [8, 1, 0, 0] + [UInt8](repeating: 2, count: 18) + [0, 0, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0]),
        Link(
            "802.11 with QoS behind radiotap", .radiotap,
            [0, 0, 8, 0, 0, 0, 0, 0, 0x88, 1, 0, 0] + [UInt8](repeating: 2, count: 18)
                + [0, 0, 0, 0, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0]),
        Link("GRE", .raw, ip(47, [0, 0, 8, 0])),
        Link("GRE with key and sequence", .raw, ip(47, [0x30, 0, 8, 0, 0, 0, 0, 1, 0, 0, 0, 2])),
        Link("GRE with Ethernet", .raw, ip(47, [0, 0, 0x65, 0x58] + addresses + [8, 0])),
        Link(
            "ERSPAN II", .raw,
            ip(47, [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0, 0, 0, 0, 0, 0] + addresses + [8, 0])),
        Link("IP in IP", .raw, ip(4, [])),
        Link("6in4", .raw, ip(41, []), packet6),
        Link("AH", .raw, ip(51, [4, 4, 0, 0] + [UInt8](repeating: 0, count: 20))),
        Link("VXLAN", .raw, ip(17, udp(4789, [8, 0, 0, 0, 0, 0, 5, 0] + addresses + [8, 0]))),
        Link(
            "Geneve with an option", .raw,
            ip(17, udp(6081, [1, 0, 0x65, 0x58, 0, 0, 5, 0, 0, 0, 0, 0] + addresses + [8, 0]))),
        Link("GTP-U", .raw, ip(17, udp(2152, [0x30, 255, 0, 0, 0, 0, 0, 1]))),
        Link("Teredo", .raw, ip(17, udp(3544, [])), packet6),
        Link(
            "Teredo with authentication and origin", .raw,
            ip(17, udp(3544, [0, 1, 0, 0] + zeros(9) + [0, 0, 0x99, 0x99, 1, 2, 3, 4])), packet6),
        Link("4in6", .raw, ip6(4, [])),
        Link("6in6", .raw, ip6(41, []), packet6),
        Link("GRE in IPv6", .raw, ip6(47, [0, 0, 8, 0])),
        Link("GRE in GRE", .raw, ip(47, [0, 0, 8, 0] + ip(47, [0, 0, 8, 0]))),
        Link("GRE of PPTP", .raw, ip(47, [0x30, 0x81, 0x88, 0x0b, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0x21])),
        Link("GRE with 802.11 of an access point", .raw, ip(47, [0, 0, 0x82, 0] + wireless)),
        Link("WCCP", .raw, ip(47, [0, 0, 0x88, 0x3e, 0, 0, 0, 0])),
        Link("ERSPAN I", .raw, ip(47, [0, 0, 0x88, 0xbe] + addresses + [8, 0])),
        Link(
            "ERSPAN III", .raw,
            ip(47, [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1] + zeros(12) + addresses + [8, 0])),
        Link(
            "ERSPAN III with a platform header", .raw,
            ip(47, [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1] + zeros(11) + [1] + zeros(8) + addresses + [8, 0])),
        Link(
            "GTP-U with sequence and an extension", .raw,
            ip(17, udp(2152, [0x36, 255, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0x85, 1, 0, 0, 0]))),
        Link("MPLS, IPv6", .ethernet, addresses + [0x88, 0x47, 0, 0, 0x11, 64], packet6),
        Link(
            "MPLS with a pseudowire without control word", .ethernet,
            addresses + [0x88, 0x47, 0, 0, 0x11, 64] + addresses + [8, 0]),
        Link(
            "MPLS with a pseudowire whose address looks like IPv4", .ethernet,
            addresses + [0x88, 0x47, 0, 0, 0x11, 64, 0x40, 1, 2, 3, 4, 5, 2, 0, 0, 0, 0, 0x10, 8, 0]),
        Link("MPLS in GRE", .raw, ip(47, [0, 0, 0x88, 0x47, 0, 0, 0x11, 64])),
        Link("MPLS in UDP", .raw, ip(17, udp(6635, [0, 0, 0x11, 64]))),
        Link("NSH in VXLAN-GPE", .raw, ip(17, udp(4790, [0x0c, 0, 0, 4, 0, 0, 5, 0] + nsh + [0, 0, 0, 1]))),
        Link("VXLAN-GPE with IPv6", .raw, ip(17, udp(4790, [0x0c, 0, 0, 2, 0, 0, 5, 0])), packet6),
        Link("NSH with metadata", .ethernet, addresses + [0x89, 0x4f] + nsh + [0, 0, 0, 1]),
        Link("LISP", .raw, ip(17, udp(4341, [0x80, 0, 0, 0, 0, 0, 0, 1]))),
        Link("GUE", .raw, ip(17, udp(6080, [0, 4, 0, 0]))),
        Link("GUE without header", .raw, ip(17, udp(6080, []))),
        Link("TZSP", .raw, ip(17, udp(37_008, [1, 0, 0, 1, 0, 10, 1, 0x55, 1] + addresses + [8, 0]))),
        Link("TZSP with 802.11", .raw, ip(17, udp(37_008, [1, 0, 0, 0x12, 1] + wireless))),
        Link(
            "AYIYA", .raw, ip(17, udp(5072, [0x44, 0x52, 0x11, 41, 0, 0, 0, 0] + zeros(16 + 20))), packet6),
        Link("L2TP, sequence and length", .raw, ip(17, udp(1701, [0x48, 2, 0, 99, 0, 1, 0, 2, 0, 0, 0, 0, 0x21]))),
        Link("L2TPv3 over IP", .raw, ip(115, [0, 0, 0, 9] + zeros(8) + addresses + [8, 0])),
        Link("L2TPv3 over UDP", .raw, ip(17, udp(1701, [0, 3, 0, 0, 0, 0, 0, 9] + addresses + [8, 0]))),
        Link("EtherIP", .raw, ip(97, [0x30, 0] + addresses + [8, 0])),
        Link("802.1ah", .ethernet, addresses + [0x88, 0xe7, 0, 0, 0, 1] + addresses + [8, 0]),
        Link("VN-Tag", .ethernet, addresses + [0x89, 0x26, 0x80, 1, 0, 2, 8, 0]),
        Link("802.1BR", .ethernet, addresses + [0x89, 0x3f, 0, 0, 0, 1, 0, 0, 8, 0]),
        Link("FabricPath", .ethernet, addresses + [0x89, 3, 0, 0x20] + addresses + [8, 0]),
        Link("TRILL with options", .ethernet, addresses + [0x22, 0xf3, 0, 0x40] + zeros(8) + addresses + [8, 0]),
        Link("HSR", .ethernet, addresses + [0x89, 0x2f, 0, 90, 0, 1, 8, 0]),
        Link(
            "every extension header of IPv6", .raw,
            ip6(
                0,
                [43, 0] + zeros(6) + [60, 0] + zeros(6) + [51, 0] + zeros(6) + [44, 4] + zeros(22) + [17, 0] + zeros(6)),
            Array(packet6.dropFirst(40))),
        Link(
            "802.11 with QoS, padded, behind radiotap", .radiotap,
            padded([0, 0, 17, 0, 3, 0, 0, 0] + zeros(8) + [0x20])),
        Link(
            "802.11 with QoS, padded, behind radiotap of two words", .radiotap,
            padded([0, 0, 25, 0, 3, 0, 0, 0x80, 0, 0, 0, 0] + zeros(4 + 8) + [0x20])),
    ]

    static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    /// A frame of 802.11 up to an IPv4 packet.
    static let wireless: [UInt8] =
        [8, 1, 0, 0] + [UInt8](repeating: 2, count: 18) + [0, 0, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0]

    /// A header of 26 bytes, two more to four times seven, then an IPv4 packet, behind what is said of the radio.
    static func padded(_ radiotap: [UInt8]) -> [UInt8] {
        radiotap + [0x88, 1, 0, 0] + [UInt8](repeating: 2, count: 18) + zeros(2 + 2 + 2) + [
            0xaa, 0xaa, 3, 0, 0, 0, 8, 0,
        ]
    }

    /// A network service header up to its four words of metadata, of which the last is left out (RFC 8300 section 2.4).
    static let nsh: [UInt8] = [0x0f, 0xc6, 1, 1, 0, 0, 1, 255] + zeros(12)

    /// An IPv6 header with this next header, then these bytes; its length is left to the end of the frame.
    static func ip6(_ next: UInt8, _ rest: [UInt8]) -> [UInt8] {
        [0x60, 0, 0, 0, 0, 0, next, 64] + [0x20, 1, 0x0d, 0xb8] + zeros(11) + [1] + [0x20, 1, 0x0d, 0xb8] + zeros(11)
            + [2]
            + rest
    }

    /// An IPv4 header with this protocol, then these bytes; its length is left to the end of the frame.
    static func ip(_ next: UInt8, _ rest: [UInt8]) -> [UInt8] {
        [0x45, 0, 0, 0, 0, 0, 0, 0, 64, next, 0, 0, 203, 0, 113, 1, 203, 0, 113, 2] + rest
    }

    static func udp(_ port: UInt16, _ rest: [UInt8]) -> [UInt8] {
        [0x99, 0x99, UInt8(port >> 8), UInt8(port & 0xff), 0, 0, 0, 0] + rest
    }

    @Test(arguments: links)
    func `a query inside is found`(link: Link) {
        #expect(seen(in: [link.header + link.payload], linkType: link.type) == Self.expected)
    }

    /// Tunnels around IPv4 and, where they differ, IPv6.
    static let tunnels = links.filter { link in
        ["GRE", "ERSPAN", "GTP", "MPLS", "6in4", "4in6", "Teredo", "VXLAN", "Geneve", "PPPoE", "802.11"]
            .contains { link.testDescription.hasPrefix($0) }
    }

    @Test(arguments: tunnels)
    func `inside, a ClientHello whose segments come in any order and repeated is found, as are fragments`(link: Link) {
        var generator = SeededGenerator(seed: UInt64(link.header.count))
        let isIPv6 = link.payload[0] >> 4 == 6
        let inner = isIPv6 ? conversation6() : conversation()
        var hello = MadeClientHello("learn.example.org")
        hello.bytesBeforeName = 1500
        let stream = hello.records()
        var dissector = Dissector()
        for round in 0..<10 as Range<UInt32> {
            var pieces = randomCuts(of: stream.count, pieces: 4, using: &generator)
            pieces += pieces.prefix(1)
            pieces.shuffle(using: &generator)
            let frames = `ClientHello over TCP`.frames(stream, pieces, on: inner, initial: round << 20)
            let found = seen(
                in: frames.map { link.header + $0.dropFirst(14) }, linkType: link.type, by: &dissector)
            #expect(found == [Seen(means: .tls, name: "learn.example.org")])
        }
        guard !isIPv6 else { return }
        let fragments = conversation(to: 53).udpFragments(
            MadeMessage(identifier: 1, "learn.example.org").bytes, size: 16)
        let found = seen(
            in: fragments.shuffled(using: &generator).map { link.header + $0.dropFirst(14) }, linkType: link.type)
        #expect(found == Self.expected)
    }

    @Test(arguments: links)
    func `every cut of the frame is survived and shows nothing false`(link: Link) {
        let frame = link.header + link.payload
        var dissector = Dissector()
        for length in 0..<frame.count {
            let found = seen(in: [Array(frame.prefix(length))], linkType: link.type, by: &dissector)
            #expect(found.isEmpty, "cut at \(length)")
        }
    }

    @Test func `the outermost VLAN and the sender's addresses come with the sighting`() {
        var conversation = conversation(to: 53)
        conversation.vlans = [10, 20]
        var dissector = Dissector()
        dissector.dissect(
            conversation.udp(MadeMessage(identifier: 1, "learn.example.org").bytes).span, linkType: .ethernet,
            timestampNanoseconds: 77)
        let sighting = dissector.sightings.elements.first
        #expect(sighting?.client.vlan == 10)
        #expect(sighting?.client.hardwareAddress == 0x0200_0000_0010)
        #expect(sighting?.client.address == IPAddress(v4: 0xc000_020a))
        #expect(sighting?.timestampNanoseconds == 77)
    }

    @Test func `tags without end are given up and counted`() {
        let frame =
            Self.addresses + [UInt8](repeating: 0, count: 0) + (0..<200).flatMap { _ in [0x81, 0, 0, 1] as [UInt8] }
        var dissector = Dissector()
        #expect(seen(in: [frame], by: &dissector).isEmpty)
        #expect(
            dissector.statistics.malformedByReason.map(\.reason) == ["link header: too many layers, pieces or repeats"])
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `any bytes on any link are survived`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var dissector = Dissector()
        for link in Self.links {
            for _ in 0..<50 {
                var frame = link.header + link.payload
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    frame[Int.random(in: 0..<frame.count, using: &generator)] = UInt8.random(
                        in: 0...255, using: &generator)
                }
                _ = seen(in: [frame], linkType: link.type, by: &dissector)
            }
        }
        #expect(dissector.statistics.frames == Self.links.count * 50)
    }
}
