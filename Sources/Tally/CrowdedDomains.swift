/// How many rows there are below each domain, so that invented names of one domain do not take the room of all others.
///
/// Counted in a fixed number of places by a keyed hash: two domains may share a place, and nobody outside can choose
/// which.
struct CrowdedDomains: Sendable {
    private static let places = 16_384
    private let key = HashKey.random()
    private var counts = [UInt16](repeating: 0, count: places)

    /// Notes a new row of a name.
    mutating func note(_ name: UInt32, in names: borrowing NameTable) {
        Self.forEachDomain(above: names.name(name)) { domain in
            let place = place(of: domain)
            if counts[place] < UInt16.max { counts[place] += 1 }
        }
    }

    /// The length of the widest domain above a name that has `limit` rows or more below it; nil when none has.
    func crowded(above name: Span<UInt8>, limit: Int) -> Int? {
        var length: Int?
        Self.forEachDomain(above: name) { domain in
            if Int(counts[place(of: domain)]) >= limit { length = domain.count }
        }
        return length
    }

    /// Forgets all rows.
    mutating func removeAll() {
        for place in counts.indices { counts[place] = 0 }
    }

    private func place(of domain: Span<UInt8>) -> Int {
        Int(truncatingIfNeeded: SipHash.hash(domain, key: key)) & (Self.places - 1)
    }

    /// Gives the domains of two labels or more above a name, the longest first.
    private static func forEachDomain(above name: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        var start: Int?
        for index in name.indices where name[index] == UInt8(ascii: ".") {
            if let start { body(name.extracting(start..<name.count)) }
            start = index + 1
        }
    }
}
