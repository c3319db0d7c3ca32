import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identity
import NIOCore
import Pages
import Store
import Wire

/// Finds out who reads, takes forms only from pages of the collector's own, and notes what is taken away.
struct ReaderMiddleware: RouterMiddleware {
    let store: SQLiteStore
    let access: AccessSettings
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    /// The largest form of somebody who is signed in, which may carry a file, and of a stranger.
    static let fileLimit = 16 << 20
    static let strangerLimit = 16 << 10

    @concurrent func handle(
        _ request: Request, context: CollectorContext,
        next: @concurrent (Request, CollectorContext) async throws -> Response
    ) async throws -> Response {
        var (request, context) = (request, context)
        let client = try context.client.get()
        context.reader = try await reader(request, client)
        context.form = .success(FormRequest())
        if ![.get, .head, .options].contains(request.method) {
            do {
                context.form = .success(try await form(&request, context, client))
            } catch let problem as Problem {
                context.form = .failure(problem)
                // Somebody whose form is not taken must not be taken for somebody who sent none.
                if case .success = context.reader { context.reader = .failure(problem) }
            }
        }
        let response = try await next(request, context)
        if case .success(let reader) = context.reader, response.status == .ok, Self.takesAway(request, response) {
            try await store.record(
                AuditEntry(at: now(), who: reader.who, what: "export", subject: request.uri.string))
        }
        return response
    }

    /// Whether something is taken away: a file of any form, or the beginning of a list of the API; its further parts
    /// belong to the same export.
    private static func takesAway(_ request: Request, _ response: Response) -> Bool {
        guard request.method == .get else { return false }
        if response.headers[.contentDisposition]?.hasPrefix("attachment") == true { return true }
        let path = request.uri.path
        guard CollectorRoutes.access.contains(where: { $0.matches(path) && $0.audience != .everybody }) else {
            return false
        }
        if path.hasPrefix("/v1/") { return request.fields.text("after") == nil }
        return ["csv", "json", "atom", "txt"].contains { path.hasSuffix("." + $0) }
    }

    /// Who sends a request: a script by its token, or a person by their session.
    private func reader(_ request: Request, _ client: Client) async throws -> Result<Reader, Problem> {
        if let bearer = request.bearer {
            guard let secret = PersonSecret(.token, reading: bearer),
                let (token, owner) = try await store.token(proving: secret, at: now())
            else { return .failure(.unknownToken) }
            return .success(Reader(token: token, owner: owner, address: client.address))
        }
        guard let session = SessionCookie.secret(request, client),
            let person = try await store.person(proving: session, terms: access.session, at: now())
        else { return .failure(.signInFirst) }
        return .success(Reader(person: person, session: session, address: client.address))
    }

    /// The form that was sent; one without fields where the request carries none.
    ///
    /// - Throws: A ``Problem`` when it may come from elsewhere than a page of ours, or is too large.
    private func form(
        _ request: inout Request, _ context: CollectorContext, _ client: Client
    ) async throws -> FormRequest {
        let reader = try? context.reader.get()
        // A script shows its token on purpose; a browser shows its cookie whoever made the page.
        if request.bearer != nil {
            return reader == nil ? FormRequest() : try await read(&request, upTo: Self.fileLimit)
        }
        try Self.checkOrigin(request, client)
        let form = try await read(&request, upTo: reader == nil ? Self.strangerLimit : Self.fileLimit)
        if let reader, form.exactly(FormRequest.tokenField) != reader.formToken { throw Problem.staleForm }
        return form
    }

    private func read(_ request: inout Request, upTo limit: Int) async throws -> FormRequest {
        let type = request.headers[.contentType] ?? ""
        guard FormRequest.isForm(type) else { return FormRequest() }
        do {
            let body = try await request.collectBody(upTo: limit)
            return try FormRequest(body: body, type: type)
        } catch is NIOTooManyBytesError {
            throw Problem(
                status: 413, title: "Too large", detail: "A form has at most \(limit >> 10) KiB; send less.")
        }
    }

    /// Whether a browser says that the form stood on a page of ours.
    private static func checkOrigin(_ request: Request, _ client: Client) throws(Problem) {
        let site = HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] }
        if site == "same-origin" { return }
        guard site == nil, let origin = request.headers[.origin], origin == client.origin else {
            throw .foreignForm
        }
    }
}

extension Request {
    /// What `Authorization: Bearer …` carries; nil without it.
    var bearer: String? {
        guard let field = headers[.authorization] else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1].trimmingPrefix { $0 == " " }.description
    }
}

extension Problem {
    /// That one has to be known.
    static let signInFirst = Problem(
        status: 401, title: "Sign in first",
        detail: "This is for people who are signed in, at /sign-in, and for scripts with a token of theirs.")

    fileprivate static let unknownToken = Problem(
        status: 401, title: "Unknown token",
        detail: "This token is not known here, was revoked or has expired; make a new one at /account.")

    fileprivate static let staleForm = Problem(
        status: 403, title: "The form is out of date",
        detail: "It was opened before you signed in. Go back, open the page again, and send it once more.")

    fileprivate static let foreignForm = Problem(
        status: 403, title: "Not from a page of Rollcall",
        detail: "Forms are taken only from Rollcall's own pages. Open the page here and send the form from there; "
            + "a script sends its token in the Authorization header.")
}
