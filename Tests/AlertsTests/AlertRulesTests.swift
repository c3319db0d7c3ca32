import Programme
import Registry
import Settings
import Testing
import Wire

@testable import Alerts

extension SchoolDay {
    /// A day that the test knows to exist.
    static func day(_ text: String) -> SchoolDay { SchoolDay(text) ?? SchoolDay(ordinal: 0) }
}

@Suite struct `The rules of alerts` {
    /// A Tuesday.
    private let today = SchoolDay.day("2026-11-24")
    private let rules = AlertRules()

    private func tool(
        _ name: String, _ status: Status?, _ devices: [String: Int], before: Int = 0, replacement: String = "",
        since days: Int = 3
    ) -> ToolFacts {
        ToolFacts(
            name: name, platform: status.map { Platform(name: name, status: $0, replacement: replacement) },
            uses: SchoolUses(
                devices.mapValues { UseAtSchool(devices: $0, before: before, firstDay: today.advanced(by: -days)) }))
    }

    private func alerts(_ tools: [ToolFacts], schools: [SchoolFacts] = []) -> [Alert] {
        rules.alerts(AlertInput(facts: UseFacts(today: today, schools: schools, tools: tools)))
    }

    @Test func `tell of a tool without a decision from two schools or ten devices on`() {
        #expect(alerts([tool("A", .unlisted, ["S1": 9])]).isEmpty)
        #expect(alerts([tool("A", .unlisted, ["S1": 10])]).map(\.subject) == [.init(.discovered, platform: "A")])
        #expect(alerts([tool("new.example", nil, ["S1": 3, "S2": 3])]).map(\.subject.platform) == ["new.example"])
        #expect(alerts([tool("A", .approved, ["S1": 100]), tool("B", .underReview, ["S1": 100])]).isEmpty)
    }

    @Test func `say what was seen, where, how many, since when, what the registry says and what to do`() throws {
        let alert = try #require(
            alerts([tool("Sample Quiz", .flagged, ["Sample High": 7], replacement: "Kahoot!")]).first)
        #expect(alert.seen == "Sample Quiz is in use at Sample High on at least 7 devices, since November 21, 2026.")
        #expect(alert.registry == "It is flagged.")
        #expect(alert.ask == "Move the school to Kahoot!.")
        #expect(alert.link == "/tool?name=Sample%20Quiz")
    }

    @Test func `do not claim to know when a use began that is older than what was looked at`() throws {
        let old = tool("Q", .flagged, ["S1": 7], since: 28)
        #expect(
            try #require(alerts([old]).first).seen == "Q is in use at S1 on at least 7 devices, for four weeks or more."
        )
    }

    @Test func `tell of flagged use for each school, from three devices on`() {
        let found = alerts([tool("Q", .flagged, ["S1": 3, "S2": 2, "S3": 9])])
        #expect(found.map(\.subject.school) == ["S1", "S3"])
    }

    @Test func `tell of fast growth`() {
        #expect(alerts([tool("A", .approved, ["S1": 60], before: 20)]).map(\.subject.kind) == [.growth])
        #expect(alerts([tool("A", .approved, ["S1": 59], before: 20)]).isEmpty)
        #expect(alerts([tool("A", .approved, ["S1": 15], before: 1)]).isEmpty)
    }

    @Test func `tell of an approval that ends, of use beyond licence and audience`() {
        let input = AlertInput(
            facts: UseFacts(today: today, tools: [tool("A", .approved, ["S1": 12])]),
            expiries: ["A": today.advanced(by: 60), "B": today.advanced(by: 61), "C": today], licences: ["a": 11],
            beyondAudience: [Alert.Subject(.beyondAudience, platform: "A", school: "S1"): 5])
        #expect(rules.alerts(input).map(\.subject.kind) == [.beyondLicence, .beyondAudience, .expiring])
    }

    @Test func `tell of a silent school after two school days, for which a weekend does not count`() {
        func silent(_ lastDay: String, on day: String) -> Int {
            let facts = UseFacts(today: .day(day), schools: [SchoolFacts(school: "S1", lastDay: .day(lastDay))])
            return rules.alerts(AlertInput(facts: facts)).count
        }
        // Friday 20; on Monday 23 nothing of a school day is missing yet, on Wednesday 25 Monday and Tuesday are.
        #expect(silent("2026-11-20", on: "2026-11-23") == 0)
        #expect(silent("2026-11-20", on: "2026-11-24") == 0)
        #expect(silent("2026-11-20", on: "2026-11-25") == 1)
        #expect(silent("2026-11-25", on: "2026-11-25") == 0)
        #expect(silent("2026-11-30", on: "2026-11-25") == 0)
    }

    @Test func `tell of lost coverage`() {
        func facts(_ now: Int?, _ before: Int?) -> [SchoolFacts] {
            [SchoolFacts(school: "S1", lastDay: today, coverage: now, coverageBefore: before)]
        }
        #expect(alerts([], schools: facts(70, 90)).map(\.subject.kind) == [.coverageLost])
        #expect(alerts([], schools: facts(71, 90)).isEmpty)
        #expect(alerts([], schools: facts(nil, 90)).isEmpty)
    }

    @Test func `can be switched off`() {
        var rules = AlertRules()
        rules.off = [.discovered]
        let facts = UseFacts(today: today, tools: [tool("A", .unlisted, ["S1": 100])])
        #expect(rules.alerts(AlertInput(facts: facts)).isEmpty)
    }
}

