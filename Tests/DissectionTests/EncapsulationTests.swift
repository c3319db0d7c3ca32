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
        Link("PPPoE", .ethernet, addresses + [0x88, 0x64, 0x11, 0, 0, 9, 1, 0, 0, 0x21]),
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
    ]

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

    @Test(arguments: links)
    func `every cut of the frame is survived and shows nothing false`(link: Link) {
        let frame = link.header + link.payload
        for length in 0..<frame.count {
            let found = seen(in: [Array(frame.prefix(length))], linkType: link.type)
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
