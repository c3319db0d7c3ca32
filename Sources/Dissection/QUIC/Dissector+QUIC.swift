extension Dissector {
    /// The packets of a datagram that begins with a long header: several may be coalesced (RFC 9000 section 12.2).
    ///
    /// All of them have the connection ID of the first, as that section demands of senders: the rest of a datagram that
    /// breaks this is dropped, because deriving keys for each of a thousand packets is work that a stranger could order.
    mutating func quic(_ datagram: Span<UInt8>, _ ports: Ports, _ packet: Packet) {
        var rest = ByteReader(datagram)
        var firstID: UInt64?
        // Each packet takes seven bytes or more of the datagram.
        while !rest.isEmpty, rest.rest[0] & 0x80 != 0 {
            do {
                let header = try LongHeader(&rest)
                let id = hasher.bytes(header.destinationID)
                guard firstID == nil || firstID == id else { return }
                firstID = id
                switch header.kind {
                case .initial: guard initial(header, id, ports, packet) else { return }
                case .retry: noteServer(header, ports, packet)
                case .zeroRTT, .handshake, .versionNegotiation: break
                }
            } catch {
                return malformed(error, in: .quic)
            }
        }
    }

    /// An Initial packet of a client, or of a server, which only tells the connection ID it chose.
    ///
    /// False when its keys did not open it: then they open nothing else of the datagram either.
    private mutating func initial(
        _ header: borrowing LongHeader, _ id: UInt64, _ ports: Ports, _ packet: Packet
    ) -> Bool {
        let key = hasher.flow(packet.source, ports.source, packet.destination, ports.destination)
        guard let place = quicConnections.find(key) else {
            if noteServer(header, ports, packet) { return true }
            return begin(header, key, ports, packet)
        }
        let connection = quicConnections[place]
        let isOurs = id == connection.destinationID || id == connection.serverID
        let isBeingSetUp =
            (packet.timestampNanoseconds - connection.begunNanoseconds).magnitude
            < QUICConnection.setupNanoseconds.magnitude
        switch connection.phase {
        case .settled:
            // The client's later Initials; its second attempt after a Retry (which comes with a token) or after
            // version negotiation. Anything else is a new connection from the same port.
            let isRepeated = isBeingSetUp && (header.hasToken || header.version != connection.version)
            if !isOurs && !isRepeated { return begin(header, key, ports, packet) }
        case .gathering:
            let isSame = isOurs && header.version == connection.version
            if isSame, let keys = connection.keys, let length = open(header, keys) {
                gather(length, place, ports, packet)
            } else {
                // After a Retry or version negotiation the keys are new, and the ClientHello comes anew.
                return begin(header, key, ports, packet)
            }
        }
        return true
    }

    /// Begins a connection, if the keys that follow from the packet's connection ID open it.
    private mutating func begin(
        _ header: borrowing LongHeader, _ key: UInt64, _ ports: Ports, _ packet: Packet
    ) -> Bool {
        guard let keys = InitialKeys(version: header.version, destinationID: header.destinationID) else {
            statistics.count(.unknownVersion, in: .quic)
            return false
        }
        guard let length = open(header, keys) else {
            statistics.count(.undecryptable, in: .quic)
            return false
        }
        let place = place(of: key)
        assemblies.end(quicConnections[place].crypto)
        quicConnections[place] = QUICConnection(
            version: header.version, destinationID: hasher.bytes(header.destinationID), keys: keys,
            begunNanoseconds: packet.timestampNanoseconds)
        gather(length, place, ports, packet)
        return true
    }

    /// Opens a packet, and gives the length of its payload, which lies in ``opened``; nil when the keys do not fit.
    private mutating func open(_ header: borrowing LongHeader, _ keys: InitialKeys) -> Int? {
        cipher.open(header.packet, packetNumberOffset: header.packetNumberOffset, keys, into: &opened)
    }

    private mutating func place(of key: UInt64) -> Int {
        if let place = quicConnections.find(key) { return place }
        let (place, evicted) = quicConnections.insert(key)
        if let evicted { assemblies.end(evicted.crypto) }
        return place
    }

    /// Notes the connection ID that a server chose, in a Retry or in its Initial; false when no client is known.
    @discardableResult
    private mutating func noteServer(_ header: borrowing LongHeader, _ ports: Ports, _ packet: Packet) -> Bool {
        let reverse = hasher.flow(packet.destination, ports.destination, packet.source, ports.source)
        guard let place = quicConnections.find(reverse) else { return false }
        quicConnections[place].serverID = hasher.bytes(header.sourceID)
        return true
    }

    /// Looks at the payload that was opened last.
    private mutating func gather(_ length: Int, _ place: Int, _ ports: Ports, _ packet: Packet) {
        // Lent out meanwhile, and put back to be used again.
        var payload: [UInt8] = []
        swap(&payload, &opened)
        gather(payload.span.extracting(first: length), place, ports, packet)
        swap(&payload, &opened)
    }

    /// Puts the CRYPTO frames of an Initial's payload in their place, and reads the ClientHello as far as it is there.
    ///
    /// One that came whole in a frame of the first packet, the usual case, is read where it lies.
    private mutating func gather(_ payload: Span<UInt8>, _ place: Int, _ ports: Ports, _ packet: Packet) {
        var whole = 0..<0
        do {
            var frames = ByteReader(payload)
            while let frame = try InitialFrame(&frames, quicConnections[place].version) {
                guard case .crypto(let offset, let length) = frame else { continue }
                let start = payload.count - frames.count
                let data = try frames.sub(length).rest
                if offset == 0, quicConnections[place].crypto == nil, ClientHello.isWhole(data) {
                    whole = start..<start + length
                } else if whole.isEmpty, !keepCrypto(data, at: offset, place) {
                    malformed(.tooDeep, in: .quic)
                    return settleConnection(place)
                }
            }
        } catch {
            malformed(error, in: .quic)
        }
        let outcome: ClientHelloOutcome?
        if !whole.isEmpty {
            outcome = ClientHello.read(payload.extracting(whole), name: &name)
        } else if let ticket = quicConnections[place].crypto {
            outcome = assemblies.withContiguous(ticket) { ClientHello.read($0, name: &name) }
        } else {
            outcome = nil
        }
        if let outcome, conclude(outcome, means: .quic, ports, packet) { settleConnection(place) }
    }

    private mutating func keepCrypto(_ data: Span<UInt8>, at offset: Int, _ place: Int) -> Bool {
        let ticket = quicConnections[place].crypto ?? assemblies.begin()
        quicConnections[place].crypto = ticket
        return assemblies.insert(data, at: offset, into: ticket)
    }

    private mutating func settleConnection(_ place: Int) {
        assemblies.end(quicConnections[place].crypto)
        quicConnections[place].crypto = nil
        quicConnections[place].keys = nil
        quicConnections[place].phase = .settled
    }
}
