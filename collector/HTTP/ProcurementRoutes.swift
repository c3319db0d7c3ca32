import Alerts
import HTTPTypes
import Hummingbird
import Identity
import Pages
import Programme
import Registry
import Store
import Wire

/// What buyers read and change.
struct ProcurementRoutes {
    let reader: ProgrammeReader
    let pages: Pages

    static let access: [RouteAccess] =
        [
            .get("/procurement", .people(.readDistrict)), .get("/procurement/changes", .people(.readDistrict)),
            .get("/procurement/changes.csv", .people(.readDistrict)),
            .get("/procurement/changes.json", .people(.readDistrict)),
            .get("/procurement/changes.atom", .people(.readDistrict)),
            .get("/procurement/leverage", .people(.readDistrict)),
            .get("/procurement/leverage.csv", .people(.readDistrict)),
            .get("/procurement/leverage.json", .people(.readDistrict)),
            .get("/procurement/offer", .people(.readDistrict)), .get("/procurement/offer.csv", .people(.readDistrict)),
            .get("/procurement/language", .people(.readDistrict)),
            .get("/procurement/overlaps", .people(.readDistrict)),
            .get("/procurement/overlaps.csv", .people(.readDistrict)),
            .get("/procurement/overlaps.json", .people(.readDistrict)),
            .get("/procurement/spend", .people(.readDistrict)), .get("/procurement/spend.csv", .people(.readDistrict)),
            .get("/procurement/spend.json", .people(.readDistrict)),
            .post("/procurement/spend", .people(.buy)), .post("/procurement/spend/remove", .people(.buy)),
            .post("/procurement/language", .people(.buy)),
        ]
        + PlatformList.allCases.flatMap { list in
            ["", ".csv", ".json", ".atom"].map { RouteAccess.get(list.path + $0, .people(.readDistrict)) }
        }

    func add(to router: some RouterMethods<CollectorContext>) {
        let reading = router.group(context: DistrictContext.self)
        addSearch(to: reading)
        for list in PlatformList.allCases { add(list, to: reading) }
        addChanges(to: reading)
        addLeverage(to: reading)
        addSpend(to: reading)
        addBuying(to: router.group(context: BuyerContext.self))
    }

    private func addSearch(to router: some RouterMethods<DistrictContext>) {
        router.get("procurement") { request, context in
            let question = request.fields.text("q") ?? ""
            let platforms = try await reader.platforms().listed
            var answers =
                question.isEmpty
                ? [] : PurchaseAnswer.answers(to: question, among: platforms, facts: try await reader.facts())
            if answers.isEmpty { answers = try await reader.unknownUse(of: question).map { .unknown($0) } }
            var language: [String: [ContractLanguage]] = [:]
            for case .approved(let listed) in answers {
                language[listed.platform.key] = try await reader.store.contractLanguage(for: listed.platform.name)
            }
            return page(.purchase(question: question, answers: answers, language: language), context)
        }
        router.get("procurement/language") { request, context in
            let name = request.fields.text("name") ?? ""
            let approved = PlatformList.acceptable.platforms(among: try await reader.platforms().listed)
            let sheet = Sheet.language(
                platform: name, try await reader.store.contractLanguage(for: name),
                platforms: approved.map(\.platform.name), mayBuy: context.reader.may(.buy))
            return page(sheet, context)
        }
    }

    private func add(_ list: PlatformList, to router: some RouterMethods<DistrictContext>) {
        let platforms: @Sendable () async throws -> [ListedPlatform] = {
            list.platforms(among: try await reader.platforms().listed)
        }
        router.get(RouterPath(list.path)) { request, context in
            page(.list(list, try await platforms(), try ListQuery(answering: request)), context)
        }
        router.get(RouterPath(list.path + ".csv")) { _, _ in
            let text = byteOrderMark + PlatformFile.write(try await platforms().map(\.platform))
            return Response(text: text, type: "text/csv; charset=utf-8").saved(as: "\(list.rawValue).csv")
        }
        router.get(RouterPath(list.path + ".json")) { _, _ in
            Response(text: try Sheet.listTable(list, try await platforms()).json(), type: Wire.MediaType.json)
        }
        router.get(RouterPath(list.path + ".atom")) { _, _ in
            let changes = try await changes(since: "").filter { $0.concerns(list) }
            return feed(list.title, list.path + ".atom", changes)
        }
    }

