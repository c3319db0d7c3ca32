import Capture
import Dissection
import Foundation
import Logging
import Service
import Tally
import Wire

/// What the counting thread owns: interfaces, dissection and tally.
struct Counting: ~Copyable {
    private let store: TallyStore
    private let logger: Logger
    private let interfaces: [WatchedInterface]
    private let startedAt = ContinuousClock.now
    private var dissector = Dissector()
    private var tally: Tally
    private var seen = AgentStatus.Seen()
    /// Days that ended and could not be saved yet.
    private var unsaved: [DayTally] = []
    private var stateProblem: String?
    /// The run whose key lies in the runtime folder.
    private var keptRun = ""
    private var nextSave = ContinuousClock.now
    /// Whether nothing is counted any more, because the agent is about to end.
    private var isPaused = false
    /// Whether this thread can still open interfaces.
    private var canOpen = true

    private init(interfaces: [WatchedInterface], tally: Tally, store: TallyStore, logger: Logger) {
        self.interfaces = interfaces
        self.tally = tally
        self.store = store
        self.logger = logger
    }

    /// Opens the interfaces and finds the state again.
    static func begin(
        settings: AgentSettings, interfaces names: [String], store: TallyStore, logger: Logger
    ) throws -> Counting {
        var interfaces: [WatchedInterface] = []
        for name in names {
            let interface = WatchedInterface(name, options: settings.capture, logger: logger)
            try interface.open()
            interfaces.append(interface)
        }
        let (current, notice) = try store.loadCurrent(k: settings.tally.k, capacity: settings.tally.capacity)
        if let notice { logger.error("\(notice)") }
        var counting = Counting(
            interfaces: interfaces, tally: Tally(settings.tally, current: current), store: store, logger: logger)
        try counting.save()
        return counting
    }

    /// Counts what there is, and saves when it is time.
    mutating func turn() {
        if !isPaused {
            for interface in interfaces { drain(interface) }
            tally.advance(toNanoseconds: Int64(Date().timeIntervalSince1970 * 1e9))
        }
        if canOpen, interfaces.allSatisfy(\.wasOpened) { giveUpPrivileges() }
        if ContinuousClock.now >= nextSave { saveOrComplain() }
    }

    /// Sleeps until there are frames to count, somebody rings, or something is due.
    func wait(for bell: FrameBell) {
        let descriptors = isPaused ? [] : interfaces.compactMap(\.descriptor)
        // One that is away is looked for each second.
        bell.wait(for: descriptors, milliseconds: descriptors.count < interfaces.count ? 250 : 1000)
    }

    /// Counts nothing any more, so that what is told from now on is all there is.
    mutating func pause() { isPaused = true }

    /// Takes over other settings, from the next frame on.
    mutating func apply(_ settings: TallySettings) { tally.apply(settings) }

    /// Saves the state and gives what is to be told; nil when that is nothing.
    ///
    /// It has `limit` rows at most, and a row that was told waits `pause` reports until it is told again; 0 for none.
    mutating func snapshot(limit: Int, pause: Int) throws -> Day? {
        guard tally.current?.hasNews == true else { return nil }
        tally.current?.prepareSnapshot()
        let day = tally.current?.snapshot(limit: limit, pause: pause)
        // What was told, and when, is on the disk before it leaves: what is folded later must never have been told.
        try save()
        return day
    }

    mutating func confirm(run: String) {
        if tally.current?.run == run { tally.current?.confirmSnapshot() }
    }

    /// Saves the days that ended, and the one that is being counted.
    mutating func save() throws {
        nextSave = ContinuousClock.now + Self.saveInterval
        unsaved += tally.takeEnded()
        while let day = unsaved.first {
            try store.saveEnded(day)
            unsaved.removeFirst()
        }
        tally.current?.updateGroups()
        if let current = tally.current {
            if keptRun != current.run {
                try store.saveKey(of: current)
                keptRun = current.run
            }
            try store.saveCurrent(current)
        } else {
            try store.removeCurrent()
        }
        if stateProblem != nil { logger.notice("the state can be saved again") }
        stateProblem = nil
    }

    /// A full disk is no reason to stop counting.
    mutating func saveOrComplain() {
        do {
            try save()
        } catch {
            if stateProblem == nil {
                logger.error(
                    "the state could not be saved; counting goes on, and it is tried every half minute: \(error)")
            }
            stateProblem = "\(error)"
        }
    }

    /// How it goes.
    var figures: CountingFigures {
        CountingFigures(health: health, seen: seen, day: counted, stateProblem: stateProblem, problems: problems)
    }

    private var health: Health {
        let figures = ProcessFigures.now()
        let evictions = dissector.evictions.byTable.map { ($0.table, $0.count) }
        return Health(
            uptimeSeconds: Int((ContinuousClock.now - startedAt).components.seconds),
            interfaces: interfaces.map { interface in
                let counters = interface.counters
                return Health.Interface(
                    name: interface.name, isUp: interface.problem == nil, frames: counters.received,
                    droppedByKernel: counters.droppedByKernel, droppedByInterface: counters.droppedByInterface)
            },
            malformed: dissector.statistics.malformed, evictions: Dictionary(evictions) { $0 + $1 },
            rows: tally.current?.rowCount ?? 0, rowCapacity: tally.current?.capacity ?? 0,
            memoryBytes: figures.residentBytes, cpuMilliseconds: figures.cpuMilliseconds,
            deviceAddresses: tally.current?.estimatedDevices ?? 0)
    }

    private var counted: AgentStatus.Counted? {
        guard let day = tally.current else { return nil }
        let devices = day.estimatedDevices
        return AgentStatus.Counted(
            day: day.day, namesTold: day.namesTold, namesHeld: day.withheld.names,
            devices: devices >= day.k ? devices : 0, coverage: day.coverage,
            declines: day.policyAnswers)
    }

    private var problems: [String: String] {
        var problems: [String: String] = [:]
        for interface in interfaces { problems[interface.name] = interface.problem }
        return problems
    }

    private mutating func drain(_ interface: WatchedInterface) {
        // The closure works on parts of `self`, which may not be used as a whole while it does.
        interface.drain { frame, timestampNanoseconds, linkType in
            dissector.dissect(frame, linkType: linkType, timestampNanoseconds: timestampNanoseconds)
            guard !dissector.sightings.isEmpty else { return }
            tally.count(dissector.sightings, interface: interface.name)
            note(dissector.sightings)
        }
    }

    private mutating func note(_ sightings: borrowing Sightings) {
        for sighting in sightings.elements {
            if sighting.means == .dns { seen.queries += 1 } else { seen.handshakes += 1 }
            seen.lastAt = Int(sighting.timestampNanoseconds / 1_000_000_000)
        }
    }

    /// Once every interface was open, this thread needs no more than any other.
    private mutating func giveUpPrivileges() {
        canOpen = false
        do {
            try Privileges.dropAll()
        } catch {
            logger.error("\(error)")
        }
    }

    private static let saveInterval = Duration.seconds(30)
}

/// What the counting thread says of itself.
struct CountingFigures: Sendable {
    var health: Health
    var seen: AgentStatus.Seen
    var day: AgentStatus.Counted?
    var stateProblem: String?
    /// What keeps interfaces from being listened on, by name.
    var problems: [String: String]
}
