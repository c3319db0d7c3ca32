/// The pcapng format (draft-ietf-opsawg-pcapng): blocks, each `type 4 | length 4 | content | length 4`.
///
/// Interfaces of a file may differ in everything.
struct PcapngFormat {
    static let sectionHeader: UInt32 = 0x0a0d_0d0a

    private enum Block {
        static let interface: UInt32 = 1
        static let packet: UInt32 = 2
        static let simplePacket: UInt32 = 3
        static let enhancedPacket: UInt32 = 6
    }

    private struct Interface {
        var linkType: Int32
        var snapLength: Int
        /// How many units of its timestamps a second has.
        var unitsPerSecond: UInt64 = 1_000_000
        /// What is added to its timestamps.
        var offsetSeconds: Int64 = 0
    }

    private var order = ByteOrder.littleEndian
    private var interfaces: [Interface] = []

    /// The most interfaces that a section may have; a file that describes more is made to fill memory.
    private static let maximumInterfaces = 65_536
    /// The most bytes of an interface's description that are looked at.
    private static let maximumDescription = 65_536

    /// Goes to the next frame; nil at the end.
    mutating func next(_ stream: inout ByteStream) throws(FormatError) -> FrameHeader? {
        // Each round takes a block of twelve bytes or more.
        while true {
            guard stream.fill(8) else {
                if stream.bytes.isEmpty { return nil }
                throw .truncated
            }
            if stream.uint32(at: 0, .littleEndian) == Self.sectionHeader { try beginSection(&stream) }
            let type = stream.uint32(at: 0, order)
            let length = Int(stream.uint32(at: 4, order))
            guard length >= 12, length % 4 == 0 else { throw .badBlockLength }
            switch type {
            case Block.interface: try describeInterface(&stream, length)
            case Block.enhancedPacket, Block.packet: return try packet(&stream, type, length)
            case Block.simplePacket: return try simplePacket(&stream, length)
            default: guard stream.skip(length) else { throw .truncated }
            }
        }
    }

    /// A section header: `… | byte order 4 | major 2 | minor 2 | …`; what was described before is forgotten.
    private mutating func beginSection(_ stream: inout ByteStream) throws(FormatError) {
        guard stream.fill(16) else { throw .truncated }
        switch stream.uint32(at: 8, .littleEndian) {
        case 0x1a2b_3c4d: order = .littleEndian
        case 0x4d3c_2b1a: order = .bigEndian
        default: throw .unknownFormat
        }
        guard stream.uint16(at: 12, order) == 1 else { throw .unsupportedVersion }
        interfaces = []
    }

    /// An interface: `… | link type 2 | reserved 2 | snapshot length 4 | options`.
    private mutating func describeInterface(_ stream: inout ByteStream, _ length: Int) throws(FormatError) {
        guard length >= 20, length <= Self.maximumDescription, interfaces.count < Self.maximumInterfaces else {
            throw .badBlockLength
        }
        guard stream.fill(length) else { throw .truncated }
        let snapLength = Int(stream.uint32(at: 12, order))
        var interface = Interface(
            linkType: PcapFormat.dataLink(UInt32(stream.uint16(at: 8, order))),
            snapLength: snapLength == 0 ? CaptureFile.maximumFrameLength : snapLength)
        readOptions(stream.bytes.extracting(16..<length - 4), into: &interface)
        interfaces.append(interface)
        stream.take(length)
    }

    /// Options: `code 2 | length 2 | value, padded to four bytes`.
    private func readOptions(_ options: Span<UInt8>, into interface: inout Interface) {
        var start = 0
        // Each option takes four bytes or more.
        while options.count - start >= 4 {
            let code = options.uint16(at: start, order)
            let length = Int(options.uint16(at: start + 2, order))
            start += 4
            guard options.count - start >= length else { return }
            switch (code, length) {
            case (9, 1): interface.unitsPerSecond = Self.units(options[start]) ?? interface.unitsPerSecond
            case (14, 8):
                let low = UInt64(options.uint32(at: start, order))
                let high = UInt64(options.uint32(at: start + 4, order))
                let value = order == .littleEndian ? high << 32 | low : low << 32 | high
                interface.offsetSeconds = Int64(bitPattern: value)
            default: break
            }
            start += (length + 3) / 4 * 4
        }
    }

