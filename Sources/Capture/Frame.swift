/// A frame as it was captured, for as long as its source keeps it: until the next one is asked for.
public struct Frame: ~Escapable {
    /// The captured bytes.
    public let bytes: Span<UInt8>
    /// How long the frame was on the wire.
    public let originalLength: Int
    /// When it was captured, in nanoseconds since 1970.
    public let timestampNanoseconds: Int64
    /// What it begins with: libpcap's number (DLT_…).
    public let linkType: Int32

    @_lifetime(copy bytes)
    init(bytes: Span<UInt8>, originalLength: Int, timestampNanoseconds: Int64, linkType: Int32) {
        self.bytes = bytes
        self.originalLength = originalLength
        self.timestampNanoseconds = timestampNanoseconds
        self.linkType = linkType
    }
}
