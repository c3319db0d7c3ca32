/// A cursor over bytes that the capture owns: a read advances, or throws and leaves it where it was.
///
/// It holds the whole safety argument of the parsers: nothing is read beyond the bytes it was made of.
struct ByteReader: ~Escapable {
    private(set) var rest: Span<UInt8>

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        rest = bytes
    }

    var count: Int { rest.count }
    var isEmpty: Bool { rest.isEmpty }

    @_lifetime(self: copy self)
    @inline(__always)
    mutating func uint8() throws(WireError) -> UInt8 {
        guard rest.count >= 1 else { throw .truncated }
        defer { rest = rest.extracting(droppingFirst: 1) }
        return rest[0]
    }

    @_lifetime(self: copy self)
    @inline(__always)
    mutating func uint16() throws(WireError) -> UInt16 {
        guard rest.count >= 2 else { throw .truncated }
        defer { rest = rest.extracting(droppingFirst: 2) }
        return rest.uint16(at: 0)
    }

    @_lifetime(self: copy self)
    mutating func uint24() throws(WireError) -> Int {
        guard rest.count >= 3 else { throw .truncated }
        defer { rest = rest.extracting(droppingFirst: 3) }
        return Int(rest[0]) << 16 | Int(rest.uint16(at: 1))
    }

    @_lifetime(self: copy self)
    @inline(__always)
    mutating func uint32() throws(WireError) -> UInt32 {
        guard rest.count >= 4 else { throw .truncated }
        defer { rest = rest.extracting(droppingFirst: 4) }
        return rest.uint32(at: 0)
    }

    @_lifetime(self: copy self)
    @inline(__always)
    mutating func skip(_ length: Int) throws(WireError) {
        guard length >= 0, rest.count >= length else { throw .truncated }
        rest = rest.extracting(droppingFirst: length)
    }

    /// Splits off the next `length` bytes: nothing read from them can reach beyond.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    @inline(__always)
    mutating func sub(_ length: Int) throws(WireError) -> ByteReader {
        guard length >= 0, rest.count >= length else { throw .truncated }
        defer { rest = rest.extracting(droppingFirst: length) }
        return ByteReader(rest.extracting(first: length))
    }

    /// Splits off the next `length` bytes, or as many as there are: for what may be cut.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    mutating func prefix(upTo length: Int) -> ByteReader {
        let taken = min(max(length, 0), rest.count)
        defer { rest = rest.extracting(droppingFirst: taken) }
        return ByteReader(rest.extracting(first: taken))
    }
}

extension Span where Element == UInt8 {
    /// The big-endian number at `offset`, which the caller has checked to be inside.
    @inline(__always)
    func uint16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
    }

    /// The big-endian number at `offset`, which the caller has checked to be inside.
    @inline(__always)
    func uint32(at offset: Int) -> UInt32 {
        UInt32(uint16(at: offset)) << 16 | UInt32(uint16(at: offset + 2))
    }

    /// The big-endian number at `offset`, which the caller has checked to be inside.
    @inline(__always)
    func uint64(at offset: Int) -> UInt64 {
        UInt64(uint32(at: offset)) << 32 | UInt64(uint32(at: offset + 4))
    }

    /// Whether the first bytes are those of an ASCII text.
    func starts(with text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        for (index, byte) in text.description.utf8.enumerated() where self[index] != byte { return false }
        return true
    }
}
