package import Wire

/// Decides what follows an answer of the collector: an answer goes in, what to do comes out, the caller does it.
package struct ShippingMachine: Sendable {
    /// What the collector made of a report.
    package enum Answer: Sendable, Equatable {
        case confirmed(Receipt)
        /// It is away, busy or broken; perhaps it said when to come back.
        case unavailable(reason: String, retryAfter: Duration?)
        case tooLarge
        case unauthorized(detail: String)
        case refused(status: Int, detail: String)
    }

    /// What to do.
    package enum Action: Sendable, Equatable {
        /// The report is on the collector's disk: go on with the next.
        case confirm(Receipt)
        /// Send the same rows again.
        case again(after: Duration)
        /// Send fewer rows, at once.
        case smaller
        /// Waiting helps nobody: a person has to do something.
        case giveUp(ShippingError)
    }

    private let collector: String
    /// The most rows of a report.
    package private(set) var rowLimit: Int
    private var failures = 0

    /// Begins with reports of some thousand rows: about 50 kB on the wire.
    package init(collector: String, rowLimit: Int = mostRows) {
        self.collector = collector
        self.rowLimit = rowLimit
    }

    /// Takes an answer.
    package mutating func handle(_ answer: Answer, using generator: inout some RandomNumberGenerator) -> Action {
        switch answer {
        case .confirmed(let receipt):
            failures = 0
            // A day that was left out whole, by a wrong clock for instance, is not on the collector's disk.
            if let day = receipt.skipped.first(where: \.isWholeDay) {
                return .giveUp(.dayRefused(collector: collector, detail: day.detail))
            }
            return .confirm(receipt)
        case .unavailable(_, let retryAfter):
            defer { failures += 1 }
            let pause = backOff(using: &generator)
            guard let retryAfter else { return .again(after: pause) }
            return .again(after: min(max(pause, retryAfter), Self.longestRetryAfter))
        case .tooLarge:
            guard rowLimit > 1 else {
                return .giveUp(.refused(collector: collector, status: 413, detail: "even one row is too large"))
            }
            rowLimit /= 2
            return .smaller
        case .unauthorized(let detail):
            return .giveUp(.unauthorized(collector: collector, detail: detail))
        case .refused(let status, let detail):
            return .giveUp(.refused(collector: collector, status: status, detail: detail))
        }
    }

    /// Doubles from a second to five minutes; half of it is chance, so that a district's agents do not come back all at
    /// once after the collector was away.
    private func backOff(using generator: inout some RandomNumberGenerator) -> Duration {
        let longest = min(Self.firstPause * (1 << min(failures, 10)), Self.longestPause)
        return longest * Double.random(in: 0.5...1, using: &generator)
    }

    /// A report of so many rows takes a megabyte while it is made.
    package static let mostRows = 1000
    package static let firstPause = Duration.seconds(1)
    package static let longestPause = Duration.seconds(300)
    /// Nobody may silence an agent for longer.
    package static let longestRetryAfter = Duration.seconds(3600)
}

extension Receipt.Skipped {
    /// Whether more than a row or a platform was left out: the pointer leads to a day, or to what is said of it.
    fileprivate var isWholeDay: Bool {
        let parts = pointer.split(separator: "/")
        guard parts.count >= 2, parts[0] == "days" else { return false }
        return parts.count == 2 || !["rows", "groups"].contains(parts[2])
    }
}