@Suite struct `An event` {
    private let alert = Alert(
        subject: Alert.Subject(.flaggedInUse, platform: "Q", school: "S1"), armedBy: "flagged", seen: "", registry: "",
        ask: "", link: "", weight: 1)
    private static let day = 86_400

    @Test func `fires once for its subject, again after 90 days or when what was so changed`() {
        var memory = AlertMemory()
        func fires(_ alert: Alert, _ now: Int) -> Bool { !memory.news(among: [alert], at: now, rearmDays: 90).isEmpty }
        #expect(fires(alert, 0))
        #expect(!fires(alert, 60))
        #expect(!fires(alert, 90 * Self.day - 1))
        #expect(fires(alert, 90 * Self.day))
        #expect(!fires(alert, 91 * Self.day))
        var other = alert
        other.armedBy = "approved"
        #expect(fires(other, 92 * Self.day))
        other = alert
        other.subject.school = "S2"
        #expect(fires(other, 92 * Self.day))
    }

    @Test func `fires again when the status changed in between, even to what it was`() {
        var memory = AlertMemory()
        func fires(at now: Int, changed: Int) -> Bool {
            !memory.news(
                among: [alert], at: now, rearmDays: 90, changes: [alert.subject.platform.lowercased(): changed]
            )
            .isEmpty
        }
        #expect(fires(at: 100, changed: 100))
        #expect(!fires(at: 200, changed: 100))
        #expect(fires(at: 300, changed: 250))
        #expect(!fires(at: 400, changed: 250))
    }

    @Test func `is one event when it comes twice at a time`() {
        var memory = AlertMemory()
        #expect(memory.news(among: [alert, alert], at: 0, rearmDays: 90).count == 1)
    }
}

@Suite struct `A reader` {
    private let clock = DistrictClock()
    /// Tuesday, 2026-11-24, 00:00 UTC.
    private let midnight = SchoolDay.day("2026-11-24").ordinal * 86_400
    private let hour = 3600

    private func pending(_ kind: Alert.Kind, _ count: Int = 1) -> [Dispatch.Pending] {
        (0..<count).map { index in
            Dispatch.Pending(
                identifier: Int64(index),
                alert: Alert(
                    subject: Alert.Subject(kind, platform: "name\(index).example"), armedBy: "", seen: "Seen.",
                    registry: "Not there.", ask: "Decide.", link: "/", weight: index))
        }
    }

