private import Names

extension DayTally {
    /// The domain of reverse mapping (RFC 1035 section 3.5, RFC 3596 section 2.5) that a name lies below: the labels
    /// there spell an address, so they are not kept.
    func reverseDomain(_ name: Span<UInt8>) -> String? {
        Self.reverseDomains.first { domain in
            let start = name.count - domain.utf8.count
            guard start > 0, name[start - 1] == UInt8(ascii: ".") else { return false }
            var index = start
            for byte in domain.utf8 {
                if name[index] != byte { return false }
                index += 1
            }
            return true
        }
    }

    /// Whether a name is the text of an address: made of the bytes of one, and `HostName` reads it as one.
    func isAddress(_ name: Span<UInt8>) -> Bool {
        for index in name.indices {
            switch name[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): break
            case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "%"): break
            default: return false
            }
        }
        return HostName(text(name))?.isAddress ?? false
    }

    private static let reverseDomains = ["in-addr.arpa", "ip6.arpa"]
}
