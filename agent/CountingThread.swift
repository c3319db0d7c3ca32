import Capture
import Dissection
import Foundation
import Logging
import Synchronization
import Tally
import Wire

/// The thread that owns interfaces and tally: no lock and no waiting for anybody between a frame and its count.
///
/// Requests wait in a mailbox until it looks there, several times a second; what it answers with are values.
final class CountingThread: Sendable {
    private enum Request: Sendable {
        case snapshot(limit: Int, CheckedContinuation<Day?, any Error>)
        case confirm(run: String)
        case stop
    }

    private struct State: Sendable {
        var requests: [Request] = []
        var outcome: Result<Void, any Error>?
    }

    private let state = Mutex(State())

    /// Starts counting; problems with an interface or with the state come from ``ended()``.
    static func start(settings: AgentSettings, store: TallyStore, logger: Logger) throws -> CountingThread {
        let counter = CountingThread()
        Thread.detachNewThread {
            do {
                var counting = try Counting.begin(settings: settings, store: store, logger: logger)
                try counter.serve(&counting)
                counter.finish(.success(()))
            } catch {
                counter.finish(.failure(error))
            }
        }
        return counter
    }

    /// Saves the state and gives what changed since it was last confirmed.
    func snapshot(limit: Int) async throws -> Day? {
        try await withCheckedThrowingContinuation { continuation in
            let isOver = state.withLock { state in
                guard state.outcome == nil else { return true }
                state.requests.append(.snapshot(limit: limit, continuation))
                return false
            }
            if isOver { continuation.resume(returning: nil) }
        }
    }

    /// Notes that the last snapshot of a run is on the collector's disk.
    func confirm(run: String) {
        state.withLock { $0.requests.append(.confirm(run: run)) }
    }

    /// Asks the thread to save and end.
    func stop() {
        state.withLock { $0.requests.append(.stop) }
    }

    /// Waits for the end, and tells whether it was one in good order; a task that is cancelled waits no longer.
    func ended() async -> Result<Void, any Error> {
        // Once in a process's life, so looking now and then is simpler than being told.
        while !Task.isCancelled {
            if let outcome = state.withLock({ $0.outcome }) { return outcome }
            try? await Task.sleep(for: .milliseconds(100))
        }
        return .failure(CancellationError())
    }

    private func serve(_ counting: inout Counting) throws {
        // Ends when asked to, or when an interface goes away.
        while true {
            do {
                try counting.turn()
            } catch {
                counting.saveOrComplain()
                throw error
            }
            let requests = state.withLock { state in
                defer { state.requests = [] }
                return state.requests
            }
            for request in requests {
                switch request {
                case .snapshot(let limit, let continuation):
                    continuation.resume(with: Result { try counting.snapshot(limit: limit) })
                case .confirm(let run): counting.confirm(run: run)
                case .stop: return try counting.save()
                }
            }
        }
    }

    private func finish(_ outcome: Result<Void, any Error>) {
        let requests = state.withLock { state in
            state.outcome = outcome
            defer { state.requests = [] }
            return state.requests
        }
        for case .snapshot(_, let continuation) in requests { continuation.resume(returning: nil) }
    }
}

/// What the thread owns.
private struct Counting: ~Copyable {
    /// A capture source in an array has to be in something that can be.
    private final class Interface {
        var source: CaptureSource
        let name: String
        let linkType: LinkType

        init(_ source: consuming CaptureSource) throws {
            name = source.name
            linkType = LinkType(rawValue: source.linkType)
            guard linkType.isSupported else {
                throw CaptureError(source: source.name, reason: "link type \(linkType.rawValue) is not supported")
            }
            self.source = source
            // What no name can be in stays in the kernel.
            try self.source.setFilter(CaptureFilter.live(for: linkType.rawValue, tunnels: true).text)
        }
    }

    private let store: TallyStore
    private let logger: Logger
    private let interfaces: [Interface]
    private var dissector = Dissector()
    private var tally: Tally
    /// Days that ended and could not be saved yet.
    private var unsaved: [DayTally] = []
    /// The run whose key lies in the runtime folder.
    private var keptRun = ""
    private var nextSave = ContinuousClock.now + Self.saveInterval

    private init(store: TallyStore, logger: Logger, interfaces: [Interface], tally: Tally) {
        self.store = store
        self.logger = logger
        self.interfaces = interfaces
        self.tally = tally
    }

    static func begin(settings: AgentSettings, store: TallyStore, logger: Logger) throws -> Counting {
        let (current, notice) = try store.loadCurrent(k: settings.tally.k, capacity: settings.tally.capacity)
        if let notice { logger.error("\(notice)") }
        try StateFile.makeFolder(settings.runtime)
        var interfaces: [Interface] = []
        for name in settings.interfaces {
            interfaces.append(try Interface(CaptureSource(interface: name, options: settings.capture)))
        }
        var counting = Counting(
            store: store, logger: logger, interfaces: interfaces, tally: Tally(settings.tally, current: current))
        try counting.save()
        logger.info("counting", metadata: ["interfaces": "\(settings.interfaces.joined(separator: ", "))"])
        return counting
    }

    /// Counts what there is, and saves when it is time.
    mutating func turn() throws {
        for interface in interfaces { try drain(interface) }
        tally.advance(toNanoseconds: Int64(Date().timeIntervalSince1970 * 1e9))
        if ContinuousClock.now >= nextSave { saveOrComplain() }
    }

    mutating func snapshot(limit: Int) throws -> Day? {
        guard tally.current?.hasNews == true else { return nil }
        tally.current?.prepareSnapshot()
        try save()
        return tally.current?.snapshot(limit: limit)
    }

    mutating func confirm(run: String) {
        if tally.current?.run == run { tally.current?.confirmSnapshot() }
    }

    mutating func save() throws {
        nextSave = ContinuousClock.now + Self.saveInterval
        unsaved += tally.takeEnded()
        while let day = unsaved.first {
            try store.saveEnded(day)
            unsaved.removeFirst()
        }
        guard let current = tally.current else { return try store.removeCurrent() }
        if keptRun != current.run {
            try store.saveKey(of: current)
            keptRun = current.run
        }
        try store.saveCurrent(current)
    }

    /// A full disk is no reason to stop counting.
    mutating func saveOrComplain() {
        do {
            try save()
        } catch {
            logger.error("the state could not be saved; trying again in half a minute: \(error)")
        }
    }

    private mutating func drain(_ interface: Interface) throws {
        // Bounded, so that a busy interface leaves time for the others and for requests.
        for _ in 0..<1024 {
            guard let frame = try interface.source.next() else { return }
            dissector.dissect(
                frame.bytes, linkType: interface.linkType, timestampNanoseconds: frame.timestampNanoseconds)
            if !dissector.sightings.isEmpty { tally.count(dissector.sightings, interface: interface.name) }
        }
    }

    private static let saveInterval = Duration.seconds(30)
}
