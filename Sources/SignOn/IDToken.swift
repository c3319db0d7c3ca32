import Foundation
import JWTKit

/// The claims of an ID token, or of the provider's user information.
struct Claims: JWTPayload, Equatable {
    /// A claim's value, as far as we read it.
    enum Value: Codable, Sendable, Equatable {
        case text(String)
        case number(Double)
        case texts([String])
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let texts = try? container.decode([String].self) {
                self = .texts(texts)
            } else {
                self = .other
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            case .texts(let texts): try container.encode(texts)
            case .other: try container.encodeNil()
            }
        }
    }

    private let values: [String: Value]

    init(from decoder: any Decoder) throws {
        values = try decoder.singleValueContainer().decode([String: Value].self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }

    /// The signature is all that is checked here: what the claims must be, ``check(issuer:clientID:nonce:now:)`` knows.
    func verify(using algorithm: some JWTAlgorithm) {}

    /// A claim that is a text.
    func text(_ name: String) -> String? {
        guard case .text(let text)? = values[name], !text.isEmpty else { return nil }
        return text
    }

    /// A claim that is a list, or a single text.
    func texts(_ name: String) -> [String]? {
        switch values[name] {
        case .texts(let texts): texts
        case .text(let text): [text]
        case .number, .other, nil: nil
        }
    }

    private func number(_ name: String) -> Double? {
        guard case .number(let number)? = values[name] else { return nil }
        return number
    }

    /// How far clocks may differ, in seconds.
    private static let leeway = 60.0

    /// Whether an ID token is meant for us, and now (OpenID Connect Core section 3.1.3.7).
    func check(issuer: String, clientID: String, nonce: String, now: Int) throws(OpenIDRefusal) {
        guard text("iss") == issuer else { throw .token("its issuer is \(text("iss") ?? "missing"), not \(issuer)") }
        let audience = texts("aud") ?? []
        guard audience.contains(clientID) else { throw .token("it is for \(audience), not for \(clientID)") }
        if audience.count > 1 || text("azp") != nil {
            guard text("azp") == clientID else { throw .token("its authorized party is not \(clientID)") }
        }
        guard text("nonce") == nonce else { throw .token("it belongs to another sign-in") }
        guard let expiry = number("exp"), Double(now) < expiry + Self.leeway else { throw .token("it has expired") }
        guard let issued = number("iat"), issued < Double(now) + Self.leeway else {
            throw .token("it was issued in the future; compare the two machines' clocks")
        }
        guard text("sub") != nil else { throw .token("it names nobody") }
    }
}
