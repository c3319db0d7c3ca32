import Capture
import Foundation
import Logging
import Synchronization
import Tally
import Wire

/// The thread that owns interfaces and tally: no lock and no waiting for anybody between a frame and its count.
///
/// Requests wait in a mailbox, and whoever puts one there rings; what it answers with are values.
final class CountingThread: Sendable {
    private enum Request: Sendable {
        case snapshot(limit: Int, pause: Int, CheckedContinuation<Day?, any Error>)
        case figures(CheckedContinuation<CountingFigures?, Never>)
        case confirm(run: String)
        case apply(TallySettings)
        case pause
        case stop
    }

    private struct State: Sendable {
        var requests: [Request] = []
        var turnedAt = ContinuousClock.now
        var outcome: Result<Void, any Error>?
        var waiting: CheckedContinuation<Result<Void, any Error>, Never>?
    }

    private let state = Mutex(State())
    private let bell: FrameBell

    private init() throws { bell = try FrameBell() }

    /// Starts counting, and returns when the interfaces are open; those that are away are waited for.
    ///
    /// - Throws: What keeps an interface or the state from being used at all.
    static func start(
        settings: AgentSettings, interfaces: [String], store: TallyStore, logger: Logger
    ) throws -> CountingThread {
        let counter = try CountingThread()
        let hasBegun = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            do {
                var counting = try Counting.begin(
                    settings: settings, interfaces: interfaces, store: store, logger: logger)
                hasBegun.signal()
                try counter.serve(&counting)
                counter.finish(.success(()))
            } catch {
                counter.finish(.failure(error))
                hasBegun.signal()
            }
        }
        hasBegun.wait()
        if case .failure(let error) = counter.state.withLock({ $0.outcome }) { throw error }
        return counter
    }

    /// Saves the state and gives what is to be told now; nil when that is nothing.
    func snapshot(limit: Int, pause: Int) async throws -> Day? {
        try await withCheckedThrowingContinuation { continuation in
            if !post(.snapshot(limit: limit, pause: pause, continuation)) { continuation.resume(returning: nil) }
        }
    }

    /// How it goes; nil when the thread has ended.
    func figures() async -> CountingFigures? {
        await withCheckedContinuation { continuation in
            if !post(.figures(continuation)) { continuation.resume(returning: nil) }
        }
    }

    /// Notes that the last snapshot of a run is on the collector's disk.
    func confirm(run: String) { _ = post(.confirm(run: run)) }

    /// Counts by other settings from now on.
    func apply(_ settings: TallySettings) { _ = post(.apply(settings)) }

    /// Counts nothing any more, and still answers.
    func pause() { _ = post(.pause) }

    /// Asks the thread to save and end.
    func stop() { _ = post(.stop) }

    /// Whether the thread looked for frames and requests in the last `duration`.
    func isAlive(within duration: Duration) -> Bool {
        state.withLock { $0.outcome == nil && .now - $0.turnedAt < duration }
    }

    /// Waits for the end, and tells whether it was one in good order; a task that is cancelled waits no longer.
    ///
    /// One task at a time waits.
    func ended() async -> Result<Void, any Error> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome = state.withLock { state -> Result<Void, any Error>? in
                    if let outcome = state.outcome { return outcome }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiting = continuation
                    return nil
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            state.withLock { $0.waiting.take() }?.resume(returning: .failure(CancellationError()))
        }
    }

    /// False when the thread has ended, and nobody will look into its mailbox.
    private func post(_ request: Request) -> Bool {
        let isThere = state.withLock { state in
            guard state.outcome == nil else { return false }
            state.requests.append(request)
            return true
        }
        bell.ring()
        return isThere
    }

    private func serve(_ counting: inout Counting) throws {
        // Ends when asked to.
        while true {
            counting.wait(for: bell)
            counting.turn()
            let requests = state.withLock { state in
                defer { state.requests = [] }
                state.turnedAt = .now
                return state.requests
            }
            for request in requests {
                switch request {
                case .snapshot(let limit, let pause, let continuation):
                    continuation.resume(with: Result { try counting.snapshot(limit: limit, pause: pause) })
                case .figures(let continuation): continuation.resume(returning: counting.figures)
                case .confirm(let run): counting.confirm(run: run)
                case .apply(let settings): counting.apply(settings)
                case .pause: counting.pause()
                case .stop: return try counting.save()
                }
            }
        }
    }

    private func finish(_ outcome: Result<Void, any Error>) {
        let (requests, waiting) = state.withLock { state in
            state.outcome = outcome
            defer { state.requests = [] }
            return (state.requests, state.waiting.take())
        }
        waiting?.resume(returning: outcome)
        for request in requests {
            switch request {
            case .snapshot(_, _, let continuation): continuation.resume(returning: nil)
            case .figures(let continuation): continuation.resume(returning: nil)
            case .confirm, .apply, .pause, .stop: break
            }
        }
    }
}
