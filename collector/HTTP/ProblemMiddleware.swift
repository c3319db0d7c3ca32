import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identity
import Logging
import Pages
import SignOn
import Store
import Wire

/// Says what went wrong in the reader's language: problem details to programs, a page to people.
struct ProblemMiddleware: RouterMiddleware {
    let pages: Pages

    @concurrent func handle(
        _ request: Request, context: CollectorContext,
        next: @concurrent (Request, CollectorContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let busy as Busy {
            var response = response(busy.problem, to: request, context)
            response.headers[.retryAfter] = "\(busy.retryAfter)"
            return response
        } catch {
            let problem = Self.problem(error, request)
            if let refusal = error as? OpenIDRefusal {
                context.logger.warning("sign-in refused", metadata: ["reason": "\(refusal.reason)"])
            } else if problem.status >= 500 {
                context.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            }
            return response(problem, to: request, context)
        }
    }

    private static func problem(_ error: any Error, _ request: Request) -> Problem {
        if let problem = error as? Problem { return problem }
        if case .unknownSchool? = error as? StoreError {
            return Problem(status: 404, title: "No such school", detail: "\(error)")
        }
        if case .unknownAgent? = error as? StoreError {
            return Problem(status: 404, title: "No such gateway", detail: "\(error)")
        }
        if let refusal = error as? PeopleRefusal { return Problem(refusal) }
        if let refusal = error as? OpenIDRefusal { return Problem(refusal) }
        guard let error = error as? any HTTPResponseError, error.status.code < 500 else {
            return Problem(
                status: 500, title: "The collector failed",
                detail: "This is not your mistake; what was wrong stands in the collector's log. Try again later.")
        }
        if error.status == .notFound {
            if !methods(at: request).isEmpty {
                return Problem(
                    status: 405, title: "Not by this method",
                    detail: "\(request.uri.path) is not asked by \(request.method); use \(methods(at: request)).")
            }
            return Problem(
                status: 404, title: "Nothing here", detail: "There is nothing at \(request.uri.path); begin at /.")
        }
        return Problem(
            status: error.status.code, title: error.status.reasonPhrase, detail: "The request cannot be answered.")
    }

    /// The methods by which a path may be asked, with commas between; empty where there is nothing.
    private static func methods(at request: Request) -> String {
        CollectorRoutes.access.filter { $0.matches(request.uri.path) }
            .flatMap { $0.method == .get ? ["GET", "HEAD"] : [$0.method.rawValue] }.joined(separator: ", ")
    }

    private func response(_ problem: Problem, to request: Request, _ context: CollectorContext) -> Response {
        let status = HTTPResponse.Status(code: problem.status)
        let isForPeople = !request.uri.path.hasPrefix("/v1/") && request.headers[.accept]?.contains("text/html") == true
        if isForPeople, problem == .signInFirst, request.method == .get {
            return .seeOther(SignInRoutes.address(thenTo: request.uri.string))
        }
        let visitor = try? context.reader.get().visitor
        var response =
            isForPeople
            ? Response(
                status: status,
                html: pages.shown(to: visitor).problem(
                    status: problem.status, title: problem.title, detail: problem.detail))
            : Response(status: status, json: problem, type: MediaType.problem)
        if problem.status == 405 { response.headers[.allow] = Self.methods(at: request) }
        if problem.status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }
}

extension Problem {
    /// What cannot be done with an account.
    init(_ refusal: PeopleRefusal) {
        let status =
            switch refusal {
            case .unknownPerson: 404
            case .badLink: 410
            case .disabled: 403
            case .nameTaken, .lastAdmin: 409
            case .badName, .unknownSchool, .schoolMissing: 400
            }
        self.init(status: status, title: "That cannot be done", detail: refusal.sentence)
    }
}

/// Headers that keep a browser from doing what no page asks for.
struct SecurityHeadersMiddleware: RouterMiddleware {
    /// Whether browsers are told to come by TLS alone.
    let isTLS: Bool

    @concurrent func handle(
        _ request: Request, context: CollectorContext,
        next: @concurrent (Request, CollectorContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        // A page that other sites may show in a frame has said so itself; then nothing beside its policy may deny it.
        let isForFrames = response.headers[.contentSecurityPolicy] != nil
        for (name, value) in Self.headers where !isForFrames || !Self.deniedToFrames.contains(name) {
            response.headers[name] = value
        }
        if isTLS { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        // What is in use at a school belongs in no cache.
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    /// What a page that other sites may show in a frame goes without, or says itself.
    private static let deniedToFrames = [
        .contentSecurityPolicy, .crossOriginResourcePolicy, .crossOriginOpenerPolicy, .xFrameOptions,
    ].compactMap { $0 as HTTPField.Name? }

    private static let headers =
        ([
            (
                .contentSecurityPolicy,
                "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
                    + "base-uri 'none'; frame-ancestors 'none'"
            ),
            (.xContentTypeOptions, "nosniff"),
            // A browser that may send no referrer sends a form without its origin too (Fetch, "append a request Origin"),
            // and then nobody can tell our forms from others'. Nothing goes to another site in any case.
            (.referrerPolicy, "same-origin"),
            (.crossOriginResourcePolicy, "same-origin"),
            (.crossOriginOpenerPolicy, "same-origin"),
            (.permissionsPolicy, "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
            (.xFrameOptions, "DENY"),
        ] as [(HTTPField.Name?, String)]).compactMap { name, value in name.map { ($0, value) } }
}

extension HTTPField.Name {
    fileprivate static let referrerPolicy = Self("Referrer-Policy")
    fileprivate static let crossOriginOpenerPolicy = Self("Cross-Origin-Opener-Policy")
    fileprivate static let permissionsPolicy = Self("Permissions-Policy")
    fileprivate static let xFrameOptions = Self("X-Frame-Options")
}

extension Response {
    /// Leads a browser on to another page, after a form for example.
    static func seeOther(_ path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path])
    }

    /// A page.
    init(status: HTTPResponse.Status = .ok, html: String) {
        self.init(status: status, text: html, type: "text/html; charset=utf-8")
    }

    /// A value as JSON.
    init(status: HTTPResponse.Status = .ok, json value: some Encodable, type: String = Wire.MediaType.json) {
        self.init(status: status, text: Self.text(json: value), type: type)
    }

    /// A value written as JSON, its keys in order.
    static func text(json value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // What is answered is made of texts and numbers, which always can be encoded.
        let data = (try? encoder.encode(value)) ?? Data("{}".utf8)
        return String(decoding: data, as: UTF8.self)
    }

    /// A text of some type.
    init(status: HTTPResponse.Status = .ok, text: String, type: String) {
        self.init(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
