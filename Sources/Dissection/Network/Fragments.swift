/// An IP packet of which some fragments have arrived.
struct FragmentedPacket {
    /// One fragment: where it belongs and what it is a part of.
    struct Piece {
        var offset: Int
        var isLast: Bool
        var next: IPProtocol
        var identification: UInt32
    }

    /// How long to wait for the missing fragments (RFC 8200 section 4.5: 60 seconds).
    static let patienceNanoseconds: Int64 = 60_000_000_000

    var assembly: AssemblyPool.Ticket?
    /// Known once the last fragment has arrived.
    var length: Int?
    /// What the fragment at offset 0 says the packet carries.
    var next: IPProtocol?
    var begunNanoseconds: Int64 = 0
}

extension FragmentedPacket.Piece {
    /// IPv6's fragment header (RFC 8200 section 4.5).
    init(ipv6 payload: inout ByteReader) throws(WireError) {
        next = IPProtocol(rawValue: try payload.uint8())
        try payload.skip(1)
        let field = try payload.uint16()
        offset = Int(field & 0xfff8)
        isLast = field & 1 == 0
        identification = try payload.uint32()
    }
}

extension Dissector {
    /// Keeps a fragment, and follows the packet when it is whole.
    mutating func reassemble(_ piece: FragmentedPacket.Piece, _ payload: Span<UInt8>, _ outer: Packet) {
        var packet = outer
        guard (try? packet.descend()) != nil else { return malformed(.tooDeep, in: .ipv4) }
        let pair = hasher.pair(packet.source, packet.destination)
        let key = hasher.combine(
            pair, UInt64(piece.identification) << 8 | UInt64(packet.source.isIPv4 ? piece.next.rawValue : 0))
        let place = fragmentedPacket(key, at: packet.timestampNanoseconds)
        var whole = fragments[place]
        if piece.isLast { whole.length = whole.length ?? piece.offset + payload.count }
        if piece.offset == 0 { whole.next = whole.next ?? piece.next }
        let ticket = whole.assembly ?? assemblies.begin()
        whole.assembly = ticket
        fragments[place] = whole
        guard assemblies.insert(payload, at: piece.offset, into: ticket) else {
            assemblies.end(ticket)
            fragments.remove(at: place)
            return malformed(.tooDeep, in: packet.source.isIPv4 ? .ipv4 : .ipv6)
        }
        guard let length = whole.length, let next = whole.next, let assembly = assemblies[ticket],
            assembly.contiguousCount >= length
        else { return }
        fragments.remove(at: place)
        transport(next, assembly.contiguous.extracting(first: length), packet)
        assemblies.end(ticket)
    }

    /// The place of a packet's fragments, begun anew where an older packet of the same number was never finished.
    private mutating func fragmentedPacket(_ key: UInt64, at timestamp: Int64) -> Int {
        if let place = fragments.find(key) {
            let age = timestamp - fragments[place].begunNanoseconds
            if age.magnitude <= FragmentedPacket.patienceNanoseconds.magnitude { return place }
            assemblies.end(fragments[place].assembly)
            fragments.remove(at: place)
        }
        let (place, evicted) = fragments.insert(key)
        if let evicted { assemblies.end(evicted.assembly) }
        fragments[place].begunNanoseconds = timestamp
        return place
    }
}
