package import Dissection

/// A part of the school's network as the district thinks of it.
package struct Segment: Sendable, Equatable {
    package var name: String
    package var vlans: Set<UInt16>
    package var subnets: [Subnet]
    package var interfaces: Set<String>

    package init(name: String, vlans: Set<UInt16> = [], subnets: [Subnet] = [], interfaces: Set<String> = []) {
        self.name = name
        self.vlans = vlans
        self.subnets = subnets
        self.interfaces = interfaces
    }

    /// Whether the client, seen at the interface, is in the segment.
    func contains(_ client: Client, interface: String?) -> Bool {
        if let vlan = client.vlan, vlans.contains(vlan) { return true }
        if subnets.contains(where: { $0.contains(client.address) }) { return true }
        if let interface { return interfaces.contains(interface) }
        return false
    }
}

/// A range of addresses, `10.1.0.0/16` or `2001:db8::/32`.
package struct Subnet: Sendable, Hashable {
    private var base: IPAddress
    private var highMask: UInt64
    private var lowMask: UInt64

    /// Reads `10.1.0.0/16` or `2001:db8::/32`; nil for anything else, and where bits beyond the prefix are set.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = UInt8(parts[1]), let base = IPAddress(text: String(parts[0])) else {
            return nil
        }
        guard length <= (base.isIPv4 ? 32 : 128) else { return nil }
        let bits = Int(length) + (base.isIPv4 ? 96 : 0)
        highMask = bits >= 64 ? .max : ~(.max >> UInt64(bits))
        lowMask = bits <= 64 ? 0 : bits == 128 ? .max : ~(.max >> UInt64(bits - 64))
        guard base.high & ~highMask == 0, base.low & ~lowMask == 0 else { return nil }
        self.base = base
    }

    func contains(_ address: IPAddress) -> Bool {
        address.high & highMask == base.high && address.low & lowMask == base.low
    }
}

extension IPAddress {
    /// Reads an address in its text form (RFC 4291 section 2.2); nil for anything else.
    package init?(text: String) {
        if text.contains(":") {
            guard let groups = Self.groups(text) else { return nil }
            self.init(high: Self.joined(groups[0..<4]), low: Self.joined(groups[4..<8]))
        } else {
            guard let v4 = Self.v4(text) else { return nil }
            self.init(v4: v4)
        }
    }

    private static func v4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard part.utf8.allSatisfy({ (48...57).contains($0) }), let byte = UInt8(part) else { return nil }
            address = address << 8 | UInt32(byte)
        }
        return address
    }

    private static func groups(_ text: String) -> [UInt16]? {
        guard let gap = text.firstRange(of: "::") else {
            return groups(in: text).flatMap { $0.count == 8 ? $0 : nil }
        }
        guard let left = groups(in: text[..<gap.lowerBound]), let right = groups(in: text[gap.upperBound...]) else {
            return nil
        }
        guard left.count + right.count <= 7 else { return nil }
        return left + Array(repeating: 0, count: 8 - left.count - right.count) + right
    }

    private static func groups(in text: some StringProtocol) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains("."), index == parts.count - 1 {
                guard let v4 = v4(part) else { return nil }
                groups += [UInt16(v4 >> 16), UInt16(v4 & 0xffff)]
            } else {
                guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit) else { return nil }
                guard let group = UInt16(part, radix: 16) else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func joined(_ groups: ArraySlice<UInt16>) -> UInt64 {
        groups.reduce(0) { $0 << 16 | UInt64($1) }
    }
}
