/// Traffic that somebody sends to fill tables, with some true use in between.
///
/// ```swift
/// var flood = MadeFlood(.fragments, seed: 1)
/// for number in 0..<200_000 { for frame in flood.frames(number) { … } }
/// flood.trueNames  // all of which must be found, once each
/// ```
package struct MadeFlood {
    /// What there is too much of.
    package enum Kind: String, CaseIterable, Sendable {
        /// Queries for names that nobody has, below one domain.
        case subdomains
        /// ClientHellos whose second segment never comes.
        case halfOpen = "half-open"
        /// Whole ClientHellos of clients that do not exist, to names that do not either.
        case spoofed
        /// Fragments of packets whose rest never comes, far from each other.
        case fragments
        /// QUIC Initials with half a ClientHello, each of another connection.
        case initials
    }

    private let kind: Kind
    private var random: Seeded
    private var uses = 0
    /// An Initial that opens; keys follow from its connection ID, so all have the same.
    private let initial: [UInt8]

    /// One true use in so many frames of the flood.
    package static let distance = 500

    package init(_ kind: Kind, seed: UInt64) throws {
        self.kind = kind
        random = Seeded(seed)
        let message = MadeClientHello("flood.example.org").message
        initial = try MadeInitial(destinationID: [1, 2, 3, 4, 5, 6, 7, 8], [(0, Array(message.prefix(60)))]).bytes()
    }

    /// The names of the true uses so far.
    package var trueNames: [String] { (0..<uses).map(Self.trueName) }

    /// The frames of the flood's next step, and of a true use where it is time for one.
    package mutating func frames(_ number: Int) -> [[UInt8]] {
        guard number % Self.distance == 0 else { return [floodFrame(number)] }
        let name = Self.trueName(uses)
        uses += 1
        // Its second segment comes first, so it has to be kept for a moment.
        var hello = MadeClientHello(name)
        hello.bytesBeforeName = 1500
        let stream = hello.records()
        let conversation = conversation(client: UInt32(uses), port: 443)
        let query = self.conversation(client: UInt32(uses), port: 53).udp(MadeMessage(identifier: 7, name).bytes)
        return [
            query, conversation.tcp(sequence: 9, isSYN: true, isACK: false),
            conversation.tcp(sequence: 10 + 1400, Array(stream.dropFirst(1400))),
            floodFrame(number),
            conversation.tcp(sequence: 10, Array(stream.prefix(1400))),
        ]
    }

    private static func trueName(_ number: Int) -> String { "s\(number).tool\(number).example.com" }

    private mutating func floodFrame(_ number: Int) -> [UInt8] {
        let stranger = UInt32(truncatingIfNeeded: random.next()) | 0x8000_0000
        switch kind {
        case .subdomains:
            let name = "r\(random.next() % 1_000_000_000).flood.example.org"
            return conversation(client: UInt32(number % 2000) | 1 << 20, port: 53).udp(
                MadeMessage(identifier: UInt16(truncatingIfNeeded: number), name).bytes)
        case .halfOpen:
            var hello = MadeClientHello(nil)
            hello.bytesBeforeName = 1500
            return conversation(client: stranger, port: 443).tcp(sequence: 1, Array(hello.records().prefix(1400)))
        case .spoofed:
            return conversation(client: stranger, port: 443).tcp(
                sequence: 1, MadeClientHello("s\(number).flood.example.org").records())
        case .fragments:
            let conversation = conversation(client: stranger, port: 443)
            let frame = conversation.udp([UInt8](repeating: 1, count: 1400))
            let pieces = conversation.fragments(of: frame, size: 8, identification: UInt16(truncatingIfNeeded: number))
            return pieces[pieces.count - 1]
        case .initials: return conversation(client: stranger, port: 443).udp(initial)
        }
    }

    private func conversation(client: UInt32, port: UInt16) -> MadeConversation {
        var address: [UInt8] = []
        address.append(big: client)
        return MadeConversation(
            from: MadeEndpoint(hardwareAddress: 0x0200_0000_0000 | UInt64(client), address: address, port: 50_000),
            to: MadeEndpoint(hardwareAddress: 0x0200_5e00_0001, address: [198, 51, 100, 20], port: port))
    }
}
