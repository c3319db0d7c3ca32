import Tally

/// What counting devices costs, and how wrong it is.
struct SketchCost {
    /// Nanoseconds to see one of few devices, which are held exactly.
    private(set) var nanosecondsExact = 0.0
    /// Nanoseconds to see one of many.
    private(set) var nanosecondsEstimated = 0.0
    /// The root mean square of the errors of estimates, as a share of the true number.
    private(set) var error = 0.0

    /// Counts the devices of as many names, each with `many`.
    init(names: Int, many: Int) {
        var pool = SketchPool()
        var generator = SystemRandomNumberGenerator()
        var sketches: [DeviceSketch] = []
        for _ in 0..<names {
            let hashes = (0..<many).map { _ in UInt32.random(in: .min ... .max, using: &generator) }
            var sketch = DeviceSketch()
            let few = hashes.prefix(DeviceSketch.exactLimit)
            let start = cpuNanoseconds()
            for hash in few { _ = pool.insert(hash, into: &sketch) }
            let afterFew = cpuNanoseconds()
            for hash in hashes.dropFirst(few.count) { _ = pool.insert(hash, into: &sketch) }
            let afterMany = cpuNanoseconds()
            nanosecondsExact += Double(afterFew - start) / Double(few.count * names)
            nanosecondsEstimated += Double(afterMany - afterFew) / Double((many - few.count) * names)
            sketches.append(sketch)
        }
        let squares = sketches.map { sketch in
            let relative = Double(pool.estimate(sketch)) / Double(many) - 1
            return relative * relative
        }
        error = (squares.reduce(0, +) / Double(names)).squareRoot()
    }
}
