import Alerts
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
        .get("/alerts", .people(.readDistrict)), .post("/alerts", .people(.edit)),
        .post("/alerts/outbox", .people(.edit)),
    ]

    func add(to router: some RouterMethods<CollectorContext>) {
        router.group(context: DistrictContext.self).get("alerts") { _, context in
            let (now, settings) = (reader.now(), reader.alertSettings)
            let (shown, total) = try await reader.store.alerts(at: now)
            let sheet = Sheet.alerts(
                shown, total: total, outbox: try await reader.store.undelivered(),
                readers: settings.readers.map(\.name),
                mayEdit: context.reader.may(.edit), now: now, clock: settings.clock)
            return Response(html: pages.shown(to: context.reader.visitor).sheet(sheet, at: "/alerts"))
        }
        addChanges(to: router.group(context: EditorContext.self))
    }

    private func addChanges(to router: some RouterMethods<EditorContext>) {
        router.post("alerts") { _, context in
            let number = try context.form.number("number")
            let (store, step) = (reader.store, context.form.text("step") ?? "")
            switch step {
            case "acknowledge": try await store.acknowledge(alerts: [number], by: context.who.name)
            case "snooze":
                guard let days = context.form.text("days").flatMap({ Int($0) }), (1...90).contains(days) else {
                    throw Problem(status: 400, title: "Not a number of days", detail: "Put it off for 1 to 90 days.")
                }
                try await store.snooze(alert: number, until: reader.now() + days * 86_400)
            case "assign": try await store.assign(alert: number, to: context.form.text("to") ?? "")
            default:
                throw Problem(status: 400, title: "Which step?", detail: "The form names no step; begin at /alerts.")
            }
            try await store.record(
                AuditEntry(at: reader.now(), who: context.who, what: "alert.\(step)", subject: "\(number)"))
            return Response.seeOther("/alerts")
        }
        router.post("alerts/outbox") { _, context in
            let number = try context.form.number("number")
            try await reader.store.revive(message: number, at: reader.now())
            try await reader.store.record(
                AuditEntry(at: reader.now(), who: context.who, what: "message.revive", subject: "\(number)"))
            return Response.seeOther("/alerts")
        }
    }
}
