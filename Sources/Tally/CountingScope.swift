package import Dissection
private import Registry

/// What is observed at all: the rest is passed over as if it had not been on the wire.
package struct CountingScope: Sendable {
    private let subnets: [Subnet]
    private let vlans: Set<UInt16>
    private let excluded: NamePatterns
    private let only: NamePatterns?
    private let hours: Range<Int>?

    package init(_ settings: TallySettings) {
        subnets = settings.excludedSubnets
        vlans = settings.excludedVLANs
        excluded = NamePatterns(settings.excludedNames)
        only = settings.onlyNames.map { NamePatterns($0) }
        hours = settings.hours
    }

    /// Whether a client's use of a name counts; a handshake without a name counts unless only certain names do.
    package func contains(_ client: Client, _ name: Span<UInt8>, hour: Int) -> Bool {
        guard contains(hour: hour) else { return false }
        if let vlan = client.vlan, vlans.contains(vlan) { return false }
        if subnets.contains(where: { $0.contains(client.address) }) { return false }
        return contains(name)
    }

    /// Whether a name counts.
    package func contains(_ name: Span<UInt8>) -> Bool {
        if excluded.match(name) != nil { return false }
        return only.map { $0.match(name) != nil } ?? true
    }

    /// Whether an hour of the day counts.
    package func contains(hour: Int) -> Bool { hours?.contains(hour) ?? true }
}

extension TallySettings {
    /// Whether a name is left out by the lists of names.
    package func leavesOut(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return !CountingScope(self).contains(bytes.span)
    }
}
