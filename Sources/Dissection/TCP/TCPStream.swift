/// The client's direction of a TCP connection, for as long as a name may come.
struct TCPStream {
    enum Phase: UInt8 {
        /// Nothing is known yet, or something in the clear precedes the ClientHello (STARTTLS, CONNECT, SOCKS).
        case opening
        /// A ClientHello began at ``base``.
        case clientHello
        /// DNS over TCP: the next message begins at ``base``.
        case dns
        /// A request of HTTP/1 was read; others may come on the same connection, for other hosts.
        case http
        /// The connection was counted, or carries no name.
        case settled
    }

    /// How much a client may say in the clear before its ClientHello.
    static let maximumPreamble: UInt32 = 16_384

    var phase = Phase.opening
    /// Whether the SYN was seen, so that ``initial`` and ``base`` are known.
    var isSynchronised = false
    /// The sequence number of the SYN.
    var initial: UInt32 = 0
    /// The sequence number of the first byte that is not dealt with.
    var base: UInt32 = 0
    /// What arrived from ``base`` on but could not be dealt with at once.
    var assembly: AssemblyPool.Ticket?
}

/// The fields of a TCP segment (RFC 9293 section 3.1) that matter here.
struct TCPHeader {
    var ports: Ports
    var sequence: UInt32
    var length: Int
    var isSYN: Bool
    var isACK: Bool

    init(_ segment: Span<UInt8>) throws(WireError) {
        guard segment.count >= 20 else { throw .truncated }
        length = Int(segment[12] >> 4) * 4
        guard length >= 20 else { throw .badLength }
        guard length <= segment.count else { throw .truncated }
        ports = Ports(source: segment.uint16(at: 0), destination: segment.uint16(at: 2))
        sequence = segment.uint32(at: 4)
        isSYN = segment[13] & 0x02 != 0
        isACK = segment[13] & 0x10 != 0
    }
}
