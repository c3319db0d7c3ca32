import Testing
import TrafficMaker

@testable import Dissection

@Suite struct `ClientHello over TCP` {
    /// A whole connection: SYN, then these segments of the client's stream.
    static func frames(
        _ stream: [UInt8], _ pieces: [Range<Int>], on conversation: MadeConversation = conversation(),
        initial: UInt32 = 0xffff_ff00
    ) -> [[UInt8]] {
        [conversation.tcp(sequence: initial, isSYN: true, isACK: false)]
            + pieces.map { piece in
                conversation.tcp(
                    sequence: initial &+ 1 &+ UInt32(piece.lowerBound), Array(stream[piece]))
            }
    }

    static let expected = [Seen(means: .tls, name: "learn.example.org")]

    @Test func `its server name is a sighting, in lower case and without the trailing dot`() {
        let stream = MadeClientHello("Learn.Example.ORG.").records()
        #expect(seen(in: Self.frames(stream, [0..<stream.count])) == Self.expected)
    }

    @Test(arguments: [conversation(), conversation6(), conversation(to: 8443), conversation(to: 25)])
    func `it is found over IPv4 and IPv6 and on any port`(conversation: MadeConversation) {
        let stream = MadeClientHello("learn.example.org").records()
        #expect(seen(in: Self.frames(stream, [0..<stream.count], on: conversation)) == Self.expected)
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `any split into segments and records, in any order with repeats, gives the same sighting`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var hello = MadeClientHello("learn.example.org")
        hello.bytesBeforeName = Int.random(in: 0...3000, using: &generator)
        hello.bytesAfterName = Int.random(in: 0...1500, using: &generator)
        let records = randomCuts(
            of: hello.message.count, pieces: Int.random(in: 1...5, using: &generator), using: &generator)
        let stream = hello.records(of: records.map(\.count))
        var pieces = randomCuts(of: stream.count, pieces: Int.random(in: 1...9, using: &generator), using: &generator)
        pieces += pieces.prefix(2)
        pieces.shuffle(using: &generator)
        #expect(seen(in: Self.frames(stream, pieces)) == Self.expected, "seed \(seed)")
    }

    @Test func `byte by byte it is found all the same`() {
        let stream = MadeClientHello("learn.example.org").records()
        #expect(seen(in: Self.frames(stream, stream.indices.map { $0..<$0 + 1 })) == Self.expected)
    }

