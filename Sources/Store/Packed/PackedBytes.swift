/// Writes whole numbers in as few bytes as they need: seven bits in each, the lowest first, the last without its top bit.
struct PackedWriter {
    /// What was written.
    private(set) var bytes: [UInt8] = []

    /// Adds a byte.
    mutating func byte(_ value: UInt8) {
        bytes.append(value)
    }

    /// Adds a number that is not negative.
    mutating func number(_ value: Int) {
        var rest = UInt64(max(0, value))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Adds bytes as they lie.
    mutating func append(_ other: Span<UInt8>) {
        bytes.reserveCapacity(bytes.count + other.count)
        for index in other.indices { bytes.append(other[index]) }
    }

    /// Takes out what was written; the room stays.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Adds what another has written.
    mutating func append(_ other: PackedWriter) {
        bytes += other.bytes
    }
}

/// Reads what ``PackedWriter`` wrote.
struct PackedReader: ~Escapable {
    private let bytes: Span<UInt8>
    /// How many bytes were read.
    private(set) var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    /// Whether everything was read.
    var isAtEnd: Bool { position == bytes.count }

    /// The next byte.
    @_lifetime(self: copy self)
    mutating func byte() throws(PackedDamage) -> UInt8 {
        guard position < bytes.count else { throw PackedDamage() }
        defer { position += 1 }
        return bytes[position]
    }

    /// The next eight bytes, the lowest first.
    @_lifetime(self: copy self)
    mutating func word() throws(PackedDamage) -> UInt64 {
        guard bytes.count - position >= 8 else { throw PackedDamage() }
        defer { position += 8 }
        var word: UInt64 = 0
        for index in 0..<8 { word |= UInt64(bytes[position + index]) << UInt64(index * 8) }
        return word
    }

    /// Passes over numbers.
    @_lifetime(self: copy self)
    mutating func skipNumbers(_ count: Int) throws(PackedDamage) {
        var left = count
        // Ends, because each turn consumes a byte.
        while left > 0 { if try byte() < 0x80 { left -= 1 } }
    }

    /// Passes over bytes.
    @_lifetime(self: copy self)
    mutating func skip(_ count: Int) throws(PackedDamage) {
        guard count >= 0, count <= bytes.count - position else { throw PackedDamage() }
        position += count
    }

    /// The next number.
    @_lifetime(self: copy self)
    mutating func number() throws(PackedDamage) -> Int {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        // Ends, because each turn consumes a byte.
        while true {
            guard position < bytes.count else { throw PackedDamage() }
            let next = bytes[position]
            position += 1
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { break }
            shift += 7
            guard shift < 63 else { throw PackedDamage() }
        }
        return Int(truncatingIfNeeded: value & UInt64(Int.max))
    }
}

/// Bytes of the database are not what was written there.
struct PackedDamage: Error {}
