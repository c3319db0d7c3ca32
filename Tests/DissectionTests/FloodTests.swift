import Testing
import TrafficMaker

@testable import Dissection

@Suite struct `Floods` {
    @Test(arguments: MadeFlood.Kind.allCases)
    func `tables stay in their bounds, say what they forgot, and true names are found`(kind: MadeFlood.Kind) throws {
        var flood = try MadeFlood(kind, seed: 1)
        var dissector = Dissector()
        var found: [String: Int] = [:]
        var mostHeld = 0
        for number in 0..<40_000 {
            for frame in flood.frames(number) {
                dissector.dissect(frame.span, linkType: .ethernet, timestampNanoseconds: Int64(number) * 10_000)
                for sighting in dissector.sightings.elements {
                    let name = String(decoding: dissector.sightings.name(of: sighting).copied(), as: UTF8.self)
                    if name.hasSuffix("example.com") { found["\(sighting.means) \(name)", default: 0] += 1 }
                }
            }
            mostHeld = max(mostHeld, dissector.assemblies.heldBytes)
        }
        let expected = flood.trueNames.flatMap { ["dns \($0)", "tls \($0)"] }
        #expect(found == Dictionary(uniqueKeysWithValues: expected.map { ($0, 1) }))
        #expect(mostHeld <= 4 << 20)
        let counts = [
            dissector.tcpStreams.count, dissector.quicConnections.count, dissector.recentQueries.count,
            dissector.fragments.count, dissector.answers.count,
        ]
        #expect(counts.allSatisfy { $0 <= 16_384 })
        let evictions = dissector.evictions
        let forgotten =
            switch kind {
            case .subdomains: evictions.queries
            case .halfOpen: evictions.assemblies
            case .spoofed: evictions.streams
            case .fragments: evictions.fragments
            case .initials: evictions.connections
            }
        #expect(forgotten > 1000)
        print("flood \(kind.rawValue): \(mostHeld) bytes held at most, \(forgotten) forgotten, \(expected.count) found")
    }
}
