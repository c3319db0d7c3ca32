import Identity
import Registry
import Store
import Usage
import Wire

@testable import Pages

/// A district that does not exist, for the tests and for looking at pages.
enum Samples {
    static let schools = [
        "Example High", "Placeholder Elementary", "Sample Middle", "Specimen Elementary", "Test Academy",
    ]

    /// The moment at which the pages are read: 2026-11-25 07:00 UTC.
    static let now = 1_795_590_000

    static func day(_ number: Int) -> SchoolDay { SchoolDay(ordinal: 20_780 + number) }

    static let period = Period(day(2), day(8))

    static let coverage = CoverageFigures(
        named: UseCounts(dns: 48_310, tls: 61_204, quic: 20_118, http: 310, attributed: 3377),
        unnamed: Unnamed(tls: 2951, quic: 640), encryptedDNS: EncryptedDNS(dot: 12, doq: 0, doh: 431),
        hidden: Hidden(relay: 310, vpn: 22), declines: Declines(encryptedDNS: .init(declined: 9, allowed: 3)),
        withheld: Withheld(names: 74, dns: 210, tls: 155, quic: 12, http: 1, attributed: 3), reportingSchools: 5,
        silentSchools: 1, agents: 6)

    static let basis = Basis(period: period, schools: 5, schoolDays: 5, hasBefore: true, coverage: coverage)
    static let nothing = Basis(period: period)

    static let facets = Facets(schools: schools, regions: ["North", "South"], segments: ["staff", "students"])

    /// A use of so many devices on each of five school days.
    static func figures(_ devices: Int, hours: Int? = nil) -> UseFigures {
        UseFigures(
            devicesOnSchoolDays: devices * 5, deviceHoursOnSchoolDays: (hours ?? devices * 2) * 5, schoolDays: 5,
            busiestDevices: devices + devices / 4, daysSeen: devices > 0 ? 5 : 0,
            counts: UseCounts(dns: devices * 9, tls: devices * 14, quic: devices * 5, attributed: devices / 3))
    }

    static func line(
        _ name: String, _ vendor: String, _ category: String, _ status: Status, _ devices: Int, _ schools: Int,
        before: Int, firstSeen: SchoolDay = day(-30), kind: Platform.Kind = .tool, replacement: String = "",
        conditions: String = "", manner: Manner = .used
    ) -> ToolLine {
        let platform = Platform(
            name: name, vendor: vendor, category: category, kind: kind, status: status,
            patterns: [.domain(name.lowercased().filter { $0.isLetter } + ".example")], conditions: conditions,
            replacement: replacement)
        let use = PlatformUse(
            platform: platform, isRegistered: status != .unlisted, figures: figures(devices),
            previous: figures(before), schools: schools, firstSeen: firstSeen)
        return ToolLine(use, in: period, manner: manner)
    }

    static let genie = line(
        "Homework Genie", "Placeholder AI", "ai", .flagged, 117, 4, before: 60, replacement: "Sample Tutor")

    static let lines = [
        line("Example Classroom", "Example Works", "classroom", .approved, 388, 5, before: 380),
        line("Class Messages", "Example Works", "messaging", .approved, 290, 5, before: 300),
        line("Test Assessments", "Test Press", "assessment", .approved, 203, 4, before: 204),
        line("Quizzard", "Specimen Games", "games", .unlisted, 143, 5, before: 0, firstSeen: day(4)),
        genie,
        line("Reading Ladder", "Test Press", "learning", .underReview, 84, 2, before: 83),
        line(
            "Sample Tutor", "Placeholder AI", "ai", .approved, 61, 2, before: 20, conditions: "Grades 9 to 12 only"),
        line(
            "Chatterbox", "Sample Social", "messaging", .flagged, 58, 3, before: 90, replacement: "Class Messages"),
        line("Boardly", "Example Works", "collaboration", .unlisted, 36, 2, before: 36),
        line("Video Corner", "Sample Media", "video", .unlisted, 12, 1, before: 12),
        line(
            "Clip Player", "Sample Media", "video", .unlisted, 80, 5, before: 80,
            manner: .embedded(
                Embedding(devices: 93, ownDevices: 2, names: ["player.clip.example", "embed.clip.example"]))),
        line(
            "Example CDN", "Example Networks", "cdn", .unlisted, 412, 5, before: 400, kind: .infrastructure,
            manner: .infrastructure),
    ]

