package import Alerts
package import Identity
import Wire

/// The page of the rules and readers of alerts.
extension Sheet {
    /// When alerts fire, who is told, and who changed that.
    ///
    /// - Parameters:
    ///   - file: What the district's file says.
    ///   - changes: What people changed in its place.
    ///   - history: What the audit log has of these changes, newest first.
    ///   - mayEdit: Whether the reader may change something.
    ///   - mayAudit: Whether the reader may read the audit log, which has all of them.
    /// - Returns: The page.
    package static func alertRules(
        file: AlertSettings, _ changes: AlertChanges, history: [AuditEntry], mayEdit: Bool, mayAudit: Bool
    ) -> Sheet {
        let rules = file.changed(by: changes).rules
        let readers = file.allReaders(changes)
        var blocks: [Block] = [
            .heading("Rules"), .table(rulesTable(rules, file.rules, changes, mayEdit)), .heading("Readers"),
            .table(readersTable(readers, file, changes, mayEdit)),
        ]
        if file.tellsSchools, file.mail != nil {
            blocks.append(
                .text(
                    "School leaders whose account is an e-mail address hear what is flagged and in use at their school, and what is decided on that it uses."
                ))
        }
        if mayEdit, file.mail != nil {
            blocks.append(.folded("Add a reader", [.form(readerForm(nil, AlertReaderDraft(), hasMail: true))]))
        }
        if mayEdit, file.mail == nil {
            blocks.append(
                .text(
                    "No reader can be added: the settings name no mail server. Add a table [mail] to the file of alerts."
                ))
        }
        blocks += [
            .heading("Changed lately"),
            .table(
                Table(
                    caption: "Changes of rules and readers",
                    columns: [
                        .init("at", "When"), .init("who", "Who"), .init("subject", "What"), .init("before", "Before"),
                        .init("after", "After"),
                    ],
                    rows: history.map {
                        Table.Row([
                            .text(Moment.written($0.at)), .text($0.who.name), .text($0.subject),
                            .text($0.before ?? ""), .text($0.after ?? ""),
                        ])
                    }, none: "Nobody changed anything on this page: everything is as the file says.")),
        ]
        if mayAudit, !history.isEmpty {
            blocks.append(
                .links([Link("All changes, in the audit log", href("/audit", [("what", "alert_rules.change")]))]))
        }
        return Sheet(
            title: "Rules and readers", headline: "When alerts fire, and who is told",
            summary: "What is changed here holds at once, and takes the place of the file of alerts.",
            links: [Link("Alerts", "/alerts")], blocks: blocks)
    }

    private static func rulesTable(
        _ rules: AlertRules, _ file: AlertRules, _ changes: AlertChanges, _ mayEdit: Bool
    ) -> Table {
        let kinds = Alert.Kind.allCases.map { Optional($0) } + [nil]
        return Table(
            caption: "Rules",
            columns: [
                .init("rule", "Rule"), .init("fires", "Fires when"), .init("told", "Told"), .init("state", "State"),
            ],
            remarks: [.init("file", "The file says:")],
            rows: kinds.map { kind in
                let numbers = RuleNumber.allCases.filter { $0.kind == kind }
                let isChanged =
                    numbers.contains { changes.numbers[$0] != nil } || kind.map { changes.isOn[$0] != nil } ?? false
                return Table.Row(
                    [
                        .text(kind?.heading ?? "All rules"), .text(rules.sentence(kind)),
                        .text(kind.map { $0.isUrgent ? "at once" : "with the digest" } ?? ""),
                        kind.map { rules.off.contains($0) ? .mark(.warning, "Off") : .mark(.good, "On") } ?? .text(""),
                    ],
                    remarks: [isChanged ? .text(file.words(kind)) : nil],
                    forms: mayEdit ? ruleForms(kind, numbers, rules, isChanged: isChanged) : [])
            })
    }

    private static func ruleForms(
        _ kind: Alert.Kind?, _ numbers: [RuleNumber], _ rules: AlertRules, isChanged: Bool
    ) -> [SheetForm] {
        let hidden = SheetForm.Field.hidden("kind", kind?.rawValue ?? "")
        var fields = numbers.map {
            SheetForm.Field($0.rawValue, $0.label, .number, value: "\(rules[$0])", isRequired: true)
        }
        if let kind {
            fields.append(
                .init(
                    "state", "Rule", .choice([.init("on", "On"), .init("off", "Off")]),
                    value: rules.off.contains(kind) ? "off" : "on"))
        }
        let change = SheetForm(
            "/alerts/rules", [hidden, .hidden("step", "keep")] + fields, button: "Keep", summary: "Change")
        let back = SheetForm("/alerts/rules", [hidden, .hidden("step", "file")], button: "As in the file")
        return isChanged ? [back, change] : [change]
    }

    private static func readersTable(
        _ readers: [AlertReader], _ file: AlertSettings, _ changes: AlertChanges, _ mayEdit: Bool
    ) -> Table {
        Table(
            caption: "Readers",
            columns: [
                .init("name", "Reader"), .init("channel", "How"), .init("schedule", "Digest"),
                .init("urgent", "Urgent alerts"), .init("quiet", "Quiet"), .init("schools", "Schools"),
                .init("state", "State"),
            ],
            remarks: [.init("kinds", "Hears of"), .init("file", "The file says:")],
            rows: readers.map { reader in
                let change = changes.readers[reader.name]
                let original = file.reader(named: reader.name)
                return Table.Row(
                    [
                        .text(reader.name), .text(reader.channel.words), .text(reader.schedule.text),
                        .text(reader.wantsUrgent ? "at once" : "with the digest"), .text(reader.quiet?.text ?? ""),
                        .list((reader.schools ?? []).sorted()),
                        change?.isOff == true ? .mark(.warning, "Off") : .mark(.good, "On"),
                    ],
                    remarks: [
                        .text(reader.kindsInWords), change == nil ? nil : original.map { .text($0.words) },
                    ], forms: mayEdit ? readerForms(reader, change, isOfFile: original != nil) : [])
            }, none: "There is no reader: alerts are only shown here.")
    }

