package import Usage

/// What the page of schools is asked.
package struct SchoolsQuery: Sendable, Equatable {
    /// Whether they report; nil for any.
    package var state: Reporting?
    /// The one region, or nil for all.
    package var region: String?
    /// What the school's name contains.
    package var search: String?
    /// The days of the figures.
    package var period: ScopeQuery.Period
    /// The page, from 1.
    package var page: Int

    /// Asks for all schools.
    package init(
        state: Reporting? = nil, region: String? = nil, search: String? = nil,
        period: ScopeQuery.Period = ScopeQuery.usual, page: Int = 1
    ) {
        self.state = state
        self.region = region
        self.search = search
        self.period = period
        self.page = page
    }

    /// Reads an address.
    package init(_ fields: AddressFields) throws(AddressMistake) {
        state = try fields.choice("state", of: Reporting.self)
        region = fields.text("region")
        search = fields.text("search")
        period = try ScopeQuery(fields).period
        page = try fields.number("page", upTo: 1_000_000) ?? 1
    }

    /// The part of the district and the days.
    package var scope: ScopeQuery { ScopeQuery(region: region, period: period) }

    var fields: [(name: String, value: String?)] {
        scope.fields + [("state", state?.rawValue), ("search", search), ("page", page == 1 ? nil : String(page))]
    }

    func changed(_ change: (inout SchoolsQuery) -> Void) -> SchoolsQuery {
        var query = self
        query.page = 1
        change(&query)
        return query
    }

    func link(to path: String = "/schools") -> String { href(path, fields) }
}
