import Foundation
import Hummingbird
import HummingbirdCore
import Identity

/// The cookie that carries a session.
enum SessionCookie {
    /// The cookie's name.
    ///
    /// A browser takes one with `__Host-` only with Secure, without a domain and for all paths, so that no neighbouring
    /// host can plant one (RFC 6265bis section 4.1.3.2). Plain HTTP is spoken on this machine alone, where browsers differ
    /// in whether they take Secure.
    static func name(_ client: Client) -> String { client.isSecure ? "__Host-rollcall" : "rollcall" }

    /// The session that a request shows; nil when it shows none.
    static func secret(_ request: Request, _ client: Client) -> PersonSecret? {
        request.cookies[name(client)].flatMap { PersonSecret(.session, reading: $0.value) }
    }

    /// The cookie that keeps a session until it is over; the collector decides when that is.
    static func keeping(_ session: PersonSecret, for client: Client, seconds: Int) -> Cookie {
        cookie(session.text, client, seconds)
    }

    /// The cookie that makes the browser forget.
    static func forgetting(for client: Client) -> Cookie { cookie("", client, 0) }

    private static func cookie(_ value: String, _ client: Client, _ seconds: Int) -> Cookie {
        // Lax and not Strict, so that a link in a mail leads to the page and not to the sign-in.
        Cookie(
            name: name(client), value: value, maxAge: seconds, path: "/", secure: client.isSecure, httpOnly: true,
            sameSite: .lax)
    }
}
