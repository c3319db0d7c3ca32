import Matching
import Registry
import Testing

@Suite struct `A host name belongs to` {
    private let matcher = Matcher(registry: [
        Platform(name: "Suite", patterns: [.domain("suite.example")]),
        Platform(name: "Docs", patterns: [.domain("docs.suite.example")]),
        Platform(name: "Login", patterns: [.exact("docs.suite.example"), .exact("login.suite.example")]),
    ])

    @Test(arguments: [
        ("suite.example", "Suite"), ("www.suite.example", "Suite"), ("a.b.c.suite.example", "Suite"),
        ("x.docs.suite.example", "Docs"), ("x.y.docs.suite.example", "Docs"),
    ])
    func `the platform with the longest suffix of labels`(name: String, platform: String) {
        #expect(matcher.platform(of: name)?.name == platform)
    }

    @Test func `the platform that names it alone, before those that name a domain`() {
        #expect(matcher.platform(of: "docs.suite.example")?.name == "Login")
        #expect(matcher.platform(of: "login.suite.example")?.name == "Login")
        #expect(matcher.platform(of: "x.login.suite.example")?.name == "Suite")
    }

    @Test func `the platform that names the end of its label, where none names it whole`() {
        let matcher = Matcher(registry: [
            Platform(name: "Suite", patterns: [.domain("suite.example"), .domain("my-cdn.suite.example")]),
            Platform(name: "Files", patterns: [.ending("-cdn.suite.example")]),
            Platform(name: "Pictures", patterns: [.ending("img-cdn.suite.example")]),
        ])
        #expect(matcher.platform(of: "a-cdn.suite.example")?.name == "Files")
        #expect(matcher.platform(of: "x.a-cdn.suite.example")?.name == "Files")
        #expect(matcher.platform(of: "a-img-cdn.suite.example")?.name == "Pictures")
        #expect(matcher.platform(of: "my-cdn.suite.example")?.name == "Suite")
        for name in ["-cdn.suite.example", "a-cdn.x.suite.example", "cdn.suite.example", "suite.example"] {
            #expect(matcher.platform(of: name)?.name == "Suite", "\(name)")
        }
        #expect(matcher.evidence(for: "x.a-cdn.suite.example")?.pattern == .ending("-cdn.suite.example"))
        #expect(matcher.evidence(for: "b.suite.example")?.pattern == .domain("suite.example"))
        #expect(matcher.patterns.count == 4)
    }

    @Test(arguments: ["", "example", "notsuite.example", "suite.example.com", "mysuite.example", "uite.example"])
    func `nobody, when only letters match and not labels`(name: String) {
        #expect(matcher.platform(of: name) == nil)
    }

    @Test(arguments: ["evil\\046suite.example", "evil\\.suite.example", "\\\\\\046suite.example", "a\\", "\\", "\\04"])
    func `nobody, when the dot before the suffix is inside a label`(name: String) {
        #expect(matcher.platform(of: name) == nil)
    }

    @Test(arguments: ["a\\092.suite.example", "a\\\\.suite.example", "evil\\046x.suite.example"])
    func `the platform above, when an escape comes before a real dot`(name: String) {
        #expect(matcher.platform(of: name)?.name == "Suite")
    }

    @Test func `the platform that a slow search through all suffixes finds`() {
        var random = Seeded(state: 7)
        let labels = ["a", "b", "c"]
        func name(_ most: Int) -> String {
            (0..<Int.random(in: 1...most, using: &random))
                .compactMap { _ in labels.randomElement(using: &random) }.joined(separator: ".")
        }
        for _ in 0..<300 {
            let patterns = Set((0..<6).map { _ in name(3) })
            let platforms = patterns.sorted().map { Platform(name: $0, patterns: [.domain($0)]) }
            let matcher = Matcher(registry: platforms)
            let host = name(5)
            let expected = patterns.filter { host == $0 || host.hasSuffix("." + $0) }.max { $0.count < $1.count }
            #expect(matcher.platform(of: host)?.name == expected, "\(host) in \(patterns)")
        }
    }
}

@Suite struct `The registry and the catalogue` {
    private let catalogue = [
        Platform(name: "Quiz", vendor: "Maker", category: "games", patterns: [.domain("quiz.example")]),
        Platform(name: "Board", vendor: "Other", category: "learning", patterns: [.domain("board.example")]),
    ]

    @Test func `are one list, in which a decision needs no more than name and status`() {
        let matcher = Matcher(registry: [Platform(name: "QUIZ", status: .flagged)], catalogue: catalogue)
        #expect(
            matcher.platform(of: "www.quiz.example")
                == Platform(
                    name: "QUIZ", vendor: "Maker", category: "games", status: .flagged,
                    patterns: [.domain("quiz.example")]))
        #expect(matcher.platform(of: "board.example")?.status == .unlisted)
        #expect(matcher.platforms.count == 2)
        #expect(matcher.platform(named: "quiz")?.status == .flagged)
    }

    @Test func `differ: what the registry says of a pattern comes first`() {
        let matcher = Matcher(
            registry: [Platform(name: "Ours", status: .approved, patterns: [.domain("quiz.example")])],
            catalogue: catalogue)
        #expect(matcher.platform(of: "quiz.example")?.name == "Ours")
    }

    @Test func `differ: a pattern written in the registry comes before one filled in from the catalogue`() {
        let matcher = Matcher(
            registry: [
                Platform(name: "Quiz", status: .approved),
                Platform(name: "Zeta", status: .flagged, patterns: [.domain("quiz.example")]),
            ], catalogue: catalogue)
        #expect(matcher.platform(of: "quiz.example")?.name == "Zeta")
    }
}

private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 33)
    }
}
