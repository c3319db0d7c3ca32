import ArgumentParser
import Capture
import Dissection

/// `rollcall-agent filter`: what the kernel lets through to the program on a live interface.
struct Filter: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the kernel filter of a live interface, in libpcap's language.",
        discussion: """
            The filter goes to standard output, as tcpdump understands it; how long its program is, to standard error.
            """)

    @Option(
        help: ArgumentHelp("The link type of the frames, by libpcap's number; 1 is Ethernet.", valueName: "number"))
    var link = LinkType.ethernet.rawValue

    @Flag(help: "Also let through all that tunnels carry.")
    var tunnels = false

    func validate() throws {
        guard LinkType(rawValue: link).isSupported else {
            throw ValidationError("frames of link type \(link) cannot be looked into; 1 is Ethernet, 113 Linux cooked")
        }
    }

    func run() {
        let filter = CaptureFilter.live(for: link, tunnels: tunnels)
        if filter.text.isEmpty {
            printError("no filter: libpcap has none for link type \(link), so every frame is looked at")
        } else {
            print(filter.text)
            printError("\(filter.instructionCount(for: link)) instructions")
        }
    }
}
