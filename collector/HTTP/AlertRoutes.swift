import Alerts
import Foundation
import Hummingbird
import Identity
import Pages
import Store
import Wire

/// The alerts, and what is done about them.
struct AlertRoutes {
    let reader: ProgrammeReader
    let pages: Pages

    static let access: [RouteAccess] = [
        .get("/alerts", .people(.readDistrict)), .post("/alerts", .people(.edit)), .post("/alerts/all", .people(.edit)),
        .get("/alerts/outbox", .people(.readDistrict)), .post("/alerts/outbox", .people(.edit)),
        .get("/alerts/rules", .people(.readDistrict)),
        .post("/alerts/rules", .people(.edit)), .post("/alerts/readers", .people(.edit)),
    ]

    func add(to router: some RouterMethods<CollectorContext>) {
        let reading = router.group(context: DistrictContext.self)
        reading.get("alerts") { request, context in try await list(request, context) }
        reading.get("alerts/outbox") { request, context in try await outbox(request, context) }
        reading.get("alerts/rules") { _, context in
            let changes = try await reader.store.alertChanges()
            let history = try await reader.store.auditEntries(AuditQuery(what: Self.changeName, limit: 20))
            let sheet = Sheet.alertRules(
                file: try reader.settings.alerts(), changes, history: history.map(\.entry),
                mayEdit: context.reader.may(.edit), mayAudit: context.reader.may(.audit))
            return Response(html: pages.shown(to: context.reader.visitor).sheet(sheet, at: "/alerts"))
        }
        let editing = router.group(context: EditorContext.self)
        addSteps(to: editing)
        addRules(to: editing)
    }

    private func list(_ request: Request, _ context: DistrictContext) async throws -> Response {
        let query = try AlertsQuery(answering: request)
        let (now, settings) = (reader.now(), try await reader.currentAlerts())
        let (shown, totals) = try await reader.store.alerts(
            query.filter, from: (query.page - 1) * AlertsQuery.size, count: AlertsQuery.size, at: now)
        if shown.isEmpty, query.page > 1 { return .seeOther(query.link()) }
        let sheet = Sheet.alerts(
            shown, totals: totals, query, undelivered: try await reader.store.outbox(.dead, count: 0).totals,
            readers: settings.readers.map(\.name), mayEdit: context.reader.may(.edit), now: now, clock: settings.clock)
        return Response(html: pages.shown(to: context.reader.visitor).sheet(sheet, at: "/alerts"))
    }

    private func outbox(_ request: Request, _ context: DistrictContext) async throws -> Response {
        let query = try ListQuery(answering: request, choices: "state")
        let state = query.choice("state").flatMap { OutboxState(rawValue: $0) } ?? .waiting
        let (shown, totals) = try await reader.store.outbox(
            state, containing: query.search, from: (query.page - 1) * AlertsQuery.size, count: AlertsQuery.size)
        if shown.isEmpty, query.page > 1 { return .seeOther(Sheet.outboxLink(state)) }
        let sheet = Sheet.outbox(
            shown, totals: totals, state, query, mayEdit: context.reader.may(.edit), clock: reader.alertSettings.clock)
        return Response(html: pages.shown(to: context.reader.visitor).sheet(sheet, at: "/alerts"))
    }

