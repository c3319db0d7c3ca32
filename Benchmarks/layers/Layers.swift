import ArgumentParser
import Capture
import Dissection
import Glibc
import TrafficMaker

/// `rollcall-layers`: what dissecting the frames of captures costs, without reading them.
@main
struct Layers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall-layers",
        abstract: "Print the nanoseconds to dissect a frame of each capture, and one that gives a sighting.")

    @Argument(help: "Captures of Ethernet frames.")
    var files: [String] = []

    @Option(help: "Also print the nanoseconds for one of so many distinct names, offered to a tally.")
    var tally = 0

    @Flag(help: "Also print what counting devices costs: nanoseconds for one of few, of 2000, and the error.")
    var sketches = false

    @Option(
        help: "Also print the peak memory in MB of a flood, and how many of its true names were found, of how many.")
    var flood: String?

    @Option(help: "How often to dissect each; the fastest is told.")
    var passes = 5

    @Option(help: "How many frames of each to take; a few stay in the processor's cache, as what was just read.")
    var frames = 2000

    func run() throws {
        if let flood {
            guard let kind = MadeFlood.Kind(rawValue: flood) else {
                throw ValidationError(
                    "the floods are \(MadeFlood.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            let cost = try FloodCost(kind, frames: frames)
            print("flood \(cost.peakMegabytes) \(cost.found) \(cost.names)")
        }
        if tally > 0 { print("tally \(costOfTally(names: tally))") }
        if sketches {
            let cost = SketchCost(names: 500, many: 2000)
            print("sketches \(cost.nanosecondsExact) \(cost.nanosecondsEstimated) \(cost.error)")
        }
        for file in files {
            let frames = try Frames(file: file, limit: self.frames)
            var best = Cost(all: .infinity, handshake: .infinity)
            for _ in 0..<passes {
                var dissector = Dissector()
                best.all = min(best.all, costOfAll(frames, &dissector))
                dissector = Dissector()
                best.handshake = min(best.handshake, costOfHandshakes(frames, &dissector))
            }
            print("\(file) \(frames.count) \(best.all) \(best.handshake)")
        }
    }
}

/// CPU time in nanoseconds for a frame.
struct Cost {
    /// Of all frames.
    var all: Double
    /// Of those that complete a handshake's name.
    var handshake: Double
}

/// Dissects all frames; never inlined, so that a profiler can be told to count here alone.
@inline(never)
func costOfAll(_ frames: borrowing Frames, _ dissector: inout Dissector) -> Double {
    let before = cpuNanoseconds()
    for index in 0..<frames.count {
        dissector.dissect(frames[index], linkType: .ethernet, timestampNanoseconds: Int64(index) * 10_000)
    }
    return Double(cpuNanoseconds() - before) / Double(max(1, frames.count))
}

/// Dissects all frames, and tells the time of those alone that gave a sighting.
@inline(never)
func costOfHandshakes(_ frames: borrowing Frames, _ dissector: inout Dissector) -> Double {
    var spent: Int64 = 0
    var count = 0
    for index in 0..<frames.count {
        let before = now()
        dissector.dissect(frames[index], linkType: .ethernet, timestampNanoseconds: Int64(index) * 10_000)
        let after = now()
        guard !dissector.sightings.isEmpty else { continue }
        // The clock takes a good part of what it measures.
        spent += after - before - (now() - after)
        count += 1
    }
    return Double(spent) / Double(max(1, count))
}

/// The frames of a capture in memory.
struct Frames: ~Copyable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]

    init(file: String, limit: Int) throws {
        var source = try CaptureFile(file)
        while ends.count <= limit, let frame = try source.next() {
            let span = frame.bytes
            for index in span.indices { bytes.append(span[index]) }
            ends.append(bytes.count)
        }
    }

    var count: Int { ends.count - 1 }

    subscript(index: Int) -> Span<UInt8> {
        @_lifetime(borrow self) borrowing get { bytes.span.extracting(ends[index]..<ends[index + 1]) }
    }
}

/// The CPU time of this process, in nanoseconds.
func cpuNanoseconds() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// A time in nanoseconds that costs less to ask for than the CPU time.
func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
