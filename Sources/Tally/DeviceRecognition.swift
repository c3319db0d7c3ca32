package import Dissection

/// Tells which device a client is.
package struct DeviceRecognition: Sendable {
    /// What a device is known by.
    package enum Mode: String, Sendable, CaseIterable {
        /// The hardware address, until it turns out to be a router's; then the network addresses behind it.
        case auto
        /// The hardware address, where there is one.
        case hardware
        /// The network address.
        case address
    }

    /// What stands for a device until it is hashed: it never leaves the call that made it.
    package struct Identity: Equatable {
        var kind: UInt64
        var high: UInt64
        var low: UInt64

        /// The device's hash under the day's key.
        func hash(_ key: HashKey) -> UInt32 {
            UInt32(truncatingIfNeeded: SipHash.hash(kind, high, low, key: key))
        }
    }

    private struct Station {
        /// The keyed hash of the hardware address; 0 for a free slot.
        var hash: UInt64 = 0
        var isRouter = false
        var v4 = DeviceSketch()
        var v6 = DeviceSketch()
    }

    private let mode: Mode
    /// Of this process alone: the table is never saved.
    private let key: HashKey
    /// Open addressing with linear probing.
    private var stations: [Station] = []
    private var stationCount = 0
    private var pool = SketchPool()

    package init(_ mode: Mode, key: HashKey = .random()) {
        self.mode = mode
        self.key = key
        if mode == .auto { stations = Array(repeating: Station(), count: 256) }
    }

    /// The device behind a client.
    package mutating func identity(of client: Client) -> Identity {
        let address = Identity(kind: 4, high: client.address.high, low: client.address.low)
        // An all-zero hardware address is the loopback's and the tunnel's, and tells nobody apart.
        guard mode != .address, let hardware = client.hardwareAddress, hardware != 0 else { return address }
        if mode == .auto, isRouter(hardware, address, isIPv4: client.address.isIPv4) { return address }
        return Identity(kind: 1, high: 0, low: hardware)
    }

    /// Notes that a station used an address, and tells whether it speaks for others.
    private mutating func isRouter(_ hardware: UInt64, _ address: Identity, isIPv4: Bool) -> Bool {
        let index = station(of: SipHash.hash(1, 0, hardware, key: key) | 1)
        if stations[index].isRouter { return true }
        let hash = address.hash(key)
        if isIPv4 {
            _ = pool.insert(hash, into: &stations[index].v4)
        } else {
            _ = pool.insert(hash, into: &stations[index].v6)
        }
        let isRouter =
            stations[index].v4.reaches(Self.ownIPv4Addresses + 1)
            || stations[index].v6.reaches(Self.ownIPv6Addresses + 1)
        if isRouter {
            stations[index].isRouter = true
            pool.release(&stations[index].v4)
            pool.release(&stations[index].v6)
        }
        return isRouter
    }

    private mutating func station(of hash: UInt64) -> Int {
        if stationCount * 2 >= stations.count { makeRoom() }
        let index = slot(of: hash)
        if stations[index].hash == 0 {
            stations[index].hash = hash
            stationCount += 1
        }
        return index
    }

    private func slot(of hash: UInt64) -> Int {
        var index = Int(truncatingIfNeeded: hash >> 1) & (stations.count - 1)
        // Ends, because at most half of the slots are taken.
        while stations[index].hash != 0, stations[index].hash != hash { index = (index + 1) & (stations.count - 1) }
        return index
    }

    /// Grows the table, or forgets the stations that are no routers once it may not grow.
    ///
    /// They only have to be seen with several addresses anew. A flood of invented routers is forgotten as well.
    private mutating func makeRoom() {
        let isFull = stations.count >= Self.capacity * 2
        var kept = stations.filter { $0.hash != 0 && (!isFull || $0.isRouter) }
        if isFull, kept.count > Self.capacity / 2 { kept = [] }
        if isFull { pool = SketchPool() }
        stations = Array(repeating: Station(), count: isFull ? stations.count : stations.count * 2)
        stationCount = kept.count
        for station in kept { stations[slot(of: station.hash)] = station }
    }

    /// A laptop has one or two IPv4 addresses in a day; a router shows one for each machine behind it.
    package static let ownIPv4Addresses = 4
    /// Temporary addresses (RFC 8981) give one machine a new IPv6 address every few hours, on each prefix.
    package static let ownIPv6Addresses = 64
    /// Stations at one time.
    private static let capacity = 32768
}
