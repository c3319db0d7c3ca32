import Foundation
import Logging
import Shipping
import Tally
import UnixSignals
import Wire

/// Counts what interfaces see and ships every few minutes, until it is told to stop.
struct LiveRun {
    var settings: AgentSettings
    var shipper: Shipper
    var logger: Logger

    func run() async throws {
        guard !settings.interfaces.isEmpty else {
            throw AgentError("no interface to listen on; add [capture] with interfaces = [\"eth1\"], or use --read")
        }
        let store = TallyStore(folder: settings.state, runtime: settings.runtime)
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let counter = try CountingThread.start(settings: settings, store: store, logger: logger)
        let failure = await withTaskGroup(of: Result<Void, any Error>.self) { group in
            group.addTask {
                for await _ in signals { break }
                return .success(())
            }
            group.addTask { await counter.ended() }
            group.addTask {
                await shipAgainAndAgain(counter, store)
                return .success(())
            }
            let first = await group.next() ?? .success(())
            group.cancelAll()
            return first
        }
        if case .success = failure { await shipOnce(counter, store) }
        counter.stop()
        try await counter.ended().get()
        try failure.get()
    }

    private func shipAgainAndAgain(_ counter: CountingThread, _ store: TallyStore) async {
        while !Task.isCancelled {
            do {
                try await shipEverything(counter, store, .unlimited)
            } catch is CancellationError {
                return
            } catch {
                logger.error("\(error)")
            }
            // A little chance keeps a district's agents from reporting in the same second.
            try? await Task.sleep(for: settings.interval * Double.random(in: 0.9...1.1))
        }
    }

    /// Before the agent stops; a collector that is away must not keep it from stopping.
    private func shipOnce(_ counter: CountingThread, _ store: TallyStore) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await shipEverything(counter, store, .once)
                } catch {
                    logger.warning("not everything was sent before stopping, the rest is kept: \(error)")
                }
            }
            group.addTask { try? await Task.sleep(for: .seconds(20)) }
            await group.next()
            group.cancelAll()
        }
    }

    private func shipEverything(
        _ counter: CountingThread, _ store: TallyStore, _ patience: Shipper.Patience
    ) async throws {
        for ended in store.endedDays() {
            let (source, notice) = try EndedDaySource.open(ended, in: store)
            if let notice { logger.error("\(notice)") }
            if let source { try await shipper.ship(source, patience: patience) }
        }
        try await shipper.ship(CurrentDaySource(counter), patience: patience)
    }
}

/// The reports of the day that is being counted: each is taken from state that was saved just before.
final class CurrentDaySource: ReportSource {
    private let counter: CountingThread
    private var run = ""

    init(_ counter: CountingThread) {
        self.counter = counter
    }

    func next(limit: Int) async throws -> Day? {
        let day = try await counter.snapshot(limit: limit)
        run = day?.run ?? ""
        return day
    }

    func confirm() async throws {
        counter.confirm(run: run)
    }
}
