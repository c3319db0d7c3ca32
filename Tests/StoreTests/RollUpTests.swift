import GRDB
import Identity
import Programme
import Registry
import Testing
import Wire

@testable import Store

/// A small district over some weeks, made from a seed.
struct SmallDistrict {
    let folder: TemporaryFolder
    let store: SQLiteStore
    /// Within the last week: three of its days are over, and two have reports that are not added up.
    let today = monday.advanced(by: 23)
    static let names = [
        "quiz.example", "www.quiz.example", "a.board.example", "b.board.example", "cdn.fonts.example", "x.other.com",
        "y.other.com", "z.else.org", "printer.local",
    ]
    static let catalogue = [
        Platform(name: "Quiz", category: "games", patterns: [.domain("quiz.example")]),
        Platform(name: "Board", category: "learning", patterns: [.domain("board.example")]),
        Platform(name: "Fonts", category: "cdn", kind: .infrastructure, patterns: [.domain("fonts.example")]),
    ]

    init(seed: UInt64) async throws {
        folder = try TemporaryFolder()
        store = try SQLiteStore(path: folder.database)
        var random = Seeded(state: seed)
        for school in ["A", "B", "C", "D"] {
            for _ in 0..<(school == "B" ? 2 : 1) {
                let agent = try await store.join(school)
                for offset in 0..<25 where Int.random(in: 0..<8, using: &random) > 0 {
                    try await store.keep(Self.day(offset, using: &random), from: agent)
                }
            }
        }
        try await store.pool.write { db in
            try db.execute(sql: "UPDATE schools SET region = 'North' WHERE key IN ('a', 'c')")
        }
    }

    static func day(_ offset: Int, using random: inout Seeded) -> Day {
        var rows: [Wire.Row] = []
        for name in names where Int.random(in: 0..<3, using: &random) > 0 {
            for segment in ["", "staff", "students"] where Int.random(in: 0..<3, using: &random) == 0 {
                let devices = Int.random(in: 1...40, using: &random)
                rows.append(
                    Row(
                        segment: segment, name: name, dns: Int.random(in: 0...300, using: &random),
                        tls: Int.random(in: 0...20, using: &random), quic: Int.random(in: 0...2, using: &random),
                        http: Int.random(in: 0...1, using: &random), devices: devices,
                        hours: [9: devices / 2, Int.random(in: 10...20, using: &random): devices / 3]))
            }
        }
        var day = StoreTests.day(monday.advanced(by: offset), rows)
        day.devices = offset % 7 > 4 ? 3 : Int.random(in: 30...60, using: &random)
        // A platform that is there, and one that is only at times.
        for platform in ["quiz", "Else"] {
            let devices = Int.random(in: 20...60, using: &random)
            day.groups.append(GroupDevices(name: platform, devices: devices, hours: [9: devices / 2]))
        }
        return day
    }

    /// Every answer to every question, as text.
    func answers(_ reader: UseReader) async throws -> [String: String] {
        var answers: [String: String] = [:]
        let periods = [
            nil, Period(monday.advanced(by: 3), monday.advanced(by: 17)), Period(monday.advanced(by: 8), today),
        ]
        var scopes = periods.flatMap { period in
            [.all, .region("north"), .school("B")].map { UseScope(period: period, schools: $0) }
        }
        scopes += ["", "staff", "nowhere"].map { UseScope(period: periods[1], segment: $0) }
        for scope in scopes {
            for (question, answer) in try await ask(reader, scope) { answers["\(question) \(scope)"] = answer }
        }
        answers["facts"] = try await facts(reader)
        return answers
    }

    private func facts(_ reader: UseReader) async throws -> String {
        let facts = try await reader.facts(
            on: today, studentSegments: ["students"], watching: { $0.name == "Quiz" }, telling: { $0 > 1 || $1 > 9 })
        let tools = facts.tools.map { tool in
            let uses = tool.uses.map { school, use in
                let days = use.days.sorted { $0.key < $1.key }
                return "\(school) \(use.devices) \(use.before) \(use.firstDay) \(use.students) \(days)"
            }
            return "\(tool.name) \(tool.platform?.name ?? "") \(uses)"
        }
        return "\(facts.schools) \(tools)"
    }

    private func ask(_ reader: UseReader, _ scope: UseScope) async throws -> [String: String] {
        var answers: [String: String] = [:]
        answers["table"] = "\(try await reader.platformUse(in: scope))"
        for subject in [.everything, .platform("Quiz"), .status(.unlisted), .status(.flagged)] as [UseSubject] {
            answers["days of \(subject)"] = "\(try await reader.trend(of: subject, in: scope, by: .day))"
            answers["weeks of \(subject)"] = "\(try await reader.trend(of: subject, in: scope, by: .week))"
            answers["schools of \(subject)"] = "\(try await reader.schools(using: subject, in: scope))"
            answers["hours of \(subject)"] = "\(try await reader.hoursOfDay(of: subject, in: scope))"
        }
        answers["use"] = "\(try await reader.use(of: "board", in: scope) as Any)"
        answers["names"] = "\(try await reader.names(of: "Board", in: scope, page: ListPage()))"
        answers["unknown"] = "\(try await reader.unknownNames(in: scope, page: ListPage(offset: 1)))"
        let groups = try await reader.unknownDomains(in: scope, dismissed: false, page: ListPage())
        answers["groups"] = "\(groups)"
        answers["unknown names"] = "\(try await reader.unknownNameCount(in: scope))"
        for (status, trend) in try await reader.statusTrends(in: scope, by: .week) {
            answers["trend \(status)"] = "\(trend)"
        }
        answers["states"] = try await reader.schools(in: scope).map { state in
            let tools = state.tools.map { "\($0.rawValue) \($1)" }.sorted()
            return "\(state.school) \(state.days) \(state.lastDay as Any) \(tools) \(state.unknownNames) "
                + "\(state.typicalDevices)"
        }.joined(separator: "\n")
        answers["coverage"] = "\(try await reader.coverage(in: scope))"
        return answers
    }
}

