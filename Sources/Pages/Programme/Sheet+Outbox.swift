package import Programme
package import Store
import Wire

/// The page of messages that are not with their readers yet.
extension Sheet {
    /// The messages of a state, by page.
    package static func outboxLink(_ state: OutboxState) -> String {
        href("/alerts/outbox", [("state", state == .waiting ? nil : state.rawValue)])
    }

    /// The messages that wait, or were given up.
    ///
    /// - Parameters:
    ///   - lines: The messages of this page.
    ///   - totals: How many there are in each state.
    ///   - state: The state that is shown.
    ///   - query: What the address asks for, with the choice `state`.
    ///   - mayEdit: Whether the reader may send them again.
    ///   - clock: The district's clock.
    /// - Returns: The page.
    package static func outbox(
        _ lines: [OutboxLine], totals: [OutboxState: Int], _ state: OutboxState, _ query: ListQuery, mayEdit: Bool,
        clock: DistrictClock
    ) -> Sheet {
        let path = "/alerts/outbox"
        let tabs = [OutboxState.waiting, .dead].map { each in
            SheetTab(
                each.label, totals[each] ?? 0,
                link: query.link(path, "state", each == .waiting ? nil : each.rawValue), isCurrent: each == state)
        }
        let table = outboxTable(lines, state, mayEdit: mayEdit && state == .dead, clock: clock)
        let listing = Listing(
            part: table, page: query.page, of: totals[state] ?? 0, "message",
            none: query.search.isEmpty
                ? nil : EmptyList(sentence: "No message has “\(query.search)” in it.", link: outboxLink(state)),
            link: { query.link(path, page: $0) })
        return Sheet(
            title: "Messages", headline: "Messages on their way",
            summary:
                "A message waits until its receiver has taken it, and those behind it wait with it. One that the receiver "
                + "will never take, or has not taken for days, is given up.",
            links: [Link("Alerts", "/alerts")],
            blocks: [
                .heading("Messages"), .tabs("State", tabs),
                .form(
                    SheetForm(
                        path, isChange: false,
                        [
                            .init("search", "Search", .search, value: query.search), .hidden("state", state.rawValue),
                        ], button: "Show")), .list(SheetList(listing: listing)),
            ])
    }

    private static func outboxTable(
        _ lines: [OutboxLine], _ state: OutboxState, mayEdit: Bool, clock: DistrictClock
    ) -> Table {
        Table(
            caption: "\(state.label) messages",
            columns: [
                .init("subject", "Subject"), .init("destination", "To"), .init("written", "Written"),
                .init("attempts", "Attempts", isNumber: true), .init("reason", "Last answer"),
            ],
            rows: lines.map { line in
                Table.Row(
                    [
                        .text(line.subject), .text(line.receiver), .day(clock.day(at: line.writtenAt).description),
                        .number(line.attempts), .text(line.reason),
                    ],
                    forms: mayEdit
                        ? [SheetForm("/alerts/outbox", [.hidden("number", "\(line.number)")], button: "Send again")]
                        : [])
            }, none: state == .dead ? "No message was given up." : "No message waits: everything was delivered.")
    }
}

extension OutboxLine {
    /// Where it goes, as people write it.
    fileprivate var receiver: String {
        destination.hasPrefix("mail:") ? String(destination.dropFirst(5)) : destination
    }
}

extension OutboxState {
    /// The state in words.
    fileprivate var label: String {
        switch self {
        case .dead: "Given up"
        case .waiting: "Waiting"
        }
    }
}
