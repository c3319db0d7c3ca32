import Testing
import TrafficMaker

@testable import Dissection

@Suite struct `Cleartext HTTP` {
    static let expected = [Seen(means: .http, name: "learn.example.org")]

    static func get(_ host: String, target: String = "/") -> [UInt8] {
        Array("GET \(target) HTTP/1.1\r\nUser-Agent: sample\r\nHost: \(host)\r\nAccept: */*\r\n\r\n".utf8)
    }

    static func seen(_ stream: [UInt8], _ pieces: [Range<Int>]? = nil, to port: UInt16 = 80) -> [Seen] {
        DissectionTests.seen(
            in: `ClientHello over TCP`.frames(stream, pieces ?? [0..<stream.count], on: conversation(to: port)))
    }

    @Test(arguments: [
        "learn.example.org", "Learn.Example.org:8080", " learn.example.org. \t", "user@learn.example.org",
    ])
    func `the Host of a request is a sighting`(host: String) {
        #expect(Self.seen(Self.get(host)) == Self.expected)
    }

    @Test(arguments: [80, 8080, 3128, 31_337] as [UInt16])
    func `on any port`(port: UInt16) {
        #expect(Self.seen(Self.get("learn.example.org"), to: port) == Self.expected)
    }

    @Test(arguments: ["GET", "POST", "HEAD", "PUT", "OPTIONS", "DELETE", "PATCH", "PROPFIND"])
    func `of every usual method`(method: String) {
        let request = Array("\(method) /a HTTP/1.0\nhost:learn.example.org\n\n".utf8)
        #expect(Self.seen(request) == Self.expected)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `any split of a request into segments, in any order with repeats, gives the same sighting`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let stream = Self.get("learn.example.org", target: "/" + String(repeating: "a", count: 900))
        var pieces = randomCuts(of: stream.count, pieces: Int.random(in: 1...9, using: &generator), using: &generator)
        pieces += pieces.prefix(2)
        pieces.shuffle(using: &generator)
        #expect(Self.seen(stream, pieces) == Self.expected, "seed \(seed)")
    }

    @Test func `the target's host counts before the field's, as a proxy reads it`() {
        for target in ["http://learn.example.org/a", "http://learn.example.org:8080", "HTTP://learn.example.org?q#f"] {
            #expect(Self.seen(Self.get("proxy.example.net", target: target)) == Self.expected)
        }
    }

    @Test func `of several requests on a connection each host counts once`() {
        let one = Self.get("learn.example.org")
        let other = Self.get("quiz.example.net")
        let stream = one + other + one + other
        var pieces: [Range<Int>] = []
        for request in [one, other, one, other] {
            let start = pieces.last?.upperBound ?? 0
            pieces += [start..<start + 20, start + 20..<start + request.count]
        }
        #expect(Self.seen(stream, pieces) == Self.expected + [Seen(means: .http, name: "quiz.example.net")])
    }

    @Test func `on a new connection it counts again`() {
        let stream = Self.get("learn.example.org")
        let first = `ClientHello over TCP`.frames(stream, [0..<stream.count], on: conversation(to: 80), initial: 1000)
        let second = `ClientHello over TCP`.frames(
            stream, [0..<stream.count], on: conversation(to: 80), initial: 90_000)
        #expect(DissectionTests.seen(in: first + second) == Self.expected + Self.expected)
    }

    @Test func `a connection whose beginning was not seen is found`() {
        let frame = conversation(to: 80).tcp(sequence: 77, Self.get("learn.example.org"))
        #expect(DissectionTests.seen(in: [frame, frame]) == Self.expected)
    }

    @Test func `a request for a tunnel counts as what is sent through it`() {
        let connect = Array("CONNECT learn.example.org:443 HTTP/1.1\r\nHost: learn.example.org:443\r\n\r\n".utf8)
        #expect(Self.seen(connect, to: 3128).isEmpty)
        let stream = connect + MadeClientHello("learn.example.org").records()
        let pieces = [0..<10, 10..<connect.count, connect.count..<stream.count]
        #expect(Self.seen(stream, pieces, to: 3128) == [Seen(means: .tls, name: "learn.example.org")])
        let inTheClear = connect + Self.get("learn.example.org")
        #expect(
            Self.seen(inTheClear, [0..<connect.count, connect.count..<inTheClear.count], to: 3128) == Self.expected)
    }

    @Test func `behind SOCKS and the PROXY protocol a request is found`() {
        let greeting: [UInt8] = [5, 1, 0]
        let connect: [UInt8] = [5, 1, 0, 1, 198, 51, 100, 20, 0, 80]
        let stream = greeting + connect + Self.get("learn.example.org")
        let pieces = [0..<3, 3..<13, 13..<stream.count]
        #expect(Self.seen(stream, pieces, to: 1080) == Self.expected)
        let header = Array("PROXY TCP4 192.0.2.10 198.51.100.20 50000 80\r\n".utf8)
        let balanced = header + Self.get("learn.example.org")
        #expect(Self.seen(balanced, [0..<header.count, header.count..<balanced.count]) == Self.expected)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n", "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "OPTIONS rtsp://learn.example.org RTSP/1.0\r\n\r\n", "GET /\r\n",
        "HTTP/1.1 200 OK\r\nHost: learn.example.org\r\n\r\n", "GETS / HTTP/1.1 x\r\nHost: learn.example.org\r\n\r\n",
    ])
    func `what names no host, or is no request, is nothing`(text: String) {
        #expect(Self.seen(Array(text.utf8)).isEmpty)
    }

    @Test func `every cut of a request waits, and every changed byte is survived`() {
        let request = Self.get("learn.example.org")
        var name = NameBuffer()
        for length in request.indices {
            switch HTTPRequest.read(request.span.extracting(first: length), into: &name) {
            case .named: #expect(name.text == "learn.example.org")
            case .needsMore: #expect(name.isEmpty)
            case .other: #expect(length == 0)
            case .nameless, .tunnel: Issue.record("cut at \(length): decided")
            }
            var broken = request
            broken[length] = 0
            _ = HTTPRequest.read(broken.span, into: &name)
        }
    }

    @Test func `a head that never ends is given up`() {
        let head = Array("GET / HTTP/1.1\r\n".utf8) + [UInt8](repeating: 0x61, count: 100_000)
        let pieces = stride(from: 0, to: head.count, by: 1400).map { $0..<min($0 + 1400, head.count) }
        var dissector = Dissector()
        _ = DissectionTests.seen(
            in: `ClientHello over TCP`.frames(head, pieces, on: conversation(to: 80)), by: &dissector)
        #expect(dissector.assemblies.heldBytes == 0)
    }
}
