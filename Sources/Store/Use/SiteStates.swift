package import Registry
package import Wire

/// A school and how it reports.
package struct SchoolState: Sendable, Equatable {
    /// The school.
    package var school: String
    /// Its region; empty where nobody said.
    package var region: String
    /// When it was closed, in seconds since 1970; nil while it is open.
    package var closedAt: Int?
    /// Its agents that were not revoked.
    package var agents: Int
    /// When one of them last reported, in seconds since 1970; nil when none ever did.
    package var reportedAt: Int?
    /// The last day with data in the scope.
    package var lastDay: SchoolDay?
    /// On how many days of the scope it has data.
    package var days: Int
    /// Tools in use in the scope, by status.
    package var tools: [Status: Int]
    /// Names of the scope's last seven days that belong to no platform.
    package var unknownNames: Int
    /// Devices of a typical school day, whatever they use.
    package var typicalDevices: Double

    /// Makes a state.
    package init(
        school: String, region: String = "", closedAt: Int? = nil, agents: Int = 0, reportedAt: Int? = nil,
        lastDay: SchoolDay? = nil, days: Int = 0, tools: [Status: Int] = [:], unknownNames: Int = 0,
        typicalDevices: Double = 0
    ) {
        self.school = school
        self.region = region
        self.closedAt = closedAt
        self.agents = agents
        self.reportedAt = reportedAt
        self.lastDay = lastDay
        self.days = days
        self.tools = tools
        self.unknownNames = unknownNames
        self.typicalDevices = typicalDevices
    }
}

/// An agent and how it is.
package struct AgentState: Sendable, Equatable {
    /// The identifier, which may be shown.
    package var identifier: String
    /// The school that it reports for.
    package var school: String
    /// The school's region.
    package var region: String
    /// The gateway's host name, as it said when it joined.
    package var host: String
    /// Its version, as of its last report.
    package var version: String
    /// When it joined, in seconds since 1970.
    package var enrolledAt: Int
    /// When it last reported; nil when it never did.
    package var reportedAt: Int?
    /// When its secret was taken back; nil while it may report.
    package var revokedAt: Int?
    /// When its school was closed.
    package var schoolClosedAt: Int?
    /// How it is, as of ``healthAt``; nil from agents that do not tell.
    package var health: Health?
    /// When it told its health.
    package var healthAt: Int?
    /// How far its clock is ahead of the collector's, in seconds, as of its last report; nil when it never reported.
    package var clockAhead: Int?
    /// What is wrong, worst first; empty when nothing is.
    package var problems: [AgentProblem]

    /// Makes a state.
    package init(
        identifier: String, school: String, region: String = "", host: String = "", version: String = "",
        enrolledAt: Int = 0, reportedAt: Int? = nil, revokedAt: Int? = nil, schoolClosedAt: Int? = nil,
        health: Health? = nil, healthAt: Int? = nil, clockAhead: Int? = nil, problems: [AgentProblem] = []
    ) {
        self.identifier = identifier
        self.school = school
        self.region = region
        self.host = host
        self.version = version
        self.enrolledAt = enrolledAt
        self.reportedAt = reportedAt
        self.revokedAt = revokedAt
        self.schoolClosedAt = schoolClosedAt
        self.health = health
        self.healthAt = healthAt
        self.clockAhead = clockAhead
        self.problems = problems
    }
}

/// What may be wrong with an agent, worst first.
package enum AgentProblem: Sendable, Hashable, Comparable {
    /// It joined and never reported.
    case neverReported
    /// Its last report is so many seconds old.
    case silent(seconds: Int)
    /// Two gateways seem to report with the same identity.
    case usedTwice
    /// It cannot listen on an interface.
    case interfaceDown(String)
    /// So many of a million frames were dropped before it saw them.
    case drops(perMillion: Int)
    /// Its clock is ahead of the collector's by so many seconds, or behind by a negative number of them.
    case clock(ahead: Int)
    /// Its tables are full: so many of a hundred rows are in use.
    case nearlyFull(percent: Int)
    /// It sees one device alone: it probably sits behind a router that hides the others.
    case seesOneDevice
    /// The interfaces are up, and not one frame came.
    case seesNothing
}

/// How much of what happened could be named; sums over the scope.
package struct CoverageFigures: Sendable, Equatable {
    /// Queries and connections that have a name, the attributed ones included.
    package var named: UseCounts
    /// Connections that stayed without a name.
    package var unnamed: Unnamed
    /// Connections to encrypted DNS.
    package var encryptedDNS: EncryptedDNS
    /// Connections to relays and VPNs, behind which nothing can be counted.
    package var hidden: Hidden
    /// How the schools' resolvers answered the names by which a network declines encrypted DNS and relays.
    package var declines: Declines
    /// What is held back at the schools because fewer than k devices shared a name; its `names` counts a name once for
    /// each school and day.
    package var withheld: Withheld
    /// Schools with reports in the scope.
    package var reportingSchools: Int
    /// Open schools of the scope without any.
    package var silentSchools: Int
    /// Agents with reports in the scope.
    package var agents: Int

    /// Makes figures.
    package init(
        named: UseCounts = UseCounts(), unnamed: Unnamed = Unnamed(), encryptedDNS: EncryptedDNS = EncryptedDNS(),
        hidden: Hidden = Hidden(), declines: Declines = Declines(), withheld: Withheld = Withheld(),
        reportingSchools: Int = 0, silentSchools: Int = 0, agents: Int = 0
    ) {
        self.named = named
        self.unnamed = unnamed
        self.encryptedDNS = encryptedDNS
        self.hidden = hidden
        self.declines = declines
        self.withheld = withheld
        self.reportingSchools = reportingSchools
        self.silentSchools = silentSchools
        self.agents = agents
    }
}
