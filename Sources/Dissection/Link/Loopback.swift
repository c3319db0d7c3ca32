extension Dissector {
    /// BSD loopback: an address family of four bytes, in either byte order, then an IP packet.
    ///
    /// The family's number for IPv6 differs between systems, so the packet's own version decides.
    mutating func loopback(_ frame: ByteReader, _ packet: Packet) throws(WireError) {
        var frame = frame
        let family = try frame.uint32()
        let isFamily = family <= 0xff || family.byteSwapped <= 0xff
        if isFamily { ip(frame.rest, packet) }
    }
}
