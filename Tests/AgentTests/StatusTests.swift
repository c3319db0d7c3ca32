import Foundation
import Testing
import Wire

@testable import rollcall_agent

extension AgentStatus {
    static let now = 1_795_500_000

    /// An agent with which all is well.
    static func well(_ change: (inout AgentStatus) -> Void = { _ in }) throws -> AgentStatus {
        let health = Health(
            uptimeSeconds: 93_600, interfaces: [Health.Interface(name: "eth1", isUp: true, frames: 50_000)],
            rows: 800, rowCapacity: 50_000, memoryBytes: 30 << 20, cpuMilliseconds: 61_000, deviceAddresses: 212)
        let day = try #require(SchoolDay("2026-11-24"))
        var status = AgentStatus(
            version: "0.1.0", process: 7, startedAt: now - 93_600, writtenAt: now - 5, school: "Sample Middle School",
            health: health, seen: Seen(queries: 9000, handshakes: 8000, lastAt: now - 2),
            day: Counted(day: day, namesTold: 512, namesHeld: 31, devices: 212, coverage: 96),
            shipping: Shipping(collector: "https://collector.example", interval: 300, confirmedAt: now - 130))
        change(&status)
        return status
    }

    var sentences: [String] { concerns(now: Self.now).map(\.sentence) }
}

