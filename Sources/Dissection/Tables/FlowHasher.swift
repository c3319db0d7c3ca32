/// Hashes of flows and names under a secret seed, so that nobody outside can make them collide.
///
/// The mixing is that of wyhash (multiply to 128 bits and fold): a few nanoseconds for a flow.
struct FlowHasher {
    private let seed: (UInt64, UInt64, UInt64, UInt64)

    init(using generator: inout some RandomNumberGenerator) {
        seed = (generator.next() | 1, generator.next() | 1, generator.next() | 1, generator.next() | 1)
    }

    /// A hash of an ordered pair of endpoints, never 0.
    func flow(_ source: IPAddress, _ sourcePort: UInt16, _ destination: IPAddress, _ destinationPort: UInt16) -> UInt64
    {
        var hash = mix(source.high ^ seed.0, source.low ^ seed.1)
        hash = mix(hash ^ destination.high, destination.low ^ seed.2)
        return mix(hash ^ (UInt64(sourcePort) << 16 | UInt64(destinationPort)), seed.3) | 1
    }

    /// A hash of an ordered pair of addresses, never 0.
    func pair(_ first: IPAddress, _ second: IPAddress) -> UInt64 {
        flow(first, 0, second, 0)
    }

    /// A hash of bytes, never 0.
    func bytes(_ bytes: Span<UInt8>) -> UInt64 {
        var hash = seed.0 ^ UInt64(bytes.count)
        var offset = 0
        while bytes.count - offset >= 8 {
            hash = mix(hash ^ bytes.uint64(at: offset), seed.1)
            offset += 8
        }
        var tail: UInt64 = 0
        while offset < bytes.count {
            tail = tail << 8 | UInt64(bytes[offset])
            offset += 1
        }
        return mix(hash ^ tail, seed.2) | 1
    }

    /// A hash of two hashes or numbers, never 0.
    func combine(_ first: UInt64, _ second: UInt64) -> UInt64 {
        mix(first ^ seed.0, second ^ seed.3) | 1
    }

    private func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
