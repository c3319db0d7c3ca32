import ArgumentParser
import Capture
import Dissection
import Glibc

/// `rollcall-layers`: what dissecting the frames of captures costs, without reading them.
@main
struct Layers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall-layers",
        abstract: "Print the CPU time in nanoseconds that dissecting a frame of each capture takes, less reading it.")

    @Argument(help: "Captures of Ethernet frames.")
    var files: [String]

    @Option(help: "How often to dissect each; the fastest is told.")
    var passes = 5

    @Option(
        help: "How many frames of each to take at most; a few stay in the processor's cache, as a frame just read is.")
    var frames = 2000

    func run() throws {
        for file in files {
            let frames = try Frames(file: file, limit: self.frames)
            var fastest = Double.infinity
            var sightings = 0
            for _ in 0..<passes {
                var dissector = Dissector()
                let before = cpuNanoseconds()
                sightings = dissectAll(frames, &dissector)
                fastest = min(fastest, Double(cpuNanoseconds() - before))
            }
            let perFrame = fastest / Double(max(1, frames.count))
            let perSighting = fastest / Double(max(1, sightings))
            print("\(file) \(frames.count) \(sightings) \(perFrame) \(perSighting)")
        }
    }
}

/// Dissects all frames and gives how many sightings there were; never inlined, so that a profiler can be told to count
/// here alone.
@inline(never)
func dissectAll(_ frames: borrowing Frames, _ dissector: inout Dissector) -> Int {
    var sightings = 0
    for index in 0..<frames.count {
        dissector.dissect(frames[index], linkType: .ethernet, timestampNanoseconds: Int64(index) * 10_000)
        sightings += dissector.sightings.elements.count
    }
    return sightings
}

/// The frames of a capture in memory.
struct Frames: ~Copyable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]

    init(file: String, limit: Int) throws {
        var source = try CaptureSource(file: file)
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
