import Testing

@testable import Dissection

@Suite struct `Byte reader` {
    static let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7]

    @Test func `numbers are read in network order`() throws {
        var reader = ByteReader(Self.bytes.span)
        let numbers = (try reader.uint8(), try reader.uint16(), try reader.uint24(), reader.count)
        #expect(numbers == (1, 0x0203, 0x040506, 1))
    }

    @Test func `a read beyond the end throws and leaves the reader where it was`() throws {
        var reader = ByteReader(Self.bytes.span)
        try reader.skip(4)
        #expect(isTruncated { _ = try reader.uint32() })
        #expect(isTruncated { try reader.skip(4) })
        #expect(isTruncated { try reader.skip(-1) })
        let rest = (reader.count, try reader.uint24())
        #expect(rest == (3, 0x050607))
    }

    @Test func `a part cannot be read beyond its end`() throws {
        var reader = ByteReader(Self.bytes.span)
        var part = try reader.sub(2)
        let number = try part.uint16()
        #expect(number == 0x0102)
        #expect(isTruncated { _ = try part.uint8() })
        let left = reader.count
        #expect(left == 5)
    }

    @Test(
        arguments: [([0x25], 37), ([0x7b, 0xbd], 15_293), ([0x9d, 0x7f, 0x3e, 0x7d], 494_878_333)]
            as [([UInt8], UInt64)])
    func `variable-length integers are those of RFC 9000 appendix A`(bytes: [UInt8], value: UInt64) throws {
        var reader = ByteReader(bytes.span)
        let read = (try reader.varInt(), reader.isEmpty)
        #expect(read == (value, true))
    }

    private func isTruncated(_ read: () throws -> Void) -> Bool {
        do {
            try read()
            return false
        } catch {
            return error as? WireError == .truncated
        }
    }
}
