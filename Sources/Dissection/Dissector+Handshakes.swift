extension Dissector {
    /// Makes a sighting of a connection whose ClientHello was read; false while the ClientHello needs more bytes.
    ///
    /// The name is in ``name``. A handshake without one, or whose name only hides another (ECH, RFC 9849 section 4), is
    /// attributed to the name for which the client was given the server's address.
    mutating func conclude(
        _ outcome: ClientHelloOutcome, means: Sighting.Means, _ ports: Ports, _ packet: Packet
    ) -> Bool {
        let traits: ClientHelloTraits
        switch outcome {
        case .needsMore: return false
        case .notClientHello:
            malformed(.badValue, in: means == .quic ? .quic : .tls)
            return true
        case .nameless(let found):
            traits = found
            attribute(traits, means, ports, packet)
        case .named(let found) where hidesServerNames:
            traits = found
            attribute(traits, means, ports, packet)
        case .named(let found):
            traits = found
            if publicNames.contains(name, at: packet.timestampNanoseconds) {
                guard traits.isWhole || traits.hasEncryptedClientHello else { return false }
                if traits.hasEncryptedClientHello {
                    attribute(traits, means, ports, packet)
                    return true
                }
            }
            sight(means, .read, traits, ports, packet)
        }
        return true
    }

    private mutating func attribute(
        _ traits: ClientHelloTraits, _ means: Sighting.Means, _ ports: Ports, _ packet: Packet
    ) {
        let isKnown = answers.name(
            of: packet.destination, for: packet.source, at: packet.timestampNanoseconds, into: &name)
        sight(means, isKnown ? .attributed : .unnamed, traits, ports, packet)
    }

    private mutating func sight(
        _ means: Sighting.Means, _ naming: Sighting.Naming, _ traits: ClientHelloTraits, _ ports: Ports,
        _ packet: Packet
    ) {
        if naming == .unnamed { name.removeAll() }
        var encryptedDNS: Sighting.EncryptedDNS?
        if ports.destination == Port.dnsOverTLS || traits.offersDNS {
            encryptedDNS = means == .quic ? .doq : .dot
        } else if encryptedResolvers.contains(name.span) {
            encryptedDNS = .doh
        }
        sightings.append(
            means, naming, name: name, client: packet.client, timestampNanoseconds: packet.timestampNanoseconds,
            encryptedDNS: encryptedDNS, hidden: hiddenServices.kind(of: name.span))
    }
}
