import Foundation
import Logging
import Service
import Shipping
import Synchronization
import Tally
import Wire

/// The running agent's relation to its collector: who it is there, how the last report went, and the settings that it
/// was handed.
final class CollectorLink: ShippingDelegate {
    private struct State {
        /// Those of the file.
        private(set) var settings: AgentSettings
        /// Those of the collector.
        private(set) var remote: RemoteSettings?
        /// Those in force, with a sentence for each that the collector changed: kept, because to read a thousand
        /// platforms' patterns again for each status costs an idle agent more than its status.
        private(set) var effective: (settings: AgentSettings, changes: [String])
        var client: CollectorClient?
        var identity: AgentIdentity?
        var confirmedAt: Int?
        var problem: String?
        var warnedAt: ContinuousClock.Instant?
        var clockAheadSeconds = 0
        /// Days that the collector will not have, by their files.
        var refused: Set<String> = []

        init(settings: AgentSettings, remote: RemoteSettings?, identity: AgentIdentity?) {
            self.settings = settings
            self.remote = remote
            self.identity = identity
            effective = Self.effective(settings, remote)
        }

        mutating func use(_ settings: AgentSettings, _ remote: RemoteSettings?) {
            self.settings = settings
            self.remote = remote
            effective = Self.effective(settings, remote)
        }

        private static func effective(
            _ settings: AgentSettings, _ remote: RemoteSettings?
        ) -> (settings: AgentSettings, changes: [String]) {
            remote.map { settings.narrowed(by: $0) } ?? (settings, [])
        }
    }

    private let counter: CountingThread
    private let store: TallyStore
    private let token: String?
    private let kept: KeptReports?
    private let logger: Logger
    private let state: Mutex<State>

    /// Begins with the settings of the file, and with the join token for the first start.
    init(
        settings: AgentSettings, token: String?, counter: CountingThread, store: TallyStore, kept: KeptReports?,
        logger: Logger
    ) {
        self.counter = counter
        self.store = store
        self.token = token
        self.kept = kept
        self.logger = logger
        let remote = settings.takesRemoteSettings ? RemoteSettings.load(from: settings.state, logger) : nil
        state = Mutex(
            State(settings: settings, remote: remote, identity: try? AgentIdentity.load(from: settings.state)))
        if remote != nil { counter.apply(effective.settings.tally) }
    }

    /// Ships what there is again and again, until the task is cancelled.
    func run() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                try await ship(.unlimited, everything: false)
                failures = 0
            } catch is CancellationError {
                return
            } catch {
                note("\(error)")
                failures += 1
            }
            let interval = effective.settings.interval
            // Who has no identity yet tries sooner; whoever has one waits no longer than between two reports.
            let pause = failures == 0 ? interval : min(interval, .seconds(5 << min(failures, 10)))
            // Also where it failed.
            ProcessMemory.giveBack()
            // A little chance keeps a district's agents from reporting in the same second.
            try? await Task.sleep(for: pause * Double.random(in: 0.9...1.1))
        }
    }

    /// Ships all that there is, once, before the agent ends; a collector that is away must not keep it from ending.
    func shipRest(within limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await self.ship(.once, everything: true)
                } catch {
                    self.logger.warning("not everything was sent before the end; the rest is kept: \(error)")
                }
            }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
        await state.withLock { $0.client.take() }?.shutdown()
    }

    /// Goes on with other settings of the file.
    func reload(_ settings: AgentSettings) async {
        let old = state.withLock { state in
            state.use(settings, settings.takesRemoteSettings ? state.remote : nil)
            state.refused = []
            return state.client.take()
        }
        counter.apply(effective.settings.tally)
        await old?.shutdown()
    }

    /// The settings in force, with a sentence for each that the collector changed.
    var effective: (settings: AgentSettings, changes: [String]) { state.withLock(\.effective) }

    var settingsVersion: Int { state.withLock { $0.remote?.version ?? 0 } }
    var school: String? { state.withLock { $0.identity?.school } }

    /// How it goes, for the status.
    var figures: AgentStatus.Shipping {
        let interval = Int(effective.settings.interval.components.seconds)
        let waiting = store.endedDays().count
        return state.withLock { state in
            AgentStatus.Shipping(
                collector: (state.client?.collector ?? state.settings.collectors.first)?.description
                    ?? state.identity?.collector ?? "",
                interval: interval, confirmedAt: state.confirmedAt, problem: state.problem, waitingDays: waiting,
                refusedDays: state.refused.count,
                clockAheadSeconds: state.clockAheadSeconds)
        }
    }
}

extension CollectorLink {
    func health() async -> Health? {
        guard var health = await counter.figures()?.health else { return nil }
        health.settingsVersion = settingsVersion
        return health
    }

    func willSend(_ body: [UInt8]) throws {
        try kept?.keep(body)
        // Making a report and sending it need two large parts of the program, counting in between neither.
        ProcessMemory.giveBack()
    }

