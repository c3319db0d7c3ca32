import Capture
import Dissection
import Foundation
import Shipping
import Tally
import UnixSignals
import Wire

/// A capture counted as one school day and shipped.
///
/// The state is saved once, when the whole capture is counted: an agent that is killed before begins anew, and one that is
/// killed after finds the capture's fingerprint, ships what was counted, and counts nothing twice.
struct Replay {
    var file: String
    var day: ReplayDay?
    var settings: AgentSettings
    var shipper: Shipper

    func run() async throws {
        let store = TallyStore(folder: settings.state, runtime: settings.runtime)
        let day = try schoolDay()
        let fingerprint = try Fingerprint.ofFile(file)
        let ended: TallyStore.EndedDay
        if let replayed = store.replayed(day, fingerprint: fingerprint) {
            complain("\(file) was counted for \(day) before; its report is sent again, which changes no total")
            ended = replayed
        } else {
            let counted = try count(on: day)
            ended = try store.saveReplayed(counted, fingerprint: fingerprint)
        }
        try await ship(ended, from: store)
    }

    /// The day on which everything counts.
    private func schoolDay() throws -> SchoolDay {
        var clock = SchoolClock(settings.tally.timeZone)
        switch day {
        case .given(let day): return day
        case .today: return clock.moment(Int64(Date().timeIntervalSince1970) * 1_000_000_000).day
        case nil: break
        }
        var source = try CaptureFile(file)
        guard let frame = try source.next() else {
            throw CaptureError(source: file, reason: "has no frames, so no day; say which with --day")
        }
        return clock.moment(frame.timestampNanoseconds).day
    }

    private func count(on day: SchoolDay) throws -> DayTally {
        var reader = CaptureReader()
        var tally = Tally(settings.tally, replayedDay: day)
        do {
            try reader.read(file: file) { tally.count($0) }
        } catch {
            guard reader.dissector.statistics.frames > 0 else { throw error }
            complain("\(error); what came before was counted")
        }
        return tally.endReplay(of: day)
    }

    private func ship(_ ended: TallyStore.EndedDay, from store: TallyStore) async throws {
        guard let source = try EndedDaySource.open(ended, in: store).source else {
            throw AgentError("\(ended.path): is damaged and was set aside; start again to count \(file) anew")
        }
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let shipping = Task { _ = try await shipper.ship(source, patience: .unlimited) }
        let watching = Task {
            for await _ in signals { shipping.cancel() }
        }
        defer { watching.cancel() }
        do {
            try await shipping.value
        } catch is CancellationError {
            throw AgentError(
                "stopped before all of \(file) was confirmed; nothing is lost, the same command sends the rest")
        }
    }

    private func complain(_ message: String) {
        printError("rollcall-agent: \(message)")
    }
}
