import Identity
import Testing

@Suite struct `Secrets of gateways` {
    @Test func `differ each time, and have 256 random bits`() {
        var random = SystemRandomNumberGenerator()
        let tokens = Set((0..<100).map { _ in JoinToken(using: &random).text })
        #expect(tokens.count == 100)
        #expect(tokens.allSatisfy { $0.hasPrefix("rcj_") && $0.utf8.count == 4 + 64 })
    }

    @Test func `of agents carry the agent's identifier and are read back`() throws {
        var random = SystemRandomNumberGenerator()
        let secret = AgentSecret(using: &random)
        let read = try #require(AgentSecret(bearer: secret.text))
        #expect(read.agent == secret.agent)
        #expect(read.hash == secret.hash)
        #expect(secret.text == "rca_\(secret.agent)_" + secret.text.suffix(64))
    }

    @Test(arguments: ["", "rca_", "rca__", "rca_0123456789abcdef", "rcj_0123456789abcdef_x", "rca_0123456789abcdef_x"])
    func `of another form are none`(text: String) {
        #expect(AgentSecret(bearer: text) == nil)
    }

    @Test func `are the same by their whole hash`() {
        // SHA-256 of "abc" (FIPS 180-2, B.1).
        #expect(SecretHash(of: "abc").bytes.prefix(4) == [0xBA, 0x78, 0x16, 0xBF])
        #expect(SecretHash(of: "a") == SecretHash(of: "a"))
        #expect(SecretHash(of: "a") != SecretHash(of: "b"))
        var bytes = SecretHash(of: "a").bytes
        bytes[31] ^= 1
        #expect(SecretHash(bytes: bytes) != SecretHash(of: "a"))
        #expect(SecretHash(bytes: []) != SecretHash(of: "a"))
    }
}

@Suite struct `A join token` {
    private let terms = JoinTokenTerms(school: nil, usesLeft: 1, expiresAt: 100)

    @Test func `lets a gateway join the school that it names`() throws {
        #expect(try terms.school(requested: " Example High ", now: 99) == "Example High")
    }

    @Test func `that is bound to a school lets it join that one only`() throws {
        let bound = JoinTokenTerms(school: "Example High", usesLeft: 1, expiresAt: 100)
        #expect(try bound.school(requested: nil, now: 0) == "Example High")
        #expect(try bound.school(requested: "example high", now: 0) == "Example High")
        #expect(throws: JoinRefusal.otherSchool("Example High")) { try bound.school(requested: "Other", now: 0) }
    }

    @Test func `is void once it is expired, used up or revoked`() {
        #expect(throws: JoinRefusal.expired) { try terms.school(requested: "A", now: 100) }
        let usedUp = JoinTokenTerms(school: nil, usesLeft: 0, expiresAt: 100)
        #expect(throws: JoinRefusal.usedUp) { try usedUp.school(requested: "A", now: 0) }
        let revoked = JoinTokenTerms(school: nil, usesLeft: 1, expiresAt: 100, isRevoked: true)
        #expect(throws: JoinRefusal.revoked) { try revoked.school(requested: "A", now: 0) }
    }

    @Test(arguments: ["", "  ", "a\nb", String(repeating: "a", count: 101)])
    func `wants a school's name that can be shown`(name: String) {
        #expect(throws: JoinRefusal.schoolName) { try terms.school(requested: name, now: 0) }
        #expect(throws: JoinRefusal.schoolMissing) { try terms.school(requested: nil, now: 0) }
    }
}
