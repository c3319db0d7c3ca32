import Alerts
package import Programme
package import Store
import Wire

/// What the page of alerts is asked.
package struct AlertsQuery: Sendable, Equatable {
    /// Which alerts.
    package var filter: AlertFilter
    /// The page, from 1.
    package var page: Int

    /// How many alerts a page has.
    package static let size = Paging.size

    /// Reads an address.
    package init(_ fields: AddressFields) throws(AddressMistake) {
        filter = AlertFilter(
            state: try fields.choice("state", of: AlertState.self) ?? .open,
            kind: try fields.choice("kind", of: Alert.Kind.self), search: fields.text("search") ?? "")
        page = try fields.number("page", upTo: 1_000_000) ?? 1
    }

    /// The address of a part of the alerts.
    package func link(state: AlertState? = nil, page: Int = 1) -> String {
        let state = state ?? filter.state
        return href(
            "/alerts",
            [
                ("state", state == .open ? nil : state.rawValue), ("kind", filter.kind?.rawValue),
                ("search", filter.search.isEmpty ? nil : filter.search), ("page", page == 1 ? nil : "\(page)"),
            ])
    }
}

extension Sheet {
    /// The alerts, and what is under way to their readers.
    ///
    /// - Parameters:
    ///   - alerts: The alerts of this page.
    ///   - totals: How many there are in each state.
    ///   - query: What the address asks for.
    ///   - undelivered: How many messages were not delivered.
    ///   - readers: Who is told.
    ///   - mayEdit: Whether the reader may do something about them.
    ///   - now: Seconds since 1970.
    ///   - clock: The district's clock.
    /// - Returns: The page.
    package static func alerts(
        _ alerts: [FiredAlert], totals: [AlertState: Int], _ query: AlertsQuery, undelivered: [OutboxState: Int],
        readers: [String], mayEdit: Bool, now: Int, clock: DistrictClock
    ) -> Sheet {
        let total = totals[query.filter.state] ?? 0
        var blocks: [Block] = []
        if let dead = undelivered[.dead] {
            blocks += [
                .notice(
                    "\(counted(dead, "message was", "messages were")) given up: their readers have not heard of it."),
                .links([Link("See why, and send again", outboxLink(.dead))]),
            ]
        }
        blocks += [
            .heading("Alerts of the last 90 days"),
            .tabs(
                "State",
                AlertState.allCases.map { state in
                    SheetTab(
                        state.label, totals[state] ?? 0, link: query.link(state: state),
                        isCurrent: state == query.filter.state)
                }), .form(filterForm(query)),
        ]
        if mayEdit, query.filter.state == .open, total > 1 { blocks.append(acknowledgeAll(query, total)) }
        blocks.append(.list(SheetList(listing: listing(alerts, total, query, mayEdit, now, clock))))
        return Sheet(
            title: "Alerts", headline: "Alerts",
            summary: "\(counted(totals[.open] ?? 0, "open alert")). Told to "
                + (readers.isEmpty ? "nobody: there is no reader yet." : readers.joined(separator: ", ") + "."),
            links: [
                Link("Rules and readers", "/alerts/rules"),
                Link("Messages", outboxLink(undelivered[.dead] == nil ? .waiting : .dead)),
            ], blocks: blocks)
    }

    private static func listing(
        _ alerts: [FiredAlert], _ total: Int, _ query: AlertsQuery, _ mayEdit: Bool, _ now: Int, _ clock: DistrictClock
    ) -> Listing {
        let table = Table(
            caption: "\(query.filter.state.label) alerts",
            columns: [
                .init("what", "What was seen"), .init("kind", "Rule"), .init("day", "Fired"),
                .init("owner", "With"), .init("until", "Put off until"), .init("by", "Acknowledged by"),
            ],
            remarks: [.init("registry", "Registry:"), .init("ask", "Asked:")],
            rows: alerts.map { fired in
                let putOff = fired.snoozedUntil.flatMap { $0 > now ? clock.day(at: $0).description : nil }
                return Table.Row(
                    [
                        .text(fired.alert.seen, link: fired.alert.link), .text(fired.alert.subject.kind.heading),
                        .day(clock.day(at: fired.at).description), .text(fired.assignedTo), .day(putOff),
                        .text(fired.acknowledgedBy ?? ""),
                    ], remarks: [.text(fired.alert.registry), .text(fired.alert.ask)],
                    forms: mayEdit ? forms(fired, query) : [])
            }, none: "There is none.")
        return Listing(
            part: table, page: query.page, of: total, "alert",
            none: query.filter.kind == nil && query.filter.search.isEmpty
                ? nil : EmptyList(sentence: "No alert matches all of these filters.", link: "/alerts"),
            link: { query.link(page: $0) })
    }

    private static func filterForm(_ query: AlertsQuery) -> SheetForm {
        let kinds = Alert.Kind.allCases.map { SheetForm.Option($0.rawValue, $0.heading) }
        return SheetForm(
            "/alerts", isChange: false,
            [
                .init("search", "Search", .search, value: query.filter.search),
                .init(
                    "kind", "Rule", .choice([SheetForm.Option("", "Any rule")] + kinds),
                    value: query.filter.kind?.rawValue ?? ""), .hidden("state", query.filter.state.rawValue),
            ], button: "Show")
    }

    private static func acknowledgeAll(_ query: AlertsQuery, _ total: Int) -> Block {
        .folded(
            "Acknowledge all \(written(total)) of them",
            [
                .text("Nobody is told of them any more. They stay under “Acknowledged”."),
                .form(
                    SheetForm(
                        "/alerts/all",
                        [.hidden("kind", query.filter.kind?.rawValue ?? ""), .hidden("search", query.filter.search)],
                        button: "Acknowledge all \(written(total))")),
            ])
    }

    private static func forms(_ fired: FiredAlert, _ query: AlertsQuery) -> [SheetForm] {
        func form(_ step: String, _ fields: [SheetForm.Field], _ button: String) -> SheetForm {
            SheetForm(
                "/alerts",
                [
                    .hidden("number", "\(fired.number)"), .hidden("step", step),
                    .hidden("back", query.link(page: query.page)),
                ]
                    + fields, button: button)
        }
        let assign = form("assign", [.init("to", "Assign to", value: fired.assignedTo)], "Assign")
        guard fired.acknowledgedBy == nil else { return [assign] }
        return [
            form("acknowledge", [], "Acknowledge"),
            form("snooze", [.init("days", "Put off for days", .number, value: "7")], "Put off"), assign,
        ]
    }
}

extension AlertState {
    /// The state in words.
    fileprivate var label: String {
        switch self {
        case .open: "Open"
        case .putOff: "Put off"
        case .acknowledged: "Acknowledged"
        }
    }
}
