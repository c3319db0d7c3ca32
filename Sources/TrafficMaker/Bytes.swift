extension [UInt8] {
    /// Adds a number in network order.
    package mutating func append(big number: some FixedWidthInteger) {
        var shift = number.bitWidth - 8
        while shift >= 0 {
            append(UInt8(truncatingIfNeeded: number >> shift))
            shift -= 8
        }
    }

    /// Adds bytes with their length before them, in two bytes.
    package mutating func append(vector16 bytes: [UInt8]) {
        append(big: UInt16(bytes.count))
        append(contentsOf: bytes)
    }

    /// Adds bytes with their length before them, in one byte.
    package mutating func append(vector8 bytes: [UInt8]) {
        append(UInt8(bytes.count))
        append(contentsOf: bytes)
    }
}

extension Span where Element == UInt8 {
    /// The bytes as an array of their own.
    package func copied() -> [UInt8] {
        // Copied as a block before the closure returns; byte by byte it takes ten times as long.
        unsafe withUnsafeBufferPointer { unsafe Array($0) }
    }
}
