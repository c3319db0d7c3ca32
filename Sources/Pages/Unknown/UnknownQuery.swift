import Usage

/// What the review queue is asked.
package struct UnknownQuery: Sendable, Equatable {
    /// The part of the district and the days.
    package var scope: ScopeQuery
    /// Which groups.
    package var kind: Kind
    /// What one of the group's names contains.
    package var search: String?
    /// The page, from 1.
    package var page: Int

    /// Asks for what waits for review.
    package init(scope: ScopeQuery = ScopeQuery(), kind: Kind = .open, search: String? = nil, page: Int = 1) {
        self.scope = scope
        self.kind = kind
        self.search = search
        self.page = page
    }

    /// Reads an address.
    package init(_ fields: AddressFields) throws(AddressMistake) {
        scope = try ScopeQuery(fields)
        kind = try fields.choice("state", of: Kind.self) ?? .open
        search = fields.text("search")
        page = try fields.number("page", upTo: 1_000_000) ?? 1
    }

    /// Which groups to show.
    package enum Kind: String, Sendable, CaseIterable {
        /// Those that wait for review.
        case open
        /// Those that somebody dismissed.
        case dismissed

        var label: String {
            switch self {
            case .open: "To review"
            case .dismissed: "Dismissed"
            }
        }
    }

    var fields: [(name: String, value: String?)] {
        scope.fields
            + [
                ("state", kind == .open ? nil : kind.rawValue), ("search", search),
                ("page", page == 1 ? nil : String(page)),
            ]
    }

    func changed(_ change: (inout UnknownQuery) -> Void) -> UnknownQuery {
        var query = self
        query.page = 1
        change(&query)
        return query
    }

    /// The address of the page, or of a file with all of its rows.
    package func link(to path: String = "/unknown") -> String { href(path, fields) }
}
