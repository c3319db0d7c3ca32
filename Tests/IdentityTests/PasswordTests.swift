import Foundation
import Identity
import Testing

@Suite struct `A password` {
    private static let cheap = PasswordHash.Cost(logRounds: 4, blockSize: 1, parallelism: 1)

    private func hash(_ text: String, cost: PasswordHash.Cost = cheap) throws -> PasswordHash {
        var random = SystemRandomNumberGenerator()
        return try PasswordHash(of: try #require(Password(typed: text)), cost: cost, using: &random)
    }

    @Test func `is known again by its hash, and no other one`() throws {
        let hash = try hash("four words of mine")
        let stored = try #require(PasswordHash(text: hash.text))
        #expect(stored.matches(try #require(Password(typed: "four words of mine"))))
        for other in ["four words of min", "four words of mine ", "Four words of mine", " "] {
            #expect(!stored.matches(try #require(Password(typed: other))), "\(other)")
        }
    }

    @Test func `has another hash each time, with the costs in it`() throws {
        let (one, two) = (try hash("four words of mine"), try hash("four words of mine"))
        #expect(one.text != two.text)
        #expect(one.text.hasPrefix("$scrypt$ln=4,r=1,p=1$"))
        #expect(one.isStale)
        #expect(try !hash("four words of mine", cost: .standard).isStale)
    }

    @Test func `is the vector of RFC 7914 section 12`() throws {
        // scrypt("pleaseletmein", "SodiumChloride", 16384, 8, 1), the first 32 of 64 bytes.
        let salt = Data("SodiumChloride".utf8).base64EncodedString()
        let bytes: [UInt8] = [
            0x70, 0x23, 0xbd, 0xcb, 0x3a, 0xfd, 0x73, 0x48, 0x46, 0x1c, 0x06, 0xcd, 0x81, 0xfd, 0x38, 0xeb,
            0xfd, 0xa8, 0xfb, 0xba, 0x90, 0x4f, 0x8e, 0x3e, 0xa9, 0xb5, 0x43, 0xf6, 0x54, 0x5d, 0xa1, 0xf2,
        ]
        let text = "$scrypt$ln=14,r=8,p=1$\(salt)$\(Data(bytes).base64EncodedString())"
        let hash = try #require(PasswordHash(text: text))
        #expect(hash.matches(try #require(Password(typed: "pleaseletmein"))))
    }

    @Test func `is the same however the keyboard writes its letters`() throws {
        let composed = "caf\u{E9} au lait le matin"
        let decomposed = "cafe\u{301} au lait le matin"
        #expect(try hash(composed).matches(try #require(Password(typed: decomposed))))
    }

    @Test(arguments: [
        "", "x", "$scrypt$", "$scrypt$ln=4,r=1,p=1$AA==$AA==", "$bcrypt$ln=4,r=1,p=1$AA==$AA==",
        "$scrypt$ln=60,r=8,p=1$AA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "$scrypt$ln=4,r=0,p=1$AA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ])
    func `is not taken from a text that is no hash of ours`(text: String) {
        #expect(PasswordHash(text: text) == nil)
    }

    @Test(arguments: [
        ("short", "short", PasswordRefusal.short), ("elevenchars", "elevenchars", .short),
        ("aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa", .easy), ("abcdefghijklmnop", "abcdefghijklmnop", .easy),
        ("1234567890123", "1234567890123", .easy), ("password1234", "password1234", .easy),
        ("sample.person", "sample.person", .easy), ("four words of mine", "four words of yours", .differs),
        (String(repeating: "ab", count: 600), String(repeating: "ab", count: 600), .long),
    ])
    func `that is new is refused when it is easy or was mistyped`(
        text: String, again: String, refusal: PasswordRefusal
    ) {
        #expect(throws: refusal) {
            try Password(new: text, again: again, notLike: ["sample.person@sample.example", "Sample Person"])
        }
    }

    @Test(arguments: [
        "four words of mine", "tr0ub4dor&3 and more", "пароль из четырёх слов", "sample but long enough words",
    ])
    func `that is new is taken when it is long`(text: String) throws {
        _ = try Password(new: text, again: text, notLike: ["sample@sample.example"])
    }
}

@Suite struct `Wrong passwords` {
    private let pair = LockOut.Subject.accountFromAddress(account: "a", address: "192.0.2.1")

    @Test func `cost nothing at first, then each doubles the wait up to a bound`() {
        let waits = (1...15).map { LockOut(failures: $0, lastAt: 1000).wait(for: pair, now: 1000) }
        #expect(waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600])
        #expect(LockOut(failures: .max, lastAt: 0).wait(for: pair, now: 0) == 3600)
    }

    @Test func `are waited out`() {
        let lockOut = LockOut(failures: 6, lastAt: 1000)
        #expect(lockOut.wait(for: pair, now: 1059) == 1)
        #expect(lockOut.wait(for: pair, now: 1060) == 0)
    }

    @Test func `lock nobody out of their account from elsewhere for more than a quarter of an hour`() {
        #expect(LockOut(failures: 1000, lastAt: 0).wait(for: .account("a"), now: 0) == 900)
        #expect(LockOut(failures: 49, lastAt: 0).wait(for: .account("a"), now: 0) == 0)
        #expect(LockOut(failures: 19, lastAt: 0).wait(for: .address("192.0.2.1"), now: 0) == 0)
    }

    @Test func `are counted apart for each subject`() {
        let subjects =
            LockOut.Subject.all(account: "a", address: "192.0.2.1")
            + LockOut.Subject.all(account: "192.0.2.1", address: "a")
        #expect(Set(subjects.map(\.hash.bytes)).count == 6)
    }
}

@Suite struct `A role` {
    @Test func `of a school's leader reads and does nothing else, and an auditor changes nothing`() {
        #expect(Role.school.rights == [.read])
        #expect(Role.auditor.rights.isDisjoint(with: [.edit, .buy, .administer]))
        #expect(Role.admin.rights == Set(Right.allCases))
        for role in Role.allCases where role != .admin { #expect(!role.rights.contains(.administer)) }
    }
}
