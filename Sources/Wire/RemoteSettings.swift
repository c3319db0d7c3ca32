/// Settings that the collector hands to an agent with a receipt.
///
/// They can only narrow what the agent's own file lets it observe and tell, never widen it: see each.
public struct RemoteSettings: Codable, Sendable, Equatable {
    /// Grows with each change; the agent tells which one it has in ``Health/settingsVersion``.
    public var version: Int
    /// How many devices have to share a row before it is told; counts where it is more than the agent's own.
    public var k: Int?
    /// How often to report, in seconds, from 60 to 86400.
    public var intervalSeconds: Int?
    /// Patterns of names that are not counted, besides the agent's own.
    public var excludeNames: [String]
    /// The hours of the day in which is counted; what the agent's own hours leave out stays out.
    public var schoolHours: Hours?
    /// Patterns whose names never fold into a name above them.
    public var keepApart: [String]
    /// Platforms whose devices are counted once over all of their names.
    public var groups: [NameGroup]

    /// Makes settings.
    public init(
        version: Int, k: Int? = nil, intervalSeconds: Int? = nil, excludeNames: [String] = [],
        schoolHours: Hours? = nil, keepApart: [String] = [], groups: [NameGroup] = []
    ) {
        self.version = version
        self.k = k
        self.intervalSeconds = intervalSeconds
        self.excludeNames = excludeNames
        self.schoolHours = schoolHours
        self.keepApart = keepApart
        self.groups = groups
    }

    /// Reads settings; what is not told changes nothing.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        version = try container.decode(Int.self, forKey: .version)
        k = try container.decodeIfPresent(Int.self, forKey: .k)
        intervalSeconds = try container.decodeIfPresent(Int.self, forKey: .intervalSeconds)
        excludeNames = try container.decodeIfPresent([String].self, forKey: .excludeNames) ?? []
        schoolHours = try container.decodeIfPresent(Hours.self, forKey: .schoolHours)
        keepApart = try container.decodeIfPresent([String].self, forKey: .keepApart) ?? []
        groups = try container.decodeIfPresent([NameGroup].self, forKey: .groups) ?? []
    }

    private enum CodingKeys: String, CodingKey {
        case version, k, groups
        case intervalSeconds = "interval_seconds"
        case excludeNames = "exclude_names"
        case schoolHours = "school_hours"
        case keepApart = "keep_apart"
    }

    /// From one full hour of the school's clocks until another.
    public struct Hours: Codable, Sendable, Equatable {
        /// The first hour, 0 to 23.
        public var from: Int
        /// The hour with which it ends, 1 to 24.
        public var until: Int

        /// Makes a span of hours.
        public init(from: Int, until: Int) {
            self.from = from
            self.until = until
        }
    }
}

/// A platform, as agents count it: its name in the registry and the patterns of its names.
public struct NameGroup: Codable, Sendable, Equatable {
    /// The platform's name.
    public var name: String
    /// Patterns: `example.com` for a domain and all below it, `=www.example.com` for that name alone.
    public var patterns: [String]

    /// Makes a group.
    public init(name: String, patterns: [String]) {
        self.name = name
        self.patterns = patterns
    }
}

/// The devices of a platform on one day, counted once over all of its names.
public struct GroupDevices: Codable, Sendable, Equatable {
    /// The platform's name, as the settings gave it.
    public var name: String
    /// Devices of the day, an estimate; at least k.
    public var devices: Int
    /// Devices active in an hour, for hours in which at least k were.
    public var hours: [Int: Int]

    /// Makes a group's figures.
    public init(name: String, devices: Int, hours: [Int: Int] = [:]) {
        self.name = name
        self.devices = devices
        self.hours = hours
    }
}

/// What the collector knows of a name at an agent's school, for those who look for it.
public struct NameStanding: Codable, Sendable, Equatable {
    /// The last day on which this agent told the name or one below it; nil when it never did.
    public var lastDay: SchoolDay?
    /// The platform that the name belongs to; nil when neither the registry nor the catalogue knows it.
    public var platform: String?
    /// What the district's registry says of the platform.
    public var status: String?

    /// Makes a standing.
    public init(lastDay: SchoolDay? = nil, platform: String? = nil, status: String? = nil) {
        self.lastDay = lastDay
        self.platform = platform
        self.status = status
    }

    private enum CodingKeys: String, CodingKey {
        case platform, status
        case lastDay = "last_day"
    }
}
