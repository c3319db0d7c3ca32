extension Dissector {
    /// Linux cooked capture (LINKTYPE_LINUX_SLL): what `-i any` gives.
    ///
    ///     packet type 2 | ARPHRD 2 | address length 2 | address 8 | protocol 2 | payload
    mutating func linuxCooked(_ frame: ByteReader, _ outer: Packet) throws(WireError) {
        var frame = frame
        var packet = outer
        try frame.skip(4)
        let length = try frame.uint16()
        packet.hardwareAddress = try cookedAddress(frame.sub(8), length: Int(length))
        try etherType(EtherType(rawValue: frame.uint16()), frame, packet)
    }

    /// Linux cooked capture, second version (LINKTYPE_LINUX_SLL2).
    ///
    ///     protocol 2 | reserved 2 | interface 4 | ARPHRD 2 | packet type 1 | address length 1 | address 8 | payload
    mutating func linuxCooked2(_ frame: ByteReader, _ outer: Packet) throws(WireError) {
        var frame = frame
        var packet = outer
        let type = try frame.uint16()
        try frame.skip(9)
        let length = try frame.uint8()
        packet.hardwareAddress = try cookedAddress(frame.sub(8), length: Int(length))
        try etherType(EtherType(rawValue: type), frame, packet)
    }

    /// The sender's hardware address, which is only one if it has six bytes and is not all zero (loopback).
    private func cookedAddress(_ field: ByteReader, length: Int) throws(WireError) -> UInt64? {
        var field = field
        guard length == 6 else { return nil }
        let address = UInt64(try field.uint16()) << 32 | UInt64(try field.uint32())
        return address == 0 ? nil : address
    }
}
