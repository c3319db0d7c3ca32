import Alerts
import HTTPTypes
import Hummingbird
import Identity
import Pages
import Programme
import Registry
import Store
import Wire

/// The certification programme: where platforms stand, requests, cases, surveys and the monthly letter.
struct ProgrammeRoutes {
    let reader: ProgrammeReader
    let pages: Pages

    static let access: [RouteAccess] = [
        .get("/programme", .people(.readDistrict)), .get("/programme/platform", .people(.readDistrict)),
        .get("/programme/rules", .people(.readDistrict)), .get("/programme/letter", .people(.readDistrict)),
        .get("/programme/letter.txt", .people(.readDistrict)), .get("/programme/letter.html", .people(.readDistrict)),
        .get("/programme/surveys", .people(.readDistrict)), .get("/programme/requests", .people(.read)),
        .get("/programme/cases", .people(.read)), .get("/programme/case", .people(.read)),
        .post("/programme/requests", .people(.read)), .post("/programme/requests/step", .people(.read)),
        .post("/programme/requests/many", .people(.edit)), .post("/programme/terms", .people(.buy)),
        .post("/programme/step", .people(.edit)), .post("/programme/cases", .people(.edit)),
        .post("/programme/cases/done", .people(.edit)),
        .post("/programme/surveys", .people(.edit)), .post("/programme/surveys/confirm", .people(.edit)),
        .post("/programme/surveys/school", .people(.edit)),
    ]

    func add(to router: some RouterMethods<CollectorContext>) {
        addReading(to: router.group(context: DistrictContext.self))
        addRequests(to: router.group(context: ReaderContext.self))
        addCases(to: router.group(context: ReaderContext.self))
        addTerms(to: router.group(context: BuyerContext.self))
        addChanges(to: router.group(context: EditorContext.self))
        addSurveys(to: router.group(context: EditorContext.self))
        addSurveySchools(to: router.group(context: EditorContext.self))
    }

    private func addReading(to router: some RouterMethods<DistrictContext>) {
        router.get("programme") { request, context in
            let sheet = Sheet.programme(
                try await reader.platforms().listed, requests: try await reader.store.requests(),
                cases: try await reader.store.cases(), try ListQuery(answering: request, choices: "stage"))
            return page(sheet, context.reader)
        }
        router.get("programme/rules") { _, context in page(.rules, context.reader) }
        router.get("programme/platform") { request, context in
            let name = request.fields.text("name") ?? ""
            guard let (listed, life) = try await reader.platform(named: name) else {
                throw Problem(
                    status: 404, title: "No such platform", detail: "Nothing is known of a platform \"\(name)\".")
            }
            let approved = PlatformList.acceptable.platforms(among: try await reader.platforms().listed)
            var used: [String: Checklist] = [:]
            for version in Set(life.audits.map(\.checklist)) {
                used[version] = try await reader.store.checklist(version: version)
            }
            let sheet = Sheet.dossier(
                listed, life, checklist: try reader.settings.checklist(), used: used,
                replacements: approved.map(\.platform.name), mayEdit: context.reader.may(.edit),
                mayBuy: context.reader.may(.buy), clock: reader.alertSettings.clock)
            return page(sheet, context.reader)
        }
        router.get("programme/letter") { request, context in
            page(.letter(try await letter(request), today: today), context.reader)
        }
        // For a mail or a web site: the letter alone, which needs nothing of the collector.
        router.get("programme/letter.html") { request, _ in
            let letter = try await letter(request)
            return Response(html: pages.alone(.letter(letter, today: today, isExport: true)))
                .saved(as: "online-tools-\(letter.month.text).html")
        }
        router.get("programme/letter.txt") { request, _ in
            Response(text: try await letter(request).text, type: "text/plain; charset=utf-8")
        }
        router.get("programme/surveys") { request, context in
            try await surveys(request, context.reader)
        }
    }

    /// The day in the district.
    private var today: SchoolDay { reader.alertSettings.clock.day(at: reader.now()) }

    private func letter(_ request: Request) async throws -> MonthlyLetter {
        let clock = reader.alertSettings.clock
        let text = request.fields.text("month") ?? MonthlyLetter.Month(of: today).text
        guard let month = MonthlyLetter.Month(text) else {
            throw Problem(status: 400, title: "Not a month", detail: "month is \"\(text)\"; write it as 2026-11.")
        }
        let (platforms, lives) = try await reader.platforms()
        return MonthlyLetter(
            month: month, changes: ListChange.all(in: lives), platforms: platforms,
            cases: try await reader.store.cases().map(\.value), facts: try await reader.facts(), clock: clock)
    }

