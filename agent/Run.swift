import ArgumentParser
import Foundation
import Shipping
import Tally
import Wire

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Counts, and ships to the collector.",
        discussion: """
            Without --read it counts what the interfaces of the configuration see, until it is stopped. With --read it \
            counts one capture as one school day, ships it, and ends when the collector has confirmed it.
            """)

    @Option(help: "The configuration, such as /etc/rollcall/agent.toml.")
    var config: String
    @Option(help: "A capture to replay as one school day.")
    var read: String?
    @Option(help: "The day of the replay, YYYY-MM-DD or today. (default: that of the capture's first frame)")
    var day: ReplayDay?

    func validate() throws {
        if day != nil, read == nil { throw ValidationError("--day is for --read") }
    }

    func run() async throws {
        let settings = try AgentSettings(path: config)
        try StateFile.makeFolder(settings.state)
        let lock = try StateLock(folder: settings.state)
        let identity = try await identity(settings)
        let collector = try CollectorAddress(identity.collector)
        let client = try CollectorClient(collector: collector, certificateFile: settings.certificateFile)
        let logger = makeLogger()
        let kept = try settings.keepReports.map(KeptReports.init(folder:))
        let shipper = Shipper(
            client: client, secret: identity.secret, version: rollcallVersion, logger: logger
        ) { body in try kept?.keep(body) }
        let outcome: Result<Void, any Error>
        do {
            if let read {
                try await Replay(file: read, day: day, settings: settings, shipper: shipper).run()
            } else {
                try await LiveRun(settings: settings, shipper: shipper, logger: logger).run()
            }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await client.shutdown()
        _ = consume lock
        try outcome.get()
    }

    /// The identity in the state folder, or one from the configuration's token.
    private func identity(_ settings: AgentSettings) async throws -> AgentIdentity {
        let known = try AgentIdentity.load(from: settings.state)
        if let known, settings.collector == nil || settings.collector?.description == known.collector { return known }
        guard let collector = settings.collector else {
            throw AgentError(
                "\(config): \"collector\" is missing; add a line collector = \"https://collector.example\"")
        }
        guard let token = try token(settings) else {
            let why = known.map { "the identity in \(settings.state) is for \($0.collector)" }
            throw AgentError(
                "\(why ?? "there is no identity in \(settings.state)"); run rollcall-agent enroll "
                    + "--collector \(collector) --state \(settings.state) --token …")
        }
        return try await AgentIdentity.enrol(
            at: collector, token: token, school: settings.school, folder: settings.state,
            certificateFile: settings.certificateFile)
    }

    private func token(_ settings: AgentSettings) throws -> String? {
        if let token = settings.token { return token }
        guard let path = settings.tokenFile else { return nil }
        guard let bytes = try StateFile.read(path) else {
            throw AgentError("\(path): there is no such file; put the join token there, or change token_file")
        }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
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
