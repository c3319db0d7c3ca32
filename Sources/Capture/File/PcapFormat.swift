/// The pcap format (draft-ietf-opsawg-pcap), as it was written since version 2.0.
///
///     magic 4 | major 2 | minor 2 | reserved 8 | snapshot length 4 | link type 4
///     (seconds 4 | fraction 4 | captured 4 | original 4 | bytes)…
struct PcapFormat {
    let linkType: Int32
    private let order: ByteOrder
    private let nanosecondsPerUnit: Int64
    /// 24 in a variant that some Linux kernels wrote, whose records say more of the interface.
    private let recordHeaderLength: Int
    private let snapLength: Int
    private let lengths: Lengths

    /// In which order the two lengths of a record come: it was unclear in the first versions.
    private enum Lengths {
        case capturedFirst, originalFirst, smallerIsCaptured
    }

    private static let headerLength = 24

    /// Reads the file's header.
    init(_ stream: inout ByteStream) throws(FormatError) {
        guard stream.fill(4) else { throw .truncated }
        let magic = stream.uint32(at: 0, .littleEndian)
        let known: [UInt32] = [0xa1b2_c3d4, 0xa1b2_3c4d, 0xa1b2_cd34]
        guard known.contains(magic) || known.contains(magic.byteSwapped) else { throw .unknownFormat }
        order = known.contains(magic) ? .littleEndian : .bigEndian
        let value = order == .littleEndian ? magic : magic.byteSwapped
        nanosecondsPerUnit = value == 0xa1b2_3c4d ? 1 : 1000
        recordHeaderLength = value == 0xa1b2_cd34 ? 24 : 16
        guard stream.fill(Self.headerLength) else { throw .truncated }
        let major = stream.uint16(at: 4, order)
        let minor = stream.uint16(at: 6, order)
        guard major == 2 || major == 543 else { throw .unsupportedVersion }
        lengths =
            major == 543 || minor < 3 ? .originalFirst : minor == 3 ? .smallerIsCaptured : .capturedFirst
        let snapLength = Int(stream.uint32(at: 16, order))
        // 0, or more than there can be, is what writers put there that do not know.
        let isMeant = (1...Int(Int32.max)).contains(snapLength)
        self.snapLength = isMeant ? snapLength : CaptureFile.maximumFrameLength
        // The upper bits say whether frames end in a checksum, which harms nobody.
        linkType = Self.dataLink(stream.uint32(at: 20, order) & 0x03ff_ffff)
        stream.take(Self.headerLength)
    }

    /// Reads a record's header; nil at the end.
    @inline(__always)
    func next(_ stream: inout ByteStream) throws(FormatError) -> FrameHeader? {
        guard stream.fill(recordHeaderLength) else {
            if stream.bytes.isEmpty { return nil }
            throw .truncated
        }
        let record = Record(stream.bytes, order)
        var captured = record.captured
        var original = record.original
        switch lengths {
        case .capturedFirst: break
        case .smallerIsCaptured where captured <= original: break
        case .originalFirst, .smallerIsCaptured: swap(&captured, &original)
        }
        guard captured <= CaptureFile.maximumFrameLength else { throw .frameTooLong }
        guard stream.fill(recordHeaderLength + captured) else { throw .truncated }
        stream.take(recordHeaderLength)
        // What is longer than the file says that its frames are is cut there, as libpcap does.
        let used = min(captured, snapLength)
        return FrameHeader(
            capturedLength: used, originalLength: original,
            timestampNanoseconds: record.seconds * 1_000_000_000 + record.fraction * nanosecondsPerUnit,
            linkType: linkType,
            following: captured - used)
    }

    /// The numbers of a record's header.
    private struct Record {
        let seconds: Int64
        let fraction: Int64
        let captured: Int
        let original: Int

        /// Reads sixteen bytes, of which the caller has made sure; said here once, not at each byte.
        @inline(__always)
        init(_ bytes: Span<UInt8>, _ order: ByteOrder) {
            precondition(bytes.count >= 16, "a record's header is there")
            seconds = Int64(bytes.uint32(at: 0, order))
            fraction = Int64(bytes.uint32(at: 4, order))
            captured = Int(bytes.uint32(at: 8, order))
            original = Int(bytes.uint32(at: 12, order))
        }
    }

    /// libpcap's number (DLT_…) of a file's (LINKTYPE_…): they differ where systems' numbers do.
    static func dataLink(_ number: UInt32) -> Int32 {
        number == 101 ? 12 : Int32(number)
    }
}
