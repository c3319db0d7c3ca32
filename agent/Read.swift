import ArgumentParser
import Capture
import Dissection
import Service
import Tally

/// `rollcall-agent read`: the names in captures, in the terminal.
struct Read: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the names that captures show, with their counts.",
        discussion: """
            Nothing is sent anywhere. Several files are read one behind the other, as one observation.
            """)

    @Argument(help: "Captures in pcap or pcapng format; - is standard input.")
    var files: [String]

    @Option(help: "How to print: table, json or csv.")
    var format = ReadFormat.table

    @Option(
        name: .customShort("k"), help: ArgumentHelp("Tell only what at least this many devices share.", valueName: "N"))
    var k = 1

    @Flag(help: "Also tell what was malformed, and how often.")
    var reasons = false

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("name at least one capture file, or - for standard input") }
        guard (1...DeviceSketch.exactLimit).contains(k) else {
            throw ValidationError("-k is from 1 to \(DeviceSketch.exactLimit), not \(k)")
        }
    }

    func run() throws {
        // The start walked through most of the program; on a small gateway that memory is better used.
        ProcessMemory.giveBack()
        var reader = CaptureReader()
        var tally = CaptureTally(k: k)
        var problems: [CaptureError] = []
        for file in files {
            do {
                try reader.read(file: file) { tally.count($0) }
            } catch {
                problems.append(error)
            }
        }
        let report = ReadReport(
            tally.finish(), reader.dissector.statistics, reader.dissector.evictions, withReasons: reasons)
        var output = StandardOutput()
        try report.print(format, to: &output)
        output.flush()
        try complain(about: problems)
    }

    private func complain(about problems: [CaptureError]) throws {
        for problem in problems { printError("rollcall-agent: \(problem)") }
        if !problems.isEmpty { throw ExitCode.failure }
    }
}

/// How ``Read`` prints.
enum ReadFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, csv
}
