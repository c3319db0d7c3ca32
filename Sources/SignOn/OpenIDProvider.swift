import AsyncHTTPClient
import Foundation
import Identity
import JWTKit
import NIOCore
import NIOHTTP1
import Synchronization
import Wire

/// The district's own sign-in: OpenID Connect with the authorization code, PKCE, state and nonce.
///
/// ```swift
/// let attempt = OpenIDAttempt(using: &random)          // the browser keeps attempt.text
/// let address = try await provider.address(for: attempt) // and is sent there
/// let identity = try await provider.identity(for: attempt, query: query, now: now)
/// ```
package final class OpenIDProvider: Sendable {
    private let settings: OpenIDSettings
    private let known = Mutex<(metadata: Metadata, at: ContinuousClock.Instant)?>(nil)

    /// Where the provider's parts are (OpenID Connect Discovery section 3).
    private struct Metadata: Decodable {
        var issuer: String
        var authorizationEndpoint: String
        var tokenEndpoint: String
        var jwksURI: String
        var userinfoEndpoint: String?
        var tokenEndpointAuthMethods: [String]?

        enum CodingKeys: String, CodingKey {
            case issuer
            case authorizationEndpoint = "authorization_endpoint"
            case tokenEndpoint = "token_endpoint"
            case jwksURI = "jwks_uri"
            case userinfoEndpoint = "userinfo_endpoint"
            case tokenEndpointAuthMethods = "token_endpoint_auth_methods_supported"
        }
    }

    private struct Tokens: Decodable {
        var idToken: String
        var accessToken: String?

        enum CodingKeys: String, CodingKey {
            case idToken = "id_token"
            case accessToken = "access_token"
        }
    }

    /// Uses a provider.
    package init(_ settings: OpenIDSettings) {
        self.settings = settings
    }

    /// What the sign-in page calls it.
    package var name: String { settings.name }

    /// Where a browser is sent that wants to sign in.
    package func address(for attempt: OpenIDAttempt) async throws(OpenIDRefusal) -> String {
        let endpoint = try await metadata().authorizationEndpoint
        let query = Self.form([
            ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", settings.redirectURI),
            ("scope", (["openid"] + settings.scopes).joined(separator: " ")), ("state", attempt.state),
            ("nonce", attempt.nonce), ("code_challenge", attempt.challenge), ("code_challenge_method", "S256"),
        ])
        return endpoint + (endpoint.contains("?") ? "&" : "?") + query
    }

    /// Who came back.
    ///
    /// - Parameters:
    ///   - attempt: What the browser kept.
    ///   - query: What the provider put into the address.
    ///   - now: Seconds since 1970.
    /// - Returns: Who it is, and what their groups make them.
    /// - Throws: Why they do not get in.
    package func identity(
        for attempt: OpenIDAttempt, query: [String: String], now: Int
    ) async throws(OpenIDRefusal) -> OpenIDIdentity {
        guard query["state"] == attempt.state else { throw .otherAttempt }
        if let error = query["error"] { throw .denied("\(error): \(query["error_description"] ?? "")") }
        // A provider that says who it is must be the one that was asked (RFC 9207).
        if let issuer = query["iss"], issuer != settings.issuer { throw .token("the answer is from \(issuer)") }
        guard let code = query["code"] else { throw .provider("its answer has no code") }
        let metadata = try await metadata()
        let tokens = try await exchange(code, attempt, metadata)
        let claims = try await verified(tokens.idToken, metadata)
        try claims.check(
            issuer: settings.issuer, clientID: settings.clientID, nonce: attempt.nonce, now: now)
        var told = [claims]
        // Many providers keep groups and names out of the token.
        if let endpoint = metadata.userinfoEndpoint, let token = tokens.accessToken {
            let more = try await userInformation(endpoint, token)
            guard more.text("sub") == claims.text("sub") else { throw .token("user information is of somebody else") }
            told.append(more)
        }
        return try identity(told)
    }

    private func identity(_ told: [Claims]) throws(OpenIDRefusal) -> OpenIDIdentity {
        func text(_ names: String...) -> String? {
            names.lazy.compactMap { name in told.lazy.compactMap { $0.text(name) }.first }.first
        }
        guard let subject = text("sub") else { throw .token("it names nobody") }
        let groups = Set(told.flatMap { $0.texts(settings.groupsClaim) ?? [] })
        guard let role = settings.roles.first(where: { groups.contains($0.group) })?.role else { throw .noRole }
        let school = role == .school ? text(settings.schoolClaim) : nil
        if role == .school, school == nil { throw .noSchool }
        let name = text("preferred_username", "email") ?? subject
        return OpenIDIdentity(
            issuer: settings.issuer, subject: subject, name: name, fullName: text("name") ?? name, role: role,
            school: school)
    }
}

