import Capture
import Foundation
import Logging
import Service
import Tally
import UnixSignals
import Wire

/// Counts what interfaces see and ships every few minutes, until it is told to stop.
struct LiveRun: Sendable {
    /// Holds the lock of the state folder.
    private final class Holder: Sendable {
        private let lock: StateLock

        init(_ lock: consuming StateLock) { self.lock = lock }
    }

    private let configuration: String
    private let settings: AgentSettings
    private let reasons: [String]
    private let holder: Holder
    private let store: TallyStore
    private let counter: CountingThread
    private let link: CollectorLink
    private let manager: ServiceManager
    private let logger: Logger
    private let startedAt = Int(Date().timeIntervalSince1970)

    /// Does what has to be done while the process has one thread: capabilities belong to threads, and those that begin
    /// later have what this one has.
    ///
    /// Interfaces are opened by the counting thread, which alone keeps the right to do so until all are open; then nobody
    /// in the process has any.
    init(_ run: Run) throws {
        ProcessMemory.keepHeapsSmall()
        let environment = ProcessInfo.processInfo.environment
        configuration = run.config.path
        settings = try AgentSettings(path: configuration)
        let logger = makeLogger(environment, level: settings.logLevel)
        self.logger = logger
        manager = ServiceManager(environment: environment)
        Privileges.forbidCoreDumps()
        let token = try settings.joinToken()
        let choice = settings.interfaces == nil ? InterfaceChoice(among: NetworkInterface.all()) : nil
        reasons = choice?.reasons ?? []
        for reason in reasons { logger.info("\(reason)") }
        var live = settings
        if let choice { live.capture.isPromiscuous = live.capture.isPromiscuous || choice.isPromiscuous }
        let interfaces = settings.interfaces ?? choice?.interfaces ?? []
        guard !interfaces.isEmpty else {
            throw AgentError(
                "no interface to listen on: \(reasons.joined(separator: "; ")); "
                    + "name one with interfaces = [\"eth1\"] under [capture]")
        }
        try Self.becomeUser(settings, logger)
        try Privileges.keepPacketSocketsOnly()
        holder = Holder(try StateLock(folder: settings.state))
        let kept = try settings.keepReports.map(KeptReports.init(folder:))
        store = TallyStore(folder: settings.state, runtime: settings.runtime, limit: settings.stateBytes)
        // Each part of the start walks through another of the program.
        ProcessMemory.giveBack()
        counter = try CountingThread.start(settings: live, interfaces: interfaces, store: store, logger: logger)
        try Privileges.dropAll()
        link = CollectorLink(
            settings: live, token: token, counter: counter, store: store, kept: kept, logger: logger)
        logger.info("counting", metadata: ["interfaces": "\(interfaces.joined(separator: ", "))"])
        ProcessMemory.giveBack()
    }

    /// Runs until SIGTERM or SIGINT; SIGHUP reads the settings again.
    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        manager.tell(.ready, status: "counting")
        let outcome = await withTaskGroup(of: Result<Void, any Error>.self) { group in
            group.addTask {
                for await signal in signals {
                    guard signal == .sighup else { break }
                    await reload()
                }
                return .success(())
            }
            group.addTask { await counter.ended() }
            group.addTask { await endless { await link.run() } }
            group.addTask { await endless { await describeAgainAndAgain() } }
            group.addTask { await endless { await tellAlive() } }
            let first = await group.next() ?? .success(())
            group.cancelAll()
            return first
        }
        manager.tell(.stopping)
        if case .success = outcome {
            counter.pause()
            await link.shipRest(within: .seconds(20))
        }
        counter.stop()
        try await counter.ended().get()
        try? StateFile.remove(AgentStatus.path(in: settings.runtime))
        try outcome.get()
    }

    private func endless(_ body: () async -> Void) async -> Result<Void, any Error> {
        await body()
        return .success(())
    }

    /// As root, goes on as the configured user, or as the agent's own where there is one; the folders become its own.
    private static func becomeUser(_ settings: AgentSettings, _ logger: Logger) throws {
        let folders = [settings.state, settings.runtime] + (settings.keepReports.map { [$0] } ?? [])
        for folder in folders { try StateFile.makeFolder(folder) }
        guard Privileges.isRoot else { return }
        guard let user = User(named: settings.user ?? "rollcall-agent") else {
            if let name = settings.user { throw AgentError("there is no user \"\(name)\"; make it, or change user") }
            return logger.notice("there is no user rollcall-agent; going on as root, without root's capabilities")
        }
        for folder in folders {
            user.own(folder)
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for file in files { user.own(folder + "/" + file) }
        }
        try Privileges.become(user)
    }

    private func reload() async {
        manager.tell(.reloading(monotonicMicroseconds: monotonicMicroseconds()))
        do {
            let new = try AgentSettings(path: configuration)
            if new.interfaces != settings.interfaces || new.capture != settings.capture || new.state != settings.state {
                logger.warning("interfaces, [capture] and folders change with the next start only: systemctl restart")
            }
            await link.reload(new)
            logger.notice("the settings were read again")
        } catch {
            logger.error("the settings stay as they were: \(error)")
        }
        manager.tell(.ready, status: "counting")
    }

    private func tellAlive() async {
        guard let watchdog = manager.watchdog else {
            try? await Task.sleep(for: .seconds(1 << 32))
            return
        }
        while !Task.isCancelled {
            if counter.isAlive(within: watchdog) { manager.tell(.watchdog) }
            try? await Task.sleep(for: watchdog / 3)
        }
    }

    private func describeAgainAndAgain() async {
        while !Task.isCancelled {
            guard let status = await status() else { return }
            describe(status)
            // Whoever has just started it looks at it.
            let isNew = status.health.uptimeSeconds < 60
            if !isNew { ProcessMemory.giveBack() }
            try? await Task.sleep(for: isNew ? .seconds(1) : .seconds(20))
        }
    }

    private func describe(_ status: AgentStatus) {
        do {
            try status.write(to: settings.runtime)
            if let path = settings.metricsFile {
                try StateFile.write(Array(status.metrics.utf8), to: path, mode: 0o644)
            }
        } catch {
            logger.debug("the status cannot be written: \(error)")
        }
        let problem = status.concerns(now: status.writtenAt).first?.sentence
        manager.tell(.status, status: problem ?? "all is well")
    }

    private func status() async -> AgentStatus? {
        guard let figures = await counter.figures() else { return nil }
        var health = figures.health
        health.settingsVersion = link.settingsVersion
        return AgentStatus(
            version: rollcallVersion, process: getpid(), startedAt: startedAt,
            writtenAt: Int(Date().timeIntervalSince1970), school: link.school, health: health,
            interfaceReasons: reasons, interfaceProblems: figures.problems, seen: figures.seen, day: figures.day,
            shipping: link.figures, stateProblem: figures.stateProblem, remoteSettings: link.effective.changes)
    }
}
