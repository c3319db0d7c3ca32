extension Dissector {
    /// A DNS message to or from port 53.
    mutating func dns(_ message: Span<UInt8>, _ ports: Ports, _ packet: Packet) {
        do {
            let header = try DNSHeader(message)
            guard header.operation == 0 else { return }
            if header.isResponse {
                if ports.source == Port.dns { try response(message, header, packet) }
            } else if ports.destination == Port.dns {
                try query(message, header, ports, packet)
            }
        } catch {
            malformed(error, in: .dns)
        }
    }

    /// The most questions of a query that are read.
    private static let maximumQuestions = 16

    /// Counts a query's questions, a retransmission once.
    private mutating func query(
        _ message: Span<UInt8>, _ header: DNSHeader, _ ports: Ports, _ packet: Packet
    ) throws(WireError) {
        let flow = hasher.flow(packet.source, ports.source, packet.destination, ports.destination)
        let isFromResolver = isResolver(packet.source)
        var position = DNSHeader.length
        // Behind a pointer of two bytes a name of a thousand can be said again and again. Nobody asks two questions in
        // practice, and RFC 9619 forbids it.
        guard header.questions <= Self.maximumQuestions else { throw .tooDeep }
        for _ in 0..<header.questions {
            position = try DNSName.read(message, at: position, into: &name)
            guard message.count - position >= 4 else { throw .truncated }
            let type = RecordType(rawValue: message.uint16(at: position))
            position += 4
            guard type.isUse, !name.isEmpty else { continue }
            let question = hasher.combine(
                hasher.bytes(name.span), UInt64(header.identifier) << 16 | UInt64(type.rawValue))
            guard isFirst(hasher.combine(flow, question), at: packet.timestampNanoseconds) else { continue }
            sightings.append(
                .dns, .read, name: name, client: packet.client,
                timestampNanoseconds: packet.timestampNanoseconds, isFromResolver: isFromResolver)
        }
    }

    /// Whether a question, or an answer to one, is no retransmission of one seen before.
    ///
    /// Small devices ask with the same identifier and port each time, so what is the same much later is a question of
    /// its own.
    mutating func isFirst(_ question: UInt64, at timestamp: Int64) -> Bool {
        if let known = recentQueries.find(question) {
            let (age, overflow) = timestamp.subtractingReportingOverflow(recentQueries[known])
            if !overflow, age.magnitude < Self.retransmissionNanoseconds { return false }
            recentQueries[known] = timestamp
            return true
        }
        recentQueries[recentQueries.insert(question).place] = timestamp
        return true
    }

    /// Stub resolvers give up within half a minute: glibc's after two tries of 5 s, Windows' after 12 s.
    private static let retransmissionNanoseconds: UInt64 = 30_000_000_000

    /// Learns from a response to one question which addresses its name has, and what the network's policy is.
    private mutating func response(
        _ message: Span<UInt8>, _ header: DNSHeader, _ packet: Packet
    ) throws(WireError) {
        noteResolver(packet.source)
        guard header.questions == 1 else { return }
        let end = try DNSName.read(message, at: DNSHeader.length, into: &name)
        guard message.count - end >= 4 else { throw .truncated }
        guard !name.isEmpty else { return }
        let type = RecordType(rawValue: message.uint16(at: end))
        let policy = policyQuestion(type)
        var hasAddress = false
        if header.responseCode == ResponseCode.noError, header.answers > 0 {
            hasAddress = try answers(message, at: end + 4, header.answers, packet)
        }
        if let policy { sight(policy, type, header, hasAddress: hasAddress, packet) }
    }

    /// Learns from an answer which addresses the name has for the client, and which public names ECH hides behind;
    /// gives whether it has one.
    private mutating func answers(
        _ message: Span<UInt8>, at start: Int, _ count: Int, _ packet: Packet
    ) throws(WireError) -> Bool {
        // What resolvers there are is asked under a name that is nobody's (RFC 9462 section 4).
        if name.span.isBelow(Self.resolverDiscovery.span) { return false }
        let isForResolver = isResolver(packet.destination)
        let prefix = Self.prefixLength(of: name.span)
        var lesson = answers.begin(
            name, droppingFirst: prefix, client: isForResolver ? nil : packet.destination,
            at: packet.timestampNanoseconds)
        var current = hasher.bytes(name.span)
        var position = start
        var hasAddress = false
        // Each record takes eleven bytes or more of the message, so the count cannot make this long.
        for _ in 0..<count {
            position = try DNSName.read(message, at: position, into: &name)
            let record = try ResourceRecord(message, at: position)
            position = record.data.upperBound
            // Only what belongs to the question, directly or through its aliases (RFC 1034 section 3.6.2).
            guard hasher.bytes(name.span) == current else { continue }
            switch record.type {
            case .cname:
                _ = try DNSName.read(message, at: record.data.lowerBound, into: &name)
                current = hasher.bytes(name.span)
            case .a, .aaaa:
                if let address = IPAddress(message.extracting(record.data)) {
                    hasAddress = true
                    answers.learn(address, record.timeToLive, &lesson)
                }
            case .https, .svcb: try serviceBinding(message.extracting(record.data), record.timeToLive, &lesson)
            default: break
            }
        }
        return hasAddress
    }

    private static let resolverDiscovery = Array("resolver.arpa".utf8)

    /// How many bytes of a name are labels for a port and a scheme, as `_8443._https.` (RFC 9460 section 2.3).
    private static func prefixLength(of name: Span<UInt8>) -> Int {
        var start = 0
        while start < name.count, name[start] == UInt8(ascii: "_") {
            while start < name.count, name[start] != UInt8(ascii: ".") { start += 1 }
            start += 1
        }
        return start < name.count ? start : 0
    }

    mutating func isResolver(_ address: IPAddress) -> Bool {
        resolvers.find(hasher.pair(address, address)) != nil
    }

    private mutating func noteResolver(_ address: IPAddress) {
        let key = hasher.pair(address, address)
        if resolvers.find(key) == nil { _ = resolvers.insert(key) }
    }

    /// An HTTPS record (RFC 9460 section 2.2): address hints, and the public names of ECH (RFC 9848 section 3).
    private mutating func serviceBinding(
        _ data: Span<UInt8>, _ timeToLive: UInt32, _ lesson: inout AnswerTable.Lesson
    ) throws(WireError) {
        var parameters = try ServiceBinding(data)
        while let (key, value) = try parameters.next() {
            switch key {
            case .ipv4hint: learn(hints: data.extracting(value), size: 4, timeToLive, &lesson)
            case .ipv6hint: learn(hints: data.extracting(value), size: 16, timeToLive, &lesson)
            case .ech:
                try ServiceBinding.publicNames(in: data.extracting(value)) { publicName in
                    guard lesson.left > 0, name.set(serverName: publicName) else { return }
                    lesson.left -= 1
                    publicNames.learn(name, until: lesson.timestampNanoseconds + PublicNames.lifetimeNanoseconds)
                }
            default: break
            }
        }
    }

    private mutating func learn(
        hints: Span<UInt8>, size: Int, _ timeToLive: UInt32, _ lesson: inout AnswerTable.Lesson
    ) {
        var offset = 0
        while hints.count - offset >= size {
            if let address = IPAddress(hints.extracting(offset..<offset + size)) {
                answers.learn(address, timeToLive, &lesson)
            }
            offset += size
        }
    }
}

extension IPAddress {
    /// The address in an A or AAAA record's data; nil for another length.
    init?(_ bytes: Span<UInt8>) {
        switch bytes.count {
        case 4: self.init(v4: bytes.uint32(at: 0))
        case 16: self.init(high: bytes.uint64(at: 0), low: bytes.uint64(at: 8))
        default: return nil
        }
    }
}
