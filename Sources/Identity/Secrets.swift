import Crypto

/// The SHA-256 of a secret: all that the collector keeps of it.
///
/// The secrets are 256 random bits each, so that one fast hash is enough: there is nothing to guess.
package struct SecretHash: Sendable, Equatable {
    /// The 32 bytes of the digest.
    package let bytes: [UInt8]

    /// Hashes a secret.
    package init(of secret: String) {
        bytes = Array(SHA256.hash(data: Array(secret.utf8)))
    }

    /// Takes over a hash that was stored.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether two hashes are the same, in a time that does not depend on where they differ.
    package static func == (left: SecretHash, right: SecretHash) -> Bool {
        guard left.bytes.count == right.bytes.count else { return false }
        return zip(left.bytes, right.bytes).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// What a gateway shows once, to get an identity: printed when it is made, and never again.
package struct JoinToken: Sendable {
    /// The token, as people copy it.
    package let text: String

    /// Makes a token of 256 random bits.
    package init(using random: inout some RandomNumberGenerator) {
        text = "rcj_" + String(hexadecimal: 32, using: &random)
    }

    /// What the collector keeps.
    package var hash: SecretHash { SecretHash(of: text) }
}

/// An agent's identity: an identifier that may be shown, and the secret that proves it.
package struct AgentSecret: Sendable {
    /// The identifier: 16 hexadecimal digits.
    package let agent: String
    /// The bearer token, `rca_<agent>_<secret>`.
    package let text: String

    /// Makes an identity of 256 random bits.
    package init(using random: inout some RandomNumberGenerator) {
        self.init(for: String(hexadecimal: 8, using: &random), using: &random)
    }

    /// Makes another secret for an agent that has an identifier.
    package init(for agent: String, using random: inout some RandomNumberGenerator) {
        self.agent = agent
        text = "rca_\(agent)_" + String(hexadecimal: 32, using: &random)
    }

    /// Reads a bearer token; nil for anything that is none of an agent.
    package init?(bearer text: String) {
        let parts = text.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "rca", parts[1].utf8.count == 16, parts[2].utf8.count == 64 else {
            return nil
        }
        agent = String(parts[1])
        self.text = text
    }

    /// What the collector keeps.
    package var hash: SecretHash { SecretHash(of: text) }
}

/// What proves a person, or a script of theirs: 256 random bits, of which only the hash is kept.
package struct PersonSecret: Sendable {
    /// What a secret is for.
    package enum Kind: String, Sendable {
        /// The cookie of a session.
        case session = "rcs"
        /// The link in an invitation, for once.
        case link = "rcl"
        /// The token of a script.
        case token = "rct"
    }

    /// The secret, as it is shown once.
    package let text: String

    /// Makes a secret.
    package init(_ kind: Kind, using random: inout some RandomNumberGenerator) {
        text = kind.rawValue + "_" + String(hexadecimal: 32, using: &random)
    }

    /// Reads a secret; nil for what is none of that kind.
    package init?(_ kind: Kind, reading text: String) {
        let prefix = kind.rawValue + "_"
        guard text.hasPrefix(prefix), text.utf8.count == prefix.utf8.count + 64 else { return nil }
        self.text = text
    }

    /// What the collector keeps.
    package var hash: SecretHash { SecretHash(of: text) }

    /// What the forms of a session carry: whoever does not have the session's secret cannot say it.
    package var formToken: String { SecretHash(of: "form " + text).hexadecimal }
}

extension SecretHash {
    /// The hash in hexadecimal digits.
    package var hexadecimal: String { String(hexadecimal: bytes) }
}

extension String {
    /// Random bytes as hexadecimal digits: they can be selected with a double click and read out on the telephone.
    fileprivate init(hexadecimal count: Int, using random: inout some RandomNumberGenerator) {
        self.init(hexadecimal: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    /// Bytes as hexadecimal digits.
    fileprivate init(hexadecimal bytes: [UInt8]) {
        let digits = Array("0123456789abcdef")
        self = ""
        for byte in bytes {
            append(digits[Int(byte >> 4)])
            append(digits[Int(byte & 15)])
        }
    }
}
