import Registry
import Testing
import Wire

private let header = "platform,vendor,category,kind,status,patterns,conditions,replacement,notes\n"
private let fullHeader =
    "platform,vendor,category,kind,status,patterns,conditions,replacement,notes,relationship,contract,"
    + "price_vehicle,licences,audiences,approval_expires,student_data,age_limit,agreement,agreement_signed,"
    + "agreement_expires,ratings\n"

private func read(_ text: String, known: KnownPlatforms = KnownPlatforms()) throws(PlatformFileError) -> [Platform] {
    try PlatformFile.read(Array(text.utf8), file: "registry.csv", known: known)
}

private func mistakes(in text: String, known: KnownPlatforms = KnownPlatforms()) -> [String] {
    do throws(PlatformFileError) {
        _ = try read(text, known: known)
        return []
    } catch {
        return error.mistakes.map(\.description)
    }
}

@Suite struct `A good file of platforms` {
    @Test func `has all columns or few, in any order`() throws {
        let platforms = try read("Status,Platform\nUnder review,Sample Board\nUnder-Review, Sample Quiz \napproved,C\n")
        #expect(
            platforms == [
                Platform(name: "Sample Board", status: .underReview),
                Platform(name: "Sample Quiz", status: .underReview), Platform(name: "C", status: .approved),
            ])
    }

    @Test func `gives every field`() throws {
        let text =
            header
            + "Sample Quiz,Sample Inc.,games,tool,flagged,Quiz.example =login.sample.example,\"staff, only\",Sample Board,\"two\nlines\"\n"
            + "Sample Board,,,,,,,,\nSample Ads,,advertising,infrastructure,,ads.example.,,,\n"
        let platforms = try read(text)
        #expect(
            platforms[0]
                == Platform(
                    name: "Sample Quiz", vendor: "Sample Inc.", category: "games", kind: .tool, status: .flagged,
                    patterns: [.domain("quiz.example"), .exact("login.sample.example")], conditions: "staff, only",
                    replacement: "Sample Board", notes: "two\nlines"))
        #expect(platforms[1] == Platform(name: "Sample Board", status: .unlisted))
        #expect(platforms[2].kind == .infrastructure)
        #expect(platforms[2].patterns == [.domain("ads.example")])
    }

    @Test func `may be saved by a spreadsheet that separates by semicolons`() throws {
        #expect(
            try read("\u{FEFF}platform;status;notes\r\nSample;approved;a, b\r\n") == [
                Platform(name: "Sample", status: .approved, notes: "a, b")
            ])
    }

    @Test func `stays the same byte for byte once it was read and written`() throws {
        let text =
            "status;platform;patterns;notes\nUnder Review;zeta;b.example  a.example;\"say \"\"hi\"\"\"\n;Alpha;=x.a.example;\n"
        let first = PlatformFile.write(try read(text))
        let second = PlatformFile.write(try read(first))
        #expect(first == second)
        #expect(
            first == fullHeader + "Alpha,,,tool,not_in_registry,'=x.a.example,,,,,,,,,,,,,,,\n"
                + "zeta,,,tool,under_review,b.example a.example,,,\"say \"\"hi\"\"\",,,,,,,,,,,,\n")
    }

    @Test func `runs nothing in a spreadsheet, and gives back what was written, whatever it is`() throws {
        let names = ["=HYPERLINK(1)", "+1", "-1", "@a", "'=x", "''=x", "'plain", "plain"]
        let platforms = names.map { Platform(name: $0, notes: $0) }
        let text = PlatformFile.write(platforms)
        for line in text.split(separator: "\n") { #expect(!"=+-@".contains(line.first ?? "=")) }
        #expect(try Set(read(text).map(\.notes)) == Set(names))
        #expect(try PlatformFile.write(read(text)) == text)
        #expect(try read("platform,patterns\nA,'=x.a.example\n").first?.patterns == [.exact("x.a.example")])
    }

    @Test func `gives terms and privacy facts, and writes them as it read them`() throws {
        let text = """
            platform,relationship,contract,price_vehicle,licences,audiences,approval_expires,student_data,age_limit,agreement,agreement_signed,agreement_expires,ratings
            Board,On demand,C-17,State price list 4,1200,students;  grades 9-12,2027-06-30,name;date of birth,13 with consent,https://d.example/a.pdf,2026-01-01,2027-01-01,https://r.example/x 2026-01-15; http://s.example 2025-12-01
            Quiz,free,,,,,,,,,,,
            """
        let platforms = try read(text)
        let board = Platform(
            name: "Board",
            terms: Terms(
                relationship: .onDemand, contract: "C-17", priceVehicle: "State price list 4", licences: 1200,
                audiences: ["students", "grades 9-12"], approvalExpires: SchoolDay("2027-06-30")),
            privacy: PrivacyFacts(
                studentData: ["name", "date of birth"], ageLimit: "13 with consent",
                agreement: PrivacyFacts.Agreement(
                    link: "https://d.example/a.pdf", signed: SchoolDay("2026-01-01"), expires: SchoolDay("2027-01-01")),
                ratings: [
                    PrivacyFacts.Rating(link: "https://r.example/x", day: try #require(SchoolDay("2026-01-15"))),
                    PrivacyFacts.Rating(link: "http://s.example", day: try #require(SchoolDay("2025-12-01"))),
                ]))
        #expect(platforms == [board, Platform(name: "Quiz", terms: Terms(relationship: .free))])
        #expect(try read(PlatformFile.write(platforms)) == platforms)
    }

    @Test func `may name a replacement that only the registry or the catalogue has`() throws {
        let known = KnownPlatforms(registry: [Platform(name: "Here")], catalogue: [Platform(name: "There")])
        #expect(try read("platform,replacement\nA,here\nB,There\n", known: known).count == 2)
    }
}

@Suite struct `A bad file of platforms` {
    @Test(arguments: [
        (
            "A,,,,aproved,,,,",
            "status \"aproved\" is not one of approved, flagged, under_review, not_in_registry. Did you mean \"approved\"?"
        ),
        ("A,,,,yes,,,,", "status \"yes\" is not one of approved, flagged, under_review, not_in_registry"),
        ("A,,,tol,,,,,", "kind \"tol\" is not one of tool, infrastructure. Did you mean \"tool\"?"),
        ("A,,,,,https://a.example/,,,", "patterns: \"https://a.example/\" \(PatternMistake.address)"),
        ("A,,,,,*.a.example,,,", "patterns: \"*.a.example\" \(PatternMistake.wildcard)"),
        ("A,,,,,a..example,,,", "patterns: \"a..example\" \(PatternMistake.emptyLabel)"),
        ("A,,,,,exa$mple.com,,,", "patterns: \"exa$mple.com\" \(PatternMistake.character)"),
        ("A,,,,,\"a.example,b.example\",,,", "patterns: \"a.example,b.example\" \(PatternMistake.character)"),
        ("A,,,,,-a.example,,,", "patterns: \"-a.example\" \(PatternMistake.hyphen)"),
        ("A,,,,,schöne.example,,,", "patterns: \"schöne.example\" \(PatternMistake.notASCII)"),
        ("A,,,,,example,,,", "patterns: \"example\" \(PatternMistake.singleLabel)"),
        ("A,,,,,192.0.2.1,,,", "patterns: \"192.0.2.1\" \(PatternMistake.number)"),
        ("A,,,,,co.uk,,,", "patterns: \"co.uk\" \(PatternMistake.publicSuffix)"),
        ("A,,,,,=,,,", "patterns: \"=\" \(PatternMistake.empty)"),
        (",Vendor,,,,,,,", "platform is empty; every row names one"),
        ("A,,,,,,,B,", "replacement \"B\" is not a platform; add a row for it or leave the replacement empty"),
        ("A,,,,,,,a,", "replacement \"a\" is the platform itself; name another one or none"),
        ("A,,,,,,,,,x", "there are 10 fields, but 9 columns; put a field with a comma in it in quotes"),
    ])
    func `says where, what and what to do`(row: String, message: String) {
        #expect(mistakes(in: header + "Fine,,,,,,,,\n" + row + "\n") == ["registry.csv:3: " + message])
    }

    @Test(arguments: [
        ("relationship", "fre", "relationship \"fre\" is not one of contract, on_demand, free. Did you mean \"free\"?"),
        ("licences", "many", "licences \"many\" is no number; write it with digits alone, such as 1200"),
        ("licences", "-1", "licences \"-1\" is no number; write it with digits alone, such as 1200"),
        ("approval_expires", "30.6.2027", "approval_expires \"30.6.2027\" is no day; write it as 2026-11-24"),
        (
            "agreement", "javascript:alert(1)",
            "agreement: \"javascript:alert(1)\" is no web address; write it as https://district.example/agreement"
        ),
        (
            "agreement_expires", "2027-01-01",
            "agreement_expires stands there without an agreement; write the agreement's address, or neither"
        ),
        (
            "ratings", "https://r.example",
            "ratings: \"https://r.example\" is no address and day; write it as https://ratings.example/x 2026-11-24"
        ),
    ])
    func `says what terms and privacy facts may be`(column: String, text: String, message: String) {
        #expect(mistakes(in: "platform,\(column)\nA,\(text)\n") == ["registry.csv:2: " + message])
    }

    @Test func `has all its mistakes told at once, in order`() {
        let found = mistakes(in: header + "A,,,,no,com,,,\n\nB,,,x,,,,Nowhere,\n")
        #expect(
            found.map { $0.prefix(15) } == ["registry.csv:2:", "registry.csv:2:", "registry.csv:4:", "registry.csv:4:"])
    }

    @Test func `names both lines of a platform that stands there twice`() {
        #expect(
            mistakes(in: "platform\nSample\nOther\nSAMPLE\n") == [
                "registry.csv:4: platform \"SAMPLE\" stands on line 2 already; make one row of the two"
            ])
    }

    @Test func `names both lines and platforms of a pattern that two have`() {
        #expect(
            mistakes(in: "platform,patterns\nA,a.example\nB,b.example a.example\n") == [
                "registry.csv:3: patterns: \"a.example\" of \"B\" also belongs to \"A\" on line 2; "
                    + "a name has one owner, leave it out of one of them"
            ])
    }

    @Test func `may not take a name from a platform that stays in the registry, but from the catalogue`() {
        let owner = Platform(name: "Owner", patterns: [.domain("a.example")])
        #expect(
            mistakes(in: "platform,patterns\nA,a.example\n", known: KnownPlatforms(registry: [owner])) == [
                "registry.csv:2: patterns: \"a.example\" of \"A\" also belongs to \"Owner\" in the registry; "
                    + "a name has one owner, leave it out of one of them"
            ])
        #expect(mistakes(in: "platform,patterns\nA,a.example\n", known: KnownPlatforms(catalogue: [owner])).isEmpty)
    }

    @Test(arguments: [
        ("", "registry.csv:1: the file is empty; its first line names the columns: "),
        ("name,status\nA,approved\n", "registry.csv:1: unknown column \"name\"; the columns are "),
        ("platform,platform\n", "registry.csv:1: column \"platform\" stands there twice; leave one of them out"),
        ("platform,notes\nA,\"x\n", "registry.csv:2: a quoted field begins here and never ends"),
    ])
    func `is refused when it cannot be read at all`(text: String, message: String) {
        #expect(mistakes(in: text).first?.hasPrefix(message) == true)
    }

    @Test func `suggests the column that was meant`() {
        #expect(mistakes(in: "platform,statsu\n").first?.hasSuffix("Did you mean \"status\"?") == true)
    }
}

