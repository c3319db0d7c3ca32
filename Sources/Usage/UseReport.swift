public import Registry

/// Which tools are in use: the report that ITS reads, as values that a page, a table, CSV and JSON all print.
public struct UseReport: Sendable, Equatable {
    /// What it is about.
    public var scope: Scope
    /// The tools in use, most devices first.
    public var tools: [ToolUse]
    /// Names that belong to no known platform, most devices first.
    public var unknown: [NameUse]
    /// What tools run on, by category; never a discovered tool.
    public var infrastructure: [ToolUse]
    /// How much of what happened could be named.
    public var coverage: Coverage

    /// Makes a report.
    public init(
        scope: Scope, tools: [ToolUse] = [], unknown: [NameUse] = [], infrastructure: [ToolUse] = [],
        coverage: Coverage = Coverage()
    ) {
        self.scope = scope
        self.tools = tools
        self.unknown = unknown
        self.infrastructure = infrastructure
        self.coverage = coverage
    }

    /// The schools and days that a report covers.
    public struct Scope: Sendable, Equatable {
        /// The one school, or nil for the whole district.
        public var school: String?
        /// The first day asked for, `2026-11-24`; nil for the first on record.
        public var from: String?
        /// The last day asked for; nil for the last on record.
        public var to: String?
        /// The first day with data in the scope; nil where there is none.
        public var firstDay: String?
        /// The last day with data in the scope.
        public var lastDay: String?
        /// The schools with data in the scope, sorted.
        public var schools: [String]

        /// Makes a scope.
        public init(
            school: String? = nil, from: String? = nil, to: String? = nil, firstDay: String? = nil,
            lastDay: String? = nil, schools: [String] = []
        ) {
            self.school = school
            self.from = from
            self.to = to
            self.firstDay = firstDay
            self.lastDay = lastDay
            self.schools = schools
        }
    }
}

/// How much something was used.
public struct Counts: Sendable, Equatable {
    /// Client queries of type A, AAAA or HTTPS.
    public var dns: Int
    /// TCP connections.
    public var tls: Int
    /// QUIC connections.
    public var quic: Int
    /// How many of the connections were attributed through DNS answers.
    public var attributed: Int

    /// Makes counts.
    public init(dns: Int = 0, tls: Int = 0, quic: Int = 0, attributed: Int = 0) {
        self.dns = dns
        self.tls = tls
        self.quic = quic
        self.attributed = attributed
    }

    /// Adds counts of something else; a sum that cannot be told stands at the bound.
    public static func += (left: inout Counts, right: Counts) {
        left.dns.addSaturating(right.dns)
        left.tls.addSaturating(right.tls)
        left.quic.addSaturating(right.quic)
        left.attributed.addSaturating(right.attributed)
    }
}

/// The use of one platform.
public struct ToolUse: Sendable, Equatable {
    /// The platform, with what the registry says of it.
    public var platform: Platform
    /// The schools where it was seen, sorted.
    public var schools: [String]
    /// Devices on the busiest day, at least: per school the largest of its names and days, added up over schools.
    public var devices: Int
    /// Queries and connections.
    public var counts: Counts
    /// Its names that were seen, most devices first.
    public var names: [NameUse]

    /// Makes the use of a platform.
    public init(platform: Platform, schools: [String], devices: Int, counts: Counts, names: [NameUse]) {
        self.platform = platform
        self.schools = schools
        self.devices = devices
        self.counts = counts
        self.names = names
    }
}

/// The use of one host name.
public struct NameUse: Sendable, Equatable {
    /// The host name.
    public var name: String
    /// The schools where it was seen, sorted.
    public var schools: [String]
    /// Devices on the busiest day: per school the largest day, added up over schools.
    public var devices: Int
    /// Queries and connections.
    public var counts: Counts

    /// Makes the use of a name.
    public init(name: String, schools: [String], devices: Int, counts: Counts) {
        self.name = name
        self.schools = schools
        self.devices = devices
        self.counts = counts
    }
}

/// How much of what happened could be named.
public struct Coverage: Sendable, Equatable {
    /// Queries and connections that have a name, the attributed ones included.
    public var named: Counts
    /// How many of those connections have a name that was concluded from DNS answers, not read off the wire.
    public var attributed: Int
    /// Handshakes that stayed without a name, over TCP and QUIC.
    public var unnamedTLS: Int
    /// Likewise, over QUIC.
    public var unnamedQUIC: Int
    /// Connections to encrypted DNS.
    public var encryptedDNS: (dot: Int, doq: Int, doh: Int)
    /// Counts held back at the schools because fewer than k devices shared a name.
    public var withheld: Counts
    /// How many names that concerns (a name at two schools counts twice).
    public var withheldNames: Int
    /// Agents that reported in the scope.
    public var agents: Int

    /// Makes a coverage.
    public init(
        named: Counts = Counts(), attributed: Int = 0, unnamedTLS: Int = 0, unnamedQUIC: Int = 0,
        encryptedDNS: (dot: Int, doq: Int, doh: Int) = (0, 0, 0), withheld: Counts = Counts(), withheldNames: Int = 0,
        agents: Int = 0
    ) {
        self.named = named
        self.attributed = attributed
        self.unnamedTLS = unnamedTLS
        self.unnamedQUIC = unnamedQUIC
        self.encryptedDNS = encryptedDNS
        self.withheld = withheld
        self.withheldNames = withheldNames
        self.agents = agents
    }

    /// Whether two coverages are the same.
    public static func == (left: Coverage, right: Coverage) -> Bool {
        left.named == right.named && left.attributed == right.attributed && left.unnamedTLS == right.unnamedTLS
            && left.unnamedQUIC == right.unnamedQUIC && left.encryptedDNS == right.encryptedDNS
            && left.withheld == right.withheld && left.withheldNames == right.withheldNames
            && left.agents == right.agents
    }
}

extension Int {
    /// Adds a count; an agent that sends absurd ones must not stop the report of the others.
    mutating func addSaturating(_ other: Int) {
        let (sum, overflow) = addingReportingOverflow(other)
        self = overflow ? .max : sum
    }
}
