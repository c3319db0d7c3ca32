import Testing
import TrafficMaker

@testable import Dissection

@Suite struct `QUIC Initials` {
    static let clientID: [UInt8] = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08]
    static let expected = [Seen(means: .quic, name: "learn.example.org")]

    /// A ClientHello's message in Initials of its own, each with these pieces of it.
    static func frames(
        _ initials: [[Range<Int>]], version: QUICVersion = .v1, name: String? = "learn.example.org", padding: Int = 1800
    ) throws -> [[UInt8]] {
        var hello = MadeClientHello(name)
        hello.bytesBeforeName = padding
        let message = hello.message
        return try initials.enumerated().map { number, ranges in
            let pieces = ranges.map { range in
                (offset: range.lowerBound, bytes: Array(message[range.clamped(to: message.indices)]))
            }
            var initial = MadeInitial(destinationID: clientID, pieces)
            initial.version = version
            initial.packetNumber = UInt8(number)
            return conversation().udp(try initial.bytes())
        }
    }

    static let length: Int = {
        var hello = MadeClientHello("learn.example.org")
        hello.bytesBeforeName = 1800
        return hello.message.count
    }()

    @Test func `the client's keys of version 1 are those of RFC 9001 appendix A.1`() throws {
        let keys = try #require(Self.keys(.v1))
        #expect(Self.hexadecimal(keys.key.span) == "1f369613dd76d5467730efcbe3b1a22d")
        #expect(Self.hexadecimal(keys.iv.span) == "fa044b2f42a3fd3b46fb255c")
        #expect(Self.hexadecimal(keys.headerProtection.span) == "9f50449e04a0e810283a1e9933adedd2")
    }

    @Test func `the client's keys of version 2 are those of RFC 9369 appendix A.1`() throws {
        let keys = try #require(Self.keys(.v2))
        #expect(Self.hexadecimal(keys.key.span) == "8b1a0bc121284290a29e0971b5cd045d")
        #expect(Self.hexadecimal(keys.iv.span) == "91f73e2351d8fa91660e909f")
        #expect(Self.hexadecimal(keys.headerProtection.span) == "45b95e15235d6f45a6b19cbcb0294ba9")
    }

    @Test(arguments: [QUICVersion.v1, .v2, QUICVersion(rawValue: 0xff00_001d)])
    func `one Initial with a whole ClientHello is a sighting`(version: QUICVersion) throws {
        #expect(try seen(in: Self.frames([[0..<400]], version: version, padding: 0)) == Self.expected)
    }

    @Test(arguments: 0..<150 as Range<UInt64>)
    func `any split into CRYPTO frames and Initials, in any order with repeats, gives the same sighting`(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        var pieces = randomCuts(of: Self.length, pieces: Int.random(in: 2...12, using: &generator), using: &generator)
        pieces.shuffle(using: &generator)
        var initials: [[Range<Int>]] = [[]]
        var taken = 0
        for piece in pieces {
            if taken + piece.count > 900, taken > 0 {
                initials.append([])
                taken = 0
            }
            initials[initials.count - 1].append(piece)
            taken += piece.count
        }
        let frames = try Self.frames(initials)
        #expect(seen(in: (frames + frames).shuffled(using: &generator)) == Self.expected, "seed \(seed)")
    }

    @Test func `an Initial without server name is unnamed`() throws {
        #expect(
            try seen(in: Self.frames([[0..<400]], name: nil, padding: 0))
                == [Seen(means: .quic, naming: .unnamed, name: "")])
    }

    @Test func `after a Retry the ClientHello comes again under new keys and counts once`() throws {
        let message = MadeClientHello("learn.example.org").message
        var first = MadeInitial(destinationID: Self.clientID, [(0, message)])
        var retry: [UInt8] = [0xf0, 0, 0, 0, 1, 2, 0xc1, 0xd0, 4, 9, 9, 9, 9]
        retry += [UInt8](repeating: 1, count: 24)
        var second = MadeInitial(destinationID: [9, 9, 9, 9], [(0, message)])
        second.token = [1, 2, 3]
        second.packetNumber = 1
        first.packetNumber = 0
        let frames = [
            conversation().udp(try first.bytes()), conversation().reversed.udp(retry),
            conversation().udp(try second.bytes()),
        ]
        #expect(seen(in: frames) == Self.expected)
    }

    @Test func `after a Retry in the middle of a ClientHello it is put together under the new keys`() throws {
        let message = MadeClientHello("learn.example.org").message
        let first = MadeInitial(destinationID: Self.clientID, [(0, Array(message.prefix(50)))])
        var second = MadeInitial(destinationID: [9, 9, 9, 9], [(0, message)])
        second.token = [1]
        #expect(
            seen(in: [conversation().udp(try first.bytes()), conversation().udp(try second.bytes())]) == Self.expected)
    }

    @Test func `0-RTT and other packets beside an Initial do not hide it`() throws {
        let message = MadeClientHello("learn.example.org").message
        let initial = try MadeInitial(destinationID: Self.clientID, [(0, message)]).bytes()
        var zeroRTT: [UInt8] = [0xd0, 0, 0, 0, 1]
        zeroRTT.append(vector8: Self.clientID)
        zeroRTT.append(vector8: [0xc1, 0xd0])
        zeroRTT += [0x40, 64] + [UInt8](repeating: 0x77, count: 64)
        for datagrams in [[initial + zeroRTT], [zeroRTT + initial], [zeroRTT, initial], [initial, zeroRTT, zeroRTT]] {
            #expect(seen(in: datagrams.map { conversation().udp($0) }) == Self.expected)
        }
    }

    @Test func `after version negotiation the ClientHello comes again in another version and counts once`() throws {
        let message = MadeClientHello("learn.example.org").message
        for first in [QUICVersion(rawValue: 0xff00_001d), .v1, QUICVersion(rawValue: 0x1a2a_3a4a)] {
            for isSameID in [true, false] {
                var refused = MadeInitial(destinationID: Self.clientID, [(0, message)])
                refused.version = first
                var frames: [[UInt8]] = []
                if first.initialExtractor != nil { frames.append(conversation().udp(try refused.bytes())) }
                var negotiation: [UInt8] = [0x80, 0, 0, 0, 0]
                negotiation.append(vector8: [0xc1, 0xd0])
                negotiation.append(vector8: Self.clientID)
                negotiation += [0x6b, 0x33, 0x43, 0xcf]
                frames.append(conversation().reversed.udp(negotiation))
                var again = MadeInitial(
                    destinationID: isSameID ? Self.clientID : [4, 4, 4, 4, 4, 4, 4, 4], [(0, message)])
                again.version = .v2
                frames.append(conversation().udp(try again.bytes()))
                #expect(seen(in: frames) == Self.expected)
            }
        }
    }

    @Test(arguments: [22, 23, 27, 28, 29, 30, 31, 32, 33, 34])
    func `drafts with published keys are read`(draft: Int) throws {
        let version = QUICVersion(rawValue: 0xff00_0000 | UInt32(draft))
        #expect(try seen(in: Self.frames([[0..<400]], version: version, padding: 0)) == Self.expected)
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `overlapping CRYPTO frames, in Initials that come in IP fragments, give the same sighting`(seed: UInt64) throws
    {
        var generator = SeededGenerator(seed: seed)
        var initials: [[Range<Int>]] = []
        for piece in randomCuts(of: Self.length, pieces: 5, using: &generator) {
            let overlap = Int.random(in: 0...60, using: &generator)
            let wide = max(0, piece.lowerBound - overlap)..<min(Self.length, piece.upperBound + overlap)
            for start in stride(from: wide.lowerBound, to: wide.upperBound, by: 900) {
                initials.append([start..<min(start + 900, wide.upperBound)])
            }
        }
        var frames = try Self.frames(initials).enumerated().flatMap { number, frame in
            conversation().fragments(
                of: frame, size: 8 * Int.random(in: 20...90, using: &generator), identification: UInt16(number))
        }
        frames.shuffle(using: &generator)
        #expect(seen(in: frames) == Self.expected, "seed \(seed)")
    }

    @Test func `later Initials to the ID that the server chose are the same connection`() throws {
        let message = MadeClientHello("learn.example.org").message
        let first = MadeInitial(destinationID: Self.clientID, [(0, message)])
        var server = MadeInitial(destinationID: [0xc1, 0xd0], [])
        server.sourceID = [5, 5, 5, 5, 5]
        server.keyID = Self.clientID
        var later = MadeInitial(destinationID: [5, 5, 5, 5, 5], [(0, message)])
        later.keyID = Self.clientID
        later.packetNumber = 1
        let frames = [
            conversation().udp(try first.bytes()), conversation().reversed.udp(try server.bytes()),
            conversation().udp(try later.bytes()),
        ]
        #expect(seen(in: frames) == Self.expected)
    }

    @Test func `a new connection from the same port counts again`() throws {
        let message = MadeClientHello("learn.example.org").message
        let first = MadeInitial(destinationID: Self.clientID, [(0, message)])
        let other = MadeInitial(destinationID: [7, 7, 7, 7, 7, 7, 7, 7], [(0, message)])
        #expect(
            seen(in: [conversation().udp(try first.bytes()), conversation().udp(try other.bytes())])
                == Self.expected + Self.expected)
    }

    @Test func `a packet that was changed is not opened`() throws {
        let message = MadeClientHello("learn.example.org").message
        var bytes = try MadeInitial(destinationID: Self.clientID, [(0, message)]).bytes()
        bytes[bytes.count - 20] ^= 1
        var dissector = Dissector()
        #expect(seen(in: [conversation().udp(bytes)], by: &dissector).isEmpty)
        #expect(
            dissector.statistics.malformedByReason.map(\.reason) == [
                "QUIC: the keys that its connection ID gives do not open it"
            ])
    }

    @Test func `every cut of a datagram is survived`() throws {
        let bytes = try MadeInitial(
            destinationID: Self.clientID, [(0, MadeClientHello("learn.example.org").message)]
        ).bytes()
        var dissector = Dissector()
        for length in 0..<bytes.count {
            #expect(seen(in: [conversation().udp(Array(bytes.prefix(length)))], by: &dissector).isEmpty)
        }
    }

    private static func keys(_ version: QUICVersion) -> InitialKeys? {
        InitialKeys(version: version, destinationID: clientID.span)
    }

    private static func hexadecimal(_ key: Span<UInt8>) -> String {
        let bytes = key.indices.map { key[$0] }
        return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
