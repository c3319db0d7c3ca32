/// Codes of DNS responses (RFC 1035 section 4.1.1).
enum ResponseCode {
    static let noError: UInt8 = 0
    static let noSuchName: UInt8 = 3
    static let refused: UInt8 = 5
}

extension Dissector {
    /// Which policy of the network the question in ``name`` asks for, if any.
    func policyQuestion(_ type: RecordType) -> PolicyAnswer.Question? {
        guard type == .a || type == .aaaa else { return nil }
        if encryptedDNSCanary.contains(name.span) { return .encryptedDNS }
        return privateRelayCanaries.contains(name.span) ? .privateRelay : nil
    }

    /// Notes how a resolver answered such a question, a repeated answer once.
    ///
    /// An answer to another resolver says what the world's policy is, not the school's; a resolver's failure says
    /// nothing. That a name has no IPv6 address says nothing either: it may have an IPv4 address.
    mutating func sight(
        _ question: PolicyAnswer.Question, _ type: RecordType, _ header: DNSHeader, hasAddress: Bool, _ packet: Packet
    ) {
        let isNegative = header.responseCode == ResponseCode.noSuchName || header.responseCode == ResponseCode.refused
        let isEmpty = header.responseCode == ResponseCode.noError && !hasAddress && type == .a
        guard hasAddress || isNegative || isEmpty, !isResolver(packet.destination) else { return }
        let pair = hasher.pair(packet.source, packet.destination)
        let answer = UInt64(header.identifier) << 16 | UInt64(type.rawValue)
        guard isFirst(hasher.combine(pair, answer), at: packet.timestampNanoseconds) else { return }
        sightings.append(
            PolicyAnswer(question, isDeclined: !hasAddress, timestampNanoseconds: packet.timestampNanoseconds))
    }
}
