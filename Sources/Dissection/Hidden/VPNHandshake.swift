/// Recognises the first message of a VPN, whose connections carry no name.
///
/// What is inside the tunnel cannot be counted; that there is one is a fact about how much the counts cover.
enum VPNHandshake {
    /// The port that IANA gave OpenVPN.
    private static let openVPNPort: UInt16 = 1194
    private static let wireGuardPort: UInt16 = 51_820
    static let ikePort: UInt16 = 500
    static let ikeBehindNATPort: UInt16 = 4500
    /// Access points begin their own messages as WireGuard does (CAPWAP, RFC 5415).
    private static let capwapPorts: ClosedRange<UInt16> = 5246...5247

    /// A number that tells one attempt at a connection from another of the same addresses and ports; nil where a
    /// datagram from a client begins no VPN.
    static func identify(_ datagram: Span<UInt8>, _ ports: Ports) -> UInt64? {
        if isWireGuard(datagram, ports) { return 0 }
        if isOpenVPN(datagram, ports) { return datagram.uint64(at: 1) }
        return keyExchange(datagram, ports)
    }

    /// Whether a TCP stream begins with OpenVPN's first message, which has its length before it.
    static func isOpenVPNStream(_ bytes: Span<UInt8>, _ ports: Ports) -> Bool {
        guard bytes.count >= 2 + 14, Int(bytes.uint16(at: 0)) == bytes.count - 2 else { return false }
        return isOpenVPN(bytes.extracting(droppingFirst: 2), ports)
    }

    /// WireGuard's handshake initiation (whitepaper section 5.4.2).
    ///
    ///     type 1 | zero 3 | sender 4 | ephemeral 32 | static 48 | timestamp 28 | mac1 16 | mac2 16
    ///
    /// mac2 is zero but where a server under load asked for it, so it tells the message on any port.
    private static func isWireGuard(_ datagram: Span<UInt8>, _ ports: Ports) -> Bool {
        guard datagram.count == 148, datagram.uint32(at: 0) == 0x0100_0000 else { return false }
        guard !capwapPorts.contains(ports.source), !capwapPorts.contains(ports.destination) else { return false }
        return ports.destination == wireGuardPort || datagram.uint64(at: 132) == 0 && datagram.uint64(at: 140) == 0
    }

    /// OpenVPN's hard reset of a client, which begins its control channel.
    ///
    ///     opcode 5 bits, key 3 bits | session 8 | (tls-auth: HMAC 16..64 | packet 4 | time 4) | acknowledgments 1 | message 4
    ///     opcode 5 bits, key 3 bits | session 8 | packet 4 | time 4 | HMAC 32 | encrypted    (tls-crypt)
    ///
    /// Beyond its own port only the forms with enough fixed bytes are taken: all counters are at their beginning.
    private static func isOpenVPN(_ datagram: Span<UInt8>, _ ports: Ports) -> Bool {
        let resetV2: UInt8 = 0x38
        let resetV3: UInt8 = 0x50
        guard datagram.count >= 14, datagram[0] == resetV2 || datagram[0] == resetV3 else { return false }
        if ports.destination == openVPNPort { return true }
        guard datagram[0] == resetV2, datagram.uint64(at: 1) != 0 else { return false }
        switch datagram.count {
        case 14: return isFirstMessage(datagram, at: 9)
        // The HMAC of MD5, SHA-1, SHA-256 and SHA-512; tls-crypt is as long as the third.
        case 38, 42, 54, 86:
            let isAuthenticated =
                datagram.uint32(at: datagram.count - 13) == 1 && isFirstMessage(datagram, at: datagram.count - 5)
            let isEncrypted = datagram.count == 54 && datagram.uint32(at: 9) == 1
            return isAuthenticated || isEncrypted
        default: return false
        }
    }

    private static func isFirstMessage(_ datagram: Span<UInt8>, at offset: Int) -> Bool {
        datagram[offset] == 0 && datagram.uint32(at: offset + 1) == 0
    }

    /// The first message of IKE, version 2 (RFC 7296 section 3.1) or 1 (RFC 2408 section 3.1), by its initiator's number.
    ///
    ///     initiator's SPI 8 | responder's SPI 8, zero | next 1 | version 1 | exchange 1 | flags 1 | message 4 | length 4
    private static func keyExchange(_ datagram: Span<UInt8>, _ ports: Ports) -> UInt64? {
        let headerLength = 28
        var start = 0
        if ports.destination == ikeBehindNATPort {
            // RFC 3948 section 2.2: four zeros tell it from the encrypted packets on the same port.
            guard datagram.count >= 4, datagram.uint32(at: 0) == 0 else { return nil }
            start = 4
        } else if ports.destination != ikePort {
            return nil
        }
        let message = datagram.extracting(droppingFirst: start)
        guard message.count >= headerLength, message.uint64(at: 0) != 0, message.uint64(at: 8) == 0 else { return nil }
        let isVersion2 = message[17] >> 4 == 2 && message[18] == 34 && message[19] & 0x20 == 0
        let isVersion1 = message[17] >> 4 == 1 && (message[18] == 2 || message[18] == 4)
        return isVersion2 || isVersion1 ? message.uint64(at: 0) : nil
    }
}
