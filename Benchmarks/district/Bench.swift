import Foundation

/// What was measured, as `.build/bench.json` has it.
struct Measurement: Codable {
    /// What it is.
    var name: String
    /// How much.
    var value: Double
    /// Of what.
    var unit: String
    /// What was wanted; nil where it is told for orientation.
    var goal: Double?
    /// Whether it holds.
    var holds: Bool?
}

/// Collects what is measured, and prints it.
struct Bench {
    private(set) var measurements: [Measurement] = []

    /// Notes a value that should be at most the goal, or at least.
    mutating func note(_ name: String, _ value: Double, _ unit: String, atMost: Double? = nil, atLeast: Double? = nil) {
        let holds = atMost.map { value <= $0 } ?? atLeast.map { value >= $0 }
        let value = (value * 1000).rounded() / 1000
        measurements.append(
            Measurement(name: name, value: value, unit: unit, goal: atMost ?? atLeast, holds: holds))
        let verdict = holds.map { $0 ? "holds" : "MISSED" } ?? ""
        let goal = (atMost ?? atLeast).map { "goal \($0)" } ?? ""
        print(
            [name.padded(58), "\(value)".padded(14), unit.padded(12), goal.padded(16), verdict].joined(separator: " "))
    }

    /// Adds the measurements to a file, in the place of earlier ones of the same name.
    func write(to path: String) throws {
        let url = URL(fileURLWithPath: path)
        var all: [Measurement] = []
        if let data = try? Data(contentsOf: url) { all = try JSONDecoder().decode([Measurement].self, from: data) }
        let names = Set(measurements.map(\.name))
        all = all.filter { !names.contains($0.name) } + measurements
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(all).write(to: url, options: .atomic)
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

/// The peak of this process's resident memory, in MB.
func peakMemory() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
}

/// Begins the peak of resident memory anew.
func resetPeakMemory() {
    try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
}

/// The processor time of this process so far, in seconds: what a question costs when others use the machine too.
func processorTime() -> Double {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
