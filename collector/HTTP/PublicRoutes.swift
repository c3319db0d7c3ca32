import Alerts
import HTTPTypes
import Hummingbird
import Pages
import Programme
import Wire

/// The public list, for everybody; there are no such routes where the settings have no table `[public]`.
struct PublicRoutes {
    let reader: ProgrammeReader
    let pages: Pages

    static let access: [RouteAccess] =
        ["/public", "/public/embed", "/public/approved.csv", "/public/approved.json", "/public/changes.atom"]
        .map { .get($0, .everybody) }

    func add(to router: some RouterMethods<CollectorContext>) {
        router.get("public") { request, _ in try await page(request, in: .page) }
        // The same list, which other sites may show in a frame.
        router.get("public/embed") { request, _ in
            var response = try await page(request, in: .frame)
            response.headers[.contentSecurityPolicy] =
                "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors *"
            return response
        }
        router.get("public/approved.csv") { _, _ in
            Response(text: try await list().portableCSV, type: "text/csv; charset=utf-8").saved(as: "approved.csv")
        }
        router.get("public/approved.json") { _, _ in
            Response(text: try await list().approvedTable.json(), type: Wire.MediaType.json)
        }
        router.get("public/changes.atom") { _, _ in
            let root = reader.alertSettings.root
            return Response(
                text: try await list().feed(link: root.isEmpty ? "" : root + "/public/changes.atom").xml,
                type: "application/atom+xml; charset=utf-8")
        }
    }

    private func list() async throws -> PublicList {
        guard reader.settings.hasPublicList else {
            throw Problem(
                status: 404, title: "Nothing here",
                detail:
                    "This district serves no public list; its administrator may add a table [public] to the settings.")
        }
        return try await reader.publicList()
    }

    private func page(_ request: Request, in place: PublicList.Place) async throws -> Response {
        let query = try ListQuery(answering: request, choices: "category")
        let sheet = try await list().sheet(query, clock: reader.alertSettings.clock, in: place)
        return Response(
            html: pages.open(
                sheet, style: "/static/style.css", feed: "/public/changes.atom", isInFrame: place == .frame))
    }
}