    private func addSteps(to router: some RouterMethods<EditorContext>) {
        router.post("alerts") { _, context in
            let number = try context.form.number("number")
            let (store, step) = (reader.store, context.form.text("step") ?? "")
            guard let before = try await store.alert(number) else {
                throw Problem(status: 404, title: "No such alert", detail: "There is no alert \(number).")
            }
            let after: String
            switch step {
            case "acknowledge":
                try await store.acknowledge(alert: number, by: context.who.name)
                after = "acknowledged"
            case "snooze":
                guard let days = context.form.text("days").flatMap({ Int($0) }), (1...90).contains(days) else {
                    throw Problem(status: 400, title: "Not a number of days", detail: "Put it off for 1 to 90 days.")
                }
                try await store.snooze(alert: number, until: reader.now() + days * 86_400)
                after = "put off for \(days) days"
            case "assign":
                after = context.form.text("to") ?? ""
                try await store.assign(alert: number, to: after)
            default:
                throw Problem(status: 400, title: "Which step?", detail: "The form names no step; begin at /alerts.")
            }
            try await store.record(
                AuditEntry(
                    at: reader.now(), who: context.who, what: "alert.\(step)", subject: before.alert.seen,
                    before: step == "assign"
                        ? before.assignedTo : before.acknowledgedBy.map { "acknowledged by \($0)" },
                    after: after))
            return Response.seeOther(SignInRoutes.next(context.form.text("back") ?? "/alerts"))
        }
        router.post("alerts/all") { _, context in
            let filter = AlertFilter(
                kind: context.form.text("kind").flatMap { Alert.Kind(rawValue: $0) },
                search: context.form.text("search") ?? "")
            let count = try await reader.store.acknowledge(filter, by: context.who.name, at: reader.now())
            let what = [filter.kind?.heading ?? "All open alerts", filter.search].filter { !$0.isEmpty }
            try await reader.store.record(
                AuditEntry(
                    at: reader.now(), who: context.who, what: "alert.acknowledge",
                    subject: what.joined(separator: ": "), after: "\(count) acknowledged"))
            return Response.seeOther("/alerts")
        }
        router.post("alerts/outbox") { _, context in
            let number = try context.form.number("number")
            try await reader.store.revive(message: number, at: reader.now())
            try await reader.store.record(
                AuditEntry(at: reader.now(), who: context.who, what: "message.revive", subject: "\(number)"))
            return Response.seeOther(Sheet.outboxLink(.waiting))
        }
    }
}

/// Rules and readers.
extension AlertRoutes {
    /// What the audit log calls a change of them.
    private static let changeName = "alert_rules.change"

    private func addRules(to router: some RouterMethods<EditorContext>) {
        router.post("alerts/rules") { _, context in
            let kind = context.form.text("kind").flatMap { Alert.Kind(rawValue: $0) }
            let numbers = RuleNumber.allCases.filter { $0.kind == kind }
            let file = try reader.settings.alerts()
            let before = file.changed(by: try await reader.store.alertChanges()).rules
            var rules = file.rules
            if context.form.text("step") != "file" {
                for number in numbers { rules[number] = try Self.value(of: number, context.form) }
                if let kind {
                    if context.form.text("state") == "off" { rules.off.insert(kind) } else { rules.off.remove(kind) }
                }
            }
            let entry = AuditEntry(
                at: reader.now(), who: context.who, what: Self.changeName, subject: kind?.heading ?? "All rules",
                before: before.words(kind), after: rules.words(kind))
            let wanted = rules
            try await reader.store.change(alerts: entry) { changes in
                // What is as in the file follows the file, when it changes too.
                for number in numbers {
                    changes.numbers[number] = wanted[number] == file.rules[number] ? nil : wanted[number]
                }
                if let kind {
                    let (isOff, wasOff) = (wanted.off.contains(kind), file.rules.off.contains(kind))
                    changes.isOn[kind] = isOff == wasOff ? nil : !isOff
                }
            }
            return Response.seeOther("/alerts/rules")
        }
        router.post("alerts/readers") { _, context in
            try await changeReader(context)
            return Response.seeOther("/alerts/rules")
        }
    }

    private static func value(of number: RuleNumber, _ form: FormRequest) throws(Problem) -> Int {
        let text = try form.required(number.rawValue, number.label)
        guard let value = Int(text), number.range.contains(value) else {
            throw Problem(
                status: 400, title: "Not such a number",
                detail: "\(number.label) is \"\(text)\"; write a number from \(number.range.lowerBound) to "
                    + "\(number.range.upperBound).")
        }
        return value
    }

