internal import Glibc
internal import TrafficMaker

/// What each target starts from, of the project's own making.
enum Seeds {
    /// Writes the seeds of a target into a folder, as files by number.
    static func write(for target: FuzzTarget, into folder: String) {
        for (number, seed) in seeds(for: target).enumerated() {
            guard let file = unsafe fopen("\(folder)/seed-\(number)", "wb") else { fatalError("no folder \(folder)") }
            _ = unsafe seed.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
            unsafe fclose(file)
        }
    }

    private static func seeds(for target: FuzzTarget) -> [[UInt8]] {
        switch target.name {
        case "frame": frames.map { [1, UInt8($0.count >> 8), UInt8($0.count & 0xff)] + $0 }
        case "dns-message": [query, answer]
        case "client-hello": hellos.map(\.message)
        case "quic-datagram": [initial, initial + initial, Array(initial.prefix(900))]
        case "tcp-pieces":
            hellos.flatMap {
                [[2, 0, 7, 0, 90, 0, 0, 0, 0] + $0.records(of: [50]), [3, 0, 1, 0, 2, 0, 3, 0, 0] + $0.records()]
            }
        case "http-request": requests
        case "dtls-datagram":
            hellos.map { hello in
                hello.dtlsRecords(of: [40, 90]).flatMap { [UInt8($0.count >> 8), UInt8($0.count & 0xff)] + $0 }
            }
        case "capture-file": captures
        default: [[0, 0, 0, 40, 0, 0, 80, 40, 0, 0, 40, 40, 15, 0, 0, 20]]
        }
    }

    private static var conversation: MadeConversation {
        MadeConversation(
            from: MadeEndpoint(hardwareAddress: 0x0200_0000_0010, address: [192, 0, 2, 10], port: 50_000),
            to: MadeEndpoint(hardwareAddress: 0x0200_0000_0001, address: [198, 51, 100, 20], port: 443))
    }

    private static var hellos: [MadeClientHello] {
        var hidden = MadeClientHello("cloudflare-ech.com")
        hidden.hasEncryptedClientHello = true
        hidden.applicationProtocols = ["h2", "http/1.1"]
        return [MadeClientHello("learn.example.org"), MadeClientHello(nil), hidden]
    }

    private static var requests: [[UInt8]] {
        [
            "GET / HTTP/1.1\r\nUser-Agent: a\r\nHost: learn.example.org\r\n\r\n",
            "POST http://learn.example.org:80/a HTTP/1.0\nHost: b\n\n",
            "CONNECT learn.example.org:443 HTTP/1.1\r\nHost: learn.example.org:443\r\n\r\n",
        ].map { Array($0.utf8) }
    }

    /// One of each format with a frame; the pcapng one has an interface with a resolution.
    private static var captures: [[UInt8]] {
        let pcap: [UInt8] =
            [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0]
            + [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 9, 0, 0, 0, 7, 7, 7]
        let section: [UInt8] =
            [10, 13, 13, 10, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0] + [UInt8](repeating: 255, count: 8)
            + [28, 0, 0, 0]
        let interface: [UInt8] =
            [1, 0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0]
        let packet: [UInt8] =
            [
                6, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 9, 0, 0, 0, 7, 7, 7, 0, 36, 0,
                0, 0,
            ]
        return [pcap, section + interface + packet]
    }

    private static var query: [UInt8] { MadeMessage(identifier: 1, "learn.example.org").bytes }

    private static var answer: [UInt8] {
        let alias = MadeMessage.Record("learn.example.org", type: 5, data: MadeMessage.labels(of: "cdn.example.net"))
        let address = MadeMessage.Record("cdn.example.net", type: 1, data: [198, 51, 100, 20])
        return MadeMessage(identifier: 1, "learn.example.org", answers: [alias, address]).bytes
    }

    private static var initial: [UInt8] {
        let message = MadeClientHello("learn.example.org").message
        return (try? MadeInitial(destinationID: [1, 2, 3, 4, 5, 6, 7, 8], [(0, message)]).bytes()) ?? []
    }

    private static var frames: [[UInt8]] {
        var resolver = conversation
        resolver.destination.port = 53
        var tagged = resolver
        tagged.vlans = [10, 20]
        return [
            resolver.udp(query), tagged.udp(query), resolver.reversed.udp(answer), conversation.udp(initial),
            conversation.tcp(sequence: 1, MadeClientHello("learn.example.org").records()),
            resolver.tcp(sequence: 1, MadeMessage(identifier: 1, "learn.example.org").bytesOverTCP),
        ] + resolver.udpFragments(query, size: 16)
    }
}
