package import Identity

/// Who changed or took away what and when.
package struct AuditPage: Sendable, Equatable {
    var title = "Audit log"
    var who: String
    var what: String
    var subject: String
    var from: String
    var to: String
    var isNarrowed: Bool
    var rows: [Row]
    var csvLink: String
    /// The entries before these; nil on the last page.
    var olderLink: String?
    /// The newest again; nil on the first page.
    var newestLink: String?
    /// Whether there are entries: a table with nothing in it is read out too.
    var hasRows: Bool

    /// An entry.
    struct Row: Sendable, Equatable {
        var at: String
        var who: String
        var by: String
        var what: String
        var subject: String
        var before: String
        var after: String

        init(_ entry: AuditEntry) {
            at = Moment.written(entry.at)
            who = entry.who.name.isEmpty ? "—" : entry.who.name
            by = [entry.who.way.label, entry.who.address].compactMap { $0 }.joined(separator: ", ")
            what = entry.what
            subject = entry.subject.isEmpty ? "—" : entry.subject
            before = entry.before ?? "—"
            after = entry.after ?? "—"
        }
    }

    /// What was asked for.
    package struct Filter: Sendable, Equatable {
        var fields: [(name: String, value: String?)]

        /// Takes what the address says.
        package init(who: String?, what: String?, subject: String?, from: String?, to: String?) {
            fields = [("who", who), ("what", what), ("subject", subject), ("from", from), ("to", to)]
        }

        func text(_ name: String) -> String { fields.first { $0.name == name }?.value ?? "" }

        package static func == (left: Filter, right: Filter) -> Bool {
            left.fields.map(\.value) == right.fields.map(\.value)
        }
    }

    /// Makes a page of the log; `older` is the number of its last entry when there are more.
    package init(_ entries: [AuditEntry], filter: Filter, isFirst: Bool, older: Int64?) {
        who = filter.text("who")
        what = filter.text("what")
        subject = filter.text("subject")
        from = filter.text("from")
        to = filter.text("to")
        isNarrowed = filter.fields.contains { $0.value != nil }
        rows = entries.map(Row.init)
        hasRows = !rows.isEmpty
        csvLink = href("/audit.csv", filter.fields)
        olderLink = older.map { href("/audit", filter.fields + [("before", String($0))]) }
        newestLink = isFirst ? nil : href("/audit", filter.fields)
    }
}

extension Who.Way {
    /// The way in the words of pages.
    fileprivate var label: String {
        switch self {
        case .page: "page"
        case .token: "token"
        case .command: "command line"
        case .agent: "agent"
        case .collector: "Rollcall itself"
        }
    }
}