    private static func readerForms(
        _ reader: AlertReader, _ change: AlertChanges.ReaderChange?, isOfFile: Bool
    ) -> [SheetForm] {
        func step(_ step: String, _ button: String) -> SheetForm {
            SheetForm("/alerts/readers", [.hidden("name", reader.name), .hidden("step", step)], button: button)
        }
        var forms = [change?.isOff == true ? step("on", "Switch on") : step("off", "Switch off")]
        if change != nil { forms.append(isOfFile ? step("file", "As in the file") : step("file", "Remove")) }
        return forms + [readerForm(reader.name, AlertReaderDraft(reader), hasMail: !isOfFile)]
    }

    private static func readerForm(_ name: String?, _ draft: AlertReaderDraft, hasMail: Bool) -> SheetForm {
        let kinds = Alert.Kind.allCases.map { SheetForm.Option($0.rawValue, $0.heading) }
        var fields: [SheetForm.Field] = [.hidden("step", name == nil ? "add" : "keep")]
        fields.append(name.map { .hidden("name", $0) } ?? .init("name", "Name", isRequired: true))
        if hasMail { fields.append(.init("mail", "E-mail address", value: draft.mail, isRequired: true)) }
        fields += [
            .init("schedule", "Digest, such as weekly monday 07:00", value: draft.schedule, isRequired: true),
            .init(
                "urgent", "Urgent alerts", .choice([.init("now", "At once"), .init("digest", "With the digest")]),
                value: draft.urgent), .init("quiet", "Quiet hours, such as 18:00-06:00", value: draft.quiet),
            .init("schools", "Schools, with semicolons between, or nothing for all", value: draft.schools),
            .init("kinds", "Hears of", .boxes(kinds, chosen: draft.kinds)),
        ]
        return SheetForm("/alerts/readers", fields, button: name == nil ? "Add" : "Keep", summary: "Change")
    }
}

/// What stands in the form of a reader.
private struct AlertReaderDraft {
    var mail = ""
    var schedule = "daily 15:00"
    var urgent = "now"
    var quiet = ""
    var schools = ""
    var kinds = Set(Alert.Kind.allCases.map(\.rawValue))

    init() {}

    init(_ reader: AlertReader) {
        if case .mail(let address) = reader.channel { mail = address.text }
        schedule = reader.schedule.text
        urgent = reader.wantsUrgent ? "now" : "digest"
        quiet = reader.quiet?.text ?? ""
        schools = (reader.schools ?? []).sorted().joined(separator: "; ")
        kinds = Set(reader.kinds.map(\.rawValue))
    }
}

extension Channel {
    /// How a reader is reached, in words.
    fileprivate var words: String {
        switch self {
        case .mail(let address): address.text
        case .webhook(let target): "webhook (\(target.shape.rawValue))"
        }
    }
}

extension AlertReader {
    /// What the reader hears of, in words.
    fileprivate var kindsInWords: String {
        kinds.count == Alert.Kind.allCases.count
            ? "everything" : kinds.map(\.rawValue).sorted().joined(separator: ", ")
    }

    /// What the reader is told and when, in a line.
    package var words: String {
        let schools = schools.map { "; of " + $0.sorted().joined(separator: ", ") } ?? ""
        return "\(kindsInWords); \(schedule.text); urgent \(wantsUrgent ? "at once" : "with the digest")"
            + (quiet.map { "; quiet \($0.text)" } ?? "") + schools
    }
}

extension AlertRules {
    /// When a rule fires, in a sentence; without a kind, what holds for all.
    fileprivate func sentence(_ kind: Alert.Kind?) -> String {
        switch kind {
        case .decision: "a review begins, a platform is approved, flagged or taken off the lists, or an approval ends"
        case .audit: "an audit ends, passed or failed, and waits for a decision"
        case .discovered:
            "a tool or name without a decision is in use at \(counted(discoveredSchools, "school")) or on "
                + counted(discoveredDevices, "device")
        case .flaggedInUse: "a flagged tool is in use at a school on \(counted(flaggedDevices, "device"))"
        case .growth:
            "a tool has \(growthFactor) times the devices of the four weeks before, and at least \(written(growthDevices))"
        case .expiring: "an approval ends within \(counted(expiringDays, "day"))"
        case .beyondLicence: "more devices use a tool than there are licences"
        case .beyondAudience: "a tool for staff alone is used in a students' segment"
        case .silent: "a school has not reported on \(counted(silentDays, "school day"))"
        case .coverageLost:
            "\(counted(coveragePoints, "percentage point")) fewer of a school's connections can be named than in the "
                + "four weeks before"
        case nil: "what still is so is told again after \(counted(rearmDays, "day"))"
        }
    }

    /// What a rule says, in a line for the audit log: `discovered_schools = 2, on`.
    package func words(_ kind: Alert.Kind?) -> String {
        let numbers = RuleNumber.allCases.filter { $0.kind == kind }.map { "\($0.rawValue) = \(self[$0])" }
        return (numbers + (kind.map { [off.contains($0) ? "off" : "on"] } ?? [])).joined(separator: ", ")
    }
}