    private func surveys(_ request: Request, _ person: Reader) async throws -> Response {
        let names = try await reader.store.surveys()
        let query = try ListQuery(answering: request, choices: "survey", "school")
        let shown = query.choice("survey") ?? names.first ?? ""
        let declarations = try await reader.store.declarations(survey: shown)
        var comparison: SurveyComparison?
        let (platforms, _) = try await reader.platforms()
        if let school = query.choice("school") {
            let statuses = Dictionary(platforms.map { ($0.platform.key, $0.platform.status) }) { first, _ in first }
            let own = declarations.filter { SchoolName.key(of: $0.declaration.school) == SchoolName.key(of: school) }
            comparison = SurveyComparison(
                school: school,
                declarations: own.map { ($0.declaration, platform: $0.isConfirmed ? $0.platform : nil) },
                facts: try await reader.facts(), status: { statuses[Platform.key(of: $0)] ?? .unlisted })
        }
        let sheet = Sheet.surveys(
            names, shown: shown, declarations: declarations, comparison: comparison,
            schools: try await reader.store.schools(), query, mayEdit: person.may(.edit))
        return page(sheet, person)
    }

    private func addRequests(to router: some RouterMethods<ReaderContext>) {
        router.get("programme/requests") { request, context in
            let person = context.reader
            let name = person.who.name
            let sheet = Sheet.requests(
                try await reader.store.requests(),
                reader: Sheet.RequestReader(
                    school: person.school, mayAsk: person.mayAsk, mayEdit: person.may(.edit),
                    contact: EmailAddress(name) == nil ? "" : name),
                schools: person.school == nil ? try await reader.store.schools() : [],
                tool: request.fields.text("tool") ?? "", asked: request.fields.text("asked").flatMap { Int64($0) },
                try ListQuery(answering: request, choices: "state"), clock: reader.alertSettings.clock)
            return page(sheet, person)
        }
        router.post("programme/requests") { _, context in
            let form = context.form
            let school = try context.reader.school(asked: try form.required("school", "The school")) ?? ""
            let tool = try form.required("tool", "The tool")
            try mayAsk(context.reader)
            let users = form.text("users").flatMap { Int($0) }
            let question = ToolRequest.Question(
                school: school, tool: tool, purpose: try form.required("purpose", "What the tool is for"),
                subject: form.text("subject") ?? "",
                users: users, contact: try form.contact())
            let asked = try await refusing { try await reader.ask([question], by: context.who) }
            return Response.seeOther(Sheet.requestsLink(asked: asked.first?.number ?? 0))
        }
        router.post("programme/requests/step") { _, context in
            let (number, request) = try await request(context)
            let party = context.reader.party
            let event: ToolRequest.Event
            switch context.form.text("step") {
            case "agree": event = .schoolAgrees
            case "take": event = .reviewerTakes
            case "withdraw": event = .withdraw
            case "decline": event = .decline(reason: try context.form.required("reason", "The reason"))
            case "means": return try await settle(number, request, context)
            default:
                throw Problem(
                    status: 400, title: "Which step?", detail: "The form names no step; begin at /programme/requests.")
            }
            let actor = Actor(name: context.who.name, party: party)
            try await refusing {
                try await reader.store.take(
                    event, request: number, by: actor, telling: reader.circle, at: reader.now())
            }
            let after = try await reader.store.requests().first { $0.number == number }?.value
            try await reader.record(
                context.who, "request.step", "\(request.question.school): \(request.question.tool)",
                before: request.state.label, after: after?.message)
            if event == .reviewerTakes {
                let name = request.question.platform ?? request.question.tool
                try await beginReview(of: name, because: "asked for by \(request.question.school)", context.reader)
            }
            return Response.seeOther("/programme/requests")
        }
    }

    /// Notes which platform a request means, and leads to what that says of the request.
    private func settle(_ number: Int64, _ request: ToolRequest, _ context: ReaderContext) async throws -> Response {
        let name = try context.form.required("platform", "The platform")
        guard let found = try await reader.platform(named: name) else {
            throw Problem(
                status: 400, title: "No such platform",
                detail: "There is no platform \"\(name)\" in registry and catalogue; write its name as there.")
        }
        let platform = found.listed.platform.name
        let actor = Actor(name: context.who.name, party: context.reader.party)
        try await refusing {
            try await reader.store.settle(request: number, means: platform, by: actor, at: reader.now())
        }
        try await reader.record(
            context.who, "request.means", "\(request.question.school): \(request.question.tool)",
            before: request.question.platform, after: platform)
        return Response.seeOther(Sheet.requestsLink(asked: number))
    }