    private func reader(_ schedule: Schedule = .daily(minute: 15 * 60), quiet: QuietHours? = nil) throws -> AlertReader
    {
        let address = try #require(EmailAddress("its@district.example"))
        return AlertReader(name: "ITS", channel: .mail(address), schedule: schedule, quiet: quiet)
    }

    @Test func `gets one message on a first day with 2,000 names, however often is looked`() throws {
        var mark = Dispatch.Mark(since: midnight)
        var messages: [Dispatch] = []
        var told = 0
        for minute in stride(from: 0, to: 24 * 60, by: 5) {
            // Names come in all day.
            let seen = min(2000, minute * 4)
            let dispatch = Dispatch(
                Array(pending(.discovered, seen).dropFirst(told)), to: try reader(), mark: mark,
                now: midnight + minute * 60, clock: clock)
            mark = dispatch.mark
            if !dispatch.alerts.isEmpty {
                messages.append(dispatch)
                told += dispatch.alerts.count
            }
        }
        #expect(messages.count == 1)
        #expect(messages.first?.alerts.count == 2000)
    }

    @Test func `hears urgent things at once, but in one message an hour`() throws {
        let mark = Dispatch.Mark(since: midnight)
        let first = Dispatch(pending(.flaggedInUse), to: try reader(), mark: mark, now: midnight + hour, clock: clock)
        #expect(first.alerts.count == 1)
        let soon = Dispatch(
            pending(.flaggedInUse, 2), to: try reader(), mark: first.mark, now: midnight + hour + 3599, clock: clock)
        #expect(soon.alerts.isEmpty)
        let later = Dispatch(
            pending(.flaggedInUse, 2), to: try reader(), mark: first.mark, now: midnight + 2 * hour, clock: clock)
        #expect(later.alerts.count == 2)
        var patient = try reader()
        patient.wantsUrgent = false
        #expect(
            Dispatch(pending(.flaggedInUse), to: patient, mark: mark, now: midnight + hour, clock: clock).alerts.isEmpty
        )
    }

    @Test func `is left in peace in quiet hours, and told afterwards`() throws {
        let reader = try reader(quiet: QuietHours(from: 18 * 60, until: 7 * 60))
        let mark = Dispatch.Mark(since: midnight)
        for hours in [0, 6, 18, 23] {
            let dispatch = Dispatch(
                pending(.silent), to: reader, mark: mark, now: midnight + hours * hour, clock: clock)
            #expect(dispatch.alerts.isEmpty, "\(hours)")
            #expect(dispatch.mark == mark)
        }
        #expect(
            Dispatch(pending(.silent), to: reader, mark: mark, now: midnight + 7 * hour, clock: clock).alerts.count == 1
        )
    }

    @Test func `gets only the kinds and schools that it wants`() throws {
        var reader = try reader()
        reader.kinds = [.silent, .discovered]
        reader.schools = ["S1"]
        func wants(_ kind: Alert.Kind, school: String = "", for schools: [String]? = nil) -> Bool {
            reader.wants(
                Alert(
                    subject: Alert.Subject(kind, platform: "A", school: school), armedBy: "", seen: "", registry: "",
                    ask: "", link: "", weight: 0, schools: schools))
        }
        #expect(wants(.silent, school: "S1"))
        #expect(!wants(.silent, school: "S2"))
        #expect(!wants(.growth))
        #expect(wants(.discovered))
        // What is for some schools is for no other; whoever hears of all schools hears it in any case.
        #expect(wants(.discovered, for: ["S2", "S1"]))
        #expect(!wants(.discovered, for: ["S2"]))
        #expect(!wants(.discovered, for: []))
        reader.schools = nil
        #expect(wants(.discovered, for: []))
    }

    @Test(arguments: [
        (Schedule.daily(minute: 900), "2026-11-24 14:59", "2026-11-24 15:00", 1),
        (.daily(minute: 900), "2026-11-24 15:00", "2026-11-25 14:59", 0),
        (.daily(minute: 900), "2026-11-24 15:00", "2026-11-25 15:00", 1),
        (.daily(minute: 900), "2026-11-01 15:00", "2026-11-25 08:00", 1),
        (.weekly(day: 1, minute: 420), "2026-11-24 07:00", "2026-11-30 06:59", 0),
        (.weekly(day: 1, minute: 420), "2026-11-24 07:00", "2026-11-30 07:00", 1),
        (.weekly(day: 1, minute: 420), "2026-11-24 07:00", "2026-12-02 00:00", 1),
        (.monthly(day: 1, minute: 420), "2026-11-24 07:00", "2026-11-30 23:59", 0),
        (.monthly(day: 1, minute: 420), "2026-11-24 07:00", "2026-12-01 07:00", 1),
        (.monthly(day: 1, minute: 420), "2026-12-01 07:00", "2026-12-31 23:00", 0),
    ])
    func `gets digests by the district's clock`(schedule: Schedule, last: String, now: String, due: Int) {
        #expect(schedule.isDue(since: moment(last), now: moment(now), clock: clock) == (due == 1))
    }

    private func moment(_ text: String) -> Int {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == ":" })
        return SchoolDay.day(String(parts[0])).ordinal * 86_400 + (Int(parts[1]) ?? 0) * 3600 + (Int(parts[2]) ?? 0)
            * 60
    }
}

