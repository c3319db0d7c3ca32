package import Registry
package import Wire

/// What people ask of the counts: which platforms are in use where, by how many, since when.
///
/// Names are matched with the registry as it stands when the question is put, so that a decision changes the past too.
/// Every answer says nothing of schools and days outside of its scope, `firstSeen` excepted.
package protocol UseQueries: Sendable {
    /// The first and the last day with reports; nil where there is none.
    func daysOnRecord() async throws -> Period?

    /// The platforms in use, most devices first, and how many school days the figures are over.
    ///
    /// Infrastructure and names that nobody can register are among them: see ``Platform/kind``.
    func platformUse(in scope: UseScope) async throws -> UseTable

    /// Likewise for the one platform; nil when neither the registry nor the catalogue has it.
    ///
    /// One that was not seen has figures of zero.
    func use(of platform: String, in scope: UseScope) async throws -> PlatformUse?

    /// The use over time, every day or week of the scope in order, also those without any.
    func trend(of subject: UseSubject, in scope: UseScope, by step: TrendStep) async throws -> [TrendPoint]

    /// The devices in each hour of an average school day, of the last four weeks of the scope at one school, or of the
    /// last week at more of them.
    func hoursOfDay(of subject: UseSubject, in scope: UseScope) async throws -> HourProfile

    /// The schools that use something, most devices first.
    func schools(using subject: UseSubject, in scope: UseScope) async throws -> [SchoolUse]

    /// The names of a platform that were seen, most devices first, each with the pattern by which it belongs there.
    func names(of platform: String, in scope: UseScope, page: ListPage) async throws -> Paged<NameUse>

    /// The names that belong to no platform, most devices first, then those that were seen first.
    func unknownNames(in scope: UseScope, page: ListPage) async throws -> Paged<NameUse>

    /// Every school that ever joined, sorted by name, also those without data.
    func schools(in scope: UseScope) async throws -> [SchoolState]

    /// The regions of schools, sorted.
    func regions() async throws -> [String]

    /// The segments that were ever told, sorted; empty where there is only the unnamed one.
    func segments() async throws -> [String]

    /// Every agent that ever joined, those with problems first.
    func agents(at now: Int) async throws -> [AgentState]

    /// How much of what happened could be named.
    func coverage(in scope: UseScope) async throws -> CoverageFigures
}

/// Days from the first to the last, both among them.
package struct Period: Sendable, Hashable {
    /// The first day.
    package let first: SchoolDay
    /// The last day, not before the first.
    package let last: SchoolDay

    /// Makes a period; the two may come in either order.
    package init(_ first: SchoolDay, _ last: SchoolDay) {
        self.first = min(first, last)
        self.last = max(first, last)
    }

    /// How many days it has.
    package var count: Int { last.ordinal - first.ordinal + 1 }

    /// As many days, directly before.
    package var previous: Period { Period(first.advanced(by: -count), first.advanced(by: -1)) }

    /// Whether a day is among them.
    package func contains(_ day: SchoolDay) -> Bool { first <= day && day <= last }
}

/// What is asked about.
package struct UseScope: Sendable, Hashable {
    /// The days; nil for all on record.
    package var period: Period?
    /// The schools.
    package var schools: Schools
    /// The segment of the schools' networks; nil for all, which adds them up.
    package var segment: String?
    /// Platforms of these statuses; empty for all.
    package var statuses: Set<Status>
    /// Platforms of these categories, without regard to case; empty for all.
    package var categories: Set<String>

    /// Makes a scope.
    package init(
        period: Period? = nil, schools: Schools = .all, segment: String? = nil, statuses: Set<Status> = [],
        categories: Set<String> = []
    ) {
        self.period = period
        self.schools = schools
        self.segment = segment
        self.statuses = statuses
        self.categories = categories
    }

    /// Which schools are asked about.
    package enum Schools: Sendable, Hashable {
        /// All, closed ones too: what happened there has happened.
        case all
        /// The one of that name, without regard to case.
        case school(String)
        /// Those of a region.
        case region(String)
    }

    /// Whether the statuses and categories let a platform through.
    package func includes(_ platform: Platform) -> Bool {
        (statuses.isEmpty || statuses.contains(platform.status))
            && (categories.isEmpty || categories.contains { $0.lowercased() == platform.category.lowercased() })
    }
}

/// Whose use is asked for.
package enum UseSubject: Sendable, Hashable {
    /// One platform, by its name, without regard to case.
    case platform(String)
    /// All tools of a status, added up as connections; their devices are those of the largest of them.
    case status(Status)
    /// Whatever there was: devices are those of the schools, not of a name.
    case everything
}

/// A part of a long list.
package struct ListPage: Sendable, Hashable {
    /// How many to pass over.
    package var offset: Int
    /// How many at most.
    package var limit: Int
    /// Only what contains this, without regard to case; empty for all.
    package var search: String

    /// Makes a page.
    package init(offset: Int = 0, limit: Int = 100, search: String = "") {
        self.offset = max(0, offset)
        self.limit = max(0, limit)
        self.search = search
    }

    /// Cuts a list that was searched already.
    func cut<Item>(_ items: [Item]) -> Paged<Item> {
        Paged(items: Array(items.dropFirst(offset).prefix(limit)), total: items.count)
    }
}

/// A part of a list, and how long the whole list is.
package struct Paged<Item: Sendable>: Sendable {
    /// The part.
    package var items: [Item]
    /// How many there are in all that fit the search.
    package var total: Int

    /// Makes a part.
    package init(items: [Item], total: Int) {
        self.items = items
        self.total = total
    }
}

extension Paged: Equatable where Item: Equatable {}

/// The steps of a trend.
package enum TrendStep: Sendable, Hashable {
    /// One point a day.
    case day
    /// One point for each week, Monday to Sunday, of which a day is in the scope.
    case week
}