    func confirmed(_ receipt: Receipt, clockAheadSeconds: Int?) {
        for skipped in receipt.skipped {
            logger.warning(
                "the collector skipped a row",
                metadata: ["pointer": "\(skipped.pointer)", "detail": "\(skipped.detail)"])
        }
        let wasAway = state.withLock { state in
            state.confirmedAt = Int(Date().timeIntervalSince1970)
            if let clockAheadSeconds { state.clockAheadSeconds = clockAheadSeconds }
            state.warnedAt = nil
            return state.problem.take() != nil
        }
        if wasAway { logger.notice("reports get through again") }
        if let settings = receipt.settings { take(settings) }
        ProcessMemory.giveBack()
    }

    func failed(_ error: ShippingError, retryAfter pause: Duration) {
        note("\(error); nothing is lost, it is tried again and again")
    }

    /// Settings that are no newer than those in force are an old answer that came late.
    private func take(_ remote: RemoteSettings) {
        let isNew = state.withLock { state in
            guard state.settings.takesRemoteSettings, remote.version != state.remote?.version ?? 0 else { return false }
            state.use(state.settings, remote)
            return true
        }
        guard isNew else { return }
        let (settings, changes) = effective
        counter.apply(settings.tally)
        logger.notice("settings from the collector are in force", metadata: ["version": "\(remote.version)"])
        for change in changes { logger.info("\(change)") }
        do {
            try remote.save(in: settings.state)
        } catch {
            logger.error("the collector's settings could not be kept for the next start: \(error)")
        }
    }

    /// Remembers a problem, and tells it now and then: the status has it at any time.
    private func note(_ problem: String) {
        let isToBeTold = state.withLock { state in
            let isNew = state.problem == nil
            state.problem = problem
            guard isNew || state.warnedAt.map({ .now - $0 > Self.pauseBetweenWarnings }) ?? true else { return false }
            state.warnedAt = .now
            return true
        }
        if isToBeTold { logger.warning("\(problem)") }
    }

    private static let pauseBetweenWarnings = Duration.seconds(3 * 3600)
    /// Silence and nothing seen are two things: so often an agent that sees nothing says that it is there.
    private static let longestSilence = 3600

    private func ship(_ patience: Shipper.Patience, everything: Bool) async throws {
        let shipper = try await shipper()
        var sent = 0
        let refused = state.withLock { $0.refused }
        for ended in store.endedDays() where !refused.contains(ended.path) {
            let (source, notice) = try EndedDaySource.open(ended, in: store)
            if let notice { logger.error("\(notice)") }
            guard let source else { continue }
            do {
                sent += try await shipper.ship(source, patience: patience)
            } catch let error as ShippingError where error.isOfOneReport {
                // It waits for somebody to look at it, and must not keep the days behind it waiting.
                state.withLock { _ = $0.refused.insert(ended.path) }
                logger.error("\(error)", metadata: ["file": "\(ended.path)"])
            }
        }
        let pause = everything ? 0 : effective.settings.reportsBetweenRepeats
        sent += try await shipper.ship(CurrentDaySource(counter, pause: pause), patience: patience)
        let silence = state.withLock { Int(Date().timeIntervalSince1970) - ($0.confirmedAt ?? 0) }
        if sent == 0, silence >= Self.longestSilence, !everything { try await shipper.shipHealth() }
    }

    private func shipper() async throws -> Shipper {
        let client = try client()
        let identity = try await identity(client)
        return Shipper(client: client, secret: identity.secret, version: rollcallVersion, delegate: self)
    }

    private func client() throws -> CollectorClient {
        let (known, settings, identity) = state.withLock { ($0.client, $0.settings, $0.identity) }
        if let known { return known }
        let client = try settings.client(identity)
        state.withLock { $0.client = client }
        return client
    }

    private func identity(_ client: CollectorClient) async throws -> AgentIdentity {
        let (known, settings) = state.withLock { ($0.identity, $0.settings) }
        if let known, known.isFor(settings.collectors) { return known }
        let identity = try await AgentIdentity.enrol(settings, token: token, client: client)
        state.withLock { $0.identity = identity }
        logger.notice("enrolled", metadata: ["agent": "\(identity.agent)", "school": "\(identity.school)"])
        return identity
    }
}

extension AgentSettings {
    /// A client for the collector of the settings, or for that of an identity where they name none.
    func client(_ identity: AgentIdentity?) throws -> CollectorClient {
        var addresses = collectors
        if addresses.isEmpty, let identity { addresses = [try CollectorAddress(identity.collector)] }
        guard !addresses.isEmpty else {
            throw AgentError(
                "\"collector\" is missing in the configuration; add a line collector = \"https://collector.example\"")
        }
        return try CollectorClient(collectors: addresses, settings: connection)
    }

    /// A row that was told waits so many reports until it is told again, unless its day ends: that is two hours.
    ///
    /// So a school's day costs some thousand rows and not a hundred thousand; what is new is told at once.
    var reportsBetweenRepeats: Int {
        let seconds = max(1, Int(interval.components.seconds))
        return max(1, min(24, 7200 / seconds))
    }
}
