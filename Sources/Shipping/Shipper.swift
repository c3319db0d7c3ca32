private import Foundation
package import Logging
package import Wire

/// Where reports come from.
package protocol ReportSource {
    /// The current values of what is not confirmed, in `limit` rows at most; nil when all is.
    ///
    /// Until ``confirm()``, the same is told again.
    func next(limit: Int) async throws -> Day?
    /// Notes that what ``next(limit:)`` gave last is on the collector's disk.
    func confirm() async throws
}

/// Ships reports, one after the other, until a source has no more.
package struct Shipper: Sendable {
    /// How long to try.
    package enum Patience: Sendable {
        /// Until the collector is back, or the task is cancelled.
        case unlimited
        /// Each report once.
        case once
    }

    private let client: CollectorClient
    private let secret: String
    private let version: String
    private let logger: Logger
    /// Keeps each body exactly as it is sent, for those who want to see what leaves.
    private let keep: @Sendable ([UInt8]) throws -> Void

    /// Makes a shipper for an agent with `secret`.
    package init(
        client: CollectorClient, secret: String, version: String, logger: Logger,
        keep: @escaping @Sendable ([UInt8]) throws -> Void = { _ in }
    ) {
        self.client = client
        self.secret = secret
        self.version = version
        self.logger = logger
        self.keep = keep
    }

    /// Ships all that a source has.
    ///
    /// - Throws: ``ShippingError`` when a person has to do something, or patience is at its end; what the source throws;
    ///   `CancellationError`.
    package func ship(_ source: some ReportSource, patience: Patience) async throws {
        var machine = ShippingMachine(collector: client.collector.description)
        var generator = SystemRandomNumberGenerator()
        // Ends when the source does: each confirmed report leaves fewer rows.
        while let day = try await source.next(limit: machine.rowLimit) {
            let answer = try await send(day)
            switch machine.handle(answer, using: &generator) {
            case .confirm(let receipt):
                for skipped in receipt.skipped {
                    logger.warning(
                        "the collector skipped a row",
                        metadata: ["pointer": "\(skipped.pointer)", "detail": "\(skipped.detail)"])
                }
                try await source.confirm()
            case .again(let pause):
                guard case .unavailable(let reason, _) = answer else { continue }
                let error = ShippingError.unavailable(collector: client.collector.description, reason: reason)
                guard case .unlimited = patience else { throw error }
                let seconds = Double(pause.components.seconds) + Double(pause.components.attoseconds) * 1e-18
                logger.warning("\(error); trying again in \(Int(seconds.rounded(.up))) s, nothing is lost")
                try await Task.sleep(for: pause)
            case .smaller: continue
            case .giveUp(let error): throw error
            }
        }
    }

    private func send(_ day: Day) async throws -> ShippingMachine.Answer {
        let report = Report(sentAt: Int(Date().timeIntervalSince1970), version: version, days: [day])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let packed = Gzip.compress(Array(try encoder.encode(report)))
        try keep(packed)
        try Task.checkCancellation()
        return await client.send(packed, secret: secret)
    }
}
