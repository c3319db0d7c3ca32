package import Registry
package import Wire

/// How much something was used.
///
/// Devices of several names cannot be added up, because the same one may use all of them: a platform has, on a day at a
/// school, *at least* the devices of its largest name. Segments and schools share no devices and add up.
package struct UseFigures: Sendable, Equatable {
    /// Devices on a school day, at least, all in all: to be divided by ``schoolDays`` for the typical one.
    package var devicesOnSchoolDays: Int
    /// Likewise, the devices of each hour added up.
    package var deviceHoursOnSchoolDays: Int
    /// How many school days the scope has: those on which at least a quarter of the devices of the busiest were there.
    package var schoolDays: Int
    /// Devices of the busiest day, at least.
    package var busiestDevices: Int
    /// On how many days of the scope it was seen, also on those that are no school days.
    package var daysSeen: Int
    /// Queries and connections of all days.
    package var counts: UseCounts

    /// Makes figures.
    package init(
        devicesOnSchoolDays: Int = 0, deviceHoursOnSchoolDays: Int = 0, schoolDays: Int = 0, busiestDevices: Int = 0,
        daysSeen: Int = 0, counts: UseCounts = UseCounts()
    ) {
        self.devicesOnSchoolDays = devicesOnSchoolDays
        self.deviceHoursOnSchoolDays = deviceHoursOnSchoolDays
        self.schoolDays = schoolDays
        self.busiestDevices = busiestDevices
        self.daysSeen = daysSeen
        self.counts = counts
    }

    /// Devices of a typical (average) school day, at least; 0 where the scope has none.
    package var typicalDevices: Double {
        schoolDays == 0 ? 0 : Double(devicesOnSchoolDays) / Double(schoolDays)
    }

    /// Device-hours of a typical school day, at least: a device that is active in three hours counts three.
    ///
    /// Only hours in which k devices used a name are told by the agents.
    package var typicalDeviceHours: Double {
        schoolDays == 0 ? 0 : Double(deviceHoursOnSchoolDays) / Double(schoolDays)
    }
}

/// Queries and connections.
package struct UseCounts: Sendable, Equatable {
    /// Client queries of type A, AAAA or HTTPS.
    package var dns: Int
    /// TCP connections with TLS.
    package var tls: Int
    /// QUIC connections.
    package var quic: Int
    /// Cleartext HTTP/1 connections.
    package var http: Int
    /// How many of the TLS and QUIC connections were attributed through DNS answers.
    package var attributed: Int

    /// Makes counts.
    package init(dns: Int = 0, tls: Int = 0, quic: Int = 0, http: Int = 0, attributed: Int = 0) {
        self.dns = dns
        self.tls = tls
        self.quic = quic
        self.http = http
        self.attributed = attributed
    }

    /// All connections.
    package var connections: Int { tls.addingWithinBound(quic).addingWithinBound(http) }

    /// Adds counts of something else; a sum that JSON cannot tell exactly stands at the bound.
    package static func += (left: inout UseCounts, right: UseCounts) {
        left.dns = left.dns.addingWithinBound(right.dns)
        left.tls = left.tls.addingWithinBound(right.tls)
        left.quic = left.quic.addingWithinBound(right.quic)
        left.http = left.http.addingWithinBound(right.http)
        left.attributed = left.attributed.addingWithinBound(right.attributed)
    }
}

extension Int {
    /// A sum of counts that stays within 2^53: an agent that sends absurd ones must not stop the page of the others.
    package func addingWithinBound(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? 1 << 53 : Swift.min(sum, 1 << 53)
    }
}

/// The platforms in use in a scope.
package struct UseTable: Sendable, Equatable {
    /// The days that the figures are over; nil where there are none on record.
    package var period: Period?
    /// The schools of the scope.
    package var schools: Int
    /// Those of them with reports in the period.
    package var reportingSchools: Int
    /// All there was; its devices are the schools', not those of a name.
    package var everything: UseFigures
    /// The platforms, most devices on a typical day first.
    package var platforms: [PlatformUse]
    /// How much of what happened could be named.
    package var coverage: CoverageFigures

    /// Makes a table.
    package init(
        period: Period?, schools: Int, reportingSchools: Int, everything: UseFigures, platforms: [PlatformUse],
        coverage: CoverageFigures = CoverageFigures()
    ) {
        self.coverage = coverage
        self.period = period
        self.schools = schools
        self.reportingSchools = reportingSchools
        self.everything = everything
        self.platforms = platforms
    }
}

