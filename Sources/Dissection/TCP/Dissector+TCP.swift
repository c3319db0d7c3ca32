extension Dissector {
    /// TCP (RFC 9293): follows the client's direction of connections until a ClientHello shows its name.
    ///
    /// What arrives is one of: a SYN, which begins a stream; a segment of a stream that is being followed; the start of
    /// a ClientHello in a connection whose SYN was not seen; or bulk, which costs one look into a table.
    mutating func tcp(_ segment: Span<UInt8>, _ packet: Packet) {
        let header: TCPHeader
        do {
            header = try TCPHeader(segment)
        } catch {
            return malformed(error, in: .tcp)
        }
        let payload = segment.extracting(droppingFirst: header.length)
        let isOpening = header.isSYN && !header.isACK
        guard !payload.isEmpty || isOpening else { return }
        let key = hasher.flow(packet.source, header.ports.source, packet.destination, header.ports.destination)
        var found = tcpStreams.find(key)
        if isOpening { found = synchronise(found, key, header) }
        guard !payload.isEmpty else { return }
        // Data in the SYN (RFC 7413) follows the sequence number that the SYN itself takes.
        let sequence = header.isSYN ? header.sequence &+ 1 : header.sequence
        guard let place = found ?? joinMidway(payload, sequence, key, header.ports) else { return }
        switch tcpStreams[place].phase {
        case .settled: break
        case .http: laterRequest(payload, sequence, place, header.ports, packet)
        case .dns: dnsStream(payload, sequence, place, header.ports, packet)
        case .opening, .clientHello: follow(payload, sequence, place, header.ports, packet)
        }
    }

    /// Begins a stream at its SYN.
    ///
    /// A SYN of another sequence number is a new connection on the same ports.
    private mutating func synchronise(_ found: Int?, _ key: UInt64, _ header: TCPHeader) -> Int {
        if let found {
            let stream = tcpStreams[found]
            if stream.isSynchronised && stream.initial == header.sequence { return found }
            assemblies.end(stream.assembly)
        }
        let place = found ?? insertStream(key)
        tcpStreams[place] = TCPStream(
            phase: header.ports.destination == Port.dns ? .dns : .opening, isSynchronised: true,
            initial: header.sequence, base: header.sequence &+ 1)
        return place
    }

    /// Begins a stream whose SYN was not seen, where a segment looks like the start of something with a name.
    private mutating func joinMidway(
        _ payload: Span<UInt8>, _ sequence: UInt32, _ key: UInt64, _ ports: Ports
    ) -> Int? {
        if ports.destination == Port.dns || ports.source == Port.dns {
            let place = insertStream(key)
            tcpStreams[place] = TCPStream(phase: .dns, base: sequence)
            return place
        }
        let isBeginning =
            RecordLayer.isLikelyClientHello(payload) || HTTPRequest.mayBegin(payload)
            || RecordLayer.isProxyHeader(payload)
        guard isBeginning else { return nil }
        let place = insertStream(key)
        tcpStreams[place] = TCPStream(phase: .opening, initial: sequence, base: sequence)
        return place
    }

    private mutating func insertStream(_ key: UInt64) -> Int {
        let (place, evicted) = tcpStreams.insert(key)
        if let evicted { assemblies.end(evicted.assembly) }
        return place
    }

    /// Follows a stream that is not settled.
    mutating func follow(
        _ payload: Span<UInt8>, _ sequence: UInt32, _ place: Int, _ ports: Ports, _ packet: Packet
    ) {
        var offset = Int(Int32(bitPattern: sequence &- tcpStreams[place].base))
        let isNew = offset + payload.count > 0
        guard isNew else { return }
        if tcpStreams[place].phase == .opening, offset > 0, isBeginning(payload) {
            // Behind a gap begins what has the name: what is missing came before it and is not waited for.
            restart(place, at: sequence)
            offset = 0
        }
        if tcpStreams[place].assembly == nil, offset == 0 {
            return advance(payload, place, ports, packet, isKept: false)
        }
        keep(payload.extracting(droppingFirst: max(0, -offset)), at: max(0, offset), place)
        guard let ticket = tcpStreams[place].assembly,
            let beginning = assemblies.withContiguous(ticket, RecordLayer.beginning)
        else { return }
        if beginning == .clientHello {
            let outcome = assemblies.withContiguous(ticket) { RecordLayer.readClientHello($0, name: &name) }
            _ = settle(place, by: outcome ?? nil, ports, packet)
        } else if let assembly = assemblies[ticket] {
            advance(assembly.contiguous, place, ports, packet, isKept: true)
        }
    }

    /// Whether a segment begins with a ClientHello, or has all of a request of HTTP that is needed.
    private mutating func isBeginning(_ payload: Span<UInt8>) -> Bool {
        if RecordLayer.beginning(payload) == .clientHello { return true }
        guard HTTPRequest.mayBegin(payload) else { return false }
        return HTTPRequest.read(payload, into: &name) == .named
    }

    /// Begins again at a later place of the stream.
    mutating func restart(_ place: Int, at sequence: UInt32) {
        let distance = Int(sequence &- tcpStreams[place].base)
        if let ticket = tcpStreams[place].assembly { assemblies.discard(first: distance, of: ticket) }
        tcpStreams[place].base = sequence
    }

    /// Deals with the bytes from the stream's base on.
    ///
    /// They lie in the stream's assembly (`isKept`), or only in this segment.
    private mutating func advance(
        _ bytes: Span<UInt8>, _ place: Int, _ ports: Ports, _ packet: Packet, isKept: Bool
    ) {
        switch RecordLayer.beginning(bytes) {
        case .clientHello:
            let outcome = RecordLayer.readClientHello(bytes, name: &name)
            if !settle(place, by: outcome, ports, packet), !isKept { keep(bytes, at: 0, place) }
        case .tooFew:
            if !isKept { keep(bytes, at: 0, place) }
        case .other:
            cleartext(bytes, place, ports, packet, isKept: isKept)
        }
    }

    /// Goes past bytes in the clear, to a ClientHello that follows them or may begin at their end, or to the next segment.
    mutating func pass(
        _ bytes: Span<UInt8>, _ place: Int, _ ports: Ports, _ packet: Packet, isKept: Bool
    ) {
        let stream = tcpStreams[place]
        let consumed = stream.base &- stream.initial
        guard stream.phase == .opening, consumed < TCPStream.maximumPreamble else {
            return settle(place)
        }
        if VPNHandshake.isOpenVPNStream(bytes, ports) { sightVPN(bytes.uint64(at: 3), ports, packet) }
        let inside = RecordLayer.clientHelloStart(in: bytes)
        restart(place, at: stream.base &+ UInt32(truncatingIfNeeded: inside ?? bytes.count))
        if let inside {
            advance(bytes.extracting(droppingFirst: inside), place, ports, packet, isKept: isKept)
        }
    }

    mutating func keep(_ bytes: Span<UInt8>, at offset: Int, _ place: Int) {
        let ticket = tcpStreams[place].assembly ?? assemblies.begin()
        tcpStreams[place].assembly = ticket
        if !assemblies.insert(bytes, at: offset, into: ticket) { settle(place) }
    }

    mutating func settle(_ place: Int) {
        assemblies.end(tcpStreams[place].assembly)
        tcpStreams[place].assembly = nil
        tcpStreams[place].phase = .settled
    }

    /// Settles a stream by what its ClientHello turned out to be; false while it needs more bytes.
    private mutating func settle(
        _ place: Int, by outcome: ClientHelloOutcome?, _ ports: Ports, _ packet: Packet
    ) -> Bool {
        tcpStreams[place].phase = .clientHello
        if let outcome, !conclude(outcome, means: .tls, ports, packet) { return false }
        settle(place)
        return true
    }
}
