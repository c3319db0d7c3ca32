import Testing
import TrafficMaker

@testable import Dissection

@Suite struct `DNS` {
    static let expected = [Seen(means: .dns, name: "learn.example.org")]

    static func query(_ name: String, type: UInt16 = 1, id: UInt16 = 1, from port: UInt16 = 40_000) -> [UInt8] {
        conversation(to: 53, from: port).udp(MadeMessage(identifier: id, name, type: type).bytes)
    }

    /// The answer of the resolver that ``query(_:type:id:from:)`` asks.
    static func answer(_ name: String, _ records: [MadeMessage.Record], type: UInt16 = 1) -> [UInt8] {
        conversation(to: 53, from: 40_000).reversed.udp(
            MadeMessage(identifier: 1, name, type: type, answers: records).bytes)
    }

    /// The server that ``conversation(to:from:)`` talks to.
    static let server: [UInt8] = [198, 51, 100, 20]

    static func nameless(from port: UInt16 = 50_000) -> [UInt8] {
        conversation(from: port).tcp(sequence: 1, MadeClientHello(nil).records())
    }

    @Test(arguments: [1, 28, 65] as [UInt16])
    func `queries of types A, AAAA and HTTPS are use`(type: UInt16) {
        #expect(seen(in: [Self.query("Learn.example.org", type: type)]) == Self.expected)
    }

    @Test(arguments: [2, 12, 15, 16, 64, 255] as [UInt16])
    func `queries of other types are not`(type: UInt16) {
        #expect(seen(in: [Self.query("learn.example.org", type: type)]).isEmpty)
    }

    @Test func `a retransmission counts once, another identifier, port or type again`() {
        let query = Self.query("learn.example.org")
        #expect(seen(in: [query, query, query]) == Self.expected)
        let others = [
            Self.query("learn.example.org", id: 2), Self.query("learn.example.org", from: 40_001),
            Self.query("learn.example.org", type: 28),
        ]
        #expect(seen(in: [query] + others).count == 4)
    }

    @Test func `the same question minutes later is another, whatever the clock did`() {
        let query = Self.query("learn.example.org")
        var dissector = Dissector()
        let minute: Int64 = 60_000_000_000
        for start in [0, 3 * minute, 3 * minute + 1_000_000, -minute, Int64.max, Int64.min] {
            let isRetransmission = start == 3 * minute + 1_000_000
            let names = seen(in: [query], startingAt: start, by: &dissector)
            #expect(names == (isRetransmission ? [] : Self.expected), "at \(start)")
        }
    }

    @Test func `multicast DNS and LLMNR are not counted`() {
        let message = MadeMessage(identifier: 0, "printer.local").bytes
        #expect(seen(in: [conversation(to: 5353).udp(message), conversation(to: 5355).udp(message)]).isEmpty)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `over TCP any split of several messages gives each once`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let names = ["one.example", "two.example", "three.example"]
        let stream = names.enumerated().flatMap { MadeMessage(identifier: UInt16($0), $1).bytesOverTCP }
        var pieces = randomCuts(of: stream.count, pieces: Int.random(in: 1...8, using: &generator), using: &generator)
        pieces += pieces.prefix(1)
        pieces.shuffle(using: &generator)
        let frames = `ClientHello over TCP`.frames(stream, pieces, on: conversation(to: 53))
        #expect(Set(seen(in: frames).map(\.name)) == Set(names), "seed \(seed)")
        #expect(seen(in: frames).count == 3, "seed \(seed)")
    }

    @Test func `in fragments, in any order, a query is found`() {
        let message = MadeMessage(identifier: 1, "learn.example.org").bytes
        let fragments = conversation(to: 53).udpFragments(message, size: 16)
        #expect(fragments.count > 2)
        #expect(seen(in: fragments) == Self.expected)
        #expect(seen(in: fragments.reversed() + fragments) == Self.expected)
        #expect(seen(in: Array(fragments.dropLast())).isEmpty)
    }

