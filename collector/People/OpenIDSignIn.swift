import Hummingbird
import HummingbirdCore

/// The district's own sign-in.
struct OpenIDSignIn: Sendable {
    /// What the sign-in page calls it.
    let name: String

    func begin(next: String, _ client: Client) async throws -> Response { throw HTTPError(.notFound) }
    func finish(_ request: Request, _ client: Client, _ signIn: SignIn) async throws -> Response {
        throw HTTPError(.notFound)
    }
}
