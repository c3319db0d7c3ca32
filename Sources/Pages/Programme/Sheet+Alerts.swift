import Alerts
package import Programme
package import Store
import Wire

extension Sheet {
    /// The alerts, and what is under way to their readers.
    package static func alerts(
        _ alerts: [FiredAlert], total: Int, outbox: [OutboxLine], readers: [String], mayEdit: Bool, now: Int,
        clock: DistrictClock
    ) -> Sheet {
        let open = alerts.filter { $0.acknowledgedBy == nil }
        func table(_ caption: String, _ alerts: [FiredAlert]) -> Block {
            .table(
                SheetTable(
                    caption,
                    [
                        .init("what", "What was seen"), .init("kind", "Rule"), .init("day", "Fired"),
                        .init("registry", "Registry"),
                        .init("ask", "To do"), .init("state", "State"), .init("change", "Change"),
                    ],
                    alerts.map { fired in
                        [
                            .text(fired.alert.seen, link: fired.alert.link), .text(fired.alert.subject.kind.heading),
                            .day(clock.day(at: fired.at).description), .text(fired.alert.registry),
                            .text(fired.alert.ask),
                            .text(fired.state(now: now, clock: clock)), mayEdit ? .buttons(buttons(fired)) : .text(""),
                        ]
                    }, none: "None."))
        }
        let dead = outbox.filter(\.isDead)
        return Sheet(
            title: "Alerts", headline: "Alerts",
            summary: "\(counted(total, "alert")) in the last 90 days"
                + (total > alerts.count ? ", of which \(written(alerts.count)) are shown." : ".")
                + " Told to \(readers.isEmpty ? "nobody: the settings name no reader" : readers.joined(separator: ", ")).",
            blocks: [
                .heading("Open (\(written(open.count)))"), table("Open alerts", open),
                .heading("Messages that were given up (\(written(dead.count)))"),
                .table(outboxTable("Messages that were given up", dead, mayEdit: mayEdit, clock: clock)),
                .heading("Messages that wait"),
                .table(outboxTable("Messages that wait", outbox.filter { !$0.isDead }, mayEdit: false, clock: clock)),
                .heading("Acknowledged"), table("Acknowledged alerts", alerts.filter { $0.acknowledgedBy != nil }),
            ])
    }

    private static func outboxTable(
        _ caption: String, _ lines: [OutboxLine], mayEdit: Bool, clock: DistrictClock
    ) -> SheetTable {
        SheetTable(
            caption,
            [
                .init("subject", "Subject"), .init("destination", "To"), .init("written", "Written"),
                .init("attempts", "Attempts", isNumber: true), .init("reason", "Last answer"),
                .init("change", "Change"),
            ],
            lines.map { line in
                [
                    .text(line.subject), .text(line.destination), .day(clock.day(at: line.writtenAt).description),
                    .number(line.attempts), .text(line.reason),
                    mayEdit
                        ? .button(
                            SheetForm("/alerts/outbox", [.hidden("number", "\(line.number)")], button: "Send again"))
                        : .text(""),
                ]
            }, none: "None.")
    }

    private static func buttons(_ fired: FiredAlert) -> [SheetForm] {
        func form(_ step: String, _ fields: [SheetForm.Field], _ button: String) -> SheetForm {
            SheetForm(
                "/alerts", [.hidden("number", "\(fired.number)"), .hidden("step", step)] + fields, button: button)
        }
        var forms = [form("assign", [.init("to", "Assign to", value: fired.assignedTo)], "Assign")]
        if fired.acknowledgedBy == nil {
            forms =
                [
                    form("acknowledge", [], "Acknowledge"),
                    form("snooze", [.init("days", "Put off for days", .number, value: "7")], "Put off"),
                ] + forms
        }
        return forms
    }
}

extension FiredAlert {
    fileprivate func state(now: Int, clock: DistrictClock) -> String {
        var parts: [String] = []
        if let acknowledgedBy { parts.append("acknowledged by \(acknowledgedBy)") }
        if let snoozedUntil, snoozedUntil > now { parts.append("put off until \(clock.day(at: snoozedUntil))") }
        if !assignedTo.isEmpty { parts.append("with \(assignedTo)") }
        return parts.isEmpty ? "new" : parts.joined(separator: ", ")
    }
}
