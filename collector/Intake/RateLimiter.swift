import Synchronization

/// Allows each of many so many requests a second, with a store for those who were quiet (a token bucket each).
final class RateLimiter: Sendable {
    /// Those who are counted one by one; whoever comes beyond shares one bucket with all others who do.
    static let capacity = 20_000

    private let rate: Int
    private let burst: Int
    private let state = Mutex<State>(State())

    private struct State {
        var buckets: [String: Bucket] = [:]
    }

    private struct Bucket {
        var tokens: Double
        var at: Int
    }

    /// Allows `rate` requests a second, and after a pause at most `burst` at once.
    init(rate: Int, burst: Int) {
        self.rate = rate
        self.burst = burst
    }

    /// Takes one request of somebody's; gives nil when it is allowed, otherwise after how many seconds there is one again.
    func take(_ key: String, now: Int) -> Int? {
        state.withLock { state in
            let key = state.buckets[key] == nil && isFull(&state, now) ? "" : key
            var bucket = state.buckets[key] ?? Bucket(tokens: Double(burst), at: now)
            bucket.tokens = refilled(bucket, now)
            bucket.at = max(now, bucket.at)
            let isAllowed = bucket.tokens >= 1
            if isAllowed { bucket.tokens -= 1 }
            state.buckets[key] = bucket
            return isAllowed ? nil : max(1, Int(((1 - bucket.tokens) / Double(rate)).rounded(.up)))
        }
    }

    /// Whether there is no room for somebody new, after everybody went who has been quiet long enough to be as good as new.
    private func isFull(_ state: inout State, _ now: Int) -> Bool {
        guard state.buckets.count >= Self.capacity else { return false }
        state.buckets = state.buckets.filter { refilled($0.value, now) < Double(burst) }
        return state.buckets.count >= Self.capacity
    }

    private func refilled(_ bucket: Bucket, _ now: Int) -> Double {
        // A clock that was set back gives nothing and takes nothing.
        min(Double(burst), bucket.tokens + Double(max(0, now - bucket.at)) * Double(rate))
    }
}
