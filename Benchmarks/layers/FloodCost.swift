import Dissection
import Foundation
import Glibc
import Tally
import TrafficMaker
import Wire

/// What a flood of a kind costs: the memory at most, and how many of the true names in it were found, with their counts.
struct FloodCost {
    private(set) var peakMegabytes = 0.0
    private(set) var found = 0
    private(set) var names = 0

    /// Dissects and counts a flood as a school day.
    init(_ kind: MadeFlood.Kind, frames count: Int) throws {
        var flood = try MadeFlood(kind, seed: 1)
        var dissector = Dissector()
        var tally = Tally(TallySettings(k: 1, timeZone: .gmt))
        for number in 0..<count {
            for frame in flood.frames(number) {
                dissector.dissect(frame.span, linkType: .ethernet, timestampNanoseconds: Int64(number) * 10_000)
                if !dissector.sightings.isEmpty { tally.count(dissector.sightings) }
            }
        }
        // Before the report, whose rows are sent in parts.
        peakMegabytes = Self.peakMegabytes()
        let rows = tally.current?.releasedRows ?? []
        let counted = Dictionary(rows.map { ($0.name, $0) }) { row, _ in row }
        names = flood.trueNames.count
        found = flood.trueNames.count { counted[$0]?.dns == 1 && counted[$0]?.tls == 1 }
    }

    /// The largest resident size of this process so far.
    private static func peakMegabytes() -> Double {
        let thisProcess: Int32 = 0  // RUSAGE_SELF, whose type in C is another
        var usage = rusage()
        unsafe getrusage(thisProcess, &usage)
        return Double(usage.ru_maxrss) / 1024
    }
}
