import Registry
import Store
import Usage
import Wire

extension Table {
    /// Tools with the columns that were chosen.
    init(of lines: [ToolLine], query: ToolsQuery, over basis: Basis) {
        func sort(_ column: ToolColumn?) -> Sort {
            Sort(
                link: query.changed { $0.order = query.order.clicked(column) }.link,
                current: query.order.column == column ? query.order.direction : nil)
        }
        self.init(
            caption: "Tools in use. \(basis.sentence)",
            columns: [Column("tool", "Tool", sort: sort(nil))]
                + query.columns.map { Column($0.rawValue, $0.label, isNumber: $0.isNumber, sort: sort($0)) },
            remarks: Self.toolRemarks,
            rows: lines.map { Row(of: $0, columns: query.columns, scope: query.scope) })
    }

    /// What stands below a tool's name: where to move to, what use is bound to, and that it is embedded.
    static let toolRemarks = [
        Column("replacement", "Move to"), Column("conditions", "Condition:"), Column("embedded", "Embedded, not used:"),
    ]
}

extension Table.Row {
    /// A tool with the columns that were chosen.
    init(of line: ToolLine, columns: [ToolColumn], scope: ScopeQuery) {
        let platform = line.use.platform
        let name = Cell.text(platform.name, link: toolHref(platform.name, in: scope))
        var remarks: [Cell?] = [nil, nil, nil]
        if platform.status == .flagged, !platform.replacement.isEmpty {
            remarks[0] = .text(platform.replacement, link: toolHref(platform.replacement))
        }
        if !platform.conditions.isEmpty { remarks[1] = .text(platform.conditions) }
        if case .embedded(let evidence) = line.manner { remarks[2] = .text(evidence.sentence) }
        self.init([name] + columns.map { Cell($0, of: line) }, remarks: remarks)
    }
}

extension Cell {
    fileprivate init(_ column: ToolColumn, of line: ToolLine) {
        self =
            switch column {
            case .status: .status(line.use.platform.status)
            case .category: .text(line.use.platform.category)
            case .vendor: .text(line.use.platform.vendor)
            case .schools: .number(line.use.schools)
            case .devices: .average(line.use.figures.typicalDevices)
            case .deviceHours: .average(line.use.figures.typicalDeviceHours)
            case .change: .mark(line.change.mark, line.change.words)
            case .busiest: .devices(line.use.figures.busiestDevices)
            case .manner: .text(line.manner.words)
            case .firstSeen: .day(line.use.firstSeen?.description)
            case .dns: .number(line.use.figures.counts.dns)
            case .tls: .number(line.use.figures.counts.tls)
            case .quic: .number(line.use.figures.counts.quic)
            case .attributed: .number(line.use.figures.counts.attributed)
            }
    }
}

extension Manner {
    /// The manner in a word.
    var words: String {
        switch self {
        case .used: "used"
        case .embedded: "embedded"
        case .infrastructure: "infrastructure"
        }
    }
}

extension Change {
    /// The change in a few words; empty where there is none to tell.
    var words: String {
        switch self {
        case .new: "new"
        case .growing(let percent): percent >= 1000 ? "more than ×10" : "+\(written(percent))%"
        case .shrinking(let percent): "−\(written(percent))%"
        case .back: "back"
        case .steady: "steady"
        case .unknown: "—"
        }
    }

    /// What asks to be looked at: what is new or grows.
    var mark: Cell.Mark {
        switch self {
        case .new, .growing, .back: .warning
        case .shrinking, .steady, .unknown: .plain
        }
    }
}

extension Embedding {
    /// The evidence in a sentence.
    var sentence: String {
        let shown = names.prefix(2).joined(separator: ", ")
        let others = names.count > 2 ? " and \(counted(names.count - 2, "other name"))" : ""
        let own =
            ownDevices == 0
            ? "and none with a name of its own site"
            : "and only \(writtenDevices(ownDevices)) with a name of its own site"
        return "\(counted(devices, "device")) spoke with \(shown)\(others), from which pages of others load parts, "
            + own
    }
}
