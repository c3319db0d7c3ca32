import Synchronization

/// Lets so many bodies in at the same time, so that memory is bounded whatever is sent; the others wait, and beyond that
/// are told to come again.
final class BodyGate: Sendable {
    private let limit: Int
    private let patience: Int
    private let state = Mutex<State>(State())

    private struct State {
        var inside = 0
        /// Those who wait, the first to come first.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// Lets `limit` in, and `waiting` wait.
    init(limit: Int, waiting: Int) {
        self.limit = limit
        patience = waiting
    }

    /// Bodies inside, and those that wait.
    var load: (inside: Int, waiting: Int) { state.withLock { ($0.inside, $0.waiting.count) } }

    /// Does something with a body once there is room for it.
    ///
    /// - Throws: ``Busy`` when too many wait already, or what `body` throws.
    func enter<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        guard await hasEntered() else {
            throw Busy(status: 503, "Too many reports arrive at the same time.", retryAfter: Int.random(in: 5...30))
        }
        defer { leave() }
        return try await body()
    }

    private func hasEntered() async -> Bool {
        let isRefused = state.withLock { $0.inside >= limit && $0.waiting.count >= patience }
        if isRefused { return false }
        await withCheckedContinuation { continuation in
            let goesIn = state.withLock { state in
                guard state.inside >= limit else {
                    state.inside += 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if goesIn { continuation.resume() }
        }
        return true
    }

    /// Gives the place to the first who waits.
    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.inside -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
