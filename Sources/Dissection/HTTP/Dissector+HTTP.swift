extension Dissector {
    /// Deals with bytes that are no ClientHello: a request of HTTP/1 in the clear, or something that precedes TLS.
    ///
    /// They lie in the stream's assembly (`isKept`), or only in this segment.
    mutating func cleartext(_ bytes: Span<UInt8>, _ place: Int, _ ports: Ports, _ packet: Packet, isKept: Bool) {
        switch HTTPRequest.read(bytes, into: &name) {
        case .named:
            sightRequest(place, ports, packet)
            awaitRequest(place)
        case .nameless: awaitRequest(place)
        case .needsMore: if !isKept { keep(bytes, at: 0, place) }
        case .tunnel, .other:
            if tcpStreams[place].phase == .http {
                awaitRequest(place)
            } else {
                pass(bytes, place, ports, packet, isKept: isKept)
            }
        }
    }

    /// A segment of a connection whose first request was read: a proxy's client asks for other hosts in later ones.
    ///
    /// A later request is found where a segment begins with it. What is in the middle of one without its beginning, or
    /// belongs to a request's content, is passed over.
    mutating func laterRequest(
        _ payload: Span<UInt8>, _ sequence: UInt32, _ place: Int, _ ports: Ports, _ packet: Packet
    ) {
        if HTTPRequest.mayBegin(payload) {
            awaitRequest(place)
            tcpStreams[place].base = sequence
            cleartext(payload, place, ports, packet, isKept: false)
        } else if tcpStreams[place].assembly != nil {
            follow(payload, sequence, place, ports, packet)
        }
    }

    private mutating func awaitRequest(_ place: Int) {
        assemblies.end(tcpStreams[place].assembly)
        tcpStreams[place].assembly = nil
        tcpStreams[place].phase = .http
    }

    /// Counts a name once for each connection.
    private mutating func sightRequest(_ place: Int, _ ports: Ports, _ packet: Packet) {
        let flow = hasher.flow(packet.source, ports.source, packet.destination, ports.destination)
        let connection = hasher.combine(flow, UInt64(tcpStreams[place].initial))
        let use = hasher.combine(connection, hasher.bytes(name.span))
        guard requestedHosts.find(use) == nil else { return }
        _ = requestedHosts.insert(use)
        sightings.append(
            .http, .read, name: name, client: packet.client, timestampNanoseconds: packet.timestampNanoseconds,
            hidden: hiddenServices.kind(of: name.span))
    }
}