    /// The resolution of timestamps: a negative power of ten, or of two where the highest bit is set; nil for a finer one
    /// than there are numbers for.
    private static func units(_ resolution: UInt8) -> UInt64? {
        let exponent = Int(resolution & 0x7f)
        if resolution & 0x80 != 0 { return exponent < 64 ? 1 << UInt64(exponent) : nil }
        guard exponent < 20 else { return nil }
        return (0..<exponent).reduce(1) { units, _ in units * 10 }
    }

    /// A frame: `… | interface 4 (or 2, and drops 2) | time 8 | captured 4 | original 4 | bytes | options`.
    private func packet(
        _ stream: inout ByteStream, _ type: UInt32, _ length: Int
    ) throws(FormatError) -> FrameHeader {
        let headerLength = 28
        guard length >= headerLength + 4 else { throw .badBlockLength }
        guard stream.fill(headerLength) else { throw .truncated }
        let number =
            type == Block.enhancedPacket ? Int(stream.uint32(at: 8, order)) : Int(stream.uint16(at: 8, order))
        guard number < interfaces.count else { throw .unknownInterface }
        let time = UInt64(stream.uint32(at: 12, order)) << 32 | UInt64(stream.uint32(at: 16, order))
        let captured = Int(stream.uint32(at: 20, order))
        let original = Int(stream.uint32(at: 24, order))
        return try header(
            &stream, captured: captured, original: original, time: Self.nanoseconds(time, interfaces[number]),
            interfaces[number], headerLength, length)
    }

    /// A frame of the first interface without a time: `… | original 4 | bytes`.
    private func simplePacket(_ stream: inout ByteStream, _ length: Int) throws(FormatError) -> FrameHeader {
        let headerLength = 12
        guard length >= headerLength + 4 else { throw .badBlockLength }
        guard stream.fill(headerLength) else { throw .truncated }
        guard let interface = interfaces.first else { throw .unknownInterface }
        let original = Int(stream.uint32(at: 8, order))
        return try header(
            &stream, captured: min(original, interface.snapLength), original: original, time: 0, interface,
            headerLength, length)
    }

    private func header(
        _ stream: inout ByteStream, captured: Int, original: Int, time: Int64, _ interface: Interface,
        _ headerLength: Int, _ length: Int
    ) throws(FormatError) -> FrameHeader {
        guard captured <= CaptureFile.maximumFrameLength else { throw .frameTooLong }
        guard captured <= length - headerLength - 4 else { throw .badBlockLength }
        guard stream.fill(headerLength + captured) else { throw .truncated }
        stream.take(headerLength)
        return FrameHeader(
            capturedLength: captured, originalLength: original, timestampNanoseconds: time,
            linkType: interface.linkType, following: length - headerLength - captured)
    }

    /// Nanoseconds since 1970; a time beyond what they can say is the last that they can.
    private static func nanoseconds(_ time: UInt64, _ interface: Interface) -> Int64 {
        let (seconds, rest) = time.quotientAndRemainder(dividingBy: interface.unitsPerSecond)
        let product = rest.multipliedFullWidth(by: 1_000_000_000)
        // The rest is smaller than the divisor, so the quotient is below a thousand million.
        let fraction = interface.unitsPerSecond.dividingFullWidth((product.high, product.low)).quotient
        let (sum, isTooLate) = Int64(truncatingIfNeeded: min(seconds, 1 << 62)).addingReportingOverflow(
            interface.offsetSeconds)
        let (whole, overflows) = sum.multipliedReportingOverflow(by: 1_000_000_000)
        let (result, overflowsToo) = whole.addingReportingOverflow(Int64(fraction))
        return isTooLate || overflows || overflowsToo ? .max : result
    }
}
