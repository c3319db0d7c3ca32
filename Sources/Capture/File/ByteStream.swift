internal import Glibc

/// A file that is read once, from its beginning to its end, through one buffer.
///
/// More than 64 KiB does not stay in the processor's cache until it is used: 256 KiB cost a third more.
struct ByteStream: ~Copyable {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    /// What of the buffer was read and not taken.
    private var range = 0..<0

    /// Takes over an open file.
    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// What is there after ``fill(_:)``.
    var bytes: Span<UInt8> {
        @_lifetime(borrow self) borrowing get { buffer.span.extracting(range) }
    }

    /// Makes sure that `count` bytes are there; false when the file ends before.
    @inline(__always)
    mutating func fill(_ count: Int) -> Bool {
        range.count >= count || read(atLeast: count)
    }

    /// Goes past bytes, which may lie beyond what is there; false when the file ends before.
    @inline(__always)
    mutating func skip(_ count: Int) -> Bool {
        guard count <= range.count else { return skipAndRead(count) }
        take(count)
        return true
    }

    private mutating func skipAndRead(_ count: Int) -> Bool {
        var left = count
        // Each round but the last takes a byte or more.
        while left > range.count {
            left -= range.count
            range = 0..<0
            guard read(atLeast: 1) else { return false }
        }
        take(left)
        return true
    }

    /// Goes past bytes that are there.
    @inline(__always)
    mutating func take(_ count: Int) {
        range = range.lowerBound + count..<range.upperBound
    }

    /// The number at an offset, which ``fill(_:)`` has made sure of.
    @inline(__always)
    func uint16(at offset: Int, _ order: ByteOrder) -> UInt16 { bytes.uint16(at: offset, order) }

    /// The number at an offset, which ``fill(_:)`` has made sure of.
    @inline(__always)
    func uint32(at offset: Int, _ order: ByteOrder) -> UInt32 { bytes.uint32(at: offset, order) }

    private mutating func read(atLeast count: Int) -> Bool {
        let kept = range.count
        if range.lowerBound > 0 {
            for index in 0..<kept { buffer[index] = buffer[range.lowerBound + index] }
        }
        if buffer.count < count { buffer += [UInt8](repeating: 0, count: count - buffer.count) }
        range = 0..<kept
        while range.count < count {
            let end = range.upperBound
            let descriptor = descriptor
            // Into the rest of the buffer, and no further.
            let length = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(descriptor, bytes.baseAddress.map { unsafe $0 + end }, bytes.count - end)
            }
            if length < 0, errno == EINTR { continue }
            guard length > 0 else { return false }
            range = 0..<end + length
        }
        return true
    }
}

/// The order of a number's bytes in a file, which is that of the machine that wrote it.
enum ByteOrder {
    case littleEndian, bigEndian
}

extension Span where Element == UInt8 {
    /// The number at `offset`, which the caller has checked to be inside.
    @inline(__always)
    func uint16(at offset: Int, _ order: ByteOrder) -> UInt16 {
        let number = UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
        return order == .littleEndian ? number : number.byteSwapped
    }

    /// The number at `offset`, which the caller has checked to be inside.
    @inline(__always)
    func uint32(at offset: Int, _ order: ByteOrder) -> UInt32 {
        let low = UInt32(self[offset]) | UInt32(self[offset + 1]) << 8
        let high = UInt32(self[offset + 2]) | UInt32(self[offset + 3]) << 8
        let number = high << 16 | low
        return order == .littleEndian ? number : number.byteSwapped
    }
}