    /// So many tools, all different.
    static func lines(_ count: Int) -> [ToolLine] {
        (0..<count).map {
            line("Tool \($0)", "Vendor \($0 % 7)", "category", .unlisted, max(1, 900 - $0), 1 + $0 % 5, before: 0)
        }
    }

    static let weeks: [StatusTrend] = Status.allCases.enumerated().map { index, status in
        StatusTrend(
            status: status,
            points: (0..<12).map { week in
                TrendPoint(day: day(week * 7 - 80), figures: week < 3 ? UseFigures() : figures(40 + week * (index + 1)))
            })
    }

    static let overview = Overview(
        basis: basis, tools: lines, unknownNames: 14, schools: [.reporting: 4, .silent: 1, .never: 1], weeks: weeks)

    static let story = ToolStory(
        basis: basis, line: genie,
        trend: [71, 96, 104, 117, 88, 0, 0, 109, 95].enumerated().map { index, devices in
            TrendPoint(day: day(index), figures: figures(devices))
        },
        schools: [("Example High", 61), ("Test Academy", 32), ("Sample Middle", 17), ("Specimen Elementary", 7)].map {
            SchoolUse(school: $0.0, region: "North", figures: figures($0.1), lastSeen: day(8))
        },
        hours: HourProfile(
            period: period, schoolDays: 5, devices: (0..<24).map { (8...15).contains($0) ? $0 * 10 : 0 }),
        names: Paged(
            items: [
                Store.NameUse(
                    name: "homeworkgenie.example", pattern: .domain("homeworkgenie.example"), isRegistered: true,
                    figures: figures(117), previous: figures(60), schools: 4, firstSeen: day(-30)),
                Store.NameUse(
                    name: "cdn.homeworkgenie.example", pattern: .domain("homeworkgenie.example"), isRegistered: true,
                    figures: figures(58), previous: figures(30), schools: 3, firstSeen: day(-30)),
            ], total: 2),
        history: [Decision(at: now - 86_400 * 20, who: "sample", old: .underReview, new: .flagged)])

    /// A tool that was approved and never seen.
    static let unused = ToolStory(
        basis: basis,
        line: ToolLine(
            PlatformUse(
                platform: Platform(name: "Unseen", status: .approved, patterns: [.exact("unseen.example")]),
                isRegistered: true, figures: UseFigures(schoolDays: 5)), in: period))

    static let states = schools.enumerated().map { index, school in
        SchoolState(
            school: school, region: index < 3 ? "North" : "South", agents: index == 0 ? 2 : 1,
            reportedAt: index == 4 ? nil : now - (index == 3 ? 400_000 : 120), lastDay: day(8), days: 5,
            tools: [.approved: 4, .unlisted: index, .flagged: index % 3, .underReview: 1], unknownNames: index * 3,
            typicalDevices: Double(index) * 100 + 40)
    }

    static let agents = [
        AgentState(
            identifier: "0011223344556677", school: "Specimen Elementary", region: "South", host: "gateway-4",
            version: "0.1.0", enrolledAt: now - 9_000_000, reportedAt: now - 400_000,
            problems: [.silent(seconds: 400_000)]),
        AgentState(
            identifier: "8899aabbccddeeff", school: "Example High", region: "North", host: "gateway-1",
            version: "0.2.0", enrolledAt: now - 9_000_000, reportedAt: now - 100,
            health: Health(
                uptimeSeconds: 86_400,
                interfaces: [.init(name: "eth1", isUp: true, frames: 970_000, droppedByKernel: 30_000)], rows: 812,
                rowCapacity: 50_000, memoryBytes: 31_457_280, deviceAddresses: 214),
            problems: [.drops(perMillion: 30_000), .clock(ahead: 400)]),
        AgentState(
            identifier: "0123456789abcdef", school: "Sample Middle", region: "North", host: "gateway-2",
            version: "0.2.0", enrolledAt: now - 9_000_000, reportedAt: now - 60),
    ]

    static let schoolStory = SchoolStory(
        basis: Basis(
            period: period, school: "Example High", schools: 1, schoolDays: 5, hasBefore: true, coverage: coverage),
        state: states[0], tools: lines, agents: [agents[1]], weeks: weeks, district: weeks,
        days: (0..<28).map { TrendPoint(day: day($0 - 19), figures: figures($0 % 7 < 5 ? 300 : 4)) })

