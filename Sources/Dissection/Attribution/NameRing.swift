/// Names one behind the other in one block of memory; when it is full, the oldest are overwritten.
///
/// Thousands of names are kept this way without an allocation, and within a bound in bytes.
struct NameRing {
    /// Where a name lies, for as long as it is not overwritten.
    struct Place {
        /// Counts all bytes since the beginning.
        fileprivate var position = 0
        fileprivate var count: UInt8 = 0
    }

    private let capacity: Int
    private var bytes: [UInt8] = []
    /// How many bytes were written since the beginning.
    private var written = 0

    /// Makes a ring for `capacity` bytes; they are taken as they are needed.
    init(capacity: Int) {
        precondition(capacity > Int(UInt8.max), "a ring holds a name at least")
        self.capacity = capacity
    }

    /// Keeps a name of at most 255 bytes.
    mutating func append(_ name: Span<UInt8>) -> Place {
        // Memory that is reserved and not used yet costs nothing.
        if bytes.isEmpty { bytes.reserveCapacity(capacity) }
        let left = capacity - written % capacity
        // A name lies in one piece, so the end of the block may stay unused.
        if name.count > left { written += left }
        let place = Place(position: written, count: UInt8(name.count))
        let start = written % capacity
        for index in name.indices {
            if start + index < bytes.count {
                bytes[start + index] = name[index]
            } else {
                bytes.append(name[index])
            }
        }
        written += name.count
        return place
    }

    /// Reads a name; false when it was overwritten.
    func read(_ place: Place, into name: inout NameBuffer) -> Bool {
        guard written - place.position <= capacity else { return false }
        let start = place.position % capacity
        name.set(bytes.span.extracting(start..<start + Int(place.count)))
        return true
    }
}