    private func addChanges(to router: some RouterMethods<DistrictContext>) {
        router.get("procurement/changes") { request, context in
            let since = try request.day("since")
            let query = try ListQuery(answering: request, choices: "since")
            let sheet = Sheet.changes(
                try await changes(since: since), since: since, query, clock: reader.alertSettings.clock)
            return page(sheet, context)
        }
        router.get("procurement/changes.csv") { request, _ in
            let changes = try await changes(since: try request.day("since"))
            return Response(
                text: Sheet.changesTable(changes, clock: reader.alertSettings.clock).csv,
                type: "text/csv; charset=utf-8"
            ).saved(as: "changes.csv")
        }
        router.get("procurement/changes.json") { request, _ in
            let changes = try await changes(since: try request.day("since"))
            return Response(
                text: try Sheet.changesTable(changes, clock: reader.alertSettings.clock).json(),
                type: Wire.MediaType.json)
        }
        router.get("procurement/changes.atom") { _, _ in
            feed("What changed on the district's lists", "/procurement/changes.atom", try await changes(since: ""))
        }
    }

    private func addLeverage(to router: some RouterMethods<DistrictContext>) {
        router.get("procurement/leverage") { request, context in
            page(.leverage(try await reader.leverage(), try ListQuery(answering: request)), context)
        }
        router.get("procurement/offer") { request, context in
            let (line, uses) = try await offer(request)
            let today = reader.alertSettings.clock.day(at: reader.now()).description
            return page(.offer(line, uses: uses, today: today), context)
        }
        router.get("procurement/offer.csv") { request, _ in
            let (line, uses) = try await offer(request)
            return Response(text: Sheet.offerTable(line.platform, uses).csv, type: "text/csv; charset=utf-8")
                .saved(as: "offer.csv")
        }
        router.get("procurement/leverage.csv") { _, _ in
            Response(text: Sheet.leverageTable(try await reader.leverage()).csv, type: "text/csv; charset=utf-8")
                .saved(as: "leverage.csv")
        }
        router.get("procurement/leverage.json") { _, _ in
            Response(text: try Sheet.leverageTable(try await reader.leverage()).json(), type: Wire.MediaType.json)
        }
    }

    private func addSpend(to router: some RouterMethods<DistrictContext>) {
        router.get("procurement/overlaps") { request, context in
            page(.overlaps(try await reader.leverage(), try ListQuery(answering: request)), context)
        }
        router.get("procurement/overlaps.csv") { _, _ in
            let table = Sheet.overlapTable(try await reader.leverage().overlaps)
            return Response(text: table.csv, type: "text/csv; charset=utf-8").saved(as: "overlaps.csv")
        }
        router.get("procurement/overlaps.json") { _, _ in
            let table = Sheet.overlapTable(try await reader.leverage().overlaps)
            return Response(text: try table.json(), type: Wire.MediaType.json)
        }
        router.get("procurement/spend") { request, context in
            let sheet = Sheet.spends(
                try await reader.store.spends(), schools: try await reader.store.schools(),
                try ListQuery(answering: request), mayBuy: context.reader.may(.buy))
            return page(sheet, context)
        }
        router.get("procurement/spend.csv") { _, _ in
            let table = Sheet.spendTable(try await reader.store.spends())
            return Response(text: table.csv, type: "text/csv; charset=utf-8").saved(as: "spend.csv")
        }
        router.get("procurement/spend.json") { _, _ in
            let table = Sheet.spendTable(try await reader.store.spends())
            return Response(text: try table.json(), type: Wire.MediaType.json)
        }
    }

    /// One platform's leverage, and its use by school, the most devices first.
    private func offer(
        _ request: Request
    ) async throws -> (line: Leverage.Line, uses: [(school: String, use: UseAtSchool)]) {
        let name = request.fields.text("name") ?? ""
        let key = Platform.key(of: name)
        guard let line = try await reader.leverage().lines.first(where: { Platform.key(of: $0.platform) == key }) else {
            throw Problem(
                status: 404, title: "Nothing is known of its use",
                detail: "\"\(name)\" is neither in use nor paid for; choose one at /procurement/leverage.")
        }
        let uses = try await reader.facts().tool(named: name)?.uses ?? [:]
        return (
            line,
            uses.map { (school: $0.key, use: $0.value) }.sorted {
                ($1.use.devices, $0.school) < ($0.use.devices, $1.school)
            }
        )
    }

