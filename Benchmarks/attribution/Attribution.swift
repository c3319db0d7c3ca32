import ArgumentParser
import Capture
import Dissection

/// `rollcall-attribution`: how right it is to conclude a connection's name from DNS answers.
@main
struct Attribution: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall-attribution",
        abstract:
            "Read captures as if no ClientHello had a name, and compare what is concluded with the names that they have.",
        discussion: """
            Printed for each capture, and for all of them: how many connections have a name, how many of those a name was \
            concluded for, how many of these conclusions are right (precision), and how many of all connections they name \
            rightly (recall).
            """)

    @Argument(help: "Captures in pcap or pcapng format.")
    var files: [String]

    func run() throws {
        var total = Outcome()
        for file in files {
            var outcome = Outcome()
            do {
                try outcome.measure(file)
            } catch {
                print("\(error); what came before counts")
            }
            if outcome.named > 0 { print(outcome.line(file)) }
            total.add(outcome)
        }
        print(total.line("all of \(files.count)"))
    }
}

/// What was concluded, and how much of it rightly.
struct Outcome {
    /// Connections with a name.
    private(set) var named = 0
    /// Those for which a name was concluded.
    private(set) var attributed = 0
    /// Those for which it was the right one.
    private(set) var right = 0

    /// Reads a capture twice at a time: with the names, and without.
    mutating func measure(_ path: String) throws {
        var file = try CaptureFile(path)
        var seeing = Dissector()
        var concluding = Dissector()
        concluding.hidesServerNames = true
        while let frame = try file.next() {
            let linkType = LinkType(rawValue: frame.linkType)
            seeing.dissect(frame.bytes, linkType: linkType, timestampNanoseconds: frame.timestampNanoseconds)
            concluding.dissect(frame.bytes, linkType: linkType, timestampNanoseconds: frame.timestampNanoseconds)
            compare(seeing.sightings, concluding.sightings)
        }
    }

    /// Both dissectors see the same connections in the same frames.
    private mutating func compare(_ truth: Sightings, _ concluded: Sightings) {
        for (known, guess) in zip(truth.elements, concluded.elements)
        where known.naming == .read && (known.means == .tls || known.means == .quic) {
            named += 1
            guard guess.naming == .attributed else { continue }
            attributed += 1
            if Self.isSame(truth.name(of: known), concluded.name(of: guess)) { right += 1 }
        }
    }

    mutating func add(_ other: Outcome) {
        named += other.named
        attributed += other.attributed
        right += other.right
    }

    func line(_ what: String) -> String {
        func percent(_ part: Int, _ whole: Int) -> String {
            whole == 0 ? "-" : "\((part * 1000 / whole + 5) / 10) %"
        }
        return "\(what): \(named) named, \(attributed) concluded, \(right) right, "
            + "precision \(percent(right, attributed)), recall \(percent(right, named))"
    }

    private static func isSame(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}
