/// The stream assemblies in use, bounded in number and in bytes.
///
/// When there are too many the assembly that was begun first gives way: what is being put together now is worth more
/// than what has waited longest for a piece that may be lost. When they hold too many bytes the largest gives way: a
/// packet with one byte far away makes an assembly large, and a ClientHello of the usual two kilobytes is then never hit.
struct AssemblyPool {
    /// Names an assembly for as long as it lives; after it gave way the ticket finds nothing.
    struct Ticket: Equatable {
        fileprivate var place: Int32
        fileprivate var birth: UInt32
    }

    private let maximumBytes: Int
    private var assemblies: [StreamAssembly]
    /// When each place was begun; 0 is a free place.
    private var births: [UInt32]
    private var clock: UInt32 = 0
    private(set) var heldBytes = 0
    private(set) var evictions = 0

    init(places: Int, maximumBytes: Int) {
        self.maximumBytes = maximumBytes
        assemblies = Array(repeating: StreamAssembly(), count: places)
        births = Array(repeating: 0, count: places)
    }

    /// Begins an assembly.
    mutating func begin() -> Ticket {
        let place = births.firstIndex(of: 0) ?? evictOldest()
        clock &+= 1
        if clock == 0 { clock = 1 }
        births[place] = clock
        return Ticket(place: Int32(place), birth: clock)
    }

    /// Adds a piece; false when the assembly is gone or refuses it.
    mutating func insert(_ piece: Span<UInt8>, at offset: Int, into ticket: Ticket) -> Bool {
        guard isAlive(ticket) else { return false }
        let place = Int(ticket.place)
        let before = assemblies[place].heldBytes
        let isTaken = assemblies[place].insert(piece, at: offset)
        heldBytes += assemblies[place].heldBytes - before
        while heldBytes > maximumBytes, births.contains(where: { $0 != 0 }) {
            evictLargest()
        }
        return isTaken && isAlive(ticket)
    }

    /// An assembly as it is now; nil when it is gone.
    ///
    /// As long as somebody has it, its memory cannot be used again; see ``withContiguous(_:_:)``.
    subscript(ticket: Ticket) -> StreamAssembly? {
        isAlive(ticket) ? assemblies[Int(ticket.place)] : nil
    }

    /// Gives the bytes from an assembly's start without a gap; nil when there are none.
    ///
    /// Nobody has the assembly any more when this returns, so that ending it frees its memory for the next one.
    func withContiguous<Result>(_ ticket: Ticket, _ body: (Span<UInt8>) -> Result) -> Result? {
        guard let assembly = self[ticket], assembly.contiguousCount > 0 else { return nil }
        return body(assembly.contiguous)
    }

    /// Drops the first `count` bytes, whether they arrived or not.
    mutating func discard(first count: Int, of ticket: Ticket) {
        guard isAlive(ticket) else { return }
        let place = Int(ticket.place)
        let before = assemblies[place].heldBytes
        assemblies[place].discard(first: count)
        heldBytes += assemblies[place].heldBytes - before
    }

    /// Ends an assembly.
    mutating func end(_ ticket: Ticket?) {
        if let ticket, isAlive(ticket) { free(Int(ticket.place)) }
    }

    private func isAlive(_ ticket: Ticket) -> Bool {
        births[Int(ticket.place)] == ticket.birth
    }

    private mutating func free(_ place: Int) {
        heldBytes -= assemblies[place].heldBytes
        assemblies[place].reset()
        births[place] = 0
    }

    private mutating func evictLargest() {
        var largest = 0
        for place in births.indices where assemblies[place].heldBytes > assemblies[largest].heldBytes {
            largest = place
        }
        evictions += 1
        free(largest)
    }

    /// Makes the place of the oldest assembly free.
    private mutating func evictOldest() -> Int {
        var oldest = 0
        var longest: UInt32 = 0
        for place in births.indices where births[place] != 0 && clock &- births[place] >= longest {
            longest = clock &- births[place]
            oldest = place
        }
        evictions += 1
        free(oldest)
        return oldest
    }
}
