import Alerts
import Foundation
import Identity
import Logging
import Programme
import Registry
import Settings
import Store
import Synchronization
import Testing
import Wire

@testable import rollcall_collector

@Suite struct `A year of a district` {
    /// The whole year as text: who was told what and when, and how lists and cases stood.
    ///
    /// To make the file anew after a
    /// change that is meant, run this test with `ROLLCALL_WRITE_YEAR=1`, and read every line of the difference.
    @Test func `is told, listed and closed as its record says`() async throws {
        let district = try await SampleDistrict()
        try await district.begin()
        try await district.live(until: "2026-09-22")
        try await district.ask()
        try await district.live(until: "2026-10-01")
        try await district.review("Sample Reading Garden", because: "a school declared it")
        try await district.survey()
        try await district.live(until: "2026-10-12")
        try await district.audit("Sample Quiz Rocket", .failed)
        try await district.take(
            .flag(Flagging(reason: "it sells data of students", severity: .high, replacement: "Kahoot!")),
            "Sample Quiz Rocket")
        try await district.live(until: "2026-10-20")
        try await district.audit("Sample Reading Garden", .passed)
        try await district.take(
            .approve(
                Approval(
                    conditions: "class accounts only", audiences: [.staff, .withConsent],
                    expires: try #require(SchoolDay("2027-05-31")))), "Sample Reading Garden")
        try await district.live(until: "2026-11-01")
        try await district.letter(try #require(MonthlyLetter.Month("2026-10")))
        try await district.live(until: "2027-06-02")
        try await district.review("Sample Reading Garden", because: "its approval expired")
        try await district.live(until: "2027-08-30")
        try await district.standing()
        try district.compare(with: "year.txt")
    }
}

@Suite struct `A first day` {
    @Test func `with 2,000 unknown names is one message for each reader`() async throws {
        let district = try await SampleDistrict()
        let names = (0..<2000).map { Row(name: "tool\($0).example", tls: 3, devices: 11) }
        let monday = try #require(SchoolDay("2026-08-31"))
        for hour in 7...23 {
            // Names come in all day; what was seen is weighed each hour.
            try await district.record(monday, "Sample High", rows: Array(names.prefix((hour - 6) * 200)))
            try await district.turn(monday, hour: hour)
        }
        let messages = try await district.messages()
        #expect(messages.map(\.destination.text).sorted() == ["mail:its@district.example", "webhook:Chat"])
        for message in messages {
            #expect(message.message.alerts.count == 1800)
            #expect(message.message.text.contains("And 1775 more"))
        }
        // What came after the digest is told with the next one.
        try await district.turn(monday.advanced(by: 1), hour: 16)
        #expect(try await district.messages().map(\.message.alerts.count).sorted() == [200, 200])
    }
}

/// A clock that a test turns.
final class TestClock: Sendable {
    private let moment: Mutex<Int>

    init(_ moment: Int) { self.moment = Mutex(moment) }

    var now: Int {
        get { moment.withLock { $0 } }
        set { moment.withLock { $0 = newValue } }
    }
}

/// Three sample schools with what they use on each day of a year, and the people who run the programme.
private final class SampleDistrict {
    private let folder: String
    private let store: SQLiteStore
    private let clock: TestClock
    private let keeper: ProgrammeKeeper
    private var settings = AlertSettings()
    private var agents: [String: AgentIdentity] = [:]
    private var today: SchoolDay
    private var record = ""
    private let checklist = Checklist(
        version: "sample-1", title: "Sample",
        questions: [.init(identifier: "agreement", section: "Law", text: "Is there an agreement?", isRequired: true)])

    init() async throws {
        folder = NSTemporaryDirectory() + "rollcall-year-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try SQLiteStore(path: folder + "/rollcall.sqlite")
        today = try #require(SchoolDay("2026-08-31"))
        let clock = TestClock(today.ordinal * 86_400)
        self.clock = clock
        let catalogue = [
            ("Kahoot!", "assessment", "kahoot.it"), ("Sample Quiz Rocket", "assessment", "quizrocket.example"),
            ("Sample Reading Garden", "library and reading", "readinggarden.example"),
            ("Sample Maths", "mathematics", "maths.example"),
        ].map { Platform(name: $0.0, category: $0.1, patterns: [.domain($0.2)]) }
        var settings = ProgrammeSettings()
        settings.factsLifetime = 0
        let reader = ProgrammeReader(
            store: store, uses: UseReader(store: store, catalogue: catalogue), settings: settings, now: { clock.now })
        keeper = ProgrammeKeeper(
            reader: reader, webhooks: try WebhookClient(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let its = try #require(EmailAddress("its@district.example"))
        let buyers = try #require(EmailAddress("buyers@district.example"))
        self.settings.readers = [
            AlertReader(name: "ITS", channel: .mail(its), quiet: QuietHours(from: 18 * 60, until: 6 * 60)),
            AlertReader(
                name: "Procurement", channel: .mail(buyers), kinds: [.decision, .expiring, .beyondLicence],
                schedule: .weekly(day: 1, minute: 7 * 60), wantsUrgent: false),
            AlertReader(
                name: "Chat",
                channel: .webhook(WebhookTarget(address: "http://127.0.0.1:9/", shape: .rollcall, secret: nil)),
                kinds: [.discovered, .silent, .coverageLost]),
        ]
        for (school, leader) in [
            ("Sample High", "principal@high.example"), ("Sample Elementary", "leader@elementary.example"),
        ] {
            self.settings.readers.append(
                SchoolLeader(school: school, address: try #require(EmailAddress(leader))).reader)
        }
        var random = SystemRandomNumberGenerator()
        for school in ["Sample Elementary", "Sample High", "Sample Middle School"] {
            let token = JoinToken(using: &random)
            try await store.keep(token, terms: JoinTokenTerms(school: school, usesLeft: 1, expiresAt: 1), at: 0)
            let secret = AgentSecret(using: &random)
            let request = EnrolmentRequest(school: nil, host: "gateway.example", version: "0.1.0")
            _ = try await store.enrol(request, token: token.text, as: secret, at: 0)
            agents[school] = try await store.agent(proving: secret)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
        let webhooks = keeper.webhooks
        Task { await webhooks.shutdown() }
    }

    // What schools use

    /// Devices by name at a school on a day; nil where its gateway is silent.
    private func use(_ school: String, _ day: SchoolDay) -> [String: Int]? {
        let date = day.description
        var use = ["kahoot.it": 20]
        switch school {
        case "Sample High":
            if date >= "2026-09-14", date < "2026-11-02" { use["quizrocket.example"] = 12 }
            if date >= "2027-01-11" { use["kahoot.it"] = 200 }
        case "Sample Middle School":
            if date >= "2026-09-21", date < "2026-11-16" { use["quizrocket.example"] = date < "2026-11-02" ? 8 : 4 }
            if date >= "2027-02-01", date < "2027-02-06" { use["quizrocket.example"] = 5 }
        default:
            if date >= "2027-03-01", date < "2027-03-05" { return nil }
            if date >= "2026-09-07" { use["readinggarden.example"] = 30 }
            if date >= "2027-01-11" { use["maths.example"] = 25 }
        }
        return use
    }

    func record(_ day: SchoolDay, _ school: String, rows: [Row], unnamed: Int = 10) async throws {
        let agent = try #require(agents[school])
        let entry = Day(
            day: day, run: String(repeating: "0", count: 32), sequence: rows.count, ended: false, rows: rows,
            unnamed: Unnamed(tls: unnamed), devices: 100)
        let report = Report(sentAt: 0, version: "0.1.0", days: [entry])
        let accepted = AcceptedReport(checking: report, today: day)
        #expect(accepted.skipped.isEmpty)
        try await store.record(accepted, from: agent, at: clock.now)
    }

    /// Turns the clock to an hour of a day, and does what the service does.
    func turn(_ day: SchoolDay, hour: Int) async throws {
        clock.now = day.ordinal * 86_400 + hour * 3600
        try await keeper.evaluate(settings)
        try await keeper.dispatch(settings)
    }

    /// The messages that are due, which count as delivered then.
    func messages() async throws -> [OutboxEntry] {
        var messages: [OutboxEntry] = []
        while true {
            let due = try await store.dueMessages(at: clock.now)
            if due.isEmpty { return messages }
            for entry in due { try await store.settle(entry, .delivered, at: clock.now) }
            messages += due
        }
    }

    func live(until date: String) async throws {
        let end = try #require(SchoolDay(date))
        while today < end {
            if today.isWeekday {
                for school in agents.keys.sorted() {
                    guard let use = use(school, today) else { continue }
                    let isLost = school == "Sample High" && today.description >= "2027-04-05"
                    let rows = use.sorted { $0.key < $1.key }.map { Row(name: $0.key, tls: 45, devices: $0.value) }
                    try await record(today, school, rows: rows, unnamed: isLost ? 90 : 5)
                }
            }
            for hour in [7, 12, 15] {
                try await turn(today, hour: hour)
                for entry in try await messages() { note(entry) }
            }
            today = today.advanced(by: 1)
        }
        clock.now = today.ordinal * 86_400 + 5 * 3600
    }

    // What people do

    func begin() async throws {
        _ = try await store.importRegistry(replacing: false, by: "its.sample", at: clock.now) { _ in
            [
                Platform(name: "Kahoot!", status: .approved, terms: Terms(contract: "C-1", licences: 50)),
                Platform(name: "Sample Maths", status: .approved),
            ]
        }
        try await store.keep([
            Spend(platform: "Sample Maths", school: "Sample Elementary", period: "2026-27", cents: 120_000)
        ])
        note("its.sample imports the registry and the spend figures")
    }

    func ask() async throws {
        let asked = try await store.ask(
            [
                ToolRequest.Question(
                    school: "Sample Middle School", tool: "quiz rocket", platform: "Sample Quiz Rocket",
                    purpose: "quizzes", subject: "mathematics", users: 30, contact: "teacher@middle.example"),
                ToolRequest.Question(
                    school: "Sample High", tool: "Kahoot!", platform: "Kahoot!", purpose: "quizzes",
                    contact: "teacher@high.example"),
            ], at: clock.now)
        note("two teachers ask")
        for entry in try await messages() { note(entry) }
        let number = try #require(asked.first?.number)
        let principal = Actor(name: "principal.sample", party: .school)
        try await store.take(.schoolAgrees, request: number, by: principal, at: clock.now)
        try await store.take(.reviewerTakes, request: number, by: Actor(name: "its.sample", party: .its), at: clock.now)
        try await review("Sample Quiz Rocket", because: "asked for by Sample Middle School")
    }

    func take(_ action: Action, _ platform: String) async throws {
        let taker = StepTaker(
            actor: Actor(name: "its.sample", party: .its), who: Who(name: "its.sample", way: .page), now: clock.now,
            today: today)
        let found = try #require(try await keeper.reader.platform(named: platform))
        let schools = try await keeper.reader.facts().tool(named: platform)?.schoolsLately ?? []
        try await store.take(action, on: found.listed.platform, by: taker, checklist: checklist, usedAt: schools)
        note("its.sample takes the step \(action.kind.rawValue) on \(platform)")
        for entry in try await messages() { note(entry) }
        try await standing()
    }

    func review(_ platform: String, because reason: String) async throws {
        try await take(.review(reviewer: "its.sample", reason: reason), platform)
    }

    func audit(_ platform: String, _ result: Audit.Result) async throws {
        try await take(
            .audit(
                Audit(
                    checklist: "sample-1", auditor: "its.sample", from: today.advanced(by: -5), to: today,
                    answers: ["agreement": Audit.Answer(result == .passed ? .yes : .no)], result: result,
                    summary: "See the answers.")
            ), platform)
    }

    func survey() async throws {
        try await keeper.reader.keep(
            survey: "Fall 2026",
            [
                Declaration(school: "Sample Elementary", tool: "readng garden", purpose: "reading", users: 120),
                Declaration(school: "Sample Elementary", tool: "sample maths"),
            ], by: Who(name: "its.sample", way: .page))
        let unsure = try await store.declarations(survey: "Fall 2026").filter { !$0.isConfirmed }
        note(
            "survey: "
                + unsure.map { "\"\($0.declaration.tool)\" may be \($0.platform ?? "nothing")" }.joined(separator: "; ")
        )
        for declared in unsure { try await store.confirm(declaration: declared.number, means: "Sample Reading Garden") }
        let comparison = SurveyComparison(
            school: "Sample Elementary",
            declarations: try await store.declarations(survey: "Fall 2026").map {
                ($0.declaration, platform: $0.platform)
            },
            facts: try await keeper.reader.facts(), status: { _ in .unlisted })
        note(
            "declared and seen: \(comparison.both.map(\.platform)), declared only: \(comparison.declaredOnly.map(\.platform)), seen only: \(comparison.seenOnly.map(\.platform))"
        )
    }

    func letter(_ month: MonthlyLetter.Month) async throws {
        let (platforms, lives) = try await keeper.reader.platforms()
        let letter = MonthlyLetter(
            month: month, changes: ListChange.all(in: lives), platforms: platforms,
            cases: try await store.cases().map(\.value), facts: try await keeper.reader.facts(), clock: settings.clock)
        note("letter:\n" + letter.text)
    }

    // What is compared

    /// How lists and cases stand.
    func standing() async throws {
        let platforms = try await keeper.reader.platforms().listed
        for list in PlatformList.allCases {
            let names = list.platforms(among: platforms).map { listed in
                listed.platform.name + (listed.conditions.isEmpty ? "" : " (\(listed.conditions))")
                    + (listed.replacement.isEmpty ? "" : " → \(listed.replacement)")
            }
            note("\(list.title): \(names.joined(separator: ", "))")
        }
        for numbered in try await store.cases() {
            let value = numbered.value
            let turns = value.turns.map { "\($0.isOpen ? "open" : "closed") \($0.day) (\($0.evidence))" }
            note("case \(value.kind.rawValue) \(value.platform) at \(value.school): \(turns.joined(separator: ", "))")
        }
        for request in try await store.requests() {
            note("request for \(request.value.question.tool): \(request.value.state.label)")
        }
    }

    private func note(_ text: String) { record += "\(today) \(text)\n" }

    private func note(_ entry: OutboxEntry) {
        note("→ \(entry.destination.text): \(entry.message.subject)\n" + entry.message.text)
    }

    func compare(with file: String) throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/" + file)
        if ProcessInfo.processInfo.environment["ROLLCALL_WRITE_YEAR"] != nil {
            try Data(record.utf8).write(to: url)
        }
        let expected = try String(contentsOf: url, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        let lines = record.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, (line, wanted)) in zip(lines, expected).enumerated() where line != wanted {
            Issue.record("line \(number + 1) is \"\(line)\", not \"\(wanted)\"")
            return
        }
        #expect(lines.count == expected.count)
    }
}