/// The use of one platform in a scope.
package struct PlatformUse: Sendable, Equatable {
    /// The platform, with what the registry says of it.
    package var platform: Platform
    /// Whether the registry has it, or the catalogue alone.
    package var isRegistered: Bool
    /// How much it was used.
    package var figures: UseFigures
    /// How much in as many days directly before; nil where those are not on record.
    package var previous: UseFigures?
    /// At how many schools of the scope.
    package var schools: Int
    /// The first day on which a school of the district was seen to use it, before the scope's end.
    package var firstSeen: SchoolDay?

    /// Makes the use of a platform.
    package init(
        platform: Platform, isRegistered: Bool, figures: UseFigures, previous: UseFigures? = nil, schools: Int = 0,
        firstSeen: SchoolDay? = nil
    ) {
        self.platform = platform
        self.isRegistered = isRegistered
        self.figures = figures
        self.previous = previous
        self.schools = schools
        self.firstSeen = firstSeen
    }
}

/// One point of a trend.
package struct TrendPoint: Sendable, Equatable {
    /// The day, or the week's Monday.
    package var day: SchoolDay
    /// The use of that day or week.
    package var figures: UseFigures

    /// Makes a point.
    package init(day: SchoolDay, figures: UseFigures) {
        self.day = day
        self.figures = figures
    }
}

/// The devices in each hour, 0 to 23 of the schools' clocks.
package struct HourProfile: Sendable, Equatable {
    /// The days that were looked at: the last of a longer period.
    package var period: Period?
    /// How many school days those have.
    package var schoolDays: Int
    /// For each hour, the devices of all those school days added up, at least.
    package var devices: [Int]

    /// Makes a profile.
    package init(period: Period?, schoolDays: Int, devices: [Int]) {
        self.period = period
        self.schoolDays = schoolDays
        self.devices = devices
    }

    /// The devices in an hour of a typical school day.
    package func typical(_ hour: Int) -> Double {
        schoolDays == 0 || !devices.indices.contains(hour) ? 0 : Double(devices[hour]) / Double(schoolDays)
    }
}

/// The use of something at one school.
package struct SchoolUse: Sendable, Equatable {
    /// The school.
    package var school: String
    /// Its region; empty where nobody said.
    package var region: String
    /// How much it was used there, over the school days of the whole scope.
    package var figures: UseFigures
    /// The last day on which it was seen there.
    package var lastSeen: SchoolDay?

    /// Makes the use at a school.
    package init(school: String, region: String, figures: UseFigures, lastSeen: SchoolDay? = nil) {
        self.school = school
        self.region = region
        self.figures = figures
        self.lastSeen = lastSeen
    }
}

/// The use of one host name.
package struct NameUse: Sendable, Equatable {
    /// The host name, as it was reported.
    package var name: String
    /// The pattern by which it belongs to its platform; nil for a name that belongs to none.
    package var pattern: NamePattern?
    /// Whether the pattern is the registry's, or the catalogue's.
    package var isRegistered: Bool
    /// How much it was used.
    package var figures: UseFigures
    /// How much in as many days directly before; nil where those are not on record.
    package var previous: UseFigures?
    /// At how many schools of the scope.
    package var schools: Int
    /// The first day on which a school of the district was seen to use it, before the scope's end.
    package var firstSeen: SchoolDay?

    /// Makes the use of a name.
    package init(
        name: String, pattern: NamePattern? = nil, isRegistered: Bool = false, figures: UseFigures,
        previous: UseFigures? = nil, schools: Int = 0, firstSeen: SchoolDay? = nil
    ) {
        self.name = name
        self.pattern = pattern
        self.isRegistered = isRegistered
        self.figures = figures
        self.previous = previous
        self.schools = schools
        self.firstSeen = firstSeen
    }
}
