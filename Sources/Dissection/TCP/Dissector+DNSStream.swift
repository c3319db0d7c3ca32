extension Dissector {
    /// DNS over TCP (RFC 1035 section 4.2.2, RFC 7766): messages with their length before them, one behind the other.
    mutating func dnsStream(
        _ payload: Span<UInt8>, _ sequence: UInt32, _ place: Int, _ ports: Ports, _ packet: Packet
    ) {
        let offset = Int(Int32(bitPattern: sequence &- tcpStreams[place].base))
        guard offset + payload.count > 0 else { return }
        if tcpStreams[place].assembly == nil, offset == 0 {
            let consumed = messages(payload, ports, packet)
            tcpStreams[place].base = sequence &+ UInt32(truncatingIfNeeded: consumed)
            if consumed < payload.count { keep(payload.extracting(droppingFirst: consumed), at: 0, place) }
            return
        }
        if offset > 0, isOneMessage(payload) {
            // Behind a gap the stream is picked up again where a segment is exactly one message.
            assemblies.end(tcpStreams[place].assembly)
            tcpStreams[place].assembly = nil
            _ = messages(payload, ports, packet)
            tcpStreams[place].base = sequence &+ UInt32(truncatingIfNeeded: payload.count)
            return
        }
        keep(payload.extracting(droppingFirst: max(0, -offset)), at: max(0, offset), place)
        if tcpStreams[place].phase == .settled {
            // What was kept is gone or too much. Such connections live for days: this one goes on behind the segment.
            tcpStreams[place].phase = .dns
            tcpStreams[place].base = sequence &+ UInt32(truncatingIfNeeded: payload.count)
            return
        }
        guard let ticket = tcpStreams[place].assembly, let assembly = assemblies[ticket] else { return }
        let consumed = messages(assembly.contiguous, ports, packet)
        assemblies.discard(first: consumed, of: ticket)
        tcpStreams[place].base &+= UInt32(truncatingIfNeeded: consumed)
        if assemblies[ticket]?.isEmpty ?? true {
            assemblies.end(ticket)
            tcpStreams[place].assembly = nil
        }
    }

    private func isOneMessage(_ bytes: Span<UInt8>) -> Bool {
        bytes.count >= 2 + DNSHeader.length && Int(bytes.uint16(at: 0)) == bytes.count - 2
    }

    /// Reads the messages that are whole, and gives how many bytes they took.
    private mutating func messages(_ bytes: Span<UInt8>, _ ports: Ports, _ packet: Packet) -> Int {
        var consumed = 0
        while bytes.count - consumed >= 2 {
            let length = Int(bytes.uint16(at: consumed))
            guard bytes.count - consumed - 2 >= length else { break }
            let message = bytes.extracting(consumed + 2..<consumed + 2 + length)
            if length > 0 { dns(message, ports, packet) }
            consumed += 2 + length
        }
        return consumed
    }
}
