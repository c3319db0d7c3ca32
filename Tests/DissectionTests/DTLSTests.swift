import Testing
import TrafficMaker

@testable import Dissection

@Suite struct `DTLS` {
    static let expected = [Seen(means: .tls, name: "learn.example.org")]

    @Test func `a ClientHello with a name counts as TLS, also in the answer to a cookie, and repeated`() {
        let hello = MadeClientHello("learn.example.org")
        let first = hello.dtlsRecords()
        let second = hello.dtlsRecords(number: 1, cookie: [UInt8](repeating: 9, count: 20))
        #expect(seen(in: (first + first + second + second).map { conversation().udp($0) }) == Self.expected)
        #expect(seen(in: second.map { conversation6(to: 4433).udp($0) }) == Self.expected)
    }

    @Test(arguments: 0..<150 as Range<UInt64>)
    func `any split into fragments, records and datagrams, in any order with repeats, gives the same sighting`(
        seed: UInt64
    ) {
        var generator = SeededGenerator(seed: seed)
        var hello = MadeClientHello("learn.example.org")
        hello.bytesBeforeName = Int.random(in: 0...1500, using: &generator)
        let lengths = (0..<6).map { _ in Int.random(in: 1...400, using: &generator) }
        var records = hello.dtlsRecords(of: lengths)
        records += records.prefix(2)
        records.shuffle(using: &generator)
        var datagrams: [[UInt8]] = [[]]
        for record in records {
            if Bool.random(using: &generator) { datagrams.append([]) }
            datagrams[datagrams.count - 1] += record
        }
        #expect(seen(in: datagrams.map { conversation().udp($0) }) == Self.expected, "seed \(seed)")
    }

    @Test func `one without a name, as calls send it, is not counted`() {
        #expect(seen(in: MadeClientHello(nil).dtlsRecords().map { conversation().udp($0) }).isEmpty)
    }

    @Test func `a minute later it is another association`() {
        let frame = conversation().udp(MadeClientHello("learn.example.org").dtlsRecords()[0])
        var dissector = Dissector()
        #expect(seen(in: [frame], by: &dissector) == Self.expected)
        #expect(seen(in: [frame], startingAt: 30_000_000_000, by: &dissector).isEmpty)
        #expect(seen(in: [frame], startingAt: 61_000_000_000, by: &dissector) == Self.expected)
    }

    @Test func `encrypted records, other messages and every cut are survived and show nothing`() {
        let record = MadeClientHello("learn.example.org").dtlsRecords()[0]
        var encrypted = record
        encrypted[4] = 1
        var serverHello = record
        serverHello[13] = 2
        for bytes in [encrypted, serverHello] + record.indices.map({ Array(record.prefix($0)) }) {
            #expect(seen(in: [conversation().udp(bytes)]).isEmpty)
        }
        var beyond = record
        beyond[21] = 0xff
        var dissector = Dissector()
        #expect(seen(in: [conversation().udp(beyond)], by: &dissector).isEmpty)
        #expect(
            dissector.statistics.malformedByReason.map(\.reason) == ["DTLS: a length contradicts the bytes around it"])
    }
}
