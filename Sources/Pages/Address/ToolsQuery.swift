package import Registry
import Usage

/// What the page of tools is asked, as its address says it; every choice of the page is in it, so that it can be sent to
/// somebody else.
package struct ToolsQuery: Sendable, Equatable {
    /// The part of the district and the days.
    package var scope: ScopeQuery
    /// The one status, or nil for all.
    package var status: Status?
    /// The one category, or nil for all.
    package var category: String?
    /// How use changed, or nil for any way.
    package var change: ChangeKind?
    /// Whether tools show that are only embedded.
    package var manner: MannerKind
    /// What the tool's name, vendor or category contains.
    package var search: String?
    /// The column that gives the order, and its direction.
    package var order: ToolOrder
    /// The columns beside the first, in their own order.
    package var columns: [ToolColumn]
    /// The page, from 1.
    package var page: Int

    /// Asks for all tools.
    package init(
        scope: ScopeQuery = ScopeQuery(), status: Status? = nil, category: String? = nil, change: ChangeKind? = nil,
        manner: MannerKind = .used, search: String? = nil, order: ToolOrder = ToolOrder(),
        columns: [ToolColumn] = ToolColumn.usual, page: Int = 1
    ) {
        self.scope = scope
        self.status = status
        self.category = category
        self.change = change
        self.manner = manner
        self.search = search
        self.order = order
        self.columns = columns
        self.page = page
    }

    /// Reads an address.
    package init(_ fields: AddressFields) throws(AddressMistake) {
        scope = try ScopeQuery(fields)
        status = try fields.choice("status", of: Status.self)
        category = fields.text("category")
        change = try fields.choice("change", of: ChangeKind.self)
        manner = try fields.choice("manner", of: MannerKind.self) ?? .used
        search = fields.text("search")
        order = try ToolOrder(fields)
        let chosen = try fields.choices("column", of: ToolColumn.self)
        columns = chosen.isEmpty ? ToolColumn.usual : ToolColumn.allCases.filter { chosen.contains($0) }
        page = try fields.number("page", upTo: 1_000_000) ?? 1
    }

    /// The fields of an address that asks for this.
    var fields: [(name: String, value: String?)] {
        let isUsual = columns == ToolColumn.usual
        return scope.fields
            + [
                ("status", status?.rawValue), ("category", category), ("change", change?.rawValue),
                ("manner", manner == .used ? nil : manner.rawValue), ("search", search),
                ("sort", order == ToolOrder() ? nil : order.text),
            ]
            + (isUsual ? [] : columns.map { ("column", $0.rawValue) })
            + [("page", page == 1 ? nil : String(page))]
    }

    /// The address of the page.
    package var link: String { href("/tools", fields) }

    /// The address of all rows as a file, `csv` or `json`.
    func link(to format: String) -> String { href("/tools." + format, changed { $0.page = 1 }.fields) }

    /// The same question with something changed, from its first page on.
    func changed(_ change: (inout ToolsQuery) -> Void) -> ToolsQuery {
        var query = self
        query.page = 1
        change(&query)
        return query
    }
}