@Suite struct `A pattern` {
    @Test func `may be as long as a name and not longer`() throws {
        let label = String(repeating: "a", count: 63)
        let longest = [label, label, label, String(repeating: "b", count: 61)].joined(separator: ".")
        #expect(try NamePattern(longest) == .domain(longest))
        #expect(throws: PatternMistake.tooLong) { try NamePattern(longest + "b") }
        #expect(throws: PatternMistake.labelTooLong) { try NamePattern("a" + label + ".example") }
    }

    @Test func `may name the end of a label, below a domain that has an owner`() throws {
        #expect(try NamePattern("*-CDN.example.com.") == .ending("-cdn.example.com"))
        #expect(try NamePattern("*-cdn.example.com").text == "*-cdn.example.com")
        #expect(throws: PatternMistake.wildcard) { try NamePattern("*") }
        #expect(throws: PatternMistake.wildcard) { try NamePattern("*.example.com") }
        #expect(throws: PatternMistake.singleLabel) { try NamePattern("*cdn.com") }
        #expect(throws: PatternMistake.publicSuffix) { try NamePattern("*-cdn.co.uk") }
        #expect(throws: PatternMistake.hyphen) { try NamePattern("*-.example.com") }
        #expect(throws: PatternMistake.character) { try NamePattern("*a*.example.com") }
    }

    @Test(arguments: ["_dmarc.example.com", "xn--schne-kva.example", "my-app.web.example", "wordpress.com"])
    func `may have underscores, hyphens and A-labels, and be a service for many owners`(name: String) throws {
        #expect(try NamePattern(name).text == name)
    }
}
