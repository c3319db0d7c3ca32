/// The start of a byte stream, put together from pieces in any order.
///
/// Used for a ClientHello over TCP segments, CRYPTO frames of QUIC Initials, DNS over TCP and IP fragments. Where
/// pieces overlap, the first to arrive wins, as in most receivers.
struct StreamAssembly {
    /// The most bytes that a stream may span; a piece beyond is refused.
    static let maximumLength = 65_535
    /// The most separate pieces; one more is refused.
    private static let maximumPieces = 128
    /// The most work.
    ///
    /// After each piece its owner reads what there is from the start, so that a stream in pieces of one
    /// byte would cost its length squared. The longest ClientHello in full segments, backwards, takes 3 MB.
    private static let maximumWork = 8 << 20

    private static let keptCapacity = 4096
    private static let keptPieces = 8

    private var bytes: [UInt8] = []
    /// What has arrived: disjoint, not touching, in order.
    private var arrived: [Range<Int>] = []

    private var work = 0

    /// How many bytes there are from the start without a gap.
    var contiguousCount: Int {
        guard let first = arrived.first, first.lowerBound == 0 else { return 0 }
        return first.upperBound
    }

    /// Whether nothing has arrived.
    var isEmpty: Bool { arrived.isEmpty }

    /// What an attacker pins: the memory held, whether it is useful or not.
    var heldBytes: Int { bytes.count }

    /// The bytes from the start without a gap.
    var contiguous: Span<UInt8> {
        @_lifetime(borrow self) borrowing get { bytes.span.extracting(first: contiguousCount) }
    }

    /// Puts a piece in its place; false when it is refused for its bounds.
    mutating func insert(_ piece: Span<UInt8>, at offset: Int) -> Bool {
        guard offset >= 0, offset <= Self.maximumLength, piece.count <= Self.maximumLength - offset else {
            return false
        }
        guard !piece.isEmpty else { return true }
        work += bytes.count
        guard work <= Self.maximumWork else { return false }
        let range = offset..<offset + piece.count
        guard arrived.count < Self.maximumPieces || arrived.contains(where: { $0.overlaps(range) }) else {
            return false
        }
        if offset >= bytes.count {
            append(piece, at: offset)
        } else {
            if bytes.count < range.upperBound {
                bytes.append(contentsOf: repeatElement(0, count: range.upperBound - bytes.count))
            }
            copy(piece, at: offset, exceptWhatArrived: range)
        }
        merge(range)
        return true
    }

    /// Drops the first `dropped` bytes, whether they arrived or not.
    mutating func discard(first dropped: Int) {
        guard dropped > 0 else { return }
        bytes.removeFirst(min(dropped, bytes.count))
        arrived = arrived.compactMap { range in
            let lower = max(0, range.lowerBound - dropped)
            let upper = range.upperBound - dropped
            return lower < upper ? lower..<upper : nil
        }
    }

    /// Forgets everything, and gives the memory back where it is more than a ClientHello mostly takes.
    ///
    /// The next one finds its memory there, so that a handshake in two segments costs no allocation.
    mutating func reset() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
        arrived.removeAll(keepingCapacity: arrived.capacity <= Self.keptPieces)
        work = 0
    }

    /// Puts a piece behind all that is there, with zeros before it where something is missing: the usual case, as blocks.
    private mutating func append(_ piece: Span<UInt8>, at offset: Int) {
        bytes.reserveCapacity(offset + piece.count)
        if offset > bytes.count { bytes.append(contentsOf: repeatElement(0, count: offset - bytes.count)) }
        // Appended before the closure returns.
        unsafe piece.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func copy(_ piece: Span<UInt8>, at offset: Int, exceptWhatArrived range: Range<Int>) {
        var position = range.lowerBound
        for known in arrived where known.overlaps(range) {
            while position < known.lowerBound {
                bytes[position] = piece[position - offset]
                position += 1
            }
            position = max(position, known.upperBound)
        }
        while position < range.upperBound {
            bytes[position] = piece[position - offset]
            position += 1
        }
    }

    /// Adds a range to what arrived, and joins what it touches.
    private mutating func merge(_ range: Range<Int>) {
        let first = arrived.firstIndex { $0.upperBound >= range.lowerBound } ?? arrived.endIndex
        let end = arrived[first...].firstIndex { $0.lowerBound > range.upperBound } ?? arrived.endIndex
        guard first < end else { return arrived.insert(range, at: first) }
        let lower = min(arrived[first].lowerBound, range.lowerBound)
        let upper = max(arrived[end - 1].upperBound, range.upperBound)
        arrived[first] = lower..<upper
        arrived.removeSubrange(first + 1..<end)
    }
}
