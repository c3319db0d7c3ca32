import ArgumentParser
import FoundationEssentials
import TrafficMaker

/// `rollcall-traffic`: a capture of made traffic, and its truth beside it.
@main
struct Traffic: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall-traffic",
        abstract: "Make a capture from a seed, and FILE.truth.json, which says what must be found in it.")

    @Argument(help: "The capture to write.")
    var file: String

    @Option(help: "gateway, handshakes, bulk, or one kind of handshake: dns, tls, tls2, quic, quic2.")
    var mix = Mix(traffic: .gateway)

    @Option(help: "How many frames, at least.")
    var frames = 1_000_000

    @Option(help: "How many names there are.")
    var names = 5000

    @Option(help: "How many clients there are.")
    var clients = 2000

    @Option(help: "What the choices follow from.")
    var seed: UInt64 = 1

    func validate() throws {
        guard frames > 0, names > 0, (1...65_536).contains(clients) else {
            throw ValidationError("frames and names are from 1, clients from 1 to 65536")
        }
    }

    func run() throws {
        guard var capture = CaptureFile(path: file) else { throw ValidationError("\(file): cannot be written") }
        let school = MadeSchool(seed: seed, clients: clients, names: names)
        var traffic = MadeTraffic(mix.traffic, school: school, seed: seed)
        while capture.frames < frames { capture.append(try traffic.next()) }
        for frame in traffic.finish() { capture.append(frame) }
        guard capture.isWhole() else { throw ValidationError("\(file): could not be written to its end") }
        try Truth(traffic.school.truth, frames: capture.frames, bytes: capture.bytes).write(to: "\(file).truth.json")
    }
}

/// What must be found in a capture.
struct Truth: Encodable {
    struct Name: Encodable {
        var name: String
        var dns: Int
        var tls: Int
        var quic: Int
    }

    var frames: Int
    var bytes: Int
    /// By name.
    var names: [Name]

    init(_ uses: [String: MadeSchool.Uses], frames: Int, bytes: Int) {
        self.frames = frames
        self.bytes = bytes
        names = uses.map { Name(name: $0.key, dns: $0.value.dns, tls: $0.value.tls, quic: $0.value.quic) }
            .sorted { $0.name < $1.name }
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try encoder.encode(self).write(to: URL(filePath: path))
    }
}

/// The mix, as it is written on the command line.
struct Mix: ExpressibleByArgument {
    var traffic: MadeTraffic.Mix

    init(traffic: MadeTraffic.Mix) {
        self.traffic = traffic
    }

    init?(argument: String) {
        switch argument {
        case "gateway": traffic = .gateway
        case "handshakes": traffic = .handshakes
        case "bulk": traffic = .bulk
        default:
            guard let kind = MadeSchool.Handshake(rawValue: argument) else { return nil }
            traffic = .only(kind)
        }
    }

    var defaultValueDescription: String { "gateway" }
}
