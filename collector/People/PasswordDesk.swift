import Dispatch
import Identity
import Synchronization

/// Hashes passwords one after the other, on a thread of their own: a hash takes a quarter of a second and 32 MiB, which
/// must neither stand in the way of pages nor be multiplied by whoever sends many.
final class PasswordDesk: Sendable {
    /// How many may wait.
    private static let patience = 16

    private let queue = DispatchQueue(label: "rollcall.passwords")
    private let waiting = Mutex(0)
    private let cost: PasswordHash.Cost
    private let nobody: PasswordHash?

    /// Hashes at these costs.
    init(cost: PasswordHash.Cost = .standard) {
        self.cost = cost
        var random = SystemRandomNumberGenerator()
        nobody = Password(typed: "nobody").flatMap { try? PasswordHash(of: $0, cost: cost, using: &random) }
    }

    /// Hashes a new password.
    func hash(_ password: Password) async throws -> PasswordHash {
        try await turn { [cost] in
            var random = SystemRandomNumberGenerator()
            return try PasswordHash(of: password, cost: cost, using: &random)
        }
    }

    /// Whether a password is the one that was hashed; it takes as long where there is none, so that nobody can tell from
    /// the time who has an account.
    func matches(_ password: Password?, _ hash: PasswordHash?) async throws -> Bool {
        try await turn { [nobody] in
            guard let password, let known = hash ?? nobody else { return false }
            return known.matches(password) && hash != nil
        }
    }

    private func turn<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let isRefused = waiting.withLock { count in
            guard count < Self.patience else { return true }
            count += 1
            return false
        }
        if isRefused { throw Busy(status: 503, "Too many people sign in at the same time.", retryAfter: 5) }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
