/// A school's clients and the tools that they use: makes handshakes and bulk, and knows what it made.
///
/// ```swift
/// var school = MadeSchool(seed: 1, clients: 2000, names: 50_000)
/// let frames = try school.handshake(.tls)
/// school.truth["s7.tool7.example.org"]  // Uses(dns: 0, tls: 1, quic: 0)
/// ```
package struct MadeSchool {
    /// A handshake, by what must be put together to see its name.
    package enum Handshake: String, CaseIterable, Sendable {
        /// A query and its answer.
        case dns
        /// A ClientHello in one segment.
        case tls
        /// A ClientHello in two segments, as post-quantum key shares make it, in any order.
        case tls2
        /// A ClientHello in one Initial.
        case quic
        /// A ClientHello in two Initials in datagrams of their own, in any order.
        case quic2
    }

    /// How often a name was used.
    package struct Uses: Sendable {
        package var dns = 0
        package var tls = 0
        package var quic = 0
    }

    /// What must be found, by name.
    package private(set) var truth: [String: Uses] = [:]

    private struct Client {
        var hardwareAddress: UInt64
        var vlan: UInt16?
        var nextPort: UInt16 = 32_768
    }

    private struct BulkFlow {
        var conversation: MadeConversation
        var isQUIC: Bool
        var clientSequence: UInt32
        var serverSequence: UInt32
    }

    private var random: Seeded
    private var clients: [Client]
    private let names: [String]
    private let payload: [UInt8]
    private var nextName = 0
    private var flows: [BulkFlow] = []
    private let gateway: UInt64 = 0x0200_5e00_0001
    /// How many connections carry bulk at one time.
    private static let openFlows = 2000

    package init(seed: UInt64, clients count: Int, names nameCount: Int) {
        random = Seeded(seed)
        clients = []
        for index in 0..<count {
            let vlan: UInt16? = random.chance(50) ? UInt16(10 + index % 4 * 10) : nil
            clients.append(Client(hardwareAddress: 0x0200_0000_0000 | UInt64(index), vlan: vlan))
        }
        names = (0..<nameCount).map { "s\($0).tool\($0 % 997).example.org" }
        payload = random.bytes(1 << 16)
    }

    /// The frames of a handshake, in the order of their arrival.
    ///
    /// Names are used in turn, so that all of them are used.
    package mutating func handshake(_ kind: Handshake) throws -> [[UInt8]] {
        let name = names[nextName]
        nextName = (nextName + 1) % names.count
        var conversation = conversation(to: kind == .dns ? 53 : 443)
        switch kind {
        case .dns:
            conversation.destination.address = resolver(like: conversation.source.address)
            truth[name, default: Uses()].dns += 1
            return dns(name, conversation)
        case .tls, .tls2:
            truth[name, default: Uses()].tls += 1
            return tls(name, conversation, inTwo: kind == .tls2)
        case .quic, .quic2:
            truth[name, default: Uses()].quic += 1
            return try quic(name, conversation, inTwo: kind == .quic2)
        }
    }

    /// A frame that carries no name: data, acknowledgments, other UDP.
    package mutating func bulk() -> [UInt8] {
        while flows.count < Self.openFlows { open(conversation(to: 443), isQUIC: random.chance(30)) }
        if random.chance(3) { return otherDatagram() }
        let index = random.below(flows.count)
        let isDownstream = random.chance(70)
        let length = isDownstream ? (random.chance(85) ? 1360 : 60 + random.below(1300)) : 40 + random.below(200)
        let conversation = isDownstream ? flows[index].conversation.reversed : flows[index].conversation
        if flows[index].isQUIC {
            // RFC 9000 section 17.3.1: a short header begins with the bits 01.
            let size = !isDownstream && random.chance(80) ? 32 : length
            return conversation.udp([0x40 | UInt8(random.below(64))] + someBytes(size))
        }
        if isDownstream {
            flows[index].serverSequence &+= UInt32(length)
            return conversation.tcp(sequence: flows[index].serverSequence, someBytes(length))
        }
        let data = random.chance(80) ? [] : [0x17, 3, 3] + someBytes(length)
        flows[index].clientSequence &+= UInt32(data.count)
        return conversation.tcp(sequence: flows[index].clientSequence, data)
    }

    private mutating func dns(_ name: String, _ conversation: MadeConversation) -> [[UInt8]] {
        let identifier = UInt16(truncatingIfNeeded: random.next())
        let type: UInt16 = [1, 1, 28, 65][random.below(4)]
        let query = conversation.udp(MadeMessage(identifier: identifier, name, type: type).bytes)
        let address = type == 1 ? [203, 0, 113] + random.bytes(1) : ipv6(site: 3, random.next())
        let answers = [MadeMessage.Record(name, type: type == 1 ? 1 : 28, data: address)]
        let answer = conversation.reversed.udp(
            MadeMessage(identifier: identifier, name, type: type, answers: answers).bytes)
        return random.chance(3) ? [query, query, answer] : [query, answer]
    }

    private mutating func tls(_ name: String, _ conversation: MadeConversation, inTwo: Bool) -> [[UInt8]] {
        var hello = MadeClientHello(name)
        hello.applicationProtocols = ["h2", "http/1.1"]
        // With an ML-KEM key share a ClientHello takes about 1700 bytes, with the older ones some 500.
        hello.bytesBeforeName = inTwo ? 1240 + random.below(200) : 40 + random.below(200)
        hello.bytesAfterName = inTwo ? 200 : 40 + random.below(200)
        let record = hello.records()
        let first = UInt32(truncatingIfNeeded: random.next())
        let second = UInt32(truncatingIfNeeded: random.next())
        let server = conversation.reversed
        var segments = [conversation.tcp(sequence: first &+ 1, Array(record.prefix(1400)))]
        if record.count > 1400 {
            segments.append(conversation.tcp(sequence: first &+ 1401, Array(record.dropFirst(1400))))
            if random.chance(10) { segments.swapAt(0, 1) }
        }
        if random.chance(3) { segments.append(segments[0]) }
        let end = first &+ 1 &+ UInt32(record.count)
        open(conversation, isQUIC: false, end, second &+ 1)
        return [
            conversation.tcp(sequence: first, isSYN: true, isACK: false), server.tcp(sequence: second, isSYN: true),
            conversation.tcp(sequence: first &+ 1),
        ] + segments + [
            server.tcp(sequence: second &+ 1, [0x16, 3, 3, 4, 0] + someBytes(1024)),
            conversation.tcp(sequence: end, isFIN: true), server.tcp(sequence: second &+ 1030, isFIN: true),
        ]
    }

    private mutating func quic(_ name: String, _ conversation: MadeConversation, inTwo: Bool) throws -> [[UInt8]] {
        var hello = MadeClientHello(name)
        hello.applicationProtocols = ["h3"]
        hello.bytesBeforeName = inTwo ? 1100 + random.below(200) : 40 + random.below(200)
        hello.bytesAfterName = 100
        let message = hello.message
        let id = random.bytes(8)
        let cut = inTwo ? 900 + random.below(100) : message.count
        var initials: [[UInt8]] = []
        for (number, range) in [0..<cut, cut..<message.count].enumerated() where !range.isEmpty {
            var initial = MadeInitial(destinationID: id, [(range.lowerBound, Array(message[range]))])
            initial.packetNumber = UInt8(number)
            initials.append(conversation.udp(try initial.bytes()))
        }
        if random.chance(10) { initials.reverse() }
        open(conversation, isQUIC: true)
        // The server's Initial: what is behind its connection IDs only its client can read, and nobody here tries.
        var answer: [UInt8] = [0xc1, 0, 0, 0, 1]
        answer.append(vector8: [0xc1, 0xd0])
        answer.append(vector8: random.bytes(8))
        answer += [0, 0x44, 0x90] + someBytes(0x490)
        return initials + [conversation.reversed.udp(answer)]
    }

    private mutating func otherDatagram() -> [UInt8] {
        var conversation = conversation(to: 3478)
        conversation.source.port = 50_000
        // RTP (RFC 3550) begins with the bits 10, as a long header of QUIC may.
        return conversation.udp([0x80, 0x60] + someBytes(100 + random.below(800)))
    }

    /// A client that begins a connection from a port that it did not use lately.
    private mutating func conversation(to port: UInt16) -> MadeConversation {
        let index = random.below(clients.count)
        let clientPort = clients[index].nextPort
        clients[index].nextPort = clientPort == .max ? 1024 : clientPort + 1
        let isIPv6 = random.chance(30)
        let source = isIPv6 ? ipv6(site: 1, UInt64(index)) : [10, 1, UInt8(index >> 8 & 0xff), UInt8(index & 0xff)]
        let server = random.below(5000)
        let destination =
            isIPv6 ? ipv6(site: 2, UInt64(server)) : [198, 51, UInt8(100 + server >> 8), UInt8(server & 0xff)]
        var conversation = MadeConversation(
            from: MadeEndpoint(hardwareAddress: clients[index].hardwareAddress, address: source, port: clientPort),
            to: MadeEndpoint(hardwareAddress: gateway, address: destination, port: port))
        if let vlan = clients[index].vlan { conversation.vlans = [vlan] }
        return conversation
    }

    private mutating func open(
        _ conversation: MadeConversation, isQUIC: Bool, _ client: UInt32 = 1, _ server: UInt32 = 1
    ) {
        let flow = BulkFlow(
            conversation: conversation, isQUIC: isQUIC, clientSequence: client, serverSequence: server)
        if flows.count < Self.openFlows {
            flows.append(flow)
        } else {
            flows[random.below(flows.count)] = flow
        }
    }

    private func resolver(like address: [UInt8]) -> [UInt8] {
        address.count == 4 ? [192, 0, 2, 53] : ipv6(site: 0, 53)
    }

    private func ipv6(site: UInt8, _ host: UInt64) -> [UInt8] {
        var address: [UInt8] = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, site]
        address.append(big: host)
        return address
    }

    private mutating func someBytes(_ count: Int) -> [UInt8] {
        let start = random.below(payload.count - count)
        return Array(payload[start..<start + count])
    }
}
