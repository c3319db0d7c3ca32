import Hummingbird
import HummingbirdCore
import Identity
import Matching
import Names
import Pages
import Registry
import Store
import Usage
import Wire

/// The review queue, and what ITS does with what waits there.
struct ReviewRoutes {
    let store: SQLiteStore
    let usage: UsageReader
    let pages: Pages
    /// The catalogue, whose names a new platform must not take by mistake.
    let catalogue: [Platform]
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    static let access: [RouteAccess] =
        ["/unknown", "/unknown.csv", "/unknown.json"].map { .get($0, .people(.read)) }
        + ["/unknown/platform", "/unknown/assign", "/unknown/dismiss", "/unknown/restore"].map {
            .post($0, .people(.edit))
        }

    func add(to router: some RouterMethods<CollectorContext>) {
        let reading = router.group(context: ReaderContext.self)
        reading.get("unknown") { request, context in
            let page = try await page(request, context.reader)
            return Response(html: pages.shown(to: context.reader.visitor).unknown(page))
        }
        reading.get("unknown.csv") { request, context in
            let table = try await table(request, context.reader)
            return Response(text: table.csv, type: "text/csv; charset=utf-8").saved(as: "rollcall-unknown.csv")
        }
        reading.get("unknown.json") { request, context in
            let table = try await table(request, context.reader)
            return Response(text: try table.json(), type: Wire.MediaType.json)
        }
        let editing = router.group(context: EditorContext.self)
        editing.post("unknown/platform") { _, context in try await makePlatform(context) }
        editing.post("unknown/assign") { _, context in try await assign(context) }
        editing.post("unknown/dismiss") { _, context in try await dismiss(context) }
        editing.post("unknown/restore") { _, context in
            let domains = try domains(context.form)
            try await store.restore(domains, by: context.who, at: now())
            return back(.restored(domains.joined(separator: " ")), context.form)
        }
    }

    private func page(_ request: Request, _ reader: Reader) async throws -> UnknownPage {
        let query = try query(request, reader)
        let (basis, review) = try await usage.unknown(query)
        return UnknownPage(
            review, query: query, over: basis, facets: try await usage.facets(school: reader.school),
            platforms: reader.may(.edit) ? try await usage.platformNames() : [],
            done: UnknownPage.Done(request.fields))
    }

    private func table(_ request: Request, _ reader: Reader) async throws -> Table {
        let (basis, lines) = try await usage.allUnknown(try query(request, reader))
        return UnknownFile(lines, over: basis).all
    }

    private func query(_ request: Request, _ reader: Reader) throws -> UnknownQuery {
        var query = try UnknownQuery(answering: request)
        query.scope = try query.scope.limited(to: reader)
        return query
    }

    private func makePlatform(_ context: EditorContext) async throws -> Response {
        let form = context.form
        let name = try form.required("platform", "The platform's name")
        guard try await usage.matcher().platform(named: name) == nil else {
            throw Problem(
                status: 409, title: "There is such a platform",
                detail: "\"\(name)\" is known already; assign the names to it, or choose another name.")
        }
        let status = form.text("status") ?? Status.underReview.rawValue
        guard let status = Status(rawValue: status) else {
            throw Problem(
                status: 400, title: "No such status", detail: "\"\(status)\" is no status; choose one of the list.")
        }
        var platform = Platform(
            name: name, vendor: form.text("vendor") ?? "", category: form.text("category") ?? "", status: status)
        platform.patterns = try patterns(form)
        try await keep(platform, "platform.make", context)
        return back(.made(name), form)
    }

    private func assign(_ context: EditorContext) async throws -> Response {
        let name = try context.form.required("platform", "The platform")
        guard var platform = try await usage.matcher().platform(named: name) else {
            throw Problem(
                status: 404, title: "No such platform",
                detail:
                    "Neither the registry nor the catalogue has \"\(name)\"; choose one of the list, or make it a platform."
            )
        }
        platform.patterns += try patterns(context.form).filter { !platform.patterns.contains($0) }
        try await keep(platform, "platform.assign", context)
        return back(.assigned(platform.name), context.form)
    }

    private func dismiss(_ context: EditorContext) async throws -> Response {
        let domains = try domains(context.form)
        let reason = try context.form.required("reason", "The reason")
        guard reason.count <= SQLiteStore.reasonLimit else {
            throw Problem(
                status: 400, title: "Too long a reason",
                detail: "The reason has \(reason.count) characters; say it in \(SQLiteStore.reasonLimit).")
        }
        try await store.dismiss(domains, because: reason, by: context.who, at: now())
        return back(.dismissed(domains.joined(separator: " ")), context.form)
    }

    /// The domains of a group, separated by spaces, in one field or several.
    private func domains(_ form: FormRequest) throws -> [String] {
        _ = try form.required("group", "The group")
        var domains: [String] = []
        for text in form.all("group").flatMap({ $0.split(whereSeparator: \.isWhitespace) }) {
            guard let domain = HostName(text)?.text else {
                throw Problem(
                    status: 400, title: "Not a domain",
                    detail: "\"\(text)\" is no domain; write domains such as example.com, separated by spaces.")
            }
            if !domains.contains(domain) { domains.append(domain) }
        }
        guard domains.count <= Self.mostDomains else {
            throw Problem(
                status: 400, title: "Too many domains",
                detail: "The group has \(domains.count) domains; decide on at most \(Self.mostDomains) at once.")
        }
        return domains
    }

    /// How many domains are decided on at once: more than any group of ours has.
    private static let mostDomains = 200

    private func patterns(_ form: FormRequest) throws -> [NamePattern] {
        try form.required("patterns", "The patterns").split(separator: " ").map { text in
            do {
                return try NamePattern(String(text))
            } catch {
                throw Problem(
                    status: 400, title: "Not a pattern",
                    detail:
                        "\"\(text)\" is no pattern; write a domain such as example.com, or =host.example.com for one name."
                )
            }
        }
    }

    /// Puts a platform into the registry, and into the audit log what it was for.
    private func keep(_ platform: Platform, _ what: String, _ context: EditorContext) async throws {
        try await store.keep(platform, beside: catalogue, by: context.who, at: now(), refusedWith: 409)
        try await store.record(
            AuditEntry(
                at: now(), who: context.who, what: what, subject: platform.name,
                after: platform.patterns.map(\.text).joined(separator: " ")))
    }

    /// Leads back to the list, which says what was done.
    private func back(_ done: UnknownPage.Done, _ form: FormRequest) -> Response {
        let asked = form.text("back").flatMap { $0.hasPrefix("/unknown") ? $0 : nil } ?? "/unknown"
        return .redirect(to: UnknownPage.link(back: asked, saying: done), type: .normal)
    }
}
