import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identity
import Pages
import Store
import Usage
import Wire

/// What people read.
struct PageRoutes {
    let usage: UsageReader
    let pages: Pages

    static let access: [RouteAccess] = [
        .get("/", .people(.read)), .get("/report.csv", .people(.read)), .get("/report.json", .people(.read)),
        .get("/schools", .people(.readDistrict)), .get("/tools", .people(.read)),
    ]

    func add(to router: some RouterMethods<CollectorContext>) {
        addReading(to: router.group(context: ReaderContext.self))
        router.group(context: DistrictContext.self).get("schools") { _, context in
            Response(html: pages.shown(to: context.reader.visitor).schools(try await usage.schools()))
        }
    }

    private func addReading(to router: some RouterMethods<ReaderContext>) {
        router.get("") { request, context in
            let report = try await usage.report(in: try ObservationScope(request, for: context.reader))
            let own = context.reader.school
            let schools = if let own { [own] } else { try await usage.schoolNames() }
            return Response(html: pages.shown(to: context.reader.visitor).report(report, schools: schools))
        }
        router.get("report.csv") { request, context in
            let report = try await usage.report(in: try ObservationScope(request, for: context.reader))
            return Response(text: reportCSV(report), type: "text/csv; charset=utf-8").saved(as: "rollcall-report.csv")
        }
        router.get("report.json") { request, context in
            let report = try await usage.report(in: try ObservationScope(request, for: context.reader))
            return Response(text: try reportJSON(report), type: Wire.MediaType.json)
        }
        router.get("tools") { request, context in
            guard let name = request.uri.queryParameters["name"], !name.isEmpty else {
                throw Problem(
                    status: 400, title: "Which tool?", detail: "Give its name, as in /tools?name=Example.")
            }
            let scope = try ObservationScope(request, for: context.reader)
            guard let detail = try await usage.tool(named: String(name), in: scope) else {
                throw Problem(
                    status: 404, title: "No such tool",
                    detail: "Neither the registry nor the catalogue has a platform \"\(name)\".")
            }
            return Response(html: pages.shown(to: context.reader.visitor).tool(detail))
        }
    }
}

extension ObservationScope {
    /// The scope that `?school=&from=&to=` asks for; what is empty is not asked for.
    ///
    /// Somebody who may read about one school gets that school, and is refused another.
    init(_ request: Request, for reader: Reader) throws(Problem) {
        func text(_ key: String) -> String? {
            let parameters = request.uri.queryParameters
            return parameters[Substring(key)].flatMap { $0.isEmpty ? nil : String($0) }
        }
        func day(_ key: String) throws(Problem) -> SchoolDay? {
            guard let text = text(key) else { return nil }
            guard let day = SchoolDay(text) else {
                throw Problem(
                    status: 400, title: "Not a day", detail: "\(key) is \"\(text)\"; write a day as 2026-11-24.")
            }
            return day
        }
        let (from, to) = (try day("from"), try day("to"))
        if let from, let to, to < from {
            throw Problem(
                status: 400, title: "No days", detail: "The last day, \(to), is before the first one, \(from).")
        }
        self.init(school: try reader.school(asked: text("school")), from: from, to: to)
    }
}

extension Response {
    /// The response, as a file that the browser saves under that name.
    func saved(as file: String) -> Response {
        var response = self
        response.headers[.contentDisposition] = "attachment; filename=\"\(file)\""
        return response
    }
}
