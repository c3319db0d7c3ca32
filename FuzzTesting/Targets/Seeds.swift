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
