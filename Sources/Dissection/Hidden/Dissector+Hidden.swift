extension Dissector {
    /// For how long the messages of a flow are those of one connection: WireGuard repeats its handshake every two minutes.
    private static let silenceNanoseconds: Int64 = 600_000_000_000

    /// Notes that a client begins a VPN; an attempt that is repeated counts once.
    mutating func sightVPN(_ attempt: UInt64, _ ports: Ports, _ packet: Packet) {
        let flow = hasher.flow(packet.source, ports.source, packet.destination, ports.destination)
        // A telephone that calls over the school's Wi-Fi does so through its operator's gateway, and hides nothing else.
        if answers.name(of: packet.destination, for: packet.source, at: packet.timestampNanoseconds, into: &name),
            name.span.isBelow(Self.operatorsDomain.span)
        {
            return
        }
        let key = hasher.combine(flow, attempt)
        let time = packet.timestampNanoseconds
        if let place = tunnels.find(key) {
            let isSame = (time - tunnels[place]).magnitude < Self.silenceNanoseconds.magnitude
            tunnels[place] = time
            if isSame { return }
        } else {
            tunnels[tunnels.insert(key).place] = time
        }
        name.removeAll()
        sightings.append(
            .vpn, .unnamed, name: name, client: packet.client, timestampNanoseconds: time, hidden: .vpn)
    }

    /// The domain of telephone operators' networks (3GPP TS 23.003 section 19.4.2.9).
    private static let operatorsDomain = Array("3gppnetwork.org".utf8)
}

extension Span where Element == UInt8 {
    /// Whether a name lies below a domain.
    func isBelow(_ domain: Span<UInt8>) -> Bool {
        guard count > domain.count, self[count - domain.count - 1] == UInt8(ascii: ".") else { return false }
        let start = count - domain.count
        for index in domain.indices where self[start + index] != domain[index] { return false }
        return true
    }
}

/// Services that hide where traffic goes, by the names of their servers.
struct HiddenServices {
    private let relays: NameSet
    private let vpns: NameSet

    init(hasher: FlowHasher) {
        relays = NameSet(KnownNames.relays, hasher: hasher)
        vpns = NameSet(KnownNames.vpns, hasher: hasher)
    }

    /// What a name, or a domain that it lies below, is known for.
    func kind(of name: Span<UInt8>) -> Sighting.Hidden? {
        var start = 0
        // Each round goes past a label.
        while start < name.count {
            let domain = name.extracting(droppingFirst: start)
            if relays.contains(domain) { return .relay }
            if vpns.contains(domain) { return .vpn }
            while start < name.count, name[start] != UInt8(ascii: ".") { start += 1 }
            start += 1
        }
        return nil
    }
}