@Suite struct `Weeks that were added up` {
    @Test(arguments: 1...2)
    func `answer every question as the rows do`(seed: UInt64) async throws {
        let district = try await SmallDistrict(seed: seed)
        let reader = UseReader(store: district.store, catalogue: SmallDistrict.catalogue)
        let plain = try await district.answers(reader)
        #expect(try await reader.rollUp(before: district.today) == 4)
        #expect(try await reader.rollUp(before: district.today) == 0)
        let sooner = try await district.answers(UseReader(store: district.store, catalogue: SmallDistrict.catalogue))
        for (question, answer) in plain { #expect(sooner[question] == answer, "seed \(seed): \(question)") }
        #expect(plain.values.contains { $0.contains("devicesOnSchoolDays: 1") })
    }

    @Test func `follow the registry, whatever it says of the past`() async throws {
        let district = try await SmallDistrict(seed: 9)
        let reader = UseReader(store: district.store, catalogue: SmallDistrict.catalogue)
        _ = try await reader.rollUp(before: district.today)
        let registries: [[Platform]] = [
            [Platform(name: "Quiz", status: .flagged)],
            [
                Platform(name: "Quiz", status: .flagged, patterns: [.domain("quiz.example"), .exact("x.other.com")]),
                Platform(name: "Www", status: .approved, patterns: [.exact("www.quiz.example")]),
                Platform(name: "Printers", patterns: [.domain("y.other.com")]),
            ],
            [Platform(name: "Else", patterns: [.domain("else.org"), .domain("b.board.example")])],
            [],
        ]
        for registry in registries {
            _ = try await district.store.importRegistry(replacing: true, by: "sample", at: 1) { _ in registry }
            let answers = try await district.answers(reader)
            try await district.store.pool.write { try $0.execute(sql: "UPDATE weeks SET settled = 0") }
            let plain = try await district.answers(UseReader(store: district.store, catalogue: SmallDistrict.catalogue))
            for (question, answer) in plain { #expect(answers[question] == answer, "\(question)") }
            try await district.store.pool.write {
                try $0.execute(sql: "UPDATE weeks SET settled = told & (CASE week WHEN 2972 THEN 7 ELSE 127 END)")
            }
        }
        // What changed hands stands beside what was added up, in the sums of the district, its segments and its regions.
        let later = try await district.store.pool.read {
            try Int.fetchAll($0, sql: "SELECT DISTINCT part FROM week_sums WHERE later = 1 ORDER BY part")
        }
        #expect(later == [0, 1])
    }

    @Test(arguments: ["a", "b"])
    func `follow a school to another region`(school: String) async throws {
        let district = try await SmallDistrict(seed: 5)
        let reader = UseReader(store: district.store, catalogue: SmallDistrict.catalogue)
        _ = try await reader.rollUp(before: district.today)
        let regions = try await district.store.pool.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM week_sums WHERE part > 0 AND length(schools) > 0")
        }
        #expect(regions == 4)
        // One leaves the region, or one comes to it.
        try await district.store.pool.write { db in
            try db.execute(
                sql: "UPDATE schools SET region = CASE region WHEN '' THEN 'North' ELSE 'South' END WHERE key = ?",
                arguments: [school])
        }
        let answers = try await district.answers(reader)
        try await district.store.pool.write { try $0.execute(sql: "UPDATE weeks SET settled = 0") }
        let plain = try await district.answers(UseReader(store: district.store, catalogue: SmallDistrict.catalogue))
        for (question, answer) in plain { #expect(answers[question] == answer, "\(question)") }
    }

    @Test func `are kept for the next question, and make room for schools that join`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.database)
        let reader = UseReader(store: store, catalogue: [])
        func users(_ name: String) async throws -> Int? {
            let groups = try await reader.unknownDomains(in: UseScope(), dismissed: false, page: ListPage()).groups
            return groups.first { $0.domain == name }?.schools
        }
        var agents: [AgentIdentity] = []
        for number in 0..<62 { agents.append(try await store.join("School \(number)")) }
        let rows = [Row(name: "a.first.org", dns: 1, devices: 5), Row(name: "b.second.org", dns: 1, devices: 5)]
        try await store.keep(day(monday, rows), from: agents[0])
        #expect(try await reader.rollUp(before: monday.advanced(by: 1)) == 1)
        #expect(try await users("first.org") == 1)
        // The keys of these need another word than those of the others.
        for number in 62..<130 {
            let agent = try await store.join("School \(number)")
            try await store.keep(day(monday.advanced(by: 1), [rows[number % 2]]), from: agent)
            #expect(try await users("first.org") == 1 + (number - 60) / 2)
        }
        #expect(try await users("second.org") == 35)
    }

    @Test func `are out of date as soon as a report comes for one of their days`() async throws {
        let district = try await SmallDistrict(seed: 4)
        let reader = UseReader(store: district.store, catalogue: SmallDistrict.catalogue)
        _ = try await reader.rollUp(before: district.today)
        let agent = try await district.store.join("E")
        let late = day(monday.advanced(by: 2), [Row(name: "new.example.com", dns: 1, devices: 500)])
        try await district.store.keep(late, from: agent)
        #expect(try await reader.unknownNames(in: UseScope(), page: ListPage(search: "new.")).total == 1)
        #expect(try await reader.rollUp(before: district.today) == 1)
        #expect(try await reader.unknownNames(in: UseScope(), page: ListPage(search: "new.")).total == 1)
    }
}