    @Test func `a compression pointer may only go backwards`() throws {
        var name = NameBuffer()
        // Header of 12 bytes, "example" at 12, then a name that points to it.
        let message: [UInt8] =
            [UInt8](repeating: 0, count: 12) + MadeMessage.labels(of: "example") + [3, 0x77, 0x77, 0x77, 0xc0, 12]
        let end = try DNSName.read(message.span, at: 21, into: &name)
        #expect(end == 27)
        #expect(name.text == "www.example")
        let toItself: [UInt8] = [UInt8](repeating: 0, count: 12) + [0xc0, 12]
        #expect(throws: WireError.forwardPointer) { _ = try DNSName.read(toItself.span, at: 12, into: &name) }
        let loop: [UInt8] = [1, 0x61, 0xc0, 0]
        #expect(throws: WireError.forwardPointer) { _ = try DNSName.read(loop.span, at: 2, into: &name) }
    }

    @Test func `dots inside a label and odd bytes are escaped`() throws {
        var name = NameBuffer()
        let message: [UInt8] = [4, 0x61, 0x2e, 0x00, 0x5c, 1, 0x62, 0]
        let end = try DNSName.read(message.span, at: 0, into: &name)
        #expect(end == 8)
        #expect(name.text == #"a\.\000\\.b"#)
    }

