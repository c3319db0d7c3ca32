/// What is known of the packet being looked at, outermost layer first; inner layers overwrite outer ones.
struct Packet {
    /// The most layers of encapsulation that are followed into each other.
    static let maximumDepth = 24

    var timestampNanoseconds: Int64
    /// The sender's hardware address, where the link has one.
    var hardwareAddress: UInt64?
    /// The outermost VLAN identifier.
    var vlan: UInt16?
    var source = IPAddress(high: 0, low: 0)
    var destination = IPAddress(high: 0, low: 0)
    private var depth = 0

    init(timestampNanoseconds: Int64) {
        self.timestampNanoseconds = timestampNanoseconds
    }

    /// A capture's time, brought into the years 1824 to 2116.
    ///
    /// A file can claim any time. Between these, differences and lifetimes can be added without overflow.
    static func plausible(_ timestampNanoseconds: Int64) -> Int64 {
        min(max(timestampNanoseconds, -(1 << 62)), 1 << 62 - 1)
    }

    /// The sender, as the client of whatever the packet carries.
    var client: Client {
        Client(hardwareAddress: hardwareAddress, address: source, vlan: vlan)
    }

    /// Goes one layer inwards, so that nesting ends.
    mutating func descend() throws(WireError) {
        guard depth < Self.maximumDepth else { throw .tooDeep }
        depth += 1
    }
}
