/// One side of a conversation to be made.
package struct MadeEndpoint: Sendable {
    package var hardwareAddress: UInt64
    /// Four or sixteen bytes.
    package var address: [UInt8]
    package var port: UInt16

    package init(hardwareAddress: UInt64, address: [UInt8], port: UInt16) {
        self.hardwareAddress = hardwareAddress
        self.address = address
        self.port = port
    }
}

/// Makes Ethernet frames of one direction of a conversation.
///
/// Checksums are left at 0: nobody here looks at them.
package struct MadeConversation: Sendable {
    package var source: MadeEndpoint
    package var destination: MadeEndpoint
    /// VLAN identifiers, outermost first.
    package var vlans: [UInt16] = []

    package init(from source: MadeEndpoint, to destination: MadeEndpoint) {
        self.source = source
        self.destination = destination
    }

    /// The other direction.
    package var reversed: MadeConversation {
        var other = MadeConversation(from: destination, to: source)
        other.vlans = vlans
        return other
    }

    /// A TCP segment (RFC 9293 section 3.1) in a frame.
    package func tcp(
        sequence: UInt32, _ payload: [UInt8] = [], isSYN: Bool = false, isACK: Bool = true, isFIN: Bool = false
    ) -> [UInt8] {
        var segment: [UInt8] = []
        segment.append(big: source.port)
        segment.append(big: destination.port)
        segment.append(big: sequence)
        segment.append(big: UInt32(0))
        segment += [0x50, (isFIN ? 0x01 : 0) | (isSYN ? 0x02 : 0) | (isACK ? 0x10 : 0)]
        segment.append(big: UInt16(0xffff))
        segment.append(big: UInt32(0))
        return frame(ip(6, segment + payload))
    }

    /// A UDP datagram (RFC 768) in a frame.
    package func udp(_ payload: [UInt8]) -> [UInt8] {
        frame(ip(17, datagram(payload)))
    }

    /// A UDP datagram in frames of IPv4 fragments, each with `size` bytes of it, a multiple of eight.
    package func udpFragments(_ payload: [UInt8], size: Int, identification: UInt16 = 1) -> [[UInt8]] {
        let whole = datagram(payload)
        return stride(from: 0, to: whole.count, by: size).map { offset in
            let piece = Array(whole[offset..<min(offset + size, whole.count)])
            let isLast = offset + size >= whole.count
            return frame(ipv4(17, piece, identification, UInt16(offset / 8) | (isLast ? 0 : 0x2000)))
        }
    }

    /// The IP packet of a frame in fragments (RFC 791 section 2.3, RFC 8200 section 4.5), each with `size` bytes of what it
    /// carries, a multiple of eight.
    ///
    /// - Parameters:
    ///   - frame: One that this made, without VLAN tags or extension headers.
    ///   - size: Of the pieces.
    ///   - identification: What tells the packet's fragments from those of another.
    /// - Returns: A frame for each.
    package func fragments(of frame: [UInt8], size: Int, identification: UInt16 = 1) -> [[UInt8]] {
        let isIPv4 = source.address.count == 4
        let headerLength = isIPv4 ? 20 : 40
        let next = frame[14 + (isIPv4 ? 9 : 6)]
        let whole = frame.dropFirst(14 + headerLength)
        return stride(from: 0, to: whole.count, by: size).map { offset in
            let piece = Array(whole.dropFirst(offset).prefix(size))
            let isLast = offset + size >= whole.count
            if isIPv4 {
                return self.frame(ipv4(next, piece, identification, UInt16(offset / 8) | (isLast ? 0 : 0x2000)))
            }
            var header: [UInt8] = [next, 0]
            header.append(big: UInt16(offset) | (isLast ? 0 : 1))
            header.append(big: UInt32(identification))
            return self.frame(ip(44, header + piece))
        }
    }

    private func datagram(_ payload: [UInt8]) -> [UInt8] {
        var datagram: [UInt8] = []
        datagram.append(big: source.port)
        datagram.append(big: destination.port)
        datagram.append(big: UInt16(8 + payload.count))
        datagram.append(big: UInt16(0))
        return datagram + payload
    }

    private func ip(_ next: UInt8, _ payload: [UInt8]) -> [UInt8] {
        if source.address.count == 4 { return ipv4(next, payload, 0, 0) }
        var header: [UInt8] = [0x60, 0, 0, 0]
        header.append(big: UInt16(payload.count))
        header += [next, 64]
        return header + source.address + destination.address + payload
    }

    private func ipv4(_ next: UInt8, _ payload: [UInt8], _ identification: UInt16, _ fragment: UInt16) -> [UInt8] {
        var header: [UInt8] = [0x45, 0]
        header.append(big: UInt16(20 + payload.count))
        header.append(big: identification)
        header.append(big: fragment)
        header += [64, next, 0, 0]
        return header + source.address + destination.address + payload
    }

    private func frame(_ packet: [UInt8]) -> [UInt8] {
        var frame: [UInt8] = []
        for address in [destination.hardwareAddress, source.hardwareAddress] {
            frame.append(big: UInt16(truncatingIfNeeded: address >> 32))
            frame.append(big: UInt32(truncatingIfNeeded: address))
        }
        for vlan in vlans {
            frame.append(big: UInt16(0x8100))
            frame.append(big: vlan)
        }
        frame.append(big: packet[0] >> 4 == 4 ? UInt16(0x0800) : UInt16(0x86dd))
        return frame + packet
    }
}
