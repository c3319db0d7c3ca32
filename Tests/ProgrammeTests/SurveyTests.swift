import Registry
import Testing
import Wire

@testable import Programme

@Suite struct `What people write` {
    private let spelling = ToolSpelling([
        Platform(name: "Khan Academy", patterns: [.domain("khanacademy.org")]), Platform(name: "Google Classroom"),
        Platform(name: "Kahoot!", patterns: [.domain("kahoot.it"), .domain("kahoot.com")]), Platform(name: "Canva"),
        Platform(name: "Canvas"), Platform(name: "Sample Reading Garden"),
        Platform(name: "Sample CDN", kind: .infrastructure),
    ])

    @Test(arguments: [
        ("Khan Academy", "Khan Academy"), ("khanacademy", "Khan Academy"), ("KAHOOT", "Kahoot!"),
        ("https://kahoot.it/join", "Kahoot!"), ("www.kahoot.com", "Kahoot!"), ("the Canvas app", "Canvas"),
        ("canva.com", "Canva"),
    ])
    func `is certain where only capitals, spaces and signs differ, or a host name tells`(text: String, platform: String)
    {
        #expect(spelling.meaning(of: text) == .certain(platform))
    }

    @Test(arguments: [
        ("khan accademy", "Khan Academy"), ("Google class rooms", "Google Classroom"), ("kahut", "Kahoot!"),
        ("Khan", "Khan Academy"), ("readng garden", "Sample Reading Garden"),
    ])
    func `is likely where it is misspelt, for a person to confirm`(text: String, platform: String) {
        guard case .likely(let names) = spelling.meaning(of: text) else {
            Issue.record("\(spelling.meaning(of: text))")
            return
        }
        #expect(names.first == platform)
    }

    @Test(arguments: ["", "!!!", "Zoom", "Sample CDN", "mathematics workbook"])
    func `is unknown where nothing is near`(text: String) {
        #expect(spelling.meaning(of: text) == .unknown)
    }
}

@Suite struct `A survey` {
    @Test func `is read all or nothing, with every mistake`() throws {
        let good = "School;Tool;Users;Purpose\nSample High;kahoot;120;quizzes\n;;;\n"
        #expect(
            try SurveyFile.read(Array(good.utf8), file: "survey.csv")
                == [Declaration(school: "Sample High", tool: "kahoot", purpose: "quizzes", users: 120)])
        let bad = "school,tool,users\n,Kahoot,many\nSample High,,3\n"
        do throws(PlatformFileError) {
            _ = try SurveyFile.read(Array(bad.utf8), file: "survey.csv")
            Issue.record("it was read")
        } catch {
            #expect(error.mistakes.map(\.line) == [2, 2, 3])
            #expect(error.description.contains("users \"many\" is no whole number; write it as 120"))
        }
        do throws(PlatformFileError) {
            _ = try SurveyFile.read(Array("school,toool\n".utf8), file: "survey.csv")
            Issue.record("it was read")
        } catch {
            #expect(error.description.contains("Did you mean \"tool\"?"))
            #expect(error.description.contains("there is no column \"tool\""))
        }
    }

    @Test func `is compared with what was seen at the school`() {
        let day = SchoolDay.day("2026-10-01")
        func tool(_ name: String, _ devices: [String: Int], _ status: Status = .approved) -> ToolFacts {
            ToolFacts(
                name: name, platform: Platform(name: name, status: status),
                uses: SchoolUses(devices.mapValues { UseAtSchool(devices: $0, firstDay: day) }))
        }
        let facts = UseFacts(
            today: day,
            tools: [
                tool("Kahoot!", ["Sample High": 40]), tool("Sample Quiz", ["Sample High": 12], .flagged),
                tool("Canva", ["Sample Middle": 90]),
                ToolFacts(
                    name: "new.example", platform: nil, uses: ["Sample High": UseAtSchool(devices: 4, firstDay: day)]),
            ])
        let comparison = SurveyComparison(
            school: "Sample High",
            declarations: [
                (Declaration(school: "Sample High", tool: "kahut", users: 120), platform: "Kahoot!"),
                (Declaration(school: "Sample High", tool: "canva"), platform: "Canva"),
                (Declaration(school: "Sample High", tool: "our workbook"), platform: nil),
            ], facts: facts, status: { facts.tool(named: $0)?.status ?? .unlisted })
        #expect(comparison.both.map(\.platform) == ["Kahoot!"])
        #expect(comparison.both.first?.devices == 40)
        #expect(comparison.declaredOnly.map(\.platform) == ["Canva"])
        #expect(comparison.seenOnly.map(\.platform) == ["Sample Quiz"])
        #expect(comparison.unclear.map(\.tool) == ["our workbook"])
    }
}