    /// What a client says before its ClientHello, by protocol; each element waits for the server's answer.
    static let preambles: [(name: String, port: UInt16, said: [[UInt8]])] = [
        ("SMTP", 25, text("EHLO a.example\r\n", "STARTTLS\r\n")),
        ("IMAP", 143, text("a1 CAPABILITY\r\n", "a2 STARTTLS\r\n")),
        ("POP3", 110, text("CAPA\r\n", "STLS\r\n")),
        ("FTP", 21, text("AUTH TLS\r\n")),
        ("NNTP", 119, text("CAPABILITIES\r\n", "STARTTLS\r\n")),
        (
            "XMPP", 5222,
            text(
                "<stream:stream to='a.example' xmlns='jabber:client' version='1.0'>",
                "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        ),
        ("LDAP", 389, [[0x30, 29, 2, 1, 1, 0x77, 24, 0x80, 22] + Array("1.3.6.1.4.1.1466.20037".utf8)]),
        ("PostgreSQL", 5432, [[0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f]]),
        ("MySQL", 3306, [[32, 0, 0, 1, 0x85, 0xae, 0x7f, 0, 0, 0, 0, 1, 0x21] + [UInt8](repeating: 0, count: 23)]),
        ("RDP", 3389, [[3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0]]),
        ("HTTP CONNECT", 3128, text("CONNECT learn.example.org:443 HTTP/1.1\r\nHost: learn.example.org:443\r\n\r\n")),
        ("SOCKS 4", 1080, [[4, 1, 1, 0xbb, 198, 51, 100, 20, 0]]),
        ("SOCKS 5", 1080, [[5, 1, 0], [5, 1, 0, 3, 17] + Array("learn.example.org".utf8) + [1, 0xbb]]),
        (
            "SOCKS 5 with a password", 1080,
            [[5, 2, 0, 2], [1, 1, 0x61, 1, 0x62], [5, 1, 0, 1, 198, 51, 100, 20, 1, 0xbb]]
        ),
        ("PROXY protocol", 443, text("PROXY TCP4 192.0.2.10 198.51.100.20 50000 443\r\n")),
        (
            "PROXY protocol 2", 443,
            [
                [
                    13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10, 0x21, 0x11, 0, 12, 192, 0, 2, 10, 198, 51,
                    100, 20,
                ]
                    + [0xc3, 0x50, 1, 0xbb]
            ]
        ),
    ]

    private static func text(_ lines: String...) -> [[UInt8]] { lines.map { Array($0.utf8) } }

    @Test(arguments: preambles.map(\.name))
    func `behind what precedes TLS it is found, whatever the segments`(name: String) throws {
        let preamble = try #require(Self.preambles.first { $0.name == name })
        let way = conversation(to: preamble.port)
        var dissector = Dissector()
        for seed in 0..<60 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var hello = MadeClientHello("learn.example.org")
            hello.bytesBeforeName = Int.random(in: 0...1600, using: &generator)
            let records = hello.records()
            let said = preamble.said.flatMap { $0 }
            let start = said.count
            // What is said comes in order and whole, for the server answers it; the ClientHello in any pieces and order.
            var pieces: [Range<Int>] = []
            for line in preamble.said {
                pieces.append((pieces.last?.upperBound ?? 0)..<(pieces.last?.upperBound ?? 0) + line.count)
            }
            var rest = randomCuts(
                of: records.count, pieces: Int.random(in: 1...5, using: &generator), using: &generator)
            rest += rest.prefix(1)
            rest.shuffle(using: &generator)
            pieces += rest.map { $0.lowerBound + start..<$0.upperBound + start }
            let patient = Self.frames(said + records, pieces, on: way, initial: UInt32(seed) << 20)
            #expect(seen(in: patient, by: &dissector) == Self.expected, "seed \(seed)")
            // Sent along without waiting, cut anywhere.
            let cuts = randomCuts(of: start + records.count, pieces: 6, using: &generator)
            let hasty = Self.frames(said + records, cuts, on: way, initial: UInt32(seed) << 20 | 1 << 19)
            #expect(seen(in: hasty, by: &dissector) == Self.expected, "seed \(seed)")
        }
    }

    @Test(arguments: [conversation(), conversation6()])
    func `in IP fragments, in any order with repeats, it is found`(way: MadeConversation) {
        var dissector = Dissector()
        for seed in 0..<100 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var hello = MadeClientHello("learn.example.org")
            hello.bytesBeforeName = Int.random(in: 0...1200, using: &generator)
            let stream = hello.records()
            let cuts = randomCuts(of: stream.count, pieces: Int.random(in: 1...3, using: &generator), using: &generator)
            var frames: [[UInt8]] = []
            let whole = Self.frames(stream, cuts, on: way, initial: UInt32(seed) << 20)
            for (number, frame) in whole.dropFirst().enumerated() {
                let size = Int.random(in: 1...60, using: &generator) * 8
                frames += way.fragments(of: frame, size: size, identification: UInt16(seed) << 8 | UInt16(number))
            }
            frames += frames.prefix(3)
            frames.shuffle(using: &generator)
            #expect(seen(in: whole.prefix(1) + frames, by: &dissector) == Self.expected, "seed \(seed)")
        }
    }

    @Test func `a second ClientHello after HelloRetryRequest is the same connection`() {
        let stream = MadeClientHello("learn.example.org").records()
        let both = stream + stream
        #expect(seen(in: Self.frames(both, [0..<stream.count, stream.count..<both.count])) == Self.expected)
    }

