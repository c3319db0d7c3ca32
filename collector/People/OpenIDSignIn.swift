import Foundation
import Hummingbird
import HummingbirdCore
import Identity
import Pages
import SignOn
import Store
import Wire

/// Lets people in for whom the district's own sign-in vouches.
struct OpenIDSignIn: Sendable {
    let provider: OpenIDProvider
    let store: SQLiteStore
    let signIn: SignIn
    let access: AccessSettings

    /// What the sign-in page calls it.
    var name: String { provider.name }

    /// How long a sign-in at the provider may take, in seconds.
    private static let patience = 600

    /// Sends a browser to the provider, and has it keep what it has to bring back.
    func begin(next: String, _ client: Client) async throws -> Response {
        var random = SystemRandomNumberGenerator()
        let attempt = OpenIDAttempt(using: &random)
        var response = Response(status: .seeOther, headers: [.location: try await provider.address(for: attempt)])
        response.setCookie(Self.cookie(attempt.text + "/" + next.percentEncoded, client, Self.patience))
        return response
    }

    /// Lets in whoever comes back.
    func finish(_ request: Request, _ client: Client) async throws -> Response {
        let kept = request.cookies[Self.cookieName(client)]?.value.split(separator: "/", maxSplits: 1) ?? []
        guard kept.count == 2, let attempt = OpenIDAttempt(text: String(kept[0])) else {
            throw OpenIDRefusal.otherAttempt
        }
        let fields = request.fields
        let query = Dictionary(fields.names.compactMap { name in fields.text(name).map { (name, $0) } }) { first, _ in
            first
        }
        let identity = try await provider.identity(for: attempt, query: query, now: signIn.now())
        let person = try await store.signIn(
            issuer: identity.issuer, subject: identity.subject, name: identity.name, fullName: identity.fullName,
            role: identity.role, school: identity.school, from: client.address, at: signIn.now())
        let session = try await signIn.welcome(person, from: client.address, way: "openid")
        var response = Response.seeOther(SignInRoutes.next(String(kept[1]).removingPercentEncoding))
        response.setCookie(Self.cookie("", client, 0))
        response.setCookie(SessionCookie.keeping(session, for: client, seconds: access.session.lifetime))
        return response
    }

    private static func cookieName(_ client: Client) -> String {
        client.isSecure ? "__Host-rollcall-openid" : "rollcall-openid"
    }

    private static func cookie(_ value: String, _ client: Client, _ seconds: Int) -> Cookie {
        // Lax, because the way back is a link from another site.
        Cookie(
            name: cookieName(client), value: value, maxAge: seconds, path: "/", secure: client.isSecure,
            httpOnly: true, sameSite: .lax)
    }
}

extension Problem {
    /// Why the district's sign-in did not let somebody in.
    init(_ refusal: OpenIDRefusal) {
        let status =
            switch refusal {
            case .provider: 502
            case .denied, .noRole, .noSchool: 403
            case .otherAttempt, .token: 400
            }
        self.init(status: status, title: "Not signed in", detail: refusal.sentence)
    }
}
