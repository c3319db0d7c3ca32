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
    /// How the agent and its gateway are; nil from agents that do not tell.
    public var health: Health?

    /// Makes a report.
    public init(sentAt: Int, version: String, days: [Day], health: Health? = nil) {
        self.sentAt = sentAt
        self.version = version
        self.days = days
        self.health = health
    }

    private enum CodingKeys: String, CodingKey {
        case sentAt = "sent_at"
        case version, days, health
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
    /// Connections to services that hide where traffic goes.
    public var hidden: Hidden
    /// How the school's resolvers answered the names by which a network declines encrypted DNS and relays.
    public var declines: Declines
    /// What is held back for now, or for good once the day has ended.
    ///
    /// A gauge: it may go down.
    public var withheld: Withheld
    /// Devices seen that day, an estimate; 0 while fewer than k.
    public var devices: Int
    /// Devices of the platforms that the collector's settings name, where at least k used one.
    public var groups: [GroupDevices]

    /// Makes a day.
    public init(
        day: SchoolDay, run: String, sequence: Int, ended: Bool, rows: [Row], unnamed: Unnamed = Unnamed(),
        encryptedDNS: EncryptedDNS = EncryptedDNS(), hidden: Hidden = Hidden(), declines: Declines = Declines(),
        withheld: Withheld = Withheld(), devices: Int = 0, groups: [GroupDevices] = []
    ) {
        self.day = day
        self.run = run
        self.sequence = sequence
        self.ended = ended
        self.rows = rows
        self.unnamed = unnamed
        self.encryptedDNS = encryptedDNS
        self.hidden = hidden
        self.declines = declines
        self.withheld = withheld
        self.devices = devices
        self.groups = groups
    }

    /// Reads a day; what earlier agents do not tell is zero.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        day = try container.decode(SchoolDay.self, forKey: .day)
        run = try container.decode(String.self, forKey: .run)
        sequence = try container.decode(Int.self, forKey: .sequence)
        ended = try container.decode(Bool.self, forKey: .ended)
        rows = try container.decode([Row].self, forKey: .rows)
        unnamed = try container.decode(Unnamed.self, forKey: .unnamed)
        encryptedDNS = try container.decode(EncryptedDNS.self, forKey: .encryptedDNS)
        hidden = try container.decodeIfPresent(Hidden.self, forKey: .hidden) ?? Hidden()
        declines = try container.decodeIfPresent(Declines.self, forKey: .declines) ?? Declines()
        withheld = try container.decode(Withheld.self, forKey: .withheld)
        devices = try container.decode(Int.self, forKey: .devices)
        groups = try container.decodeIfPresent([GroupDevices].self, forKey: .groups) ?? []
    }

    private enum CodingKeys: String, CodingKey {
        case day, run, sequence, ended, rows, unnamed, hidden, declines, withheld, devices, groups
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
    /// Cleartext HTTP/1 connections whose Host field carried the name (RFC 9112 section 3.2).
    public var http: Int
    /// How many of `tls` and `quic` were attributed through DNS answers, not read from the handshake.
    public var attributed: Int
    /// Devices of the day, an estimate that cannot be added up over names.
    public var devices: Int
    /// Devices active in an hour (0 to 23, school time), for hours in which at least k were.
    public var hours: [Int: Int]

    /// Makes a row.
    public init(
        segment: String = "", name: String, dns: Int = 0, tls: Int = 0, quic: Int = 0, http: Int = 0,
        attributed: Int = 0, devices: Int = 0, hours: [Int: Int] = [:]
    ) {
        self.segment = segment
        self.name = name
        self.dns = dns
        self.tls = tls
        self.quic = quic
        self.http = http
        self.attributed = attributed
        self.devices = devices
        self.hours = hours
    }

    /// Reads a row; what earlier agents do not tell is zero.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        segment = try container.decode(String.self, forKey: .segment)
        name = try container.decode(String.self, forKey: .name)
        dns = try container.decode(Int.self, forKey: .dns)
        tls = try container.decode(Int.self, forKey: .tls)
        quic = try container.decode(Int.self, forKey: .quic)
        http = try container.decodeIfPresent(Int.self, forKey: .http) ?? 0
        attributed = try container.decode(Int.self, forKey: .attributed)
        devices = try container.decode(Int.self, forKey: .devices)
        hours = try container.decode([Int: Int].self, forKey: .hours)
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

/// Connections to services that hide where traffic goes: what is behind them, nobody on the way can count.
public struct Hidden: Codable, Sendable, Equatable {
    /// Oblivious and private relays (RFC 9458, MASQUE).
    public var relay: Int
    /// Known VPN and proxy services.
    public var vpn: Int

    /// Makes a count.
    public init(relay: Int = 0, vpn: Int = 0) {
        self.relay = relay
        self.vpn = vpn
    }
}

/// How the school's resolvers answered the names by which a network says that it declines encrypted DNS or relays.
public struct Declines: Codable, Sendable, Equatable {
    /// `use-application-dns.net`.
    public var encryptedDNS: Answers
    /// `mask.icloud.com` and `mask-h2.icloud.com`.
    public var privateRelay: Answers

    /// Makes a count.
    public init(encryptedDNS: Answers = Answers(), privateRelay: Answers = Answers()) {
        self.encryptedDNS = encryptedDNS
        self.privateRelay = privateRelay
    }

    private enum CodingKeys: String, CodingKey {
        case encryptedDNS = "encrypted_dns"
        case privateRelay = "private_relay"
    }

    /// Answers to such a name; none at all where no device asked.
    public struct Answers: Codable, Sendable, Equatable {
        /// Answers by which the network says no: NXDOMAIN, or no address.
        public var declined: Int
        /// Answers with an address: the network does not object.
        public var allowed: Int

        /// Makes a count.
        public init(declined: Int = 0, allowed: Int = 0) {
            self.declined = declined
            self.allowed = allowed
        }
    }
}

extension Declines {
    /// The names that are answered here and need not be: with NXDOMAIN for these, the network declines.
    public var answeredNames: [String] {
        (encryptedDNS.allowed > 0 ? ["use-application-dns.net"] : [])
            + (privateRelay.allowed > 0 ? ["mask.icloud.com", "mask-h2.icloud.com"] : [])
    }

    /// The line of dnsmasq's settings by which the network declines what it allows now; nil where it allows nothing.
    public var dnsmasqLine: String? {
        answeredNames.isEmpty ? nil : "local=/\(answeredNames.joined(separator: "/"))/"
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
    /// Their cleartext HTTP/1 connections.
    public var http: Int
    /// How many of those connections were attributed.
    public var attributed: Int

    /// Makes a gauge.
    public init(names: Int = 0, dns: Int = 0, tls: Int = 0, quic: Int = 0, http: Int = 0, attributed: Int = 0) {
        self.names = names
        self.dns = dns
        self.tls = tls
        self.quic = quic
        self.http = http
        self.attributed = attributed
    }

    /// Reads a gauge; what earlier agents do not tell is zero.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        names = try container.decode(Int.self, forKey: .names)
        dns = try container.decode(Int.self, forKey: .dns)
        tls = try container.decode(Int.self, forKey: .tls)
        quic = try container.decode(Int.self, forKey: .quic)
        http = try container.decodeIfPresent(Int.self, forKey: .http) ?? 0
        attributed = try container.decode(Int.self, forKey: .attributed)
    }
}
