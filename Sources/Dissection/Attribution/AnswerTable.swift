/// Which name a client was given for an address, so that a handshake without a name can be attributed.
///
/// An entry is the pair of client and server address. Where two names shared the address in the time it is good for,
/// it says nothing: a guess is worth less than an honest "unnamed". What a resolver was told is kept for all clients,
/// because it asks for all of them.
struct AnswerTable {
    /// One response being learnt from.
    struct Lesson {
        /// Who asked; nil for a resolver, which asks for everybody.
        let client: IPAddress?
        let timestampNanoseconds: Int64
        /// How many more addresses are learnt: what fits a datagram, but one response must not fill the table.
        var left = 256
        /// Where the name is kept, once for all of its addresses; nil when it is not what a server is called.
        fileprivate let name: NameRing.Place?
        fileprivate let nameHash: UInt32
    }

    private struct Entry {
        var expiryNanoseconds = Int64.min
        var name = NameRing.Place()
        /// Tells names apart, also after the ring lost one.
        var nameHash: UInt32 = 0
        var isAmbiguous = false
    }

    /// Clients hold on to short-lived answers a little, and none is trusted for longer than this.
    private static let shortest: Int64 = 60_000_000_000
    private static let longest: Int64 = 600_000_000_000
    /// Stands for every client.
    private static let everybody = IPAddress(high: 0, low: 0)

    private let hasher: FlowHasher
    private var entries = BoundedTable(capacity: 16_384, empty: Entry())
    private var names = NameRing(capacity: 1 << 20)
    private var lostNames = 0

    init(hasher: FlowHasher) {
        self.hasher = hasher
    }

    /// How many pairs of client and server address there are.
    var count: Int { entries.count }

    /// How many answers were forgotten early because the table, or what keeps its names, was full.
    var evictions: Int { entries.evictions + lostNames }

    /// Begins to learn from a response to a question for a name.
    mutating func begin(
        _ name: borrowing NameBuffer, droppingFirst prefix: Int, client: IPAddress?, at timestampNanoseconds: Int64
    ) -> Lesson {
        let name = name.span.extracting(droppingFirst: prefix)
        // A name with escapes can have a thousand bytes.
        let isHostName = name.count <= NameBuffer.maximumLength
        return Lesson(
            client: client, timestampNanoseconds: timestampNanoseconds, name: isHostName ? names.append(name) : nil,
            nameHash: UInt32(truncatingIfNeeded: hasher.bytes(name) >> 32))
    }

    /// Notes that the lesson's name has an address, for the answer's time to live in seconds.
    mutating func learn(_ address: IPAddress, _ timeToLive: UInt32, _ lesson: inout Lesson) {
        guard lesson.left > 0, let name = lesson.name else { return }
        lesson.left -= 1
        let key = hasher.pair(lesson.client ?? Self.everybody, address)
        let lifetime = min(max(Int64(timeToLive) * 1_000_000_000, Self.shortest), Self.longest)
        let expiry = lesson.timestampNanoseconds + lifetime
        let place = entries.find(key) ?? entries.insert(key).place
        let isCurrent = entries[place].expiryNanoseconds > lesson.timestampNanoseconds
        if isCurrent, entries[place].nameHash != lesson.nameHash {
            entries[place].isAmbiguous = true
        } else {
            if !isCurrent { entries[place].isAmbiguous = false }
            entries[place].name = name
            entries[place].nameHash = lesson.nameHash
        }
        entries[place].expiryNanoseconds = max(expiry, entries[place].expiryNanoseconds)
    }

    /// Finds the one name for which a client was given an address; false where there is none, or more than one.
    mutating func name(
        of server: IPAddress, for client: IPAddress, at timestampNanoseconds: Int64, into name: inout NameBuffer
    ) -> Bool {
        let own = entries.find(hasher.pair(client, server))
        guard let place = own ?? entries.find(hasher.pair(Self.everybody, server)) else { return false }
        guard entries[place].expiryNanoseconds > timestampNanoseconds, !entries[place].isAmbiguous else { return false }
        guard names.read(entries[place].name, into: &name) else {
            lostNames += 1
            entries.remove(at: place)
            return false
        }
        return true
    }
}
