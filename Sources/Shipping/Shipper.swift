private import Foundation
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

/// What the agent adds to a report, and wants to know of it.
package protocol ShippingDelegate: Sendable {
    /// How the agent is, for the report that is about to be sent.
    func health() async -> Health?
    /// Gets each body exactly as it is sent.
    func willSend(_ body: [UInt8]) throws
    /// The collector has a report on its disk.
    func confirmed(_ receipt: Receipt, clockAheadSeconds: Int?)
    /// A report did not get through; it is tried again after the pause.
    func failed(_ error: ShippingError, retryAfter pause: Duration)
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
    private let delegate: any ShippingDelegate

    /// Makes a shipper for an agent with `secret`.
    package init(client: CollectorClient, secret: String, version: String, delegate: any ShippingDelegate) {
        self.client = client
        self.secret = secret
        self.version = version
        self.delegate = delegate
    }

    /// Ships all that a source has.
    ///
    /// - Returns: How many reports that was.
    /// - Throws: ``ShippingError`` when a person has to do something, or patience is at its end; what the source throws;
    ///   `CancellationError`.
    @discardableResult
    package func ship(_ source: some ReportSource, patience: Patience) async throws -> Int {
        var machine = ShippingMachine(collector: client.collector.description)
        var generator = SystemRandomNumberGenerator()
        var sent = 0
        // Ends when the source does: each confirmed report leaves fewer rows.
        while let day = try await source.next(limit: machine.rowLimit) {
            let reply = try await send([day])
            switch machine.handle(reply.answer, using: &generator) {
            case .confirm(let receipt):
                try await source.confirm()
                delegate.confirmed(receipt, clockAheadSeconds: reply.clockAheadSeconds)
                sent += 1
            case .again(let pause):
                guard case .unavailable(let reason, _) = reply.answer else { continue }
                let error = ShippingError.unavailable(collector: client.collector.description, reason: reason)
                guard case .unlimited = patience else { throw error }
                delegate.failed(error, retryAfter: pause)
                try await Task.sleep(for: pause)
            case .smaller: continue
            case .giveUp(let error): throw error
            }
        }
        return sent
    }

    /// Says that the agent is there, where there is nothing to tell: silence and nothing seen are two things.
    ///
    /// - Throws: ``ShippingError`` when that did not get through.
    package func shipHealth() async throws {
        var machine = ShippingMachine(collector: client.collector.description)
        var generator = SystemRandomNumberGenerator()
        let reply = try await send([])
        switch machine.handle(reply.answer, using: &generator) {
        case .confirm(let receipt): delegate.confirmed(receipt, clockAheadSeconds: reply.clockAheadSeconds)
        case .giveUp(let error): throw error
        case .again, .smaller:
            guard case .unavailable(let reason, _) = reply.answer else { return }
            throw ShippingError.unavailable(collector: client.collector.description, reason: reason)
        }
    }

    private func send(_ days: [Day]) async throws -> Reply {
        let report = Report(
            sentAt: Int(Date().timeIntervalSince1970), version: version, days: days, health: await delegate.health())
        let packed = Gzip.compress(try report.encoded())
        try delegate.willSend(packed)
        try Task.checkCancellation()
        return await client.send(packed, secret: secret)
    }
}
