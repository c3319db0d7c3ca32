import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identity
import Pages
import Store
import Usage
import Wire

/// What people read: each page, and every list also as CSV and JSON of exactly what the page shows.
struct PageRoutes {
    let usage: UsageReader
    let pages: Pages
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    static let access: [RouteAccess] =
        [.get("/", .people(.read)), .get("/overview.csv", .people(.read)), .get("/overview.json", .people(.read))]
        + lists("tools", .read) + lists("tool", .read) + lists("school", .read) + lists("gateways", .read)
        + lists("schools", .readDistrict)

    private static func lists(_ path: String, _ right: Right) -> [RouteAccess] {
        ["", ".csv", ".json"].map { .get("/" + path + $0, .people(right)) }
    }

    func add(to router: some RouterMethods<CollectorContext>) {
        let reading = router.group(context: ReaderContext.self)
        reading.get("") { request, context in
            Response(
                html: pages.shown(to: context.reader.visitor).overview(try await overview(request, context.reader)))
        }
        add("overview", to: reading) { try await overview($0, $1).all }
        reading.get("tools") { request, context in
            Response(html: pages.shown(to: context.reader.visitor).tools(try await tools(request, context.reader)))
        }
        add("tools", to: reading) { try await tools($0, $1).all }
        reading.get("tool") { request, context in
            Response(html: pages.shown(to: context.reader.visitor).tool(try await tool(request, context.reader)))
        }
        add("tool", to: reading) { try await tool($0, $1).all }
        reading.get("school") { request, context in
            Response(html: pages.shown(to: context.reader.visitor).school(try await school(request, context.reader)))
        }
        add("school", to: reading) { try await school($0, $1).all }
        reading.get("gateways") { request, context in
            Response(
                html: pages.shown(to: context.reader.visitor).gateways(try await gateways(request, context.reader)))
        }
        add("gateways", to: reading) { try await gateways($0, $1).all }
        let district = router.group(context: DistrictContext.self)
        district.get("schools") { request, context in
            Response(html: pages.shown(to: context.reader.visitor).schools(try await schools(request)))
        }
        add("schools", to: district) { request, _ in try await schools(request).all }
    }

    /// The files of a list.
    private func add<Proof: RightProof>(
        _ name: String, to router: some RouterMethods<PersonContext<Proof>>,
        table: @escaping @Sendable (Request, Reader) async throws -> Table
    ) {
        router.get("\(name).csv") { request, context in
            Response(text: try await table(request, context.reader).csv, type: "text/csv; charset=utf-8")
                .saved(as: "rollcall-\(name).csv")
        }
        router.get("\(name).json") { request, context in
            Response(text: try await table(request, context.reader).json(), type: Wire.MediaType.json)
        }
    }
}

extension PageRoutes {
    private func overview(_ request: Request, _ reader: Reader) async throws -> OverviewPage {
        let scope = try ScopeQuery(request, for: reader)
        return OverviewPage(try await usage.overview(scope, now: now()), scope: scope)
    }

    private func tools(_ request: Request, _ reader: Reader) async throws -> ToolsPage {
        var query = try ToolsQuery(answering: request)
        query.scope = try query.scope.limited(to: reader)
        let (basis, lines) = try await usage.tools(query.scope)
        return ToolsPage(lines, query: query, over: basis, facets: try await usage.facets(school: reader.school))
    }

    private func tool(_ request: Request, _ reader: Reader) async throws -> ToolPage {
        guard let name = request.fields.text("name") else {
            throw Problem(status: 400, title: "Which tool?", detail: "Give its name, as in /tool?name=Example.")
        }
        let scope = try ScopeQuery(request, for: reader)
        guard let story = try await usage.tool(named: name, scope) else {
            throw Problem(
                status: 404, title: "No such tool",
                detail: "Neither the registry nor the catalogue has a platform \"\(name)\".")
        }
        return ToolPage(story, scope: scope, facets: try await usage.facets(school: reader.school))
    }

    private func schools(_ request: Request) async throws -> SchoolsPage {
        let query = try SchoolsQuery(answering: request)
        let (basis, states) = try await usage.schools(query.scope)
        return SchoolsPage(states, query: query, over: basis, facets: try await usage.facets(school: nil), now: now())
    }

    private func school(_ request: Request, _ reader: Reader) async throws -> SchoolPage {
        guard let name = try reader.school(asked: request.fields.text("name")) else {
            throw Problem(status: 400, title: "Which school?", detail: "Give its name, as in /school?name=Example.")
        }
        let scope = try ScopeQuery(answering: request)
        let story = try await usage.school(named: name, scope, now: now())
        return SchoolPage(story, scope: scope, facets: try await usage.facets(school: name), now: now())
    }

    private func gateways(_ request: Request, _ reader: Reader) async throws -> GatewaysPage {
        let query = try GatewaysQuery(answering: request)
        let (basis, agents) = try await usage.gateways(school: reader.school, now: now())
        return GatewaysPage(agents, query: query, over: basis, now: now())
    }
}

extension Request {
    /// What stands behind the `?` of the address.
    var fields: AddressFields {
        AddressFields(query: uri.query ?? "")
    }
}

extension ScopeQuery {
    /// The part of the district and the days that an address asks for, as far as somebody may read about it.
    init(_ request: Request, for reader: Reader) throws(Problem) {
        self = try ScopeQuery(answering: request).limited(to: reader)
    }

    /// Somebody who may read about one school gets that school, and is refused another.
    func limited(to reader: Reader) throws(Problem) -> ScopeQuery {
        var scope = self
        scope.school = try reader.school(asked: school)
        if reader.school != nil { scope.region = nil }
        return scope
    }
}

/// What a page is asked by its address.
protocol AddressQuery {
    /// Reads an address.
    init(_ fields: AddressFields) throws(AddressMistake)
}

extension ScopeQuery: AddressQuery {}
extension ToolsQuery: AddressQuery {}
extension SchoolsQuery: AddressQuery {}
extension GatewaysQuery: AddressQuery {}
extension UnknownQuery: AddressQuery {}
extension AlertsQuery: AddressQuery {}

extension AddressQuery {
    /// Reads the address of a request, and tells what is wrong with it to whoever asked.
    init(answering request: Request) throws(Problem) {
        do {
            self = try Self(request.fields)
        } catch {
            throw Problem(error)
        }
    }
}

extension ListQuery {
    /// Reads the address of a request, with the choices of these names.
    init(answering request: Request, choices: String...) throws(Problem) {
        do {
            self = try ListQuery(request.fields, choices: choices)
        } catch {
            throw Problem(error)
        }
    }
}

extension Problem {
    /// That an address cannot be read.
    fileprivate init(_ mistake: AddressMistake) {
        self.init(status: 400, title: "That cannot be shown", detail: mistake.sentence)
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
