package import Store

/// What figures are about: the days, the part of the district, and how much of what happened could be named.
package struct Basis: Sendable, Equatable {
    /// The days that were asked about.
    package var period: Period
    /// The one school, or nil for all.
    package var school: String?
    /// The one region, or nil for all.
    package var region: String?
    /// The one segment of the schools' networks, or nil for all.
    package var segment: String?
    /// Schools that reported on these days.
    package var schools: Int
    /// How many school days there were among them.
    package var schoolDays: Int
    /// Whether the days before are on record, so that there is something to compare with.
    package var hasBefore: Bool
    /// How much of what happened could be named.
    package var coverage: CoverageFigures

    /// Makes a basis.
    package init(
        period: Period, school: String? = nil, region: String? = nil, segment: String? = nil, schools: Int = 0,
        schoolDays: Int = 0, hasBefore: Bool = false, coverage: CoverageFigures = CoverageFigures()
    ) {
        self.period = period
        self.school = school
        self.region = region
        self.segment = segment
        self.schools = schools
        self.schoolDays = schoolDays
        self.hasBefore = hasBefore
        self.coverage = coverage
    }
}