/// What is asked of the provider.
extension OpenIDProvider {
    /// How long the provider's description is taken as it was, so that strangers who open the sign-in cannot make us ask
    /// each time.
    private static let freshness = Duration.seconds(600)
    /// The largest answer that is read.
    private static let answerLimit = 1 << 20

    private func metadata() async throws(OpenIDRefusal) -> Metadata {
        if let known = known.withLock({ $0 }), known.at.duration(to: .now) < Self.freshness { return known.metadata }
        let base = settings.issuer.hasSuffix("/") ? String(settings.issuer.dropLast()) : settings.issuer
        let request = HTTPClientRequest(url: base + "/.well-known/openid-configuration")
        let metadata = try await answer(Metadata.self, to: request, "its description")
        guard metadata.issuer == settings.issuer else {
            throw .provider("it calls itself \(metadata.issuer), not \(settings.issuer)")
        }
        for address in [metadata.authorizationEndpoint, metadata.tokenEndpoint, metadata.jwksURI] {
            guard address.hasPrefix("https://") || settings.issuer.hasPrefix("http://") else {
                throw .provider("\(address) is not https")
            }
        }
        known.withLock { $0 = (metadata, .now) }
        return metadata
    }

    /// Changes the code into tokens (RFC 6749 section 4.1.3).
    private func exchange(
        _ code: String, _ attempt: OpenIDAttempt, _ metadata: Metadata
    ) async throws(OpenIDRefusal) -> Tokens {
        var fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", settings.redirectURI),
            ("code_verifier", attempt.verifier),
        ]
        var request = HTTPClientRequest(url: metadata.tokenEndpoint)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        let methods = metadata.tokenEndpointAuthMethods ?? ["client_secret_basic"]
        if let secret = settings.clientSecret, methods.contains("client_secret_basic") {
            // Section 2.3.1: both are encoded like a form before they are joined.
            let pair = "\(settings.clientID.percentEncoded):\(secret.percentEncoded)"
            request.headers.add(name: "Authorization", value: "Basic " + Data(pair.utf8).base64EncodedString())
        } else {
            fields.append(("client_id", settings.clientID))
            if let secret = settings.clientSecret { fields.append(("client_secret", secret)) }
        }
        request.body = .bytes(ByteBuffer(string: Self.form(fields)))
        return try await answer(Tokens.self, to: request, "the exchange of the code")
    }

    /// The claims of a token that one of the provider's keys has signed; the keys are asked for each time, so that a
    /// new one is known at once and one that was withdrawn no more.
    private func verified(_ token: String, _ metadata: Metadata) async throws(OpenIDRefusal) -> Claims {
        var set = try await answer(JWKS.self, to: HTTPClientRequest(url: metadata.jwksURI), "its keys")
        // A key without a name is one that is alone.
        if set.keys.count == 1, set.keys[0].keyIdentifier == nil { set.keys[0].keyIdentifier = "the only one" }
        let keys = JWTKeyCollection()
        for key in set.keys where key.keyIdentifier != nil {
            // Keys of a kind that is unknown here are other programs' business.
            _ = try? await keys.add(jwk: key)
        }
        do {
            return try await keys.verify(token, as: Claims.self)
        } catch {
            throw .token("its signature does not hold: \(error)")
        }
    }

    private func userInformation(_ endpoint: String, _ token: String) async throws(OpenIDRefusal) -> Claims {
        var request = HTTPClientRequest(url: endpoint)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        return try await answer(Claims.self, to: request, "its user information")
    }

    private func answer<Answer: Decodable>(
        _ type: Answer.Type, to request: HTTPClientRequest, _ what: String
    ) async throws(OpenIDRefusal) -> Answer {
        do {
            var request = request
            request.headers.add(name: "Accept", value: "application/json")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
            let body = try await response.body.collect(upTo: Self.answerLimit)
            guard response.status == .ok else {
                throw OpenIDRefusal.provider("\(what): status \(response.status.code)")
            }
            return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
        } catch let refusal as OpenIDRefusal {
            throw refusal
        } catch {
            throw .provider("\(what): \(error)")
        }
    }

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\($0.1.percentEncoded)" }.joined(separator: "&")
    }
}
