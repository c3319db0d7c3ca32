import Foundation
import Testing

@testable import SignOn

@Suite struct `The claims of an ID token` {
    private static let good = """
        {"iss": "https://login.example", "sub": "1", "aud": "rollcall", "nonce": "n", "exp": 1100, "iat": 1000,
         "groups": ["a"], "address": {"country": "x"}, "email_verified": true}
        """

    private func claims(_ changes: [String: String]) throws -> Claims {
        var text = Self.good
        for (old, new) in changes { text = text.replacingOccurrences(of: old, with: new) }
        return try JSONDecoder().decode(Claims.self, from: Data(text.utf8))
    }

    private func check(_ claims: Claims, now: Int = 1000) throws {
        try claims.check(issuer: "https://login.example", clientID: "rollcall", nonce: "n", now: now)
    }

    @Test func `are taken when they are for us, and now`() throws {
        let claims = try claims([:])
        try check(claims)
        try check(claims, now: 1159)
        #expect(claims.texts("groups") == ["a"])
        try check(try self.claims([#""rollcall""#: #"["rollcall"]"#]))
        try check(try self.claims([#""aud": "rollcall""#: #""aud": ["x", "rollcall"], "azp": "rollcall""#]))
    }

    @Test(arguments: [
        ["https://login.example": "https://other.example"], [#""iss""#: #""other""#], [#""rollcall""#: #""other""#],
        [#""aud": "rollcall""#: #""aud": ["x", "rollcall"]"#],
        [#""aud": "rollcall""#: #""aud": "rollcall", "azp": "other""#], [#""nonce": "n""#: #""nonce": "m""#],
        [#""nonce""#: #""other""#], ["1100": "900"], [#""exp""#: #""other""#], [#""iat": 1000"#: #""iat": 2000"#],
        [#""iat""#: #""other""#], [#""sub": "1""#: #""sub": """#], [#""sub""#: #""other""#],
    ])
    func `are refused when one of them is another`(changes: [String: String]) throws {
        let claims = try claims(changes)
        #expect(throws: OpenIDRefusal.self) { try check(claims) }
    }

    @Test func `have expired a minute after they say so`() throws {
        let claims = try claims([:])
        #expect(throws: OpenIDRefusal.self) { try check(claims, now: 1160) }
    }
}

@Suite struct `An attempt to sign in` {
    @Test func `is read back from what the browser kept, and from nothing else`() throws {
        var random = SystemRandomNumberGenerator()
        let attempt = OpenIDAttempt(using: &random)
        #expect(OpenIDAttempt(text: attempt.text) == attempt)
        #expect(OpenIDAttempt(using: &random) != attempt)
        for text in ["", "..", "a.b.c", attempt.text + "x", attempt.state, String(attempt.text.dropLast())] {
            #expect(OpenIDAttempt(text: text) == nil, "\(text)")
        }
    }

    @Test func `tells the provider the challenge of RFC 7636 appendix B`() throws {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        let attempt = try #require(OpenIDAttempt(text: "\(verifier).\(verifier).\(verifier)"))
        #expect(attempt.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }
}
