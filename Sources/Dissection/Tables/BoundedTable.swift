/// A hash table with room for a fixed number of entries.
///
/// An entry can lie in one set of eight places, whose keys share a cache line. When its set is full, the entry of the
/// set that was unused for longest gives way, and ``evictions`` says so: a flood costs others only what shares a set
/// with it. Keys are hashes with a secret seed (``FlowHasher``), so nobody outside can choose the set.
struct BoundedTable<Value> {
    private static var ways: Int { 8 }

    /// 0 is a free place.
    ///
    /// All three are empty until there is something to keep: not every network has everything.
    private var keys: [UInt64] = []
    private var lastUse: [UInt32] = []
    private var values: [Value] = []
    private let capacity: Int
    private let setMask: UInt64
    private let empty: Value
    private var tick: UInt32 = 0
    private(set) var evictions = 0

    /// Makes a table with room for `capacity` entries, a power of two.
    init(capacity: Int, empty: Value) {
        precondition(capacity >= Self.ways && capacity & (capacity - 1) == 0, "the capacity is a power of two")
        self.capacity = capacity
        setMask = UInt64(capacity / Self.ways - 1)
        self.empty = empty
    }

    /// How many entries there are.
    var count: Int { keys.count { $0 != 0 } }

    /// The place of an entry, until the next insertion.
    mutating func find(_ key: UInt64) -> Int? {
        guard !keys.isEmpty else { return nil }
        let first = set(of: key)
        for place in first..<first + Self.ways where keys[place] == key {
            touch(place)
            return place
        }
        return nil
    }

    /// The place of an entry that was not there, and what had to give way for it.
    mutating func insert(_ key: UInt64) -> (place: Int, evicted: Value?) {
        if keys.isEmpty { allocate() }
        let first = set(of: key)
        var chosen = first
        var longest: UInt32 = 0
        for place in first..<first + Self.ways {
            if keys[place] == 0 {
                keys[place] = key
                touch(place)
                return (place, nil)
            }
            let age = tick &- lastUse[place]
            if age >= longest {
                longest = age
                chosen = place
            }
        }
        evictions += 1
        let evicted = values[chosen]
        keys[chosen] = key
        values[chosen] = empty
        touch(chosen)
        return (chosen, evicted)
    }

    /// Forgets an entry.
    mutating func remove(at place: Int) {
        keys[place] = 0
        values[place] = empty
    }

    subscript(place: Int) -> Value {
        get { values[place] }
        _modify { yield &values[place] }
    }

    private mutating func allocate() {
        keys = Array(repeating: 0, count: capacity)
        lastUse = Array(repeating: 0, count: capacity)
        values = Array(repeating: empty, count: capacity)
    }

    /// The first place of a key's set; the lowest bit of every hash is 1 and tells nothing.
    private func set(of key: UInt64) -> Int {
        Int(key >> 1 & setMask) * Self.ways
    }

    private mutating func touch(_ place: Int) {
        tick &+= 1
        lastUse[place] = tick
    }
}