    private func changeReader(_ context: EditorContext) async throws {
        let form = context.form
        let name = try form.required("name", "The reader's name")
        let (file, changes) = (try reader.settings.alerts(), try await reader.store.alertChanges())
        let current = file.allReaders(changes).first { $0.name == name }
        var change: AlertChanges.ReaderChange?
        switch form.text("step") {
        case "add":
            if current != nil || changes.readers[name] != nil {
                throw Problem(
                    status: 409, title: "There is such a reader",
                    detail: "There is a reader \"\(name)\" already; change that one, or choose another name.")
            }
            change = try Self.change(
                AlertChanges.ReaderChange(AlertReader(name: name, mail: try Self.mail(form))), form)
        case "keep": change = try Self.change(try Self.known(name, current, changes), form)
        case "off": change = try Self.known(name, current, changes, isOff: true)
        case "on": change = try Self.known(name, current, changes, isOff: false)
        case "file": change = nil
        default:
            throw Problem(status: 400, title: "Which step?", detail: "The form names no step; begin at /alerts/rules.")
        }
        if form.text("mail") != nil, file.reader(named: name) == nil { change?.mail = try Self.mail(form).text }
        var after = changes
        after.readers[name] = change
        let entry = AuditEntry(
            at: reader.now(), who: context.who, what: Self.changeName, subject: "reader \(name)",
            before: Self.words(name, file, changes), after: Self.words(name, file, after))
        try await reader.store.change(alerts: entry) { [change] in $0.readers[name] = change }
    }

    /// What is said of a reader who is known, to be changed.
    private static func known(
        _ name: String, _ reader: AlertReader?, _ changes: AlertChanges, isOff: Bool? = nil
    ) throws(Problem) -> AlertChanges.ReaderChange {
        guard let reader else {
            throw Problem(status: 404, title: "No such reader", detail: "There is no reader \"\(name)\".")
        }
        var change = changes.readers[name] ?? AlertChanges.ReaderChange(reader)
        change.isOff = isOff ?? change.isOff
        return change
    }

    private static func mail(_ form: FormRequest) throws(Problem) -> EmailAddress {
        let text = try form.required("mail", "The e-mail address")
        guard let address = EmailAddress(text) else {
            throw Problem(
                status: 400, title: "Not an e-mail address",
                detail: "\"\(text)\" is no e-mail address; write it as its@district.example.")
        }
        return address
    }

    /// What the form says of a reader.
    private static func change(
        _ change: AlertChanges.ReaderChange, _ form: FormRequest
    ) throws(Problem) -> AlertChanges.ReaderChange {
        var change = change
        change.schedule = try form.required("schedule", "The digest")
        change.quiet = form.text("quiet") ?? ""
        change.wantsUrgent = form.text("urgent") != "digest"
        change.kinds = Set(form.all("kinds").compactMap { Alert.Kind(rawValue: $0) })
        change.schools = (form.text("schools") ?? "").split(separator: ";")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        guard let schedule = Schedule(text: change.schedule) else {
            throw Problem(
                status: 400, title: "Not a digest",
                detail:
                    "\"\(change.schedule)\" is no schedule; write daily 15:00, weekly monday 07:00 or monthly 1 07:00.")
        }
        change.schedule = schedule.text
        guard change.quiet.isEmpty || QuietHours(text: change.quiet) != nil else {
            throw Problem(
                status: 400, title: "Not hours",
                detail: "\"\(change.quiet)\" are no hours; write 18:00-07:00, or nothing.")
        }
        if change.kinds.isEmpty {
            throw Problem(
                status: 400, title: "Nothing to hear of",
                detail: "Tick what the reader hears of, or switch the reader off.")
        }
        return change
    }

    private static func words(_ name: String, _ file: AlertSettings, _ changes: AlertChanges) -> String? {
        guard let reader = file.allReaders(changes).first(where: { $0.name == name }) else { return nil }
        return reader.words + (changes.readers[name]?.isOff == true ? "; off" : "")
    }
}

extension AlertReader {
    /// A reader with the usual schedule.
    fileprivate init(name: String, mail: EmailAddress) { self.init(name: name, channel: .mail(mail)) }
}
