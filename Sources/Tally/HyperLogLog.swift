/// HyperLogLog (Flajolet and others, 2007) over 2^10 registers, four in a word, with Ertl's estimator (2017, "New
/// cardinality estimation algorithms for HyperLogLog sketches", section 4), which needs no table against bias.
enum HyperLogLog {
    static let precision = 10
    static let registers = 1 << precision
    /// The bits of a hash that are not the register's number.
    private static let remaining = UInt32.bitWidth - precision

    /// Which word has the hash's register.
    static func word(of hash: UInt32) -> Int {
        Int(hash >> UInt32(remaining)) / 4
    }

    /// The word after its register saw the hash: it keeps the largest number of leading zeros, and one.
    static func observing(_ hash: UInt32, in word: UInt32) -> UInt32 {
        let shift = (hash >> UInt32(remaining)) % 4 * 8
        let rest = hash << UInt32(precision)
        let rank = UInt32(min(rest.leadingZeroBitCount, remaining) + 1)
        let old = word >> shift & 0xff
        return rank > old ? word & ~(0xff << shift) | rank << shift : word
    }

    /// The larger of each two registers.
    static func larger(_ left: UInt32, _ right: UInt32) -> UInt32 {
        var word: UInt32 = 0
        for shift: UInt32 in [0, 8, 16, 24] { word |= max(left >> shift & 0xff, right >> shift & 0xff) << shift }
        return word
    }

    /// The number of different hashes, which never goes down when a register grows.
    static func estimate(_ words: ArraySlice<UInt32>) -> Int {
        var histogram = [Int](repeating: 0, count: remaining + 2)
        for word in words {
            for shift: UInt32 in [0, 8, 16, 24] { histogram[min(Int(word >> shift & 0xff), remaining + 1)] += 1 }
        }
        let m = Double(registers)
        var z = m * tau(1 - Double(histogram[remaining + 1]) / m)
        for rank in stride(from: remaining, through: 1, by: -1) { z = 0.5 * (z + Double(histogram[rank])) }
        z += m * sigma(Double(histogram[0]) / m)
        let alpha = 0.721_347_520_444_481_7  // 1 / (2 ln 2)
        return Int((alpha * m * m / z).rounded())
    }

    /// Corrects for registers that saw nothing.
    private static func sigma(_ start: Double) -> Double {
        guard start < 1 else { return .infinity }
        var x = start
        var y = 1.0
        var z = x
        // Ends, because `x` is below 1 and is squared each time, until the sum no longer changes.
        while true {
            x *= x
            let before = z
            z += x * y
            y += y
            if z == before { return z }
        }
    }

    /// Corrects for registers that cannot grow any more.
    private static func tau(_ start: Double) -> Double {
        guard start > 0, start < 1 else { return 0 }
        var x = start
        var y = 1.0
        var z = 1 - x
        // Ends, because `x` goes to 1, until the sum no longer changes.
        while true {
            x = x.squareRoot()
            let before = z
            y *= 0.5
            z -= (1 - x) * (1 - x) * y
            if z == before { return z / 3 }
        }
    }
}
