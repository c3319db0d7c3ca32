import ArgumentParser
import Foundation
import Logging
import Shipping
import Tally
import Wire

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Counts, and ships to the collector.",
        discussion: """
            Without --read it counts what the interfaces of the configuration see, until it is stopped; SIGHUP makes it \
            read the configuration again. With --read it counts one capture as one school day, ships it, and ends when \
            the collector has confirmed it.
            """)

    @OptionGroup var config: ConfigOption
    @Option(help: "A capture to replay as one school day.")
    var read: String?
    @Option(help: "The day of the replay, YYYY-MM-DD or today. (default: that of the capture's first frame)")
    var day: ReplayDay?

    func validate() throws {
        if day != nil, read == nil { throw ValidationError("--day is for --read") }
    }

    /// Replays a capture; a live run is begun by ``LiveRun``, before there is a second thread.
    func run() async throws {
        guard let read else { return try await LiveRun(self).run() }
        let settings = try config.settings()
        try StateFile.makeFolder(settings.state)
        let lock = try StateLock(folder: settings.state)
        let known = try AgentIdentity.load(from: settings.state)
        let client = try settings.client(known)
        let outcome: Result<Void, any Error>
        do {
            let identity =
                if let known, known.isFor(settings.collectors) {
                    known
                } else {
                    try await AgentIdentity.enrol(settings, token: settings.joinToken(), client: client)
                }
            let delegate = ReplayDelegate(
                kept: try settings.keepReports.map(KeptReports.init(folder:)), logger: makeLogger())
            let shipper = Shipper(
                client: client, secret: identity.secret, version: rollcallVersion, delegate: delegate)
            try await Replay(file: read, day: day, settings: settings, shipper: shipper).run()
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await client.shutdown()
        _ = consume lock
        try outcome.get()
    }
}

/// What a replay has to say of its reports.
private struct ReplayDelegate: ShippingDelegate {
    let kept: KeptReports?
    let logger: Logger

    func health() async -> Health? { nil }
    func willSend(_ body: [UInt8]) throws { try kept?.keep(body) }
    func confirmed(_ receipt: Receipt, clockAheadSeconds: Int?) {
        for skipped in receipt.skipped {
            logger.warning(
                "the collector skipped a row",
                metadata: ["pointer": "\(skipped.pointer)", "detail": "\(skipped.detail)"])
        }
    }
    func failed(_ error: ShippingError, retryAfter pause: Duration) {
        let seconds = Double(pause.components.seconds) + Double(pause.components.attoseconds) * 1e-18
        logger.warning("\(error); trying again in \(Int(seconds.rounded(.up))) s, nothing is lost")
    }
}

/// `--day`.
enum ReplayDay: ExpressibleByArgument {
    case today
    case given(SchoolDay)

    init?(argument: String) {
        if argument == "today" {
            self = .today
        } else if let day = SchoolDay(argument) {
            self = .given(day)
        } else {
            return nil
        }
    }
}
