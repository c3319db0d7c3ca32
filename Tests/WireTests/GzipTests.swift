import Testing
import Wire

@Suite struct `Gzip of reports` {
    @Test(arguments: [0, 1, 100, 4096, 100_000, 1_000_000])
    func `what was compressed comes back`(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        #expect(try Gzip.decompress(Gzip.compress(bytes), limit: count) == bytes)
    }

    @Test func `a bomb is refused at the limit`() {
        let bomb = Gzip.compress([UInt8](repeating: 0, count: 50_000_000))
        #expect(bomb.count < 60_000)
        #expect(throws: Gzip.Failure.tooLarge(limit: 1_000_000)) { try Gzip.decompress(bomb, limit: 1_000_000) }
    }

    @Test func `one byte beyond the limit is too large`() {
        let packed = Gzip.compress([UInt8](repeating: 7, count: 1000))
        #expect(throws: Gzip.Failure.tooLarge(limit: 999)) { try Gzip.decompress(packed, limit: 999) }
        #expect(throws: Never.self) { try Gzip.decompress(packed, limit: 1000) }
    }

    @Test func `every cut is an error`() {
        let packed = Gzip.compress(Array("names and integers, names and integers".utf8))
        for length in 0..<packed.count {
            #expect(throws: Gzip.Failure.truncated) {
                try Gzip.decompress(Array(packed.prefix(length)), limit: 1000)
            }
        }
    }

    @Test func `no flipped bit changes the content unnoticed`() {
        let content = Array("names and integers, names and integers".utf8)
        let packed = Gzip.compress(content)
        var unnoticed = 0
        for bit in 0..<packed.count * 8 {
            var damaged = packed
            damaged[bit / 8] ^= 1 << (bit % 8)
            guard let result = try? Gzip.decompress(damaged, limit: 1000) else { continue }
            #expect(result == content)
            unnoticed += 1
        }
        // The header's time and system mean nothing to the content.
        #expect(unnoticed < 100)
    }

    @Test func `bytes after the end, and what is no gzip, are damaged`() {
        #expect(throws: Gzip.Failure.damaged) { try Gzip.decompress(Gzip.compress([1, 2, 3]) + [0], limit: 10) }
        #expect(throws: Gzip.Failure.damaged) { try Gzip.decompress(Array("{\"days\":[]}".utf8), limit: 100) }
    }
}
