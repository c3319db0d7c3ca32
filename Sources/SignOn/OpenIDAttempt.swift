import Crypto
import Foundation
import Identity

/// What a browser keeps between being sent to the provider and coming back.
package struct OpenIDAttempt: Sendable, Equatable {
    /// What the provider has to give back: it ties the answer to this browser (RFC 6749 section 10.12).
    package let state: String
    /// What the token has to carry: it ties the token to this sign-in (OpenID Connect Core section 3.1.2.1).
    package let nonce: String
    /// What proves that whoever brings the code began the sign-in (RFC 7636).
    package let verifier: String

    /// Begins a sign-in.
    package init(using random: inout some RandomNumberGenerator) {
        state = Self.secret(&random)
        nonce = Self.secret(&random)
        verifier = Self.secret(&random)
    }

    /// Reads what a browser kept; nil when it is nothing of ours.
    package init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts.allSatisfy({ $0.utf8.count == 43 }) else { return nil }
        (state, nonce, verifier) = (parts[0], parts[1], parts[2])
    }

    /// What the browser keeps.
    package var text: String { "\(state).\(nonce).\(verifier)" }

    /// The verifier's hash, which the provider is told first (RFC 7636 section 4.2).
    var challenge: String { Data(SHA256.hash(data: Data(verifier.utf8))).base64URL }

    /// 256 random bits in the 43 characters that a verifier has at least.
    private static func secret(_ random: inout some RandomNumberGenerator) -> String {
        Data((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }).base64URL
    }
}
