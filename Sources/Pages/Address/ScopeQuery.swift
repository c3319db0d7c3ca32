package import Store
package import Wire

/// The part of the district and the days that a page is asked about, as its address says it.
package struct ScopeQuery: Sendable, Equatable {
    /// The one school, or nil for all.
    package var school: String?
    /// The one region, or nil for all.
    package var region: String?
    /// The one segment of the schools' networks, or nil for all.
    package var segment: String?
    /// The days.
    package var period: Period

    /// The days that are asked about.
    package enum Period: Sendable, Equatable {
        /// So many days up to the last one with a report.
        case last(Int)
        /// From a day to a day; nil for the first or the last on record.
        case days(from: SchoolDay?, to: SchoolDay?)
    }

    /// What a page shows that was asked for nothing: the last seven days, in which each weekday is once.
    package static let usual = Period.last(7)
    /// The numbers of days to choose from.
    static let choices = [7, 28, 90, 365]

    /// Asks for a part of the district.
    package init(school: String? = nil, region: String? = nil, segment: String? = nil, period: Period = usual) {
        self.school = school
        self.region = region
        self.segment = segment
        self.period = period
    }

    /// Reads `school`, `region`, `segment`, `last`, `from` and `to`; a day that is given wins over `last`.
    package init(_ fields: AddressFields) throws(AddressMistake) {
        school = fields.text("school")
        region = fields.text("region")
        segment = fields.text("segment")
        let (from, to) = (try fields.day("from"), try fields.day("to"))
        if let from, let to, to < from {
            throw AddressMistake(field: "to", text: to.description, remedy: "choose a day that is not before \(from)")
        }
        let last = try fields.number("last", upTo: 4000)
        period = from == nil && to == nil ? .last(last ?? 7) : .days(from: from, to: to)
    }

    /// The days, where the first and the last on record are known.
    package func days(onRecord record: Store.Period) -> Store.Period {
        switch period {
        case .last(let count): Store.Period(record.last.advanced(by: 1 - count), record.last)
        case .days(let from, let to):
            // Days after the last on record are days without a report, and not those before them.
            Store.Period(
                from ?? min(record.first, to ?? record.first), to ?? max(record.last, from ?? record.last))
        }
    }

    /// The fields of an address that asks for this.
    var fields: [(name: String, value: String?)] {
        let place = [("school", school), ("region", region), ("segment", segment)].map { (name: $0, value: $1) }
        switch period {
        case Self.usual: return place
        case .last(let count): return place + [("last", String(count))]
        case .days(let from, let to): return place + [("from", from?.description), ("to", to?.description)]
        }
    }
}