    @Test func `a new SYN on the same ports is a new connection`() {
        let stream = MadeClientHello("learn.example.org").records()
        let first = Self.frames(stream, [0..<stream.count], initial: 1000)
        let second = Self.frames(stream, [0..<stream.count], initial: 900_000)
        #expect(seen(in: first + first + second) == Self.expected + Self.expected)
    }

    @Test func `data in the SYN itself is read, and not counted again when it is sent again`() {
        let stream = MadeClientHello("learn.example.org").records()
        let conversation = conversation()
        let frames = [
            conversation.tcp(sequence: 7, stream, isSYN: true, isACK: false),
            conversation.tcp(sequence: 8, stream),
        ]
        #expect(seen(in: frames) == Self.expected)
    }

    @Test func `a connection whose SYN was not seen is found, once`() {
        let stream = MadeClientHello("learn.example.org").records()
        let frames = Array(Self.frames(stream, [0..<60, 60..<stream.count, 60..<stream.count]).dropFirst())
        #expect(seen(in: frames) == Self.expected)
    }

    @Test func `without server name it is unnamed`() {
        let stream = MadeClientHello(nil).records()
        #expect(
            seen(in: Self.frames(stream, [0..<stream.count])) == [Seen(means: .tls, naming: .unnamed, name: "")])
    }

    @Test(arguments: ["192.0.2.77", "2001:db8::77", "[2001:db8::77]"])
    func `an address in place of a name is no name`(address: String) {
        let stream = MadeClientHello(address).records()
        #expect(
            seen(in: Self.frames(stream, [0..<stream.count])) == [Seen(means: .tls, naming: .unnamed, name: "")])
    }

    @Test func `bytes that no host name has are escaped`() {
        var hello = MadeClientHello(nil)
        hello.serverName = [0x61, 0x20, 0xff, 0x5c, 0x2e, 0x62]
        let stream = hello.records()
        #expect(seen(in: Self.frames(stream, [0..<stream.count])).map(\.name) == [#"a\032\255\\.b"#])
    }

    @Test func `a ServerHello, bulk and other protocols are nothing`() {
        let serverHello: [UInt8] = [22, 3, 3, 0, 50, 2, 0, 0, 46, 3, 3] + [UInt8](repeating: 9, count: 44)
        let bulk: [UInt8] = [23, 3, 3, 5, 0] + [UInt8](repeating: 22, count: 1200)
        let mail = Array("EHLO learn.example.org\r\nMAIL FROM:<a@learn.example.org>\r\n".utf8)
        for stream in [serverHello, bulk, mail] {
            #expect(seen(in: Self.frames(stream, [0..<stream.count])).isEmpty)
        }
    }

    @Test(arguments: 0..<400)
    func `every cut of the message waits for more, until the name is there`(length: Int) {
        var hello = MadeClientHello("learn.example.org")
        hello.bytesAfterName = 200
        let message = hello.message
        guard length <= message.count else { return }
        var name = NameBuffer()
        switch ClientHello.read(message.span.extracting(first: length), name: &name) {
        case .needsMore: #expect(name.isEmpty)
        case .named: #expect(name.text == "learn.example.org")
        case .nameless, .notClientHello: Issue.record("cut at \(length): neither waits nor has the name")
        }
    }

    @Test func `lengths that contradict the message are refused without a trap`() {
        let message = MadeClientHello("learn.example.org").message
        var name = NameBuffer()
        for position in message.indices {
            for value in [0, 1, 0x7f, 0xff] as [UInt8] {
                var broken = message
                broken[position] = value
                _ = ClientHello.read(broken.span, name: &name)
            }
        }
        var sessionTooLong = message
        sessionTooLong[4 + 2 + 32] = 33
        guard case .notClientHello = ClientHello.read(sessionTooLong.span, name: &name) else {
            Issue.record("a session ID of 33 bytes was taken")
            return
        }
    }
}
