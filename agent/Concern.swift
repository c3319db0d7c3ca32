import Wire

/// Something that is not well, with what to do about it, in a sentence.
struct Concern: Equatable {
    var sentence: String

    init(_ sentence: String) {
        self.sentence = sentence
    }
}

extension AgentStatus {
    /// What is not well, what has to be mended first in front.
    func concerns(now: Int) -> [Concern] {
        if now - writtenAt > Self.longestSilence {
            return [
                Concern(
                    "the agent said nothing for \(Wording.duration(now - writtenAt)); "
                        + "restart it: systemctl restart rollcall-agent")
            ]
        }
        return [stateConcern].compactMap(\.self) + interfaceConcerns + seeingConcerns(now: now)
            + shippingConcerns(now: now) + countingConcerns
    }

    private var stateConcern: Concern? {
        stateProblem.map { Concern("what is counted cannot be saved: \($0)") }
    }

    private var interfaceConcerns: [Concern] {
        let down = health.interfaces.filter { !$0.isUp }.map { interface in
            Concern(
                "\(interface.name) cannot be listened on (\(interfaceProblems[interface.name] ?? "it is away")); "
                    + "it is tried again every second")
        }
        let lossy = health.interfaces.filter { interface in
            let lost = interface.droppedByKernel + interface.droppedByInterface
            return lost > 100 && lost * 100 > interface.frames + lost
        }
        return down
            + lossy.map { interface in
                let lost = interface.droppedByKernel + interface.droppedByInterface
                return Concern(
                    "\(interface.name) lost \(lost) frames beside the \(interface.frames) that were looked at; "
                        + "raise buffer_bytes under [capture]")
            }
    }

    /// "Silent" and "nothing seen" are two things: an agent that sees nothing says so.
    private func seeingConcerns(now: Int) -> [Concern] {
        guard health.uptimeSeconds >= Self.patienceSeconds, health.interfaces.contains(where: \.isUp) else { return [] }
        let names = health.interfaces.map(\.name).joined(separator: ", ")
        let frames = health.interfaces.reduce(0) { $0 + $1.frames }
        if frames == 0 {
            return [
                Concern(
                    "\(names): not one frame in \(Wording.duration(health.uptimeSeconds)); "
                        + "check the cable or the mirror port, or name another interface under [capture]")
            ]
        }
        if seen.queries + seen.handshakes == 0 {
            return [
                Concern(
                    "\(names): frames arrive, but no name lookup and no handshake in them; the interface has to be "
                        + "the side of the school's devices, and a mirror port needs promiscuous = true")
            ]
        }
        if seen.queries == 0 {
            return [
                Concern(
                    "\(names): handshakes, but no name lookup; devices may ask a resolver that is not behind this "
                        + "interface, so that handshakes without a name stay unnamed")
            ]
        }
        if health.deviceAddresses == 1, seen.queries + seen.handshakes > 1000 {
            return [
                Concern(
                    "all traffic has one device's address: the agent sits behind a router; "
                        + "listen on the side of the school's devices")
            ]
        }
        return []
    }

    private func shippingConcerns(now: Int) -> [Concern] {
        var concerns: [Concern] = []
        let silence = now - (shipping.confirmedAt ?? startedAt)
        // A report that has to be sent again is nothing to act on; an hour of them is.
        if let problem = shipping.problem, silence > max(Self.patienceSeconds, 3 * shipping.interval) {
            concerns.append(Concern("no report got through for \(Wording.duration(silence)): \(problem)"))
        }
        if shipping.refusedDays > 0 {
            concerns.append(
                Concern(
                    "the collector will not have \(Wording.count(shipping.refusedDays, "day")), which are kept: "
                        + "journalctl -u rollcall-agent says why"))
        }
        if abs(shipping.clockAheadSeconds) > 300 {
            let direction = shipping.clockAheadSeconds > 0 ? "ahead of" : "behind"
            concerns.append(
                Concern(
                    "this machine's clock is \(Wording.duration(abs(shipping.clockAheadSeconds))) \(direction) the "
                        + "collector's; set it: timedatectl set-ntp true"))
        }
        return concerns
    }

    private var countingConcerns: [Concern] {
        guard health.rowCapacity > 0, health.rows * 10 >= health.rowCapacity * 9 else { return [] }
        return [
            Concern(
                "\(health.rows) of \(health.rowCapacity) names today: from here on rare names count with their "
                    + "domain; if the school has no such variety, a device invents names")
        ]
    }

    /// The agent writes every twenty seconds.
    static let longestSilence = 90
    /// Before this long, nothing seen or not confirmed means nothing.
    static let patienceSeconds = 600
}

/// Numbers in words.
enum Wording {
    /// A duration in its largest unit and the next: `2 d 3 h`, `5 min`.
    static func duration(_ seconds: Int) -> String {
        let units = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
        guard let first = units.firstIndex(where: { seconds >= $0.0 }) else { return "0 s" }
        let (size, unit) = units[first]
        let whole = "\(seconds / size) \(unit)"
        guard first < 2 else { return whole }
        let (smaller, smallerUnit) = units[first + 1]
        let rest = seconds % size / smaller
        return rest == 0 ? whole : "\(whole) \(rest) \(smallerUnit)"
    }

    /// `1 frame`, `2 frames`.
    static func count(_ number: Int, _ singular: String) -> String {
        "\(number) \(singular)\(number == 1 ? "" : "s")"
    }
}