    private func addBuying(to router: some RouterMethods<BuyerContext>) {
        router.post("procurement/spend") { _, context in
            let text = try context.form.required("csv", "The spend figures")
            let spelling = try await reader.spelling()
            let spends = try programme {
                try SpendFile.read(Array(text.utf8), file: "spend figures", naming: spelling)
            }
            try await reader.take(over: spends, by: context.who)
            return Response.seeOther("/procurement/spend")
        }
        router.post("procurement/spend/remove") { _, context in
            let form = context.form
            let (platform, period) = (
                try form.required("platform", "The platform"), try form.required("period", "The period")
            )
            let school = form.text("school") ?? ""
            let spend = try await reader.store.spends().first {
                $0.platform == platform && $0.school == school && $0.period == period
            }
            guard let spend else {
                throw Problem(
                    status: 404, title: "No such line",
                    detail: "There is no spend figure of \(platform) for \(period); load the page anew.")
            }
            try await reader.remove(spend, by: context.who)
            return Response.seeOther("/procurement/spend")
        }
        router.post("procurement/language") { _, context in
            let piece = ContractLanguage(
                platform: context.form.text("name") ?? "", title: try context.form.required("title", "The title"),
                text: context.form.text("text") ?? "")
            let before = try await reader.store.contractLanguage(for: piece.platform).first {
                $0.title == piece.title && $0.platform.isEmpty == piece.platform.isEmpty
            }
            try await reader.store.keep(piece)
            try await reader.store.record(
                AuditEntry(
                    at: reader.now(), who: context.who, what: "language.change",
                    subject: [piece.platform, piece.title].filter { !$0.isEmpty }.joined(separator: ": "),
                    before: before?.text, after: piece.text))
            return Response.seeOther(Sheet.languageLink(piece.platform))
        }
    }

    private func changes(since day: String) async throws -> [ListChange] {
        let clock = reader.alertSettings.clock
        return ListChange.all(in: try await reader.store.certifications())
            .filter { day.isEmpty || clock.day(at: $0.at).description >= day }
    }

    private func page(_ sheet: Sheet, _ context: DistrictContext) -> Response {
        Response(html: pages.shown(to: context.reader.visitor).sheet(sheet, at: "/procurement"))
    }

    private func feed(_ title: String, _ path: String, _ changes: [ListChange]) -> Response {
        let root = reader.alertSettings.root
        return Response(
            text: AtomFeed(
                title: title, identifier: "urn:rollcall:\(path)", link: root.isEmpty ? "" : root + path,
                changes: changes
            ).xml, type: "application/atom+xml; charset=utf-8")
    }
}

extension Request {
    /// A parameter that is a day; empty where it is missing.
    func day(_ name: String) throws(Problem) -> String {
        guard let text = fields.text(name) else { return "" }
        guard let day = SchoolDay(text) else {
            throw Problem(status: 400, title: "Not a day", detail: "\(name) is \"\(text)\"; write a day as 2026-11-24.")
        }
        return day.description
    }
}

/// What the programme refuses, as a problem that its page shows.
func programme<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let refusal as StepRefusal {
        throw Problem(refusal)
    } catch let error as PlatformFileError {
        throw Problem(status: 400, title: "Nothing was taken over", detail: error.description)
    }
}

extension Problem {
    /// A step that cannot be taken.
    init(_ refusal: StepRefusal) {
        let status =
            switch refusal {
            case .notFor: 403
            case .notFrom: 409
            case .missing, .invalid, .otherChecklist: 400
            }
        let sentence = refusal.description
        // What was filled in is lost to nobody who knows that.
        let back = status == 400 ? " Go back in your browser: what you filled in is still there." : ""
        self.init(
            status: status, title: "Not done",
            detail: sentence.prefix(1).uppercased() + sentence.dropFirst() + "." + back)
    }
}
