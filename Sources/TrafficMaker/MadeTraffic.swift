/// A stream of frames of one mix, handshakes interleaved as many clients make them.
package struct MadeTraffic {
    /// What the frames are.
    package enum Mix: Sendable {
        /// What passes a gateway: 95 % bulk.
        case gateway
        /// Handshakes of every kind, nothing else.
        case handshakes
        /// Handshakes of one kind.
        case only(MadeSchool.Handshake)
        /// Nothing that carries a name.
        case bulk
    }

    package private(set) var school: MadeSchool
    private let mix: Mix
    private var random: Seeded
    /// The frames that handshakes under way have still to send.
    private var pending: [ArraySlice<[UInt8]>] = []
    private static let handshakesAtOnce = 50

    package init(_ mix: Mix, school: MadeSchool, seed: UInt64) {
        self.mix = mix
        self.school = school
        random = Seeded(seed ^ 0x7aff_1c)
    }

    /// The next frame.
    package mutating func next() throws -> [UInt8] {
        switch mix {
        case .bulk: school.bulk()
        case .gateway where random.chance(95): school.bulk()
        default: try handshakeFrame()
        }
    }

    /// What handshakes under way have still to send, so that none is left half said.
    package mutating func finish() -> [[UInt8]] {
        defer { pending = [] }
        return pending.flatMap { $0 }
    }

    private mutating func handshakeFrame() throws -> [UInt8] {
        if pending.count < Self.handshakesAtOnce { pending.append(try school.handshake(kind())[...]) }
        let index = random.below(pending.count)
        let frame = pending[index].removeFirst()
        if pending[index].isEmpty {
            pending.swapAt(index, pending.count - 1)
            pending.removeLast()
        }
        return frame
    }

    private mutating func kind() -> MadeSchool.Handshake {
        if case .only(let kind) = mix { return kind }
        switch random.below(100) {
        case 0..<45: return .dns
        case 45..<63: return .tls
        case 63..<78: return .tls2
        case 78..<88: return .quic
        default: return .quic2
        }
    }
}
