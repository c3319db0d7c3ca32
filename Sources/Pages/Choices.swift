import Wire

/// A choice of a list in a form.
struct Choice: Equatable {
    var value: String
    var label: String
    var isChosen: Bool
}

/// A part of a filter that is in force, and the address without it.
struct Chip: Equatable {
    /// Such as `Category: games`.
    var label: String
    var without: String
}

/// The parts of a filter that are in force.
struct ChipList: Equatable {
    var chips: [Chip]
}

/// A field that a form carries along unseen.
struct Carried: Equatable {
    var name: String
    var value: String
}

/// What a form of a list offers for the part of the district and the days.
struct ScopeChoices: Equatable {
    /// Nil where there is nothing to choose.
    var schools: Select?
    var regions: Select?
    var segments: Select?
    var periods: Select
    var from: String
    var to: String

    init(_ scope: ScopeQuery, among facets: Facets) {
        schools = Select("school", "School", "All schools", facets.schools, scope.school)
        regions = Select("region", "Region", "All regions", facets.regions, scope.region)
        segments = Select("segment", "Segment", "All segments", facets.segments, scope.segment)
        var last: Int?
        if case .last(let count) = scope.period { last = count }
        if case .days(let first, let end) = scope.period {
            (from, to) = (first?.description ?? "", end?.description ?? "")
        } else {
            (from, to) = ("", "")
        }
        let numbers = ScopeQuery.choices + (last.map { ScopeQuery.choices.contains($0) ? [] : [$0] } ?? [])
        var options = numbers.map {
            Choice(value: String($0), label: "Last \(written($0)) days", isChosen: $0 == last)
        }
        if last == nil { options.insert(Choice(value: "", label: "The days below", isChosen: true), at: 0) }
        periods = Select("last", "Period", options)
    }
}

/// A list to choose from in a form.
struct Select: Equatable {
    var field: String
    var label: String
    var options: [Choice]

    /// All of them, and each; nil where there is nothing to choose.
    ///
    /// What was asked for is offered even when it is not
    /// among them.
    init?(_ field: String, _ label: String, _ all: String, _ names: [String], _ chosen: String?) {
        let others = chosen.map { names.contains($0) ? [] : [$0] } ?? []
        guard !names.isEmpty || !others.isEmpty else { return nil }
        self.field = field
        self.label = label
        options =
            [Choice(value: "", label: all, isChosen: chosen == nil)]
            + (names + others).map { Choice(value: $0, label: $0, isChosen: $0 == chosen) }
    }

    /// A list of choices that are there already.
    init(_ field: String, _ label: String, _ options: [Choice]) {
        self.field = field
        self.label = label
        self.options = options
    }
}

/// What there is to choose from in filters.
package struct Facets: Sendable, Equatable {
    /// The schools, sorted.
    package var schools: [String]
    /// The regions, sorted; none where the district has said none.
    package var regions: [String]
    /// The segments, sorted; none where no gateway has any.
    package var segments: [String]

    /// Makes choices.
    package init(schools: [String] = [], regions: [String] = [], segments: [String] = []) {
        self.schools = schools
        self.regions = regions
        self.segments = segments
    }
}
