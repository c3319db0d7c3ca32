import Testing
import TrafficMaker

@testable import Dissection

@Suite struct `What hides its use` {
    static func hidden(_ frames: [[UInt8]], startingAt start: Int64 = 0, by dissector: inout Dissector) -> [Sighting] {
        var found: [Sighting] = []
        for (index, frame) in frames.enumerated() {
            dissector.dissect(
                frame.span, linkType: .ethernet, timestampNanoseconds: start + Int64(index) * 1_000_000)
            found += dissector.sightings.elements.filter { $0.hidden != nil }
        }
        return found
    }

    static func hidden(_ frames: [[UInt8]]) -> [Sighting] {
        var dissector = Dissector()
        return hidden(frames, by: &dissector)
    }

    static let wireGuard: [UInt8] =
        [1, 0, 0, 0] + [UInt8](repeating: 0x5a, count: 128) + [UInt8](repeating: 0, count: 16)

    static func ike(_ version: UInt8, exchange: UInt8, flags: UInt8 = 8) -> [UInt8] {
        [UInt8](repeating: 7, count: 8) + [UInt8](repeating: 0, count: 8)
            + [33, version, exchange, flags, 0, 0, 0, 0, 0, 0, 0, 28]
    }

    @Test(
        arguments: [
            ("mask.icloud.com", .relay), ("mask-h2.icloud.com", .relay), ("us1234.nordvpn.com", .vpn),
            ("nordvpn.com", .vpn), ("learn.example.org", nil), ("nordvpn.com.example.org", nil),
            ("notnordvpn.com", nil),
        ] as [(String, Sighting.Hidden?)])
    func `relays and VPN services are known by their names, and count beside them`(
        name: String, kind: Sighting.Hidden?
    ) {
        for frame in [
            conversation().tcp(sequence: 1, MadeClientHello(name).records()),
            conversation(to: 80).tcp(sequence: 1, `Cleartext HTTP`.get(name)),
        ] {
            var dissector = Dissector()
            dissector.dissect(frame.span, linkType: .ethernet, timestampNanoseconds: 0)
            let sightings = dissector.sightings
            #expect(sightings.elements.map(\.hidden) == [kind])
            #expect(sightings.elements.map(\.naming) == [.read])
        }
    }

    @Test func `the list has both kinds, sorted, each name once`() {
        for list in [KnownNames.relays, KnownNames.vpns] {
            #expect(list.count > 8)
            #expect(list == Array(Set(list)).sorted())
            #expect(list.allSatisfy { $0.contains(".") && !$0.contains(" ") && $0 == $0.lowercased() })
        }
    }

    @Test func `WireGuard's first message counts once, and again after ten minutes of silence`() {
        let frame = conversation(to: 51_820).udp(Self.wireGuard)
        var dissector = Dissector()
        #expect(Self.hidden([frame, frame], by: &dissector).map(\.hidden) == [.vpn])
        #expect(Self.hidden([frame], startingAt: 120_000_000_000, by: &dissector).isEmpty)
        #expect(Self.hidden([frame], startingAt: 900_000_000_000, by: &dissector).count == 1)
        #expect(Self.hidden([conversation(to: 443).udp(Self.wireGuard)]).count == 1)
        #expect(Self.hidden([conversation(to: 443).udp(Self.wireGuard + [0])]).isEmpty)
        #expect(Self.hidden([conversation(to: 5246).udp(Self.wireGuard)]).isEmpty)
    }

    @Test func `OpenVPN's first message counts once, over UDP and TCP`() {
        let session: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        let plain: [UInt8] = [0x38] + session + [0, 0, 0, 0, 0]
        let hmac = [UInt8](repeating: 0xaa, count: 20)
        let authenticated: [UInt8] = [0x38] + session + hmac + [0, 0, 0, 1, 0x6a, 0, 0, 0, 0, 0, 0, 0, 0]
        let encrypted: [UInt8] =
            [0x38] + session + [0, 0, 0, 1, 0x6a, 0, 0, 0] + [UInt8](repeating: 0xaa, count: 37)
        for message in [plain, authenticated, encrypted] {
            for port in [1194, 443] as [UInt16] {
                let frame = conversation(to: port).udp(message)
                #expect(Self.hidden([frame, frame]).map(\.hidden) == [.vpn])
            }
            var stream: [UInt8] = []
            stream.append(vector16: message)
            let frames = `ClientHello over TCP`.frames(stream, [0..<stream.count], on: conversation(to: 1194))
            #expect(Self.hidden(frames).map(\.hidden) == [.vpn])
        }
        #expect(Self.hidden([conversation().udp([0x38] + [UInt8](repeating: 0xaa, count: 13))]).isEmpty)
    }

