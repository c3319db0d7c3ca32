import Store
import Synchronization
import Usage
import Wire

/// Knows which tools are embedded in pages of others, from all names of the last week on record.
///
/// It is the one question of a list that looks at every name, so its answer is kept for a hundred times as long as
/// finding out took: milliseconds on a small district, minutes on a large one. An old answer serves while a new one is
/// looked for.
final class MannerReader: Sendable {
    private let uses: UseReader
    private let state = Mutex(State())

    init(uses: UseReader) {
        self.uses = uses
    }

    private struct State {
        var manners: [String: Manner]?
        var until = ContinuousClock.now
        var isLooking = false
    }

    /// The manners by platform; a platform that is not among them is used.
    func manners() async throws -> [String: Manner] {
        let (known, isOld) = state.withLock { state in
            let isOld = state.until < .now && !state.isLooking
            if isOld { state.isLooking = true }
            return (state.manners, isOld)
        }
        guard let known else { return try await look() }
        if isOld { Task { try? await look() } }
        return known
    }

    @discardableResult private func look() async throws -> [String: Manner] {
        defer { state.withLock { $0.isLooking = false } }
        let start = ContinuousClock.now
        let record = try await uses.daysOnRecord()
        let week = record.map { Period($0.last.advanced(by: -6), $0.last) }
        let manners = try await uses.largestNames(in: UseScope(period: week)).mapValues { Manner(names: $0) }
            .filter { $0.value != .used }
        state.withLock { state in
            state.manners = manners
            state.until = .now + (.now - start) * 100
        }
        return manners
    }
}
