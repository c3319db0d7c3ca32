/// What an agent tells the collector: for each school day that changed, the current values of the rows that changed
/// since the last report the collector confirmed.
///
/// Every count only ever grows within one ``Day/run``, so the collector keeps the largest value of each: a report may
/// be lost, sent twice, arrive late or out of order, and totals stay exact.
///
/// On the wire it is JSON, gzipped, of the type ``MediaType/report``. Only names and integers are in it: no address,
/// and nothing made from one, has a place here.
public struct Report: Codable, Sendable, Equatable {
    /// Seconds since 1970 at which the agent sent the report, by the agent's clock.
    public var sentAt: Int
    /// The agent's version, such as `0.1.0`.
    public var version: String
    /// One entry for each (school day, run) with something to tell.
    public var days: [Day]

    /// Makes a report.
    public init(sentAt: Int, version: String, days: [Day]) {
        self.sentAt = sentAt
        self.version = version
        self.days = days
    }

    private enum CodingKeys: String, CodingKey {
        case sentAt = "sent_at"
        case version, days
    }
}

/// What one agent counted in one school day, as far as it changed.
public struct Day: Codable, Sendable, Equatable {
    /// The school day, in the school's own time zone.
    public var day: SchoolDay
    /// The lifetime of the counters below: 32 lower-case hexadecimal digits, chosen at random when a day's state begins.
    ///
    /// Counters of one run only grow; counters of several runs of the same day add up.
    public var run: String
    /// Grows with each report of this run, so that the newest of the gauges (``withheld``, ``ended``) can be told.
    public var sequence: Int
    /// Whether the day is over for this run: nothing will grow any more.
    public var ended: Bool
    /// The rows that were released and changed.
    public var rows: [Row]
    /// Handshakes without a name that could not be attributed.
    public var unnamed: Unnamed
    /// Uses of encrypted DNS.
    public var encryptedDNS: EncryptedDNS
    /// What is held back for now, or for good once the day has ended.
    ///
    /// A gauge: it may go down.
    public var withheld: Withheld
    /// Devices seen that day, an estimate; 0 while fewer than k.
    public var devices: Int

    /// Makes a day.
    public init(
        day: SchoolDay, run: String, sequence: Int, ended: Bool, rows: [Row], unnamed: Unnamed = Unnamed(),
        encryptedDNS: EncryptedDNS = EncryptedDNS(), withheld: Withheld = Withheld(), devices: Int = 0
    ) {
        self.day = day
        self.run = run
        self.sequence = sequence
        self.ended = ended
        self.rows = rows
        self.unnamed = unnamed
        self.encryptedDNS = encryptedDNS
        self.withheld = withheld
        self.devices = devices
    }

    private enum CodingKeys: String, CodingKey {
        case day, run, sequence, ended, rows, unnamed, withheld, devices
        case encryptedDNS = "encrypted_dns"
    }
}

/// The counts of one name in one segment of the school's network.
public struct Row: Codable, Sendable, Equatable {
    /// The segment, such as `students`; empty for the one unnamed segment, and for what was folded over all segments.
    public var segment: String
    /// The host name: lower case, no trailing dot, presentation form (RFC 4343 section 2.1 escapes).
    public var name: String
    /// Client queries of type A, AAAA or HTTPS.
    public var dns: Int
    /// TCP connections whose ClientHello carried the name (or was attributed to it).
    public var tls: Int
    /// QUIC connections likewise.
    public var quic: Int
    /// How many of `tls` and `quic` were attributed through DNS answers, not read from the handshake.
    public var attributed: Int
    /// Devices of the day, an estimate that cannot be added up over names.
    public var devices: Int
    /// Devices active in an hour (0 to 23, school time), for hours in which at least k were.
    public var hours: [Int: Int]

    /// Makes a row.
    public init(
        segment: String = "", name: String, dns: Int = 0, tls: Int = 0, quic: Int = 0, attributed: Int = 0,
        devices: Int = 0, hours: [Int: Int] = [:]
    ) {
        self.segment = segment
        self.name = name
        self.dns = dns
        self.tls = tls
        self.quic = quic
        self.attributed = attributed
        self.devices = devices
        self.hours = hours
    }
}

/// Handshakes that carried no name and could not be attributed to one.
public struct Unnamed: Codable, Sendable, Equatable {
    /// TCP connections.
    public var tls: Int
    /// QUIC connections.
    public var quic: Int

    /// Makes a count.
    public init(tls: Int = 0, quic: Int = 0) {
        self.tls = tls
        self.quic = quic
    }
}

/// Connections to encrypted DNS, which hide the names that would have been asked for in the clear.
public struct EncryptedDNS: Codable, Sendable, Equatable {
    /// DNS over TLS (RFC 7858).
    public var dot: Int
    /// DNS over QUIC (RFC 9250).
    public var doq: Int
    /// DNS over HTTPS (RFC 8484), to known resolvers.
    public var doh: Int

    /// Makes a count.
    public init(dot: Int = 0, doq: Int = 0, doh: Int = 0) {
        self.dot = dot
        self.doq = doq
        self.doh = doh
    }
}

/// Counts that stay at the school because fewer than k devices contributed to them.
public struct Withheld: Codable, Sendable, Equatable {
    /// How many names are held.
    public var names: Int
    /// Their queries.
    public var dns: Int
    /// Their TCP connections.
    public var tls: Int
    /// Their QUIC connections.
    public var quic: Int
    /// How many of those connections were attributed.
    public var attributed: Int

    /// Makes a gauge.
    public init(names: Int = 0, dns: Int = 0, tls: Int = 0, quic: Int = 0, attributed: Int = 0) {
        self.names = names
        self.dns = dns
        self.tls = tls
        self.quic = quic
        self.attributed = attributed
    }
}