    static let review = UnknownReview(
        groups: [
            UnknownGroup(
                DomainGroup(
                    domain: "quizrocket.example", nameCount: 2,
                    names: [nameUse("quiz.quizrocket.example", 31, 4), nameUse("api.quizrocket.example", 22, 2)],
                    figures: figures(31), previous: figures(0), schools: 4, firstSeen: day(4),
                    patterns: [.domain("quizrocket.example")]), in: period)
        ], open: 1, openNames: 2, dismissed: 1)
    /// Several domains that are one group, with all that is said of one.
    static let joined = UnknownReview(
        groups: [
            UnknownGroup(
                DomainGroup(
                    domain: "lessonworld.example", others: ["lessonworldcdn.example", "lessonworld-files.example"],
                    bond: .stem("lessonworld"), nameCount: 14,
                    names: (1...9).map { nameUse("n\($0).lessonworld.example", 40 - $0, 3) }
                        + [
                            nameUse("static.lessonworldcdn.example", 28, 3), nameUse("lessonworld-files.example", 9, 1),
                        ],
                    figures: figures(39), previous: figures(12), schools: 4, firstSeen: day(2),
                    suggestions: [OwnerSuggestion(platform: "Quizzard", reason: .sameSchools)],
                    companions: ["letters.example", "sums.example"],
                    patterns: ["lessonworld", "lessonworldcdn", "lessonworld-files"].map { .domain($0 + ".example") },
                    dismissedKin: [
                        DismissedDomain(
                            domain: "lessonworldapp.example",
                            dismissal: Dismissal(reason: "a school’s own page", who: "sample", at: now - 7200))
                    ]), in: period), review.groups[0],
        ], open: 2, openNames: 16, dismissed: 1)
    static let dismissed = UnknownReview(
        groups: [
            UnknownGroup(
                DomainGroup(
                    domain: "flashcards.example", nameCount: 1, names: [nameUse("flashcards.example", 9, 1)],
                    figures: figures(9), previous: figures(0), schools: 1, firstSeen: day(4),
                    dismissal: Dismissal(reason: "a school’s own page", who: "sample", at: now - 7200)), in: period)
        ], open: 1, openNames: 2, dismissed: 1)

    private static func nameUse(_ name: String, _ devices: Int, _ schools: Int) -> Store.NameUse {
        Store.NameUse(
            name: name, figures: figures(devices), previous: figures(0), schools: schools, firstSeen: day(4))
    }

    static let editor = Visitor(name: "Sample Person", role: "ITS", formToken: "token", rights: Role.its.rights)
    static let auditor = Visitor(
        name: "Sample Auditor", role: "Auditor", formToken: "token", rights: Role.auditor.rights)
    static let leader = Visitor(
        name: "Sample Leader", role: "School leader", formToken: "token", rights: Role.school.rights)

    // For the report of everything, which programs read.

    static let scope = UseReport.Scope(firstDay: "2026-11-16", lastDay: "2026-11-24", schools: schools.sorted())

    static let report = UseReport(
        scope: scope,
        tools: [
            use("Homework Genie", "Placeholder AI", "ai", .flagged, 117, 4, "genie.example"),
            use("Chatterbox", "Sample Social", "messaging", .flagged, 58, 3, "chatterbox.example"),
        ],
        unknown: [
            NameUse(
                name: "portal.flashcards.example", schools: ["Example High"], devices: 9,
                counts: Counts(dns: 27, tls: 36, quic: 0, attributed: 2))
        ],
        infrastructure: [
            use("Example CDN", "Example Networks", "cdn", .unlisted, 412, 5, "cdn.example", kind: .infrastructure)
        ],
        coverage: Coverage(
            named: Counts(dns: 48_310, tls: 61_204, quic: 20_118), attributed: 3_377, unnamedTLS: 2_951,
            unnamedQUIC: 640, encryptedDNS: (dot: 12, doq: 0, doh: 431),
            withheld: Counts(dns: 210, tls: 155, quic: 12, attributed: 3), withheldNames: 74, agents: 6))

    static func use(
        _ name: String, _ vendor: String, _ category: String, _ status: Status, _ devices: Int, _ places: Int,
        _ domain: String, kind: Platform.Kind = .tool
    ) -> ToolUse {
        let platform = Platform(
            name: name, vendor: vendor, category: category, kind: kind, status: status, patterns: [.domain(domain)])
        let counts = Counts(dns: devices * 9, tls: devices * 14, quic: devices * 5, attributed: devices / 3)
        let at = Array(schools.sorted().prefix(places))
        let names = [Usage.NameUse(name: domain, schools: at, devices: devices, counts: counts)]
        return ToolUse(platform: platform, schools: at, devices: devices, counts: counts, names: names)
    }
}