@Suite struct `The status` {
    @Test func `says in five lines that all is well`() throws {
        let status = try AgentStatus.well()
        #expect(
            status.lines(now: AgentStatus.now, concerns: status.concerns(now: AgentStatus.now)) == [
                "agent:      0.1.0 for Sample Middle School, up 1 d 2 h, 30 MiB, 1 min of CPU time",
                "interfaces: eth1 up, 50000 frames, 0 lost",
                "counting:   2026-11-24: 512 names told, 31 held back, 212 devices, 96 % of handshakes named, last seen 2 s ago",
                "collector:  https://collector.example confirmed a report 2 min ago",
                "all is well",
            ])
    }

    @Test func `says in the last line what to do first, and how much else there is`() throws {
        let status = try AgentStatus.well { status in
            status.stateProblem = "/var/lib/rollcall-agent/tally.state: cannot be written (No space left on device)"
            status.health.interfaces[0].isUp = false
        }
        let lines = status.lines(now: AgentStatus.now, concerns: status.concerns(now: AgentStatus.now))
        #expect(lines.count == 5)
        #expect(lines[1] == "interfaces: eth1 AWAY, 50000 frames, 0 lost")
        #expect(lines[4].hasPrefix("TO DO:      what is counted cannot be saved: /var/lib/rollcall-agent/tally.state"))
        #expect(lines[4].hasSuffix("(and 1 more: rollcall-agent check)"))
    }

    @Test func `says with what line the network declines encrypted DNS and relays, where it does not`() throws {
        func last(_ declines: Declines) throws -> String? {
            let status = try AgentStatus.well { $0.day?.declines = declines }
            return status.lines(now: AgentStatus.now, concerns: status.concerns(now: AgentStatus.now)).last
        }
        let (yes, no) = (Declines.Answers(allowed: 3), Declines.Answers(declined: 3))
        #expect(try last(Declines(encryptedDNS: no, privateRelay: no)) == "all is well")
        for (declines, names) in [
            (Declines(encryptedDNS: yes, privateRelay: no), "use-application-dns.net"),
            (Declines(privateRelay: yes), "mask.icloud.com/mask-h2.icloud.com"),
            (
                Declines(encryptedDNS: yes, privateRelay: yes),
                "use-application-dns.net/mask.icloud.com/mask-h2.icloud.com"
            ),
        ] {
            #expect(
                try last(declines)
                    == "all is well, but may devices hide what they look up? local=/\(names)/ in dnsmasq declines it")
        }
    }

    /// Each change, and the words that tell what to do about it.
    static let troubles: [(words: String, change: @Sendable (inout AgentStatus) -> Void)] = [
        ("the collector will not have 2 days, which are kept", { $0.shipping.refusedDays = 2 }),
        ("systemctl restart rollcall-agent", { $0.writtenAt -= 200 }),
        (
            "eth1 cannot be listened on (The interface disappeared)",
            { status in
                status.health.interfaces[0].isUp = false
                status.interfaceProblems["eth1"] = "The interface disappeared"
            }
        ),
        (
            "eth1: not one frame in 1 d 2 h; check the cable or the mirror port",
            { status in
                status.health.interfaces[0].frames = 0
                status.seen = AgentStatus.Seen()
            }
        ),
        ("eth1: frames arrive, but no name lookup and no handshake in them", { $0.seen = AgentStatus.Seen() }),
        ("eth1: handshakes, but no name lookup", { $0.seen.queries = 0 }),
        ("the agent sits behind a router", { $0.health.deviceAddresses = 1 }),
        ("raise buffer_bytes", { $0.health.interfaces[0].droppedByKernel = 5000 }),
        (
            "no report got through for 2 h: nothing answers there",
            { status in
                status.shipping.confirmedAt = AgentStatus.now - 7200
                status.shipping.problem = "nothing answers there"
            }
        ),
        (
            "clock is 1 h ahead of the collector's; set it: timedatectl set-ntp true",
            {
                $0.shipping.clockAheadSeconds = 3600
            }
        ),
        ("49000 of 50000 names today", { $0.health.rows = 49_000 }),
    ]

    @Test(arguments: troubles.indices)
    func `names each trouble alone, with what to do about it`(index: Int) throws {
        let trouble = Self.troubles[index]
        let status = try AgentStatus.well(trouble.change)
        #expect(status.sentences.count == 1)
        #expect(status.sentences.first?.contains(trouble.words) == true, "\(status.sentences)")
    }

    @Test func `calls nothing a trouble that an agent which just began cannot have yet`() throws {
        let status = try AgentStatus.well { status in
            status.startedAt = AgentStatus.now - 60
            status.health.uptimeSeconds = 60
            status.health.interfaces[0].frames = 0
            status.seen = AgentStatus.Seen()
            status.day = nil
            status.shipping.confirmedAt = nil
            status.shipping.problem = "nothing answers there"
        }
        #expect(status.sentences == [])
    }

    @Test func `is written for node_exporter where that is asked for`() throws {
        let metrics = try AgentStatus.well().metrics
        #expect(metrics.contains("# TYPE rollcall_frames counter\n"))
        #expect(metrics.contains("rollcall_frames_total{interface=\"eth1\"} 50000\n"))
        #expect(metrics.contains("rollcall_last_confirmed_seconds \(AgentStatus.now - 130)\n"))
        #expect(metrics.hasSuffix("# EOF\n"))
    }
}

@Suite struct `A duration` {
    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (3660, "1 h 1 min"),
        (90_000, "1 d 1 h"),
    ])
    func `is told in its largest units`(seconds: Int, words: String) {
        #expect(Wording.duration(seconds) == words)
    }
}

@Suite struct `A checklist` {
    @Test func `ends with the first thing to mend`() {
        var lines: [String] = []
        var list = Checklist { lines.append($0) }
        list.good("configuration", "agent.toml can be used")
        list.bad("interface", "eth1: nothing is connected to it; check the cable")
        list.bad("collector", "cannot be reached")
        #expect(!list.finish())
        #expect(lines.first == "ok       configuration: agent.toml can be used")
        #expect(lines.last == "first of all: eth1: nothing is connected to it; check the cable")
    }

    @Test func `without a problem says that all is well`() {
        var lines: [String] = []
        let list = Checklist { lines.append($0) }
        list.note("choice", "eth1 is listened on")
        #expect(list.finish())
        #expect(lines == ["note     choice: eth1 is listened on", "all is well"])
    }
}
