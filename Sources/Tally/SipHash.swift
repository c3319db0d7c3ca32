/// The key of a keyed hash.
package struct HashKey: Sendable, Equatable {
    package var first: UInt64
    package var second: UInt64

    package init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    /// A key that nobody knows.
    package static func random(using generator: inout some RandomNumberGenerator) -> HashKey {
        HashKey(first: generator.next(), second: generator.next())
    }

    /// A key that nobody knows, from the system's random numbers.
    package static func random() -> HashKey {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }
}

/// SipHash-2-4 (Aumasson and Bernstein, 2012): without the key nobody can tell which bytes have a given hash.
///
/// The standard library's `Hasher` is of the same family, but takes no key, and its result may change with each version.
package struct SipHash {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64

    private init(_ key: HashKey) {
        v0 = key.first ^ 0x736f_6d65_7073_6575
        v1 = key.second ^ 0x646f_7261_6e64_6f6d
        v2 = key.first ^ 0x6c79_6765_6e65_7261
        v3 = key.second ^ 0x7465_6462_7974_6573
    }

    /// The hash of bytes.
    package static func hash(_ bytes: Span<UInt8>, key: HashKey) -> UInt64 {
        var state = SipHash(key)
        var index = 0
        while bytes.count - index >= 8 {
            var word: UInt64 = 0
            for offset in 0..<8 { word |= UInt64(bytes[index + offset]) << UInt64(8 * offset) }
            state.absorb(word)
            index += 8
        }
        var last = UInt64(truncatingIfNeeded: bytes.count) << 56
        for offset in 0..<bytes.count - index { last |= UInt64(bytes[index + offset]) << UInt64(8 * offset) }
        state.absorb(last)
        return state.finish()
    }

    /// The hash of three words, which is that of their 24 bytes in little-endian order.
    package static func hash(_ first: UInt64, _ second: UInt64, _ third: UInt64, key: HashKey) -> UInt64 {
        var state = SipHash(key)
        state.absorb(first)
        state.absorb(second)
        state.absorb(third)
        state.absorb(24 << 56)
        return state.finish()
    }

    private mutating func absorb(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    private mutating func finish() -> UInt64 {
        v2 ^= 0xff
        for _ in 0..<4 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    private mutating func round() {
        v0 &+= v1
        v1 = rotated(v1, 13) ^ v0
        v0 = rotated(v0, 32)
        v2 &+= v3
        v3 = rotated(v3, 16) ^ v2
        v0 &+= v3
        v3 = rotated(v3, 21) ^ v0
        v2 &+= v1
        v1 = rotated(v1, 17) ^ v2
        v2 = rotated(v2, 32)
    }

    private func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 {
        word << bits | word >> (64 - bits)
    }
}
