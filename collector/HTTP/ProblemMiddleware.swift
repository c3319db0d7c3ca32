import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import Pages
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
        } catch {
            let problem = Self.problem(error, request)
            if problem.status >= 500 {
                context.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            }
            return response(problem, to: request)
        }
    }

    private static func problem(_ error: any Error, _ request: Request) -> Problem {
        if let problem = error as? Problem { return problem }
        if case .unknownSchool? = error as? StoreError {
            return Problem(status: 404, title: "No such school", detail: "\(error)")
        }
        guard let error = error as? any HTTPResponseError, error.status.code < 500 else {
            return Problem(
                status: 500, title: "The collector failed",
                detail: "This is not your mistake; what was wrong stands in the collector's log. Try again later.")
        }
        if error.status == .notFound {
            return Problem(
                status: 404, title: "Nothing here", detail: "There is nothing at \(request.uri.path); begin at /.")
        }
        return Problem(
            status: error.status.code, title: error.status.reasonPhrase, detail: "The request cannot be answered.")
    }

    private func response(_ problem: Problem, to request: Request) -> Response {
        let status = HTTPResponse.Status(code: problem.status)
        let isForPeople = !request.uri.path.hasPrefix("/v1/") && request.headers[.accept]?.contains("text/html") == true
        var response =
            isForPeople
            ? Response(
                status: status,
                html: pages.problem(status: problem.status, title: problem.title, detail: problem.detail))
            : Response(status: status, json: problem, type: MediaType.problem)
        if problem.status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }
}

/// Headers that keep a browser from doing what no page asks for.
struct SecurityHeadersMiddleware: RouterMiddleware {
    @concurrent func handle(
        _ request: Request, context: CollectorContext,
        next: @concurrent (Request, CollectorContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'"
        response.headers[.xContentTypeOptions] = "nosniff"
        if let name = HTTPField.Name("Referrer-Policy") { response.headers[name] = "no-referrer" }
        if let name = HTTPField.Name("Cross-Origin-Resource-Policy") { response.headers[name] = "same-origin" }
        // What is in use at a school belongs in no cache.
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}

extension Response {
    /// A page.
    init(status: HTTPResponse.Status = .ok, html: String) {
        self.init(status: status, text: html, type: "text/html; charset=utf-8")
    }

    /// A value as JSON.
    init(status: HTTPResponse.Status = .ok, json value: some Encodable, type: String = Wire.MediaType.json) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The values of the wire format are made of texts and integers, which always can be encoded.
        let data = (try? encoder.encode(value)) ?? Data("{}".utf8)
        self.init(status: status, text: String(decoding: data, as: UTF8.self), type: type)
    }

    /// A text of some type.
    init(status: HTTPResponse.Status = .ok, text: String, type: String) {
        self.init(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
