import Registry
import Usage

/// The tools of one status.
struct StatusSection: Equatable {
    /// Where links lead, `flagged`.
    var anchor: String
    var badge: StatusBadge
    /// Such as `Flagged and in use`.
    var heading: String
    /// Such as `3 tools`.
    var size: String
    var meaning: String
    var tools: ToolTable?
    /// What it says in place of a table.
    var none: String?
    var queue: ReviewQueue?

    /// All sections, what needs action first.
    static func all(of report: UseReport) -> [StatusSection] {
        Status.byUrgency.map { StatusSection($0, of: report) }
    }

    private init(_ status: Status, of report: UseReport) {
        let uses = report.tools.filter { $0.platform.status == status }
        badge = StatusBadge(status)
        anchor = badge.style
        heading =
            switch status {
            case .flagged: "Flagged and in use"
            case .unlisted: "Not in the registry"
            case .underReview: "Under review"
            case .approved: "Approved and in use"
            }
        size = counted(uses.count, "tool")
        meaning = status.meaning
        if uses.isEmpty {
            none = Self.nothing(status)
        } else {
            tools = ToolTable(caption: "\(heading): \(size)", rows: uses.map { ToolRow($0, in: report.scope) })
        }
        if status == .unlisted, !report.unknown.isEmpty {
            queue = ReviewQueue(report.unknown, in: report.scope)
        }
    }

    private static func nothing(_ status: Status) -> String {
        switch status {
        case .flagged: "No flagged tool is in use."
        case .unlisted: "Every known tool in use is in the registry."
        case .underReview: "No tool under review is in use."
        case .approved: "No approved tool is in use."
        }
    }
}

/// Tools with their figures.
struct ToolTable: Equatable {
    var caption: String
    var rows: [ToolRow]
}

/// Names that belong to no known tool, to be looked at by somebody.
struct ReviewQueue: Equatable {
    /// How many names show before the others are folded.
    static let shown = 25

    var heading = "Names to look at"
    /// Such as `1,000 names`.
    var queueSize: String
    var queueMeaning = """
        These belong to no known tool, most devices first. Whoever knows one adds it to the registry with its status; \
        whatever is not a tool at all is added as infrastructure and disappears from this list.
        """
    var head: NameTable
    var rest: Rest?

    /// The folded ones.
    struct Rest: Equatable {
        var label: String
        var table: NameTable
    }

    init(_ names: [NameUse], in scope: UseReport.Scope) {
        let rows = names.map { NameRow($0, in: scope) }
        queueSize = counted(rows.count, "name")
        head = NameTable(
            nameCaption: "Names of no known tool, most devices first", rows: Array(rows.prefix(Self.shown)))
        if rows.count > Self.shown {
            let others = Array(rows.dropFirst(Self.shown))
            rest = Rest(
                label: "Show the other \(counted(others.count, "name"))",
                table: NameTable(nameCaption: "The other names of no known tool", rows: others))
        }
    }
}

/// Host names with their figures.
struct NameTable: Equatable {
    var nameCaption: String
    var rows: [NameRow]
}