    @Test func `a handshake without name is attributed to what the client asked for`() {
        let frames = [
            Self.query("learn.example.org"),
            Self.answer("learn.example.org", [.init("learn.example.org", type: 1, data: Self.server)]),
            Self.nameless(),
        ]
        #expect(
            seen(in: frames) == Self.expected + [Seen(means: .tls, naming: .attributed, name: "learn.example.org")])
    }

    @Test func `aliases lead from the question to the address, strangers' records do not`() {
        let chain: [MadeMessage.Record] = [
            .init("learn.example.org", type: 5, data: MadeMessage.labels(of: "cdn.example.net")),
            .init("cdn.example.net", type: 1, data: Self.server),
        ]
        #expect(
            seen(in: [Self.answer("learn.example.org", chain), Self.nameless()])
                == [Seen(means: .tls, naming: .attributed, name: "learn.example.org")])
        let stray: [MadeMessage.Record] = [.init("other.example", type: 1, data: Self.server)]
        #expect(
            seen(in: [Self.answer("learn.example.org", stray), Self.nameless()])
                == [Seen(means: .tls, naming: .unnamed, name: "")])
    }

    @Test func `an address of two names is nobody's`() {
        let frames = ["one.example", "two.example"].map { name in
            Self.answer(name, [.init(name, type: 1, data: Self.server)])
        }
        #expect(seen(in: frames + [Self.nameless()]) == [Seen(means: .tls, naming: .unnamed, name: "")])
    }

    @Test func `an answer whose name had to give way says nothing, and counts as forgotten early`() {
        var dissector = Dissector()
        let address = MadeMessage.Record("learn.example.org", type: 1, data: Self.server)
        _ = seen(in: [Self.answer("learn.example.org", [address])], by: &dissector)
        // Aliases have no address of their own, so they fill the memory for names and leave the table as it is.
        let long = String(repeating: "x", count: 60)
        for number in 0..<10_000 {
            let name = "\(number).\(long).\(long).example"
            let alias = MadeMessage.Record(name, type: 5, data: MadeMessage.labels(of: "example.org"))
            _ = seen(in: [Self.answer(name, [alias])], by: &dissector)
        }
        #expect(dissector.evictions.answers == 0)
        #expect(seen(in: [Self.nameless()], by: &dissector) == [Seen(means: .tls, naming: .unnamed, name: "")])
        #expect(dissector.evictions.answers == 1)
    }

    @Test func `an answer is good for its time to live, and for ten minutes at most`() {
        func seenAfter(seconds: Int64, timeToLive: UInt32) -> [Sighting.Naming] {
            var dissector = Dissector()
            let record = MadeMessage.Record(
                "learn.example.org", type: 1, timeToLive: timeToLive, data: Self.server)
            _ = seen(in: [Self.answer("learn.example.org", [record])], by: &dissector)
            return seen(in: [Self.nameless()], startingAt: seconds * 1_000_000_000, by: &dissector).map(\.naming)
        }
        #expect(seenAfter(seconds: 200, timeToLive: 300) == [.attributed])
        #expect(seenAfter(seconds: 301, timeToLive: 300) == [.unnamed])
        #expect(seenAfter(seconds: 50, timeToLive: 1) == [.attributed])
        #expect(seenAfter(seconds: 601, timeToLive: 86_400) == [.unnamed])
    }

    @Test func `a public name of ECH is attributed only where the extension is there`() {
        var hidden = MadeClientHello("cloudflare-ech.com")
        hidden.hasEncryptedClientHello = true
        let answer = Self.answer("learn.example.org", [.init("learn.example.org", type: 1, data: Self.server)])
        let frame = conversation().tcp(sequence: 1, hidden.records())
        #expect(
            seen(in: [answer, frame]) == [Seen(means: .tls, naming: .attributed, name: "learn.example.org")])
        #expect(seen(in: [frame]) == [Seen(means: .tls, naming: .unnamed, name: "")])
        let plain = conversation().tcp(sequence: 1, MadeClientHello("cloudflare-ech.com").records())
        #expect(seen(in: [plain]) == [Seen(means: .tls, name: "cloudflare-ech.com")])
    }

    @Test func `GREASE of ECH hides nothing`() {
        var hello = MadeClientHello("learn.example.org")
        hello.hasEncryptedClientHello = true
        #expect(
            seen(in: [conversation().tcp(sequence: 1, hello.records())]) == [
                Seen(means: .tls, name: "learn.example.org")
            ])
    }

    @Test func `a public name is learnt from an HTTPS answer`() {
        // ECHConfigList with one config: id 1, kem 0x0020, key, one suite, maximum length 0, public name.
        var contents: [UInt8] = [1, 0, 0x20]
        contents.append(vector16: [UInt8](repeating: 4, count: 32))
        contents.append(vector16: [0, 1, 0, 1])
        contents.append(0)
        contents.append(vector8: Array("front.example.net".utf8))
        contents.append(vector16: [])
        var config: [UInt8] = [0xfe, 0x0d]
        config.append(vector16: contents)
        var list: [UInt8] = []
        list.append(vector16: config)
        var data: [UInt8] = [0, 1, 0]
        data += [0, 4]
        data.append(vector16: Self.server)
        data += [0, 5]
        data.append(vector16: list)
        let answer = Self.answer("learn.example.org", [.init("learn.example.org", type: 65, data: data)], type: 65)

        var hello = MadeClientHello("front.example.net")
        hello.hasEncryptedClientHello = true
        let frame = conversation().tcp(sequence: 1, hello.records())
        #expect(
            seen(in: [answer, frame]) == [Seen(means: .tls, naming: .attributed, name: "learn.example.org")])
        #expect(seen(in: [frame]) == [Seen(means: .tls, name: "front.example.net")])
    }

    @Test func `who answers queries is a resolver, and its own queries are no device's`() {
        var dissector = Dissector()
        let client = conversation(to: 53, from: 40_000)
        _ = seen(
            in: [
                client.reversed.udp(
                    MadeMessage(
                        identifier: 1, "a.example",
                        answers: [
                            .init("a.example", type: 1, data: Self.server)
                        ]
                    ).bytes)
            ], by: &dissector)
        var upstream = client.reversed
        upstream.destination = MadeEndpoint(hardwareAddress: 3, address: [203, 0, 113, 53], port: 53)
        upstream.source.port = 33_333
        dissector.dissect(
            upstream.udp(MadeMessage(identifier: 9, "b.example").bytes).span, linkType: .ethernet,
            timestampNanoseconds: 1)
        #expect(dissector.sightings.elements.map(\.isFromResolver) == [true])
    }

    @Test func `encrypted DNS is counted as such`() {
        func kind(_ hello: MadeClientHello, port: UInt16) -> Sighting.EncryptedDNS? {
            var dissector = Dissector()
            dissector.dissect(
                conversation(to: port).tcp(sequence: 1, hello.records()).span, linkType: .ethernet,
                timestampNanoseconds: 0)
            return dissector.sightings.elements.first?.encryptedDNS
        }
        var dot = MadeClientHello("resolver.example")
        #expect(kind(dot, port: 853) == .dot)
        dot.applicationProtocols = ["dot"]
        #expect(kind(dot, port: 443) == .dot)
        #expect(kind(MadeClientHello("dns.google"), port: 443) == .doh)
        #expect(kind(MadeClientHello("learn.example.org"), port: 443) == nil)
    }
}
