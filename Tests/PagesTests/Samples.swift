import Registry
import Usage

/// A district that does not exist, for the tests and for looking at pages.
enum Samples {
    static let schools = [
        "Example High", "Sample Middle", "Specimen Elementary", "Test Academy", "Placeholder Elementary",
    ]

    static let scope = UseReport.Scope(firstDay: "2026-11-16", lastDay: "2026-11-24", schools: schools.sorted())

    /// A report with something in every section.
    static let report = UseReport(
        scope: scope, tools: tools.sorted { $0.devices > $1.devices },
        unknown: [
            unknown("quiz.example.net", 31, 4), unknown("cdn-play.unknown-games.example", 22, 2),
            unknown("portal.flashcards.example", 9, 1), unknown("api.study-buddy.example", 5, 1),
        ],
        infrastructure: [
            tool("Example CDN", "Example Networks", "cdn", .unlisted, 412, 5, "cdn.example", kind: .infrastructure),
            tool(
                "Sample Updates", "Sample Systems", "updates", .unlisted, 388, 5, "updates.example",
                kind: .infrastructure),
            tool(
                "Sample Checks", "Sample Trust", "certificates", .unlisted, 401, 5, "ocsp.example",
                kind: .infrastructure),
        ],
        coverage: Coverage(
            named: Counts(dns: 48_310, tls: 61_204, quic: 20_118), attributed: 3_377, unnamedTLS: 2_951,
            unnamedQUIC: 640, encryptedDNS: (dot: 12, doq: 0, doh: 431),
            withheld: Counts(dns: 210, tls: 155, quic: 12, attributed: 3), withheldNames: 74, agents: 6))

    static let tools = [
        tool(
            "Chatterbox", "Sample Social", "messaging", .flagged, 58, 3, "chatterbox.example",
            replacement: "Class Messages"),
        tool(
            "Homework Genie", "Placeholder AI", "ai", .flagged, 117, 4, "genie.example",
            replacement: "Sample Tutor"),
        tool("Quizzard", "Specimen Games", "games", .unlisted, 143, 5, "quizzard.example"),
        tool("Boardly", "Example Works", "collaboration", .unlisted, 36, 2, "boardly.example"),
        tool("Video Corner", "Sample Media", "video", .unlisted, 12, 1, "video-corner.example"),
        tool("Reading Ladder", "Test Press", "learning", .underReview, 84, 2, "ladder.example"),
        tool("Example Classroom", "Example Works", "classroom", .approved, 388, 5, "classroom.example"),
        tool("Class Messages", "Example Works", "messaging", .approved, 290, 5, "messages.example"),
        tool(
            "Sample Tutor", "Placeholder AI", "ai", .approved, 61, 2, "tutor.example",
            conditions: "Grades 9 to 12 only"),
        tool("Test Assessments", "Test Press", "assessment", .approved, 203, 4, "assess.example"),
    ]

    static func tool(
        _ name: String, _ vendor: String, _ category: String, _ status: Status, _ devices: Int, _ places: Int,
        _ domain: String, kind: Platform.Kind = .tool, replacement: String = "", conditions: String = ""
    ) -> ToolUse {
        let platform = Platform(
            name: name, vendor: vendor, category: category, kind: kind, status: status, patterns: [.domain(domain)],
            conditions: conditions, replacement: replacement)
        let counts = Counts(dns: devices * 9, tls: devices * 14, quic: devices * 5, attributed: devices / 3)
        let at = Array(schools.sorted().prefix(places))
        let names = [
            NameUse(name: domain, schools: at, devices: devices, counts: counts),
            NameUse(
                name: "api." + domain, schools: at, devices: devices / 2,
                counts: Counts(dns: devices * 2, tls: devices * 4, quic: devices, attributed: 1)),
        ]
        return ToolUse(platform: platform, schools: at, devices: devices, counts: counts, names: names)
    }

    static func unknown(_ name: String, _ devices: Int, _ places: Int) -> NameUse {
        NameUse(
            name: name, schools: Array(schools.sorted().prefix(places)), devices: devices,
            counts: Counts(dns: devices * 3, tls: devices * 4, quic: 0, attributed: 2))
    }

    /// One tool with a week and a half of days.
    static var detail: ToolDetail {
        let use = tools[1]
        let devices = [71, 96, 104, 117, 88, 0, 0, 109, 95]
        return ToolDetail(
            tool: use, scope: scope,
            trend: devices.enumerated().map { index, devices in
                ToolDetail.DayUse(
                    day: "2026-11-\(16 + index)", devices: devices, counts: Counts(dns: devices * 2, tls: devices * 3))
            },
            schools: [("Example High", 61), ("Test Academy", 32), ("Sample Middle", 17), ("Specimen Elementary", 7)].map
            {
                ToolDetail.SchoolUse(
                    school: $0.0, devices: $0.1, counts: Counts(dns: $0.1 * 9, tls: $0.1 * 14, quic: $0.1 * 5))
            })
    }

    /// A tool that was approved and never seen.
    static let unused = ToolDetail(
        tool: ToolUse(
            platform: Platform(name: "Boardly", status: .approved, patterns: [.exact("boardly.example")]), schools: [],
            devices: 0, counts: Counts(), names: []),
        scope: .init(), trend: [], schools: [])

    static let summaries = schools.sorted().enumerated().map { index, school in
        SchoolSummary(
            school: school, lastDay: index == 4 ? "2026-11-20" : "2026-11-24", agents: index == 0 ? 2 : 1,
            tools: [.approved: 4, .unlisted: index, .flagged: index % 3, .underReview: 1], unknown: index * 3)
    }

    /// So many names of no known tool.
    static func report(names: Int) -> UseReport {
        UseReport(
            scope: scope, tools: tools,
            unknown: (0..<names).map { unknown("host-\($0).unknown.example", max(3, 900 - $0), 1 + $0 % 5) })
    }
}