@Suite struct `A message` {
    @Test func `groups alerts by kind, urgent ones first, and counts what is too much to spell out`() {
        let names = (1...30).map { index in
            Alert(
                subject: Alert.Subject(.discovered, platform: "n\(index).example"), armedBy: "",
                seen: "n\(index) <seen>.",
                registry: "R.", ask: "A.", link: "/unknown", weight: index)
        }
        let silent = Alert(
            subject: Alert.Subject(.silent, school: "S1"), armedBy: "", seen: "S1 is silent.", registry: "R.",
            ask: "A.",
            link: "/schools", weight: 1)
        let message = Message(alerts: names + [silent], root: "https://rollcall.example")
        #expect(message.subject == "Rollcall: schools that are silent (1), new tools and names without a decision (30)")
        #expect(
            message.text.hasPrefix(
                "Schools that are silent (1)\n\n- S1 is silent. R. A.\n  https://rollcall.example/schools\n"))
        #expect(message.text.contains("- n30 <seen>. R. A."))
        #expect(!message.text.contains("n5 <seen>"))
        #expect(message.text.contains("And 5 more"))
        #expect(message.html.contains("n30 &lt;seen&gt;."))
        #expect(!message.html.contains("<seen>"))
        #expect(message.alerts.count == 31)
    }
}

@Suite struct `Delivery` {
    private func entry(attempts: Int) throws -> OutboxEntry {
        OutboxEntry(
            identifier: 1, key: String(repeating: "a", count: 32), destination: .webhook(reader: "chat"),
            message: Message(subject: "S", paragraphs: ["T"]), writtenAt: 0, triedSince: 0, attempts: attempts)
    }

    @Test func `is tried again with waits that double up to half an hour, for five days`() throws {
        var now = 0
        var waits: [Int] = []
        for attempt in 0..<9 {
            guard
                case .retry(let at, _) = DeliveryStep.after(
                    try entry(attempts: attempt), .postponed(reason: "down"), now: now, jitter: 0)
            else {
                Issue.record("given up at \(attempt)")
                return
            }
            waits.append(at - now)
            now = at
        }
        #expect(waits == [30, 60, 120, 240, 480, 960, 1800, 1800, 1800])
        let last = DeliveryStep.after(try entry(attempts: 200), .postponed(reason: "down"), now: 5 * 86_400, jitter: 0)
        #expect(last == .dead(reason: "given up after 201 attempts in 5 days: down"))
    }

    @Test func `ends at once where the receiver says never`() throws {
        #expect(
            DeliveryStep.after(try entry(attempts: 0), .refused(reason: "no such mailbox"), now: 1, jitter: 0)
                == .dead(reason: "no such mailbox"))
    }
}
