import TrafficMaker

@testable import Dissection

/// A sighting as a test wants to compare it.
struct Seen: Equatable, CustomStringConvertible {
    var means: Sighting.Means
    var naming = Sighting.Naming.read
    var name: String

    var description: String { "\(means) \(naming) \(name)" }
}

/// Random choices that a failure can repeat.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// What a dissector sees in frames that come a millisecond apart.
func seen(in frames: [[UInt8]], linkType: LinkType = .ethernet) -> [Seen] {
    var dissector = Dissector()
    return seen(in: frames, linkType: linkType, by: &dissector)
}

func seen(
    in frames: [[UInt8]], linkType: LinkType = .ethernet, startingAt start: Int64 = 0, by dissector: inout Dissector
) -> [Seen] {
    var seen: [Seen] = []
    for (index, frame) in frames.enumerated() {
        let time = start + Int64(index) * 1_000_000
        dissector.dissect(frame.span, linkType: linkType, timestampNanoseconds: time)
        for sighting in dissector.sightings.elements {
            let name = String(decoding: dissector.sightings.name(of: sighting).copied(), as: UTF8.self)
            seen.append(Seen(means: sighting.means, naming: sighting.naming, name: name))
        }
    }
    return seen
}

/// A client at 192.0.2.10 and a server at 198.51.100.20 (documentation addresses, RFC 5737).
func conversation(to port: UInt16 = 443, from clientPort: UInt16 = 50_000) -> MadeConversation {
    MadeConversation(
        from: MadeEndpoint(hardwareAddress: 0x0200_0000_0010, address: [192, 0, 2, 10], port: clientPort),
        to: MadeEndpoint(hardwareAddress: 0x0200_0000_0001, address: [198, 51, 100, 20], port: port))
}

/// The same over IPv6 (RFC 3849).
func conversation6(to port: UInt16 = 443) -> MadeConversation {
    let prefix: [UInt8] = [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11)
    return MadeConversation(
        from: MadeEndpoint(hardwareAddress: 0x0200_0000_0010, address: prefix + [0x10], port: 50_000),
        to: MadeEndpoint(hardwareAddress: 0x0200_0000_0001, address: prefix + [0x20], port: port))
}

/// Cuts a range into pieces at random places.
func randomCuts(of count: Int, pieces: Int, using generator: inout SeededGenerator) -> [Range<Int>] {
    let inner = (0..<max(0, pieces - 1)).map { _ in Int.random(in: 1..<max(2, count), using: &generator) }
    let cuts = Array(Set(inner + [0, count])).sorted()
    return zip(cuts, cuts.dropFirst()).map { $0..<$1 }
}

extension StreamAssembly {
    /// What is there from the start, as an array that a test may keep.
    var soFar: [UInt8] { contiguous.copied() }
}

extension NameBuffer {
    /// The name as text.
    var text: String { String(decoding: span.copied(), as: UTF8.self) }
}