/// A column of the table of tools beside the tool itself.
package enum ToolColumn: String, Sendable, CaseIterable {
    /// What the district decided.
    case status
    /// What it is for.
    case category
    /// Who makes it.
    case vendor
    /// Schools at which it was seen.
    case schools
    /// Devices on a typical school day.
    case devices
    /// Device-hours on a typical school day.
    case deviceHours = "device_hours"
    /// How devices changed since the period before.
    case change
    /// Devices on the busiest day.
    case busiest
    /// Whether it is used for itself.
    case manner
    /// The first day on which it was seen.
    case firstSeen = "first_seen"
    /// Questions for an address.
    case dns
    /// Connections over TCP.
    case tls
    /// Connections over QUIC.
    case quic
    /// How many of the connections were attributed.
    case attributed

    /// What shows where nothing was chosen: use in devices first.
    package static let usual: [ToolColumn] = [.status, .category, .schools, .devices, .deviceHours, .change]

    /// What people read.
    var label: String {
        switch self {
        case .status: "Status"
        case .category: "Category"
        case .vendor: "Vendor"
        case .schools: "Schools"
        case .devices: "Devices a day"
        case .deviceHours: "Device-hours a day"
        case .change: "Change"
        case .busiest: "Busiest day"
        case .manner: "Used or embedded"
        case .firstSeen: "First seen"
        case .dns: "DNS queries"
        case .tls: "TLS"
        case .quic: "QUIC"
        case .attributed: "Attributed"
        }
    }

    /// Whether it holds numbers.
    var isNumber: Bool {
        switch self {
        case .status, .category, .vendor, .manner, .firstSeen: false
        case .schools, .devices, .deviceHours, .change, .busiest, .dns, .tls, .quic, .attributed: true
        }
    }
}

/// In which order tools stand.
package struct ToolOrder: Sendable, Equatable {
    /// The column; nil for the tool's name.
    var column: ToolColumn?
    /// Which end comes first.
    var direction: Table.Direction

    /// Most devices first, unless said otherwise.
    package init(by column: ToolColumn? = .devices, _ direction: Table.Direction = .descending) {
        self.column = column
        self.direction = direction
    }

    /// Reads `sort`, `devices` or `-devices` for the largest first.
    init(_ fields: AddressFields) throws(AddressMistake) {
        self.init()
        guard let text = fields.text("sort") else { return }
        let isDescending = text.hasPrefix("-")
        let word = isDescending ? String(text.dropFirst()) : text
        guard word == "tool" || ToolColumn(rawValue: word) != nil else {
            let words = (["tool"] + ToolColumn.allCases.map(\.rawValue)).joined(separator: ", ")
            throw AddressMistake(
                field: "sort", text: text, remedy: "choose one of \(words), with - before it for the largest first")
        }
        column = ToolColumn(rawValue: word)
        direction = isDescending ? .descending : .ascending
    }

    /// The order as an address has it.
    var text: String { (direction == .descending ? "-" : "") + (column?.rawValue ?? "tool") }

    /// The order that a click on a column's head asks for: the other way round where it is in force already.
    func clicked(_ column: ToolColumn?) -> ToolOrder {
        let first: Table.Direction = column?.isNumber == true ? .descending : .ascending
        guard self.column == column else { return ToolOrder(by: column, first) }
        return ToolOrder(by: column, direction == .descending ? .ascending : .descending)
    }
}

/// The ways of changing that can be asked for.
package enum ChangeKind: String, Sendable, CaseIterable {
    /// Seen for the first time.
    case new
    /// More devices than in the period before.
    case growing
    /// Fewer.
    case shrinking

    /// What people read.
    var label: String {
        switch self {
        case .new: "Newly discovered"
        case .growing: "Growing"
        case .shrinking: "Shrinking"
        }
    }

    /// Whether a change is of this kind.
    func contains(_ change: Change) -> Bool {
        switch (self, change) {
        case (.new, .new), (.growing, .growing), (.growing, .back), (.shrinking, .shrinking): true
        default: false
        }
    }
}

/// The manners of use that can be asked for.
package enum MannerKind: String, Sendable, CaseIterable {
    /// Only what is used for itself.
    case used
    /// Only what is embedded in pages of others.
    case embedded
    /// Both.
    case all
    /// What tools run on.
    case infrastructure

    /// What people read.
    var label: String {
        switch self {
        case .used: "Used"
        case .embedded: "Embedded, not used"
        case .all: "Used and embedded"
        case .infrastructure: "Infrastructure"
        }
    }

    /// Whether a manner is of this kind.
    func contains(_ manner: Manner) -> Bool {
        switch (self, manner) {
        case (.used, .used), (.embedded, .embedded), (.all, .used), (.all, .embedded): true
        case (.infrastructure, .infrastructure): true
        default: false
        }
    }
}
