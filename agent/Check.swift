import ArgumentParser
import Capture
import Foundation
import Names
import Shipping
import Tally
import Wire

/// `rollcall-agent check`: tests everything between the interface and the collector, and names the first thing to mend.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tests everything from the interface to the collector, and names the first thing to mend.",
        discussion: """
            With a name, it follows that name from the interface over what was counted today to the collector's \
            registry, and says where it stops. To listen at an interface it has to be started as root.
            """)

    @Argument(help: "A host name to follow, such as www.example.com.")
    var name: String?
    @OptionGroup var config: ConfigOption
    @Option(help: "How long to listen at each interface.")
    var seconds = 10

    func validate() throws {
        guard (1...3600).contains(seconds) else { throw ValidationError("--seconds is from 1 to 3600") }
        if let name, hostName(name) == nil { throw ValidationError("\"\(name)\" is no host name") }
    }

    func run() async throws {
        var list = Checklist()
        let name = name.flatMap(hostName)
        do {
            let settings = try config.settings()
            list.good("configuration", "\(config.path) can be used")
            let checker = AgentChecker(settings: settings, path: config.path, seconds: seconds)
            checker.checkFolders(&list)
            checker.checkAgent(&list)
            checker.checkInterfaces(&list, name: name)
            if let name { checker.checkTally(&list, name: name) }
            await checker.checkCollector(&list, name: name)
        } catch {
            list.bad("configuration", "\(error)")
        }
        if !list.finish() { throw ExitCode(1) }
    }

    private func hostName(_ text: String) -> HostName? {
        var text = text.lowercased()
        if text.hasSuffix(".") { text.removeLast() }
        return HostName(text)
    }
}

/// The steps of `check`.
struct AgentChecker {
    let settings: AgentSettings
    /// Of the configuration.
    let path: String
    let seconds: Int

    private var status: AgentStatus? {
        StateLock.isHeld(folder: settings.state) ? try? AgentStatus.read(from: settings.runtime) : nil
    }

    func checkFolders(_ list: inout Checklist) {
        for folder in [settings.state, settings.runtime] {
            if !FileManager.default.fileExists(atPath: folder) {
                list.note("folder", "\(folder) is not there yet; the agent makes it")
            } else if !FileManager.default.isWritableFile(atPath: folder) {
                list.bad("folder", "\(folder): this user may not write there; check as root, or correct its owner")
            } else {
                list.good("folder", folder)
            }
        }
        do {
            if let identity = try AgentIdentity.load(from: settings.state) {
                guard identity.isFor(settings.collectors) else {
                    return list.bad(
                        "identity",
                        "\(settings.state)/identity.json is for \(identity.collector), which \(path) does not name; "
                            + "move it away and enrol again")
                }
                list.good("identity", "agent \(identity.agent) of \(identity.school)")
            } else if let token = try settings.joinToken() {
                list.note(
                    "identity", "none yet; the agent enrols when it starts, with a token of \(token.count) letters")
            } else {
                list.bad(
                    "identity",
                    "none in \(settings.state) and no token; put one at token_file, or run rollcall-agent enroll")
            }
        } catch {
            list.bad("identity", "\(error)")
        }
    }

    func checkAgent(_ list: inout Checklist) {
        guard let status else {
            return list.bad("agent", "no agent runs with \(path); start it: systemctl start rollcall-agent")
        }
        let concerns = status.concerns(now: Int(Date().timeIntervalSince1970))
        if concerns.isEmpty {
            list.good("agent", "runs as process \(status.process), up \(Wording.duration(status.health.uptimeSeconds))")
        }
        for concern in concerns { list.bad("agent", concern.sentence) }
        if let day = status.day { judge(day.declines, &list) }
    }

    /// Whether the network declines that devices hide what they look up, and the one line that makes it: the district's
    /// decision, and no mistake either way.
    private func judge(_ declines: Declines, _ list: inout Checklist) {
        for (what, answers) in [
            ("encrypted DNS", declines.encryptedDNS), ("private relays", declines.privateRelay),
        ] where answers.declined > 0 && answers.allowed == 0 {
            list.good("network", "declines \(what): its resolvers said so to devices that asked today")
        }
        guard let line = declines.dnsmasqLine else { return }
        let names = declines.answeredNames
        let unbound = names.map { "local-zone: \"\($0)\" always_nxdomain" }.joined(separator: ", ")
        list.note(
            "network",
            "its resolvers answer \(names.joined(separator: ", ")), so devices may hide what they look up; "
                + "to decline it: \(line) in dnsmasq, or \(unbound) in unbound")
    }

    func checkInterfaces(_ list: inout Checklist, name: HostName?) {
        let all = NetworkInterface.all()
        let choice = InterfaceChoice(among: all)
        if settings.interfaces == nil { for reason in choice.reasons { list.note("choice", reason) } }
        var options = settings.capture
        if settings.interfaces == nil, choice.isPromiscuous { options.isPromiscuous = true }
        let names = settings.interfaces ?? choice.interfaces
        if names.isEmpty { list.bad("interface", "none to listen on; name one with interfaces under [capture]") }
        for interface in names {
            guard let known = all.first(where: { $0.name == interface }) else {
                let there = all.filter { !$0.isLoopback }.map(\.name).joined(separator: ", ")
                list.bad("interface", "\(interface): there is none of that name; this machine has \(there)")
                continue
            }
            guard known.isUp, known.isRunning else {
                let what =
                    known.isUp
                    ? "nothing is connected to it; check the cable" : "it is off: ip link set \(interface) up"
                list.bad("interface", "\(interface): \(what)")
                continue
            }
            listen(at: interface, options, &list, name: name)
        }
    }

