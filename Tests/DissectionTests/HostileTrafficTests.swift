import Testing
import TrafficMaker

@testable import Dissection

/// Traffic that somebody sends to stop the dissector, or to make it work more than its bytes are worth.
@Suite struct `Hostile traffic` {
    static let name = [Seen(means: .tls, name: "learn.example.org")]

    @Test(arguments: 1...4)
    func `a first record with less than the message's header is no end`(length: Int) {
        let stream = MadeClientHello("learn.example.org").records(of: [length])
        #expect(seen(in: `ClientHello over TCP`.frames(stream, [0..<stream.count])) == Self.name)
    }

    @Test(arguments: [Int64.min, -1, 0, .max])
    func `a capture may claim any time`(time: Int64) throws {
        var dissector = Dissector()
        let message = MadeClientHello("learn.example.org").message
        var frames = [
            `DNS`.answer("learn.example.org", [.init("learn.example.org", type: 1, data: `DNS`.server)]),
            conversation().udp(try MadeInitial(destinationID: [1, 2, 3, 4, 5, 6, 7, 8], [(0, message)]).bytes()),
            conversation().udp(try MadeInitial(destinationID: [8, 2, 3, 4, 5, 6, 7, 8], [(0, message)]).bytes()),
        ]
        frames += conversation(to: 53).udpFragments(MadeMessage(identifier: 1, "learn.example.org").bytes, size: 16)
        var names = 0
        for frame in frames {
            for instant in [time, ~time, time] {
                dissector.dissect(frame.span, linkType: .ethernet, timestampNanoseconds: instant)
                names += dissector.sightings.elements.count
            }
        }
        #expect(names > 0)
    }

    @Test func `a chain of a thousand pointers is given up`() {
        var message = [UInt8](repeating: 0, count: 14)
        for _ in 0..<1000 { message += [0xc0 | UInt8((message.count - 2) >> 8), UInt8((message.count - 2) & 0xff)] }
        var name = NameBuffer()
        #expect(throws: WireError.tooDeep) {
            _ = try DNSName.read(message.span, at: message.count - 2, into: &name)
        }
    }

    @Test func `questions that repeat one long name behind pointers are not all written out`() {
        let label = [63] + [UInt8](repeating: 0, count: 63)
        var message: [UInt8] = [0, 1, 1, 0, 0x03, 0xe8, 0, 0, 0, 0, 0, 0]
        message += label + label + label + [0, 0, 1, 0, 1]
        for _ in 1..<1000 { message += [0xc0, 12, 0, 1, 0, 1] }
        var dissector = Dissector()
        #expect(seen(in: [conversation(to: 53).udp(message)], by: &dissector).isEmpty)
        #expect(dissector.statistics.malformedByReason.map(\.reason) == ["DNS: too many layers, pieces or repeats"])
    }

    @Test func `one response fills no table`() {
        let records = (0..<2000).map { index in
            MadeMessage.Record("a.example", type: 1, data: [198, 18, UInt8(index >> 8), UInt8(index & 0xff)])
        }
        var dissector = Dissector()
        _ = seen(in: [`DNS`.answer("a.example", records)], by: &dissector)
        #expect(dissector.answers.count == 256)
    }

    @Test func `keys are derived once a datagram, whatever it is made of`() {
        // Forty packets of 29 bytes, each with another connection ID and none that opens.
        let datagram = (0..<40 as Range<UInt8>).flatMap { id in
            [0xc0, 0, 0, 0, 1, 1, id, 0, 0, 20] + [UInt8](repeating: 0x55, count: 20)
        }
        var dissector = Dissector()
        #expect(seen(in: [conversation().udp(datagram)], by: &dissector).isEmpty)
        #expect(dissector.statistics.malformedByReason.map(\.count) == [1])
    }

    @Test func `bytes that come one by one for ever are not read again for ever`() {
        var hello = MadeClientHello("learn.example.org")
        hello.bytesBeforeName = 12_000
        let stream = hello.records()
        let bulk = [0..<10_000] + (10_000..<stream.count).map { $0..<$0 + 1 }
        #expect(seen(in: `ClientHello over TCP`.frames(stream, bulk)).isEmpty)
        // As segments are in truth, backwards too, it is far from the bound.
        let segments = stride(from: 0, to: stream.count, by: 536).map { $0..<min($0 + 536, stream.count) }
        #expect(seen(in: `ClientHello over TCP`.frames(stream, segments.reversed())) == Self.name)
    }

    @Test(arguments: [".", "..", "learn.example.org..."])
    func `no name ends in a dot`(serverName: String) {
        let stream = MadeClientHello(serverName).records()
        let names = seen(in: `ClientHello over TCP`.frames(stream, [0..<stream.count])).map(\.name)
        #expect(names == [serverName.hasPrefix(".") ? "" : "learn.example.org"])
    }

    @Test func `every place of a table is used`() {
        var generator = SeededGenerator(seed: 1)
        let hasher = FlowHasher(using: &generator)
        var table = BoundedTable(capacity: 1024, empty: ())
        for number in 0..<4000 as Range<UInt64> { _ = table.insert(hasher.combine(number, 0)) }
        #expect(table.count > 1000)
    }

    @Test func `DNS over TCP goes on behind what was lost`() {
        let conversation = conversation(to: 53)
        func query(_ number: Int) -> [UInt8] {
            MadeMessage(identifier: UInt16(number), "n\(number).example").bytesOverTCP
        }
        // A hundred thousand bytes go by behind a gap, in segments that are never one message.
        var frames = [conversation.tcp(sequence: 0, isSYN: true, isACK: false)]
        for number in 0..<100 {
            frames.append(conversation.tcp(sequence: 2000 + 1000 * UInt32(number), [UInt8](repeating: 9, count: 1000)))
        }
        frames.append(conversation.tcp(sequence: 102_000, query(1)))
        #expect(seen(in: frames).map(\.name) == ["n1.example"])
    }

    @Test func `a fragment far away does not push out others`() {
        var pool = AssemblyPool(places: 512, maximumBytes: 4 << 20)
        let good = pool.begin()
        let isTaken = pool.insert([UInt8](repeating: 1, count: 1200).span, at: 0, into: good)
        #expect(isTaken)
        for _ in 0..<400 { _ = pool.insert([1].span, at: 65_000, into: pool.begin()) }
        #expect(pool[good]?.contiguousCount == 1200)
        #expect(pool.heldBytes <= 4 << 20)
    }
}
