/// Names as small numbers: the bytes of each are kept once, and finding a known one makes nothing new.
package struct NameTable: Sendable {
    /// All the names' bytes, one after the other.
    private var bytes: [UInt8] = []
    /// Where each name ends; it starts where the one before ends.
    private var ends: [UInt32] = []
    private var hashes: [UInt32] = []
    /// Open addressing with linear probing: a name's number plus one, or 0.
    private var slots: [UInt32]
    /// Secret, so that nobody can choose names that fall on one slot.
    private let key: HashKey

    package init(reserving count: Int = 0, key: HashKey = .random()) {
        self.key = key
        var size = 64
        while size < count * 2 { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
        bytes.reserveCapacity(count * 32)
        ends.reserveCapacity(count)
        hashes.reserveCapacity(count)
    }

    package var count: Int { ends.count }

    /// The bytes of a name.
    @_lifetime(borrow self)
    package func name(_ number: UInt32) -> Span<UInt8> {
        bytes.span.extracting(range(number))
    }

    /// The number of a name; nil when it is not known.
    package func find(_ name: Span<UInt8>) -> UInt32? {
        let slot = slots[slot(of: name, hash(name))]
        return slot == 0 ? nil : slot - 1
    }

    /// The number of a name, a new one when it is not known.
    package mutating func intern(_ name: Span<UInt8>) -> UInt32 {
        let hash = hash(name)
        let slot = slot(of: name, hash)
        if slots[slot] != 0 { return slots[slot] - 1 }
        for index in name.indices { bytes.append(name[index]) }
        ends.append(UInt32(bytes.count))
        hashes.append(hash)
        slots[slot] = UInt32(count)
        if count * 2 > slots.count { grow() }
        return UInt32(count - 1)
    }

    /// The slot where the name is, or would be.
    private func slot(of name: Span<UInt8>, _ hash: UInt32) -> Int {
        var slot = Int(hash) & (slots.count - 1)
        // Ends, because at most half of the slots are taken.
        while slots[slot] != 0 {
            let number = slots[slot] - 1
            if hashes[Int(number)] == hash, isName(number, name) { break }
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private func isName(_ number: UInt32, _ name: Span<UInt8>) -> Bool {
        let range = range(number)
        guard range.count == name.count else { return false }
        for index in name.indices where bytes[range.lowerBound + index] != name[index] { return false }
        return true
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for number in hashes.indices {
            var slot = Int(hashes[number]) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(number + 1)
        }
    }

    private func range(_ number: UInt32) -> Range<Int> {
        (number == 0 ? 0 : Int(ends[Int(number) - 1]))..<Int(ends[Int(number)])
    }

    private func hash(_ name: Span<UInt8>) -> UInt32 {
        UInt32(truncatingIfNeeded: SipHash.hash(name, key: key))
    }
}