    private func listen(at interface: String, _ options: LiveOptions, _ list: inout Checklist, name: HostName?) {
        do {
            let heard = try Listening(at: interface, options: options, seconds: seconds, name: name)
            judge(heard, at: interface, &list)
            if let name {
                let what = heard.found == 0 ? "not seen in \(seconds) s" : "seen \(heard.found) times in \(seconds) s"
                list.note("name", "\(name.text) at \(interface): \(what)")
            }
        } catch {
            list.bad("traffic", "\(error)")
        }
    }

    /// "Silent" and "nothing seen" are two things, and so are frames without a name in them.
    private func judge(_ heard: Listening, at interface: String, _ list: inout Checklist) {
        let frames = "\(Wording.count(heard.frames, "frame")) in \(seconds) s"
        if heard.frames == 0 {
            return list.bad(
                "traffic",
                "\(interface): silent, not one frame in \(seconds) s; check the cable or the mirror port's settings")
        }
        if heard.queries + heard.handshakes == 0 {
            return list.bad(
                "traffic",
                "\(interface): \(frames), but no name lookup and no handshake; it has to be the side of the school's "
                    + "devices, a mirror port needs promiscuous = true, and outside school hours try a longer --seconds"
            )
        }
        if heard.queries == 0 {
            list.note(
                "traffic",
                "\(interface): handshakes but no name lookups; devices may use encrypted DNS or a resolver elsewhere")
        }
        if heard.handshakes == 0 {
            list.note("traffic", "\(interface): name lookups but no handshakes; is only the resolver behind it?")
        }
        if !heard.hasSeveralClients, heard.queries + heard.handshakes > 20 {
            list.note("traffic", "\(interface): all from one device; behind a router, devices cannot be told apart")
        }
        list.good("traffic", "\(interface): \(frames), \(heard.queries) lookups, \(heard.handshakes) handshakes")
    }
}

extension AgentChecker {
    func checkTally(_ list: inout Checklist, name: HostName) {
        var narrowed = settings
        if settings.takesRemoteSettings, let remote = RemoteSettings.load(from: settings.state) {
            narrowed = settings.narrowed(by: remote).settings
        }
        if narrowed.tally.leavesOut(name.text) {
            return list.bad("tally", "\(name.text) is left out by the lists of names that are not counted")
        }
        do {
            let store = TallyStore(folder: settings.state, runtime: settings.runtime, limit: settings.stateBytes)
            guard let day = try store.peekCurrent(narrowed.tally) else {
                return list.bad("tally", "nothing at all was counted today; see what is said of the traffic")
            }
            switch day.standing(of: name) {
            case .unseen: list.bad("tally", "\(name.text) was not seen on \(day.day): it stops at the interface")
            case .held:
                list.bad(
                    "tally",
                    "\(name.text) was counted, and is held back because fewer than \(day.k) devices shared it so far: "
                        + "it stops here, as it should")
            case .toBeTold: list.good("tally", "\(name.text) was counted and is in the next report")
            case .told: list.good("tally", "\(name.text) was counted, and the collector confirmed it")
            }
        } catch {
            list.bad("tally", "\(error)")
        }
    }

    func checkCollector(_ list: inout Checklist, name: HostName?) async {
        do {
            let identity = try AgentIdentity.load(from: settings.state)
            let client = try settings.client(identity)
            defer { Task { await client.shutdown() } }
            guard let identity, identity.isFor(settings.collectors) else {
                try await client.reach()
                return list.good("collector", "\(client.collector) answers; it does not know this agent yet")
            }
            // A report of nothing: the collector answers as it would to any other.
            let report = Report(
                sentAt: Int(Date().timeIntervalSince1970), version: rollcallVersion, days: [], health: status?.health)
            let reply = await client.send(Gzip.compress(try report.encoded()), secret: identity.secret)
            judge(reply, from: client.collector, &list)
            if case .confirmed = reply.answer, let name {
                judge(try await client.nameStanding(name.text, secret: identity.secret), of: name, &list)
            }
        } catch {
            list.bad("collector", "\(error)")
        }
    }

    private func judge(_ reply: Reply, from collector: CollectorAddress, _ list: inout Checklist) {
        switch reply.answer {
        case .confirmed: list.good("collector", "\(collector) answers, and knows this agent")
        case .unauthorized(let detail):
            list.bad("collector", "\(ShippingError.unauthorized(collector: collector.description, detail: detail))")
        case .unavailable(let reason, _):
            list.bad("collector", "\(ShippingError.unavailable(collector: collector.description, reason: reason))")
        case .refused(let status, let detail):
            list.bad(
                "collector",
                "\(ShippingError.refused(collector: collector.description, status: status, detail: detail))")
        case .tooLarge: list.bad("collector", "\(collector) finds an empty report too large; is a proxy in between?")
        }
        if let ahead = reply.clockAheadSeconds, abs(ahead) > 300 {
            list.bad("clock", "this machine's clock and the collector's differ by \(Wording.duration(abs(ahead)))")
        }
    }

    private func judge(_ standing: NameStanding, of name: HostName, _ list: inout Checklist) {
        if let day = standing.lastDay {
            list.good("collector", "\(name.text) was last told by this agent for \(day)")
        } else {
            list.bad("collector", "\(name.text) was never told by this agent: it stops before the collector")
        }
        if let platform = standing.platform {
            list.good("registry", "\(name.text) belongs to \(platform), which is \(standing.status ?? "not listed")")
        } else {
            list.note(
                "registry",
                "\(name.text) belongs to no platform of the registry or the catalogue: it is an unknown name")
        }
    }
}