    @Test func `the first message of IKE counts once, of version 1 and 2`() {
        for message in [Self.ike(0x20, exchange: 34), Self.ike(0x10, exchange: 2), Self.ike(0x10, exchange: 4)] {
            let frame = conversation(to: 500).udp(message)
            #expect(Self.hidden([frame, frame]).map(\.hidden) == [.vpn])
            #expect(Self.hidden([conversation(to: 4500).udp([0, 0, 0, 0] + message)]).count == 1)
        }
        let later = Self.ike(0x20, exchange: 35)
        let answer = Self.ike(0x20, exchange: 34, flags: 0x20)
        for message in [later, answer] { #expect(Self.hidden([conversation(to: 500).udp(message)]).isEmpty) }
    }

    @Test func `a telephone's calls over Wi-Fi hide nothing`() {
        let gateway = "epdg.epc.mnc001.mcc001.pub.3gppnetwork.org"
        let answer = `DNS`.answer(gateway, [.init(gateway, type: 1, data: `DNS`.server)])
        let frame = conversation(to: 500).udp(Self.ike(0x20, exchange: 34))
        #expect(Self.hidden([answer, frame]).isEmpty)
        #expect(Self.hidden([frame]).count == 1)
    }
}

@Suite struct `What the network declines` {
    static func answers(_ frames: [[UInt8]]) -> [PolicyAnswer] {
        var dissector = Dissector()
        var found: [PolicyAnswer] = []
        for frame in frames {
            dissector.dissect(frame.span, linkType: .ethernet, timestampNanoseconds: 5)
            found += dissector.sightings.policyAnswers
        }
        return found
    }

    static func response(
        _ name: String, type: UInt16 = 1, code: UInt8 = 0, id: UInt16 = 1, _ answers: [MadeMessage.Record] = []
    ) -> [UInt8] {
        var message = MadeMessage(identifier: id, name, type: type, answers: answers)
        message.responseCode = code
        return conversation(to: 53, from: 40_000).reversed.udp(message.bytes)
    }

    static func isDeclined(_ frame: [UInt8]) -> [Bool] { answers([frame]).map(\.isDeclined) }

    static let address6 = [UInt8](repeating: 1, count: 16)

    @Test(arguments: ["use-application-dns.net", "mask.icloud.com", "Mask-H2.icloud.com"])
    func `an answer with an address allows, one without declines`(name: String) {
        let question: PolicyAnswer.Question = name == "use-application-dns.net" ? .encryptedDNS : .privateRelay
        let allowed = Self.response(name, [.init(name, type: 1, data: `DNS`.server)])
        #expect(
            Self.answers([allowed, allowed]) == [PolicyAnswer(question, isDeclined: false, timestampNanoseconds: 5)])
        #expect(Self.isDeclined(Self.response(name, code: 3)) == [true])
        #expect(Self.isDeclined(Self.response(name, code: 5)) == [true])
        #expect(Self.isDeclined(Self.response(name)) == [true])
        let aliased: [MadeMessage.Record] = [
            .init(name, type: 5, data: MadeMessage.labels(of: "a.example")),
            .init("a.example", type: 1, data: `DNS`.server),
        ]
        #expect(Self.isDeclined(Self.response(name, aliased)) == [false])
    }

    @Test func `no IPv6 address says nothing, one says that it is allowed`() {
        let name = "mask.icloud.com"
        #expect(Self.isDeclined(Self.response(name, type: 28)).isEmpty)
        #expect(Self.isDeclined(Self.response(name, type: 28, code: 3)) == [true])
        #expect(Self.isDeclined(Self.response(name, type: 28, [.init(name, type: 28, data: Self.address6)])) == [false])
    }

    @Test func `failures, other names and other types say nothing`() {
        #expect(Self.isDeclined(Self.response("mask.icloud.com", code: 2)).isEmpty)
        #expect(Self.isDeclined(Self.response("learn.example.org", code: 3)).isEmpty)
        #expect(Self.isDeclined(Self.response("mask.icloud.com", type: 65)).isEmpty)
    }

    @Test func `what a resolver inside is told by the world is not its own answer`() {
        let own = Self.response("mask.icloud.com", code: 3)
        var outside = conversation(to: 53, from: 33_333).reversed
        outside.destination.address = [198, 51, 100, 20]
        outside.source.address = [203, 0, 113, 53]
        let world = outside.udp(
            MadeMessage(
                identifier: 9, "mask.icloud.com",
                answers: [.init("mask.icloud.com", type: 1, data: [203, 0, 113, 1])]
            ).bytes)
        #expect(Self.answers([own, world]).map(\.isDeclined) == [true])
    }
}
