/// How many different devices there were: a set of keyed hashes while small, HyperLogLog above.
///
/// A sketch is a handle of eight bytes; what it holds lies in a ``SketchPool``. One device, the commonest case by far, is
/// held in the handle itself.
package struct DeviceSketch: Sendable {
    /// The hash itself while there is one; else where in the pool the block begins.
    var location: UInt32 = 0
    /// The number of hashes, or ``estimated``.
    var count: UInt16 = 0

    package init() {}

    /// Up to this many devices are counted exactly.
    package static let exactLimit = 64

    /// The mark of a sketch that holds HyperLogLog registers.
    static let estimated = UInt16.max

    package var isEmpty: Bool { count == 0 }

    /// Whether at least `k` devices are in it, for a `k` up to ``exactLimit``.
    package func reaches(_ k: Int) -> Bool { Int(count) >= k }
}

/// The memory of many sketches, in blocks that are used again.
///
///     2, 4, 8, 16, 32 or 64 hashes of 32 bits          up to 64 devices
///     256 words, four registers of 8 bits in each      2^10 registers of HyperLogLog
///
/// Two of 64 devices share a 32-bit hash once in two million sketches, and then one device fewer is counted.
package struct SketchPool: Sendable {
    private var words: [UInt32] = []
    /// Per size of block, those that are free.
    private var free: [[UInt32]] = Array(repeating: [], count: 9)

    package init(reservingWords count: Int = 0) {
        words.reserveCapacity(count)
    }

    /// Adds a device; false when it was known (or when, among many, it changes nothing).
    package mutating func insert(_ hash: UInt32, into sketch: inout DeviceSketch) -> Bool {
        switch sketch.count {
        case 0:
            sketch.location = hash
            sketch.count = 1
            return true
        case 1:
            let first = sketch.location
            if first == hash { return false }
            sketch.location = take(1)
            words[Int(sketch.location)] = first
            words[Int(sketch.location) + 1] = hash
            sketch.count = 2
            return true
        case DeviceSketch.estimated:
            return observe(hash, at: Int(sketch.location))
        default:
            return insertExactly(hash, into: &sketch)
        }
    }

    private mutating func insertExactly(_ hash: UInt32, into sketch: inout DeviceSketch) -> Bool {
        let start = Int(sketch.location)
        let count = Int(sketch.count)
        for index in start..<start + count where words[index] == hash { return false }
        let sizeClass = Self.sizeClass(of: count)
        if count == DeviceSketch.exactLimit {
            let registers = take(Self.registerClass)
            for index in start..<start + count { _ = observe(words[index], at: Int(registers)) }
            _ = observe(hash, at: Int(registers))
            free[sizeClass].append(sketch.location)
            sketch.location = registers
            sketch.count = DeviceSketch.estimated
            return true
        }
        if count == 1 << sizeClass {
            let larger = take(sizeClass + 1)
            for index in 0..<count { words[Int(larger) + index] = words[start + index] }
            free[sizeClass].append(sketch.location)
            sketch.location = larger
        }
        words[Int(sketch.location) + count] = hash
        sketch.count += 1
        return true
    }

    /// The number of devices: exact up to 64, with a standard error of 3.3 % above.
    package func estimate(_ sketch: DeviceSketch) -> Int {
        guard sketch.count == DeviceSketch.estimated else { return Int(sketch.count) }
        let registers = words[Int(sketch.location)..<Int(sketch.location) + Self.registerWords]
        // What is estimated was more than 64 when it became so.
        return max(DeviceSketch.exactLimit + 1, HyperLogLog.estimate(registers))
    }

    /// Adds the devices of `other`.
    package mutating func formUnion(_ sketch: inout DeviceSketch, with other: DeviceSketch) {
        guard other.count == DeviceSketch.estimated else {
            for hash in hashes(of: other) { _ = insert(hash, into: &sketch) }
            return
        }
        if sketch.count != DeviceSketch.estimated {
            let registers = take(Self.registerClass)
            for hash in hashes(of: sketch) { _ = observe(hash, at: Int(registers)) }
            release(&sketch)
            sketch.location = registers
            sketch.count = DeviceSketch.estimated
        }
        for index in 0..<Self.registerWords {
            let word = words[Int(other.location) + index]
            words[Int(sketch.location) + index] = HyperLogLog.larger(words[Int(sketch.location) + index], word)
        }
    }

    /// Empties a sketch and takes its memory back.
    package mutating func release(_ sketch: inout DeviceSketch) {
        if sketch.count == DeviceSketch.estimated {
            free[Self.registerClass].append(sketch.location)
        } else if sketch.count > 1 {
            free[Self.sizeClass(of: Int(sketch.count))].append(sketch.location)
        }
        sketch = DeviceSketch()
    }

    /// What a sketch holds, for the state file: its hashes, or its registers.
    func content(of sketch: DeviceSketch) -> [UInt32] {
        guard sketch.count == DeviceSketch.estimated else { return hashes(of: sketch) }
        return Array(words[Int(sketch.location)..<Int(sketch.location) + Self.registerWords])
    }

    /// Makes a sketch of registers that were saved.
    mutating func restore(registers: [UInt32]) -> DeviceSketch {
        precondition(registers.count == Self.registerWords, "not the registers of a sketch")
        var sketch = DeviceSketch()
        sketch.location = take(Self.registerClass)
        sketch.count = DeviceSketch.estimated
        for index in registers.indices { words[Int(sketch.location) + index] = registers[index] }
        return sketch
    }

    private func hashes(of sketch: DeviceSketch) -> [UInt32] {
        if sketch.count == 1 { return [sketch.location] }
        return Array(words[Int(sketch.location)..<Int(sketch.location) + Int(sketch.count)])
    }

    private mutating func observe(_ hash: UInt32, at start: Int) -> Bool {
        let index = start + HyperLogLog.word(of: hash)
        let old = words[index]
        words[index] = HyperLogLog.observing(hash, in: old)
        return words[index] != old
    }

    /// A block of `1 << sizeClass` words, of zeros where it is one of registers.
    private mutating func take(_ sizeClass: Int) -> UInt32 {
        let size = 1 << sizeClass
        if let block = free[sizeClass].popLast() {
            if sizeClass == Self.registerClass {
                for index in Int(block)..<Int(block) + size { words[index] = 0 }
            }
            return block
        }
        let block = UInt32(words.count)
        for _ in 0..<size { words.append(0) }
        return block
    }

    /// The smallest block for a count from 2 to 64.
    private static func sizeClass(of count: Int) -> Int {
        Int.bitWidth - (count - 1).leadingZeroBitCount
    }

    static let registerWords = HyperLogLog.registers / 4
    private static let registerClass = 8
}
