import Crypto
import CryptoExtras
import Foundation

/// What is kept of a password: its scrypt hash (RFC 7914), with the salt and the costs that it was made with.
///
/// The costs stand in the text, so that they can be raised: an older hash is read as it was made, and made anew when its
/// owner signs in.
package struct PasswordHash: Sendable, Equatable {
    /// The hash as it is stored: `$scrypt$ln=15,r=8,p=3$SALT$HASH`, the last two in Base64.
    package var text: String { "$scrypt$\(cost.text)$\(salt.base64EncodedString())$\(digest.base64EncodedString())" }

    private let cost: Cost
    private let salt: Data
    private let digest: Data

    /// Hashes a new password; takes about a quarter of a second by intention.
    package init(
        of password: Password, cost: Cost = .standard, using random: inout some RandomNumberGenerator
    ) throws(PasswordHashError) {
        self.cost = cost
        salt = Data((0..<16).map { _ in UInt8.random(in: 0...255, using: &random) })
        digest = try Self.derive(password, salt: salt, cost: cost)
    }

    /// Takes over a stored hash; nil when it is none, or one whose costs nobody would have chosen.
    package init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = Cost(text: parts[2]),
            let salt = Data(base64Encoded: String(parts[3])), let digest = Data(base64Encoded: String(parts[4])),
            digest.count == Self.length
        else { return nil }
        self.cost = cost
        self.salt = salt
        self.digest = digest
    }

    /// Whether a password is the one that was hashed.
    package func matches(_ password: Password) -> Bool {
        guard let derived = try? Self.derive(password, salt: salt, cost: cost) else { return false }
        return SecretHash(bytes: Array(derived)) == SecretHash(bytes: Array(digest))
    }

    /// Whether it was made with other costs than are used today.
    package var isStale: Bool { cost != .standard }

    private static let length = 32

    private static func derive(_ password: Password, salt: Data, cost: Cost) throws(PasswordHashError) -> Data {
        do {
            let key = try KDF.Scrypt.deriveKey(
                from: Data(password.text.utf8), salt: salt, outputByteCount: length, rounds: 1 << cost.logRounds,
                blockSize: cost.blockSize, parallelism: cost.parallelism)
            return unsafe key.withUnsafeBytes { unsafe Data($0) }
        } catch {
            throw .noMemory
        }
    }

    /// How much work a guess is (RFC 7914 section 2).
    package struct Cost: Sendable, Equatable {
        /// The logarithm to base 2 of scrypt's N; memory is 128 · r · N bytes.
        package var logRounds: Int
        /// Scrypt's r.
        package var blockSize: Int
        /// Scrypt's p.
        package var parallelism: Int

        /// 32 MiB and about a quarter of a second: of the OWASP's equivalent choices the one with the least memory that a
        /// collector on a small machine spares.
        package static let standard = Cost(logRounds: 15, blockSize: 8, parallelism: 3)

        /// Chooses costs.
        package init(logRounds: Int, blockSize: Int, parallelism: Int) {
            self.logRounds = logRounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// Reads `ln=15,r=8,p=3`.
        fileprivate init?(text: Substring) {
            let numbers = text.split(separator: ",").map { $0.split(separator: "=") }
            guard numbers.count == 3, numbers.allSatisfy({ $0.count == 2 }),
                numbers.map({ $0[0] }) == ["ln", "r", "p"],
                let logRounds = Int(numbers[0][1]), let blockSize = Int(numbers[1][1]),
                let parallelism = Int(numbers[2][1]), (1...20).contains(logRounds), (1...32).contains(blockSize),
                (1...16).contains(parallelism)
            else { return nil }
            self.init(logRounds: logRounds, blockSize: blockSize, parallelism: parallelism)
        }

        fileprivate var text: String { "ln=\(logRounds),r=\(blockSize),p=\(parallelism)" }
    }
}

/// Why a password cannot be hashed.
package enum PasswordHashError: Error, Equatable {
    /// The machine has not the memory that the costs want.
    case noMemory
}

/// A password as it was typed, in one of the forms in which it may be typed.
package struct Password: Sendable, Equatable {
    /// The fewest characters that a new one has.
    package static let minimum = 12
    /// The most bytes that are read of one.
    package static let maximum = 1024

    /// The text in Unicode's canonical form: keyboards differ in how they write the same letter.
    fileprivate let text: String

    /// Takes a password at sign-in; nil for what no password can be.
    package init?(typed text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.maximum else { return nil }
        self.text = text.precomposedStringWithCanonicalMapping
    }

    /// Takes a new password.
    ///
    /// Length is all that is asked for, and that it is not what an attacker tries first (NIST SP 800-63B section 3.1.1).
    ///
    /// - Parameters:
    ///   - text: The password.
    ///   - repetition: The same, typed again.
    ///   - names: What belongs to the person and must not be most of the password, such as the sign-in name.
    /// - Throws: Why it is not taken.
    package init(new text: String, again repetition: String, notLike names: [String]) throws(PasswordRefusal) {
        guard text.count >= Self.minimum else { throw .short }
        guard let password = Password(typed: text) else { throw .long }
        guard text == repetition else { throw .differs }
        let simple = text.lowercased()
        if Set(simple).count < 5 || Self.isRow(simple) { throw .easy }
        let parts = names.flatMap { $0.lowercased().split { !$0.isLetter && !$0.isNumber } } + Self.common[...]
        for part in parts where part.count >= 4 && simple.contains(part) && simple.count < part.count + 8 {
            throw .easy
        }
        self = password
    }

    /// Whether each character follows the one before it, as in `abcdefghijkl`.
    private static func isRow(_ text: String) -> Bool {
        let scalars = text.unicodeScalars.map { Int($0.value) }
        let steps = Set(zip(scalars, scalars.dropFirst()).map { $1 - $0 })
        return steps.count <= 2 && steps.isSubset(of: [1, -1, 0, -9])
    }

    private static let common: [Substring] = [
        "password", "passwort", "qwerty", "letmein", "welcome", "rollcall", "administrator", "school", "123456",
    ]
}

/// Why a new password is not taken.
package enum PasswordRefusal: Error, Equatable {
    /// It has too few characters.
    case short
    /// It has more bytes than anybody types.
    case long
    /// The second time something else was typed.
    case differs
    /// It is among the first that an attacker tries.
    case easy

    /// What is wrong and what to do about it.
    package var sentence: String {
        switch self {
        case .short: "The password is too short; take at least \(Password.minimum) characters, such as four words."
        case .long: "The password is too long; take at most \(Password.maximum) bytes."
        case .differs: "The two passwords differ; type the same one twice."
        case .easy: "The password is easy to guess; take words that have nothing to do with you or with each other."
        }
    }
}
