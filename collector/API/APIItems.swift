import Identity
import Pages
import Registry
import Store
import Wire

/// A gateway's agent, to programs.
struct APIAgent: Encodable, Sendable {
    var agent: String
    var school: String
    var host: String
    var version: String
    var enrolledAt: Int
    var reportedAt: Int?
    var revokedAt: Int?
    var isUsedTwice: Bool

    enum CodingKeys: String, CodingKey {
        case agent, school, host, version
        case enrolledAt = "enrolled_at"
        case reportedAt = "reported_at"
        case revokedAt = "revoked_at"
        case isUsedTwice = "used_twice"
    }

    init(_ state: AgentState) {
        agent = state.identifier
        school = state.school
        host = state.host
        version = state.version
        enrolledAt = state.enrolledAt
        reportedAt = state.reportedAt
        revokedAt = state.revokedAt
        isUsedTwice = state.problems.contains(.usedTwice)
    }
}

/// A school, to programs.
struct APISchool: Encodable, Sendable {
    var school: String
    var region: String
    var agents: Int
    var reportedAt: Int?
    var closedAt: Int?
    var lastDay: String?
    var unknownNames: Int

    enum CodingKeys: String, CodingKey {
        case school, region, agents
        case reportedAt = "reported_at"
        case closedAt = "closed_at"
        case lastDay = "last_day"
        case unknownNames = "unknown_names"
    }

    init(_ state: SchoolState) {
        school = state.school
        region = state.region
        agents = state.agents
        reportedAt = state.reportedAt
        closedAt = state.closedAt
        lastDay = state.lastDay?.description
        unknownNames = state.unknownNames
    }
}

/// How much something was used, to programs.
struct APIFigures: Encodable, Sendable {
    var typicalDevices: Double
    var typicalDeviceHours: Double
    var busiestDevices: Int
    var schoolDays: Int
    var daysSeen: Int
    var dns: Int
    var tls: Int
    var quic: Int
    var http: Int
    var attributed: Int

    enum CodingKeys: String, CodingKey {
        case dns, tls, quic, http, attributed
        case typicalDevices = "typical_devices"
        case typicalDeviceHours = "typical_device_hours"
        case busiestDevices = "busiest_devices"
        case schoolDays = "school_days"
        case daysSeen = "days_seen"
    }

    init(_ figures: UseFigures) {
        typicalDevices = (figures.typicalDevices * 10).rounded() / 10
        typicalDeviceHours = (figures.typicalDeviceHours * 10).rounded() / 10
        busiestDevices = figures.busiestDevices
        schoolDays = figures.schoolDays
        daysSeen = figures.daysSeen
        dns = figures.counts.dns
        tls = figures.counts.tls
        quic = figures.counts.quic
        http = figures.counts.http
        attributed = figures.counts.attributed
    }
}

/// A platform in use, to programs.
struct APITool: Encodable, Sendable {
    var platform: String
    var vendor: String
    var category: String
    var kind: String
    var status: String
    var schools: Int
    var firstSeen: String?
    var use: APIFigures

    enum CodingKeys: String, CodingKey {
        case platform, vendor, category, kind, status, schools, use
        case firstSeen = "first_seen"
    }

    init(_ use: PlatformUse) {
        platform = use.platform.name
        vendor = use.platform.vendor
        category = use.platform.category
        kind = use.platform.kind.rawValue
        status = use.platform.status.rawValue
        schools = use.schools
        firstSeen = use.firstSeen?.description
        self.use = APIFigures(use.figures)
    }
}

/// A name that belongs to no platform, to programs.
struct APIName: Encodable, Sendable {
    var name: String
    var schools: Int
    var use: APIFigures

    init(_ use: NameUse) {
        name = use.name
        schools = use.schools
        self.use = APIFigures(use.figures)
    }
}

/// An entry of the audit log, to programs.
struct APIAuditEntry: Encodable, Sendable {
    var number: Int64
    var at: Int
    var who: String
    var way: String
    var address: String?
    var what: String
    var subject: String
    var before: String?
    var after: String?

    init(_ kept: KeptAuditEntry) {
        number = kept.number
        at = kept.entry.at
        who = kept.entry.who.name
        way = kept.entry.who.way.rawValue
        address = kept.entry.who.address
        what = kept.entry.what
        subject = kept.entry.subject
        before = kept.entry.before
        after = kept.entry.after
    }
}