    private func addCases(to router: some RouterMethods<ReaderContext>) {
        router.get("programme/cases") { request, context in
            let sheet = Sheet.cases(
                try await reader.store.cases(), facts: try await reader.facts(), today: today,
                school: context.reader.school, try ListQuery(answering: request, choices: "state"))
            return page(sheet, context.reader)
        }
        router.get("programme/case") { request, context in
            let number = request.fields.text("number") ?? ""
            guard let found = try await reader.store.cases().first(where: { "\($0.number)" == number }) else {
                throw Problem(
                    status: 404, title: "No such case", detail: "There is no case \"\(number)\"; see /programme/cases.")
            }
            _ = try context.reader.school(asked: found.value.school)
            let facts = try await reader.facts()
            let sheet = Sheet.transition(
                found, use: facts.tool(named: found.value.platform)?.uses[found.value.school],
                days: facts.schools.first { $0.school == found.value.school }?.days ?? [], today: today,
                mayEdit: context.reader.may(.edit), clock: reader.alertSettings.clock)
            return page(sheet, context.reader)
        }
    }

    /// Whoever may read may see requests; an auditor asks for nothing.
    private func mayAsk(_ person: Reader) throws(Problem) {
        guard person.mayAsk else {
            throw Problem(status: 403, title: "Not for your role", detail: "Your role reads, and changes nothing.")
        }
    }

    /// The request that a form names, which has to be of the reader's school.
    private func request(_ context: ReaderContext) async throws -> (Int64, ToolRequest) {
        let number = try context.form.number("number")
        try mayAsk(context.reader)
        guard let found = try await reader.store.requests().first(where: { $0.number == number }) else {
            throw Problem(status: 404, title: "No such request", detail: "There is no request \(number).")
        }
        _ = try context.reader.school(asked: found.value.question.school)
        return (number, found.value)
    }

    /// Begins a review of what was asked for; a tool that nobody knew of so far is met by the programme with it.
    private func beginReview(of name: String, because reason: String, _ person: Reader) async throws {
        let found = try await reader.platform(named: name)
        guard found?.life.stage != .underReview else { return }
        try await take(
            .review(reviewer: person.who.name, reason: reason), on: found?.listed.platform ?? Platform(name: name),
            by: person)
    }

    func page(_ sheet: Sheet, _ person: Reader) -> Response {
        // The navigation of somebody who reads about one school has requests, and no programme.
        let path = person.school == nil ? "/programme" : "/programme/requests"
        return Response(html: pages.shown(to: person.visitor).sheet(sheet, at: path))
    }

    func take(_ action: Action, on platform: Platform, by person: Reader, checklist: Checklist? = nil) async throws {
        let now = reader.now()
        let taker = StepTaker(
            actor: Actor(name: person.who.name, party: person.party), who: person.who, now: now,
            today: reader.alertSettings.clock.day(at: now))
        let schools = try await reader.facts().tool(named: platform.name)?.schoolsLately ?? []
        try await refusing {
            try await reader.store.take(action, on: platform, by: taker, checklist: checklist, usedAt: schools)
        }
    }
}

extension Reader {
    /// Whether they may ask for a tool, and answer for a school.
    var mayAsk: Bool { may(.edit) || may(.buy) || school != nil }

    /// For whom somebody takes part in the programme.
    var party: Party {
        if may(.edit) { return .its }
        return may(.buy) ? .procurement : .school
    }
}

extension FormRequest {
    /// A whole number, which has to be there.
    func number(_ name: String) throws(Problem) -> Int64 {
        guard let number = text(name).flatMap({ Int64($0) }) else {
            throw Problem(
                status: 400, title: "Something is missing", detail: "The form names no \(name); load the page anew.")
        }
        return number
    }

    /// A day; nil where there is none.
    func dayIfAny(_ name: String, _ label: String) throws(Problem) -> SchoolDay? {
        text(name) == nil ? nil : try day(name, label)
    }

    /// A day, which has to be there.
    func day(_ name: String, _ label: String) throws(Problem) -> SchoolDay {
        let text = try required(name, label)
        guard let day = SchoolDay(text) else {
            throw Problem(
                status: 400, title: "Not a day", detail: "\(label) is \"\(text)\"; write a day as 2026-11-24.")
        }
        return day
    }
}

/// Does something that the programme may refuse, and says why as a problem.
func refusing<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
        return try await body()
    } catch let refusal as StepRefusal {
        throw Problem(refusal)
    }
}
