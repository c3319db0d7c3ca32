extension Dissector {
    /// IEEE 802.11 data frames that are not encrypted: addresses, optional QoS, then IEEE 802.2.
    ///
    ///     control 2 | duration 2 | address 1..3 | sequence 2 | address 4? | QoS 2? | payload
    /// Some radios' drivers pad the header to four bytes (`isPadded`).
    mutating func ieee80211(_ frame: ByteReader, _ outer: Packet, isPadded: Bool = false) throws(WireError) {
        let length = frame.count
        var frame = frame
        var packet = outer
        let control = try frame.uint8()
        let flags = try frame.uint8()
        let isData = control & 0x0c == 0x08
        let hasNoPayload = control & 0x40 != 0
        let isProtected = flags & 0x40 != 0
        guard isData, !hasNoPayload, !isProtected else { return }
        try frame.skip(2 + 6)
        let second = UInt64(try frame.uint16()) << 32 | UInt64(try frame.uint32())
        let third = UInt64(try frame.uint16()) << 32 | UInt64(try frame.uint32())
        try frame.skip(2)
        switch flags & 3 {
        case 2: packet.hardwareAddress = third  // from the access point: the source is the third address
        case 3: packet.hardwareAddress = UInt64(try frame.uint16()) << 32 | UInt64(try frame.uint32())
        default: packet.hardwareAddress = second
        }
        let hasQoS = control & 0x80 != 0
        if hasQoS {
            let qos = try frame.uint16()
            let isAggregate = qos & 0x8000 != 0
            if isAggregate { return try aggregate(frame, packet) }
        }
        if flags & 0x80 != 0 { try frame.skip(4) }  // HT control, where the order bit is set
        if isPadded { try frame.skip((4 - (length - frame.count) % 4) % 4) }
        try logicalLink(frame, packet)
    }

    /// A-MSDU (IEEE 802.11 section 9.3.2.2): frames of Ethernet's form, each padded to four bytes.
    private mutating func aggregate(_ frame: ByteReader, _ outer: Packet) throws(WireError) {
        var frame = frame
        while frame.count >= 14 {
            var packet = outer
            try frame.skip(6)
            packet.hardwareAddress = UInt64(try frame.uint16()) << 32 | UInt64(try frame.uint32())
            let length = try Int(frame.uint16())
            try logicalLink(frame.prefix(upTo: length), packet)
            let padding = (4 - (14 + length) % 4) % 4
            _ = frame.prefix(upTo: padding)
        }
    }

    /// 802.11 behind what the capturing driver says of the radio: each header has its own length in it.
    ///
    /// A frame checksum at the end does no harm: IP has its own length.
    mutating func wirelessCapture(_ frame: ByteReader, _ type: LinkType, _ packet: Packet) throws(WireError) {
        var header = frame
        let length: Int
        var isPadded = false
        switch type {
        case .radiotap:
            // radiotap.org: version, pad, length (little-endian), fields.
            try header.skip(2)
            length = Int(try header.uint16().byteSwapped)
            isPadded = try Self.hasDataPadding(radiotap: header)
        case .avs:
            try header.skip(4)
            length = Int(try header.uint32())
        default:
            // Prism: message code, length in the byte order of the capturing machine; AVS under the same number.
            let code = try header.uint32()
            let stated = try header.uint32()
            length = code & 0xffff_f000 == 0x8021_1000 ? Int(stated) : Int(min(stated, stated.byteSwapped))
        }
        var frame = frame
        try frame.skip(length)
        try ieee80211(frame, packet, isPadded: isPadded)
    }

    /// Whether radiotap's flags say that 802.11's header is padded (radiotap.org, "Flags").
    ///
    ///     fields present 4, more while the highest bit is set | TSFT 8, aligned to 8, if bit 0 | flags 1, if bit 1 | …
    private static func hasDataPadding(radiotap fields: ByteReader) throws(WireError) -> Bool {
        let headerLength = 4
        var fields = fields
        let present = try fields.uint32().byteSwapped
        var words = 1
        var more = present
        // Each word takes four bytes.
        while more >> 31 == 1 {
            more = try fields.uint32().byteSwapped
            words += 1
        }
        guard present & 2 != 0 else { return false }
        if present & 1 != 0 { try fields.skip((headerLength + words * 4) % 8 + 8) }
        return try fields.uint8() & 0x20 != 0
    }

    /// PPI: version, flags, length and link type (little-endian), then fields, then a frame of that type.
    mutating func perPacketInformation(_ frame: ByteReader, _ outer: Packet) throws(WireError) {
        var frame = frame
        var packet = outer
        try packet.descend()
        try frame.skip(2)
        let length = Int(try frame.uint16().byteSwapped)
        let type = try frame.uint32().byteSwapped
        try frame.skip(length - 8)
        try linkPayload(frame, LinkType(rawValue: Int32(truncatingIfNeeded: type)), packet)
    }
}
