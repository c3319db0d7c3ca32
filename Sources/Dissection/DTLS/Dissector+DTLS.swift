/// DTLS records with handshake messages (RFC 6347 section 4, RFC 9147 section 4), as far as a ClientHello needs them.
///
///     record:    type 1 (22: handshake) | version 2 (254, …) | epoch 2 | number 6 | length 2 | fragments
///     fragment:  message type 1 (1: ClientHello) | length 3 | message 2 | offset 3 | fragment's length 3 | bytes
enum DTLSRecord {
    static let headerLength = 13
    static let handshake: UInt8 = 22
    static let majorVersion: UInt8 = 254
    static let clientHello: UInt8 = 1
}

/// The client's side of a DTLS association, by addresses and ports.
struct DTLSAssociation {
    /// Messages of a handshake are repeated for a minute at most; a ClientHello after that is another association.
    static let setupNanoseconds: Int64 = 60_000_000_000

    var isSettled = false
    /// The number of the ClientHello being put together: the second one, with a cookie, is 1.
    var message: UInt16 = 0
    var length = 0
    var assembly: AssemblyPool.Ticket?
    var begunNanoseconds: Int64 = 0
}

extension Dissector {
    /// Whether a datagram begins with a handshake record of DTLS.
    static func mayBeDTLS(_ datagram: Span<UInt8>) -> Bool {
        datagram.count > DTLSRecord.headerLength && datagram[0] == DTLSRecord.handshake
            && datagram[1] == DTLSRecord.majorVersion
    }

    /// The records of a datagram: ClientHellos in any number of fragments.
    ///
    /// A ClientHello with a name counts as TLS. One without is not counted at all: calls and conferences (WebRTC) never
    /// send a name, and whom they are with was said by the connection that set them up.
    mutating func dtls(_ datagram: Span<UInt8>, _ ports: Ports, _ packet: Packet) {
        var records = ByteReader(datagram)
        do {
            // Each record takes its header or more.
            while !records.isEmpty {
                let type = try records.uint8()
                let isDTLS = try records.uint8() == DTLSRecord.majorVersion
                try records.skip(1)
                let epoch = try records.uint16()
                try records.skip(6)
                let record = try records.sub(Int(records.uint16()))
                // What follows the first epoch is encrypted.
                guard isDTLS, type == DTLSRecord.handshake, epoch == 0 else { continue }
                try handshake(record, ports, packet)
            }
        } catch {
            malformed(error, in: .dtls)
        }
    }

    private mutating func handshake(_ record: ByteReader, _ ports: Ports, _ packet: Packet) throws(WireError) {
        var record = record
        while !record.isEmpty {
            let type = try record.uint8()
            let length = try record.uint24()
            let message = try record.uint16()
            let offset = try record.uint24()
            let fragment = try record.sub(record.uint24()).rest
            guard type == DTLSRecord.clientHello else { continue }
            guard length <= ClientHello.maximumLength, offset + fragment.count <= length else { throw .badLength }
            gather(fragment, at: offset, message: message, of: length, ports, packet)
        }
    }

    /// Puts a fragment in its place, and reads the ClientHello as far as it is there.
    private mutating func gather(
        _ fragment: Span<UInt8>, at offset: Int, message: UInt16, of length: Int, _ ports: Ports, _ packet: Packet
    ) {
        let place = association(message, length, ports, packet)
        guard !dtlsAssociations[place].isSettled else { return }
        let outcome: ClientHelloOutcome
        if fragment.count == length {
            outcome = ClientHello.read(dtlsBody: fragment, length: length, name: &name)
        } else {
            let ticket = dtlsAssociations[place].assembly ?? assemblies.begin()
            dtlsAssociations[place].assembly = ticket
            guard assemblies.insert(fragment, at: offset, into: ticket) else {
                malformed(.tooDeep, in: .dtls)
                return settleAssociation(place)
            }
            outcome =
                assemblies.withContiguous(ticket) { ClientHello.read(dtlsBody: $0, length: length, name: &name) }
                ?? .needsMore
        }
        switch outcome {
        case .needsMore: break
        case .notClientHello:
            malformed(.badValue, in: .dtls)
            settleAssociation(place)
        case .nameless: settleAssociation(place)
        case .named: if conclude(outcome, means: .tls, ports, packet) { settleAssociation(place) }
        }
    }

    /// The place of an association, begun anew for another ClientHello than the one that was being put together.
    private mutating func association(
        _ message: UInt16, _ length: Int, _ ports: Ports, _ packet: Packet
    ) -> Int {
        let key = hasher.flow(packet.source, ports.source, packet.destination, ports.destination)
        let time = packet.timestampNanoseconds
        var fresh = DTLSAssociation()
        fresh.message = message
        fresh.length = length
        fresh.begunNanoseconds = time
        guard let place = dtlsAssociations.find(key) else {
            let (place, evicted) = dtlsAssociations.insert(key)
            if let evicted { assemblies.end(evicted.assembly) }
            dtlsAssociations[place] = fresh
            return place
        }
        let known = dtlsAssociations[place]
        let isBeingSetUp = (time - known.begunNanoseconds).magnitude < DTLSAssociation.setupNanoseconds.magnitude
        let isSameMessage = known.isSettled || known.message == message && known.length == length
        if !isBeingSetUp || !isSameMessage {
            assemblies.end(known.assembly)
            dtlsAssociations[place] = fresh
        }
        return place
    }

    private mutating func settleAssociation(_ place: Int) {
        assemblies.end(dtlsAssociations[place].assembly)
        dtlsAssociations[place].assembly = nil
        dtlsAssociations[place].isSettled = true
    }
}
