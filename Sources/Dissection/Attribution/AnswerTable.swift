/// Which name a client was given for an address, so that a handshake without a name can be attributed.
///
/// An entry is the pair of client and server address. Where two names shared the address in the time it is good for,
/// it says nothing: a guess is worth less than an honest "unnamed". What a resolver was told is kept for all clients,
/// because it asks for all of them.
struct AnswerTable {
    /// One response being learnt from; its name is the table's ``taught``.
    struct Lesson {
        /// Who asked; nil for a resolver, which asks for everybody.
        let client: IPAddress?
        let timestampNanoseconds: Int64
        /// How many more addresses are learnt: what fits a datagram, but one response must not fill the table.
        var left = 256
    }

    private struct Entry {
        var name: [UInt8] = []
        var expiryNanoseconds = Int64.min
        var isAmbiguous = false
    }

    /// Clients hold on to short-lived answers a little, and none is trusted for longer than this.
    private static let shortest: Int64 = 60_000_000_000
    private static let longest: Int64 = 600_000_000_000
    /// Stands for every client.
    private static let everybody = IPAddress(high: 0, low: 0)

    private let hasher: FlowHasher
    /// The name that was asked for in the response being learnt from.
    private var taught: [UInt8] = []
    private var entries = BoundedTable(capacity: 16_384, empty: Entry())

    init(hasher: FlowHasher) {
        self.hasher = hasher
    }

    /// How many pairs of client and server address there are.
    var count: Int { entries.count }

    /// How many answers were forgotten early because the table was full.
    var evictions: Int { entries.evictions }

    /// Begins to learn from a response to a question for a name.
    mutating func begin(
        _ name: borrowing NameBuffer, droppingFirst prefix: Int, client: IPAddress?, at timestampNanoseconds: Int64
    ) -> Lesson {
        let name = name.span
        taught.removeAll(keepingCapacity: true)
        for index in prefix..<name.count { taught.append(name[index]) }
        return Lesson(client: client, timestampNanoseconds: timestampNanoseconds)
    }

    /// Notes that the lesson's name has an address, for the answer's time to live in seconds.
    mutating func learn(_ address: IPAddress, _ timeToLive: UInt32, _ lesson: inout Lesson) {
        // A name with escapes can have a thousand bytes, and is not what a server is called.
        guard lesson.left > 0, taught.count <= NameBuffer.maximumLength else { return }
        lesson.left -= 1
        let key = hasher.pair(lesson.client ?? Self.everybody, address)
        let lifetime = min(max(Int64(timeToLive) * 1_000_000_000, Self.shortest), Self.longest)
        let expiry = lesson.timestampNanoseconds + lifetime
        guard let place = entries.find(key) else {
            let place = entries.insert(key).place
            entries[place] = Entry(name: taught, expiryNanoseconds: expiry)
            return
        }
        let isCurrent = entries[place].expiryNanoseconds > lesson.timestampNanoseconds
        if isCurrent && entries[place].name != taught {
            entries[place].isAmbiguous = true
        } else if !isCurrent {
            entries[place].name = taught
            entries[place].isAmbiguous = false
        }
        entries[place].expiryNanoseconds = max(expiry, isCurrent ? entries[place].expiryNanoseconds : expiry)
    }

    /// Finds the one name for which a client was given an address; false where there is none, or more than one.
    mutating func name(
        of server: IPAddress, for client: IPAddress, at timestampNanoseconds: Int64, into name: inout NameBuffer
    ) -> Bool {
        let own = entries.find(hasher.pair(client, server))
        guard let place = own ?? entries.find(hasher.pair(Self.everybody, server)) else { return false }
        guard entries[place].expiryNanoseconds > timestampNanoseconds, !entries[place].isAmbiguous else { return false }
        let found = entries[place].name
        name.set(found.span)
        return true
    }
}
