import Dissection
import Tally
import Wire

/// Random numbers from a seed, so that a failure can be repeated (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}

/// A sighting as tests write it.
struct Seen {
    var name: String
    var device: Int
    var means = Sighting.Means.dns
    var naming = Sighting.Naming.read
    var hour = 9
    var segment: String = ""
    var isFromResolver = false

    /// 2026-11-24, in UTC.
    static let day: Int64 = 20_781 * 86_400

    var sightings: Sightings { sightings(atSecond: Self.day + Int64(hour) * 3600) }

    func sightings(atSecond second: Int64) -> Sightings {
        var sightings = Sightings()
        let bytes = Array(name.utf8)
        sightings.append(
            means, naming, name: bytes.span,
            client: Client(
                hardwareAddress: UInt64(0x0200_0000_0000 + device),
                address: IPAddress(v4: UInt32(0xc633_6400 + device)),
                vlan: segment == "students" ? 10 : segment == "staff" ? 20 : nil),
            timestampNanoseconds: second * 1_000_000_000, isFromResolver: isFromResolver)
        return sightings
    }

    /// A random one: a few domains, a tree of names below them, some devices.
    static func random(using generator: inout Seeded, devices: Int = 12) -> Seen {
        let labels = ["a", "b", "c", "www", "api"]
        let depth = Int.random(in: 0...3, using: &generator)
        let prefix = (0..<depth).map { _ in labels.randomElement(using: &generator).map { $0 + "." } ?? "" }.joined()
        let domains = ["example.com", "example.org", "school.k12.ny.us", "example.co.uk", "printer", "some.local"]
        return Seen(
            name: prefix + (domains.randomElement(using: &generator) ?? "example.com"),
            device: Int.random(in: 0..<devices, using: &generator) * Int.random(in: 0...1, using: &generator),
            means: [.dns, .tls, .quic, .http].randomElement(using: &generator) ?? .dns,
            naming: Bool.random(using: &generator) ? .read : .attributed,
            hour: Int.random(in: 7...16, using: &generator),
            segment: ["", "students", "staff"].randomElement(using: &generator) ?? "",
            isFromResolver: Int.random(in: 0..<10, using: &generator) == 0)
    }
}

/// What all rows and what is withheld come to.
struct Totals: Equatable {
    var dns = 0
    var tls = 0
    var quic = 0
    var http = 0
    var attributed = 0

    init(_ rows: [Row] = [], _ withheld: Withheld = Withheld()) {
        dns = rows.reduce(withheld.dns) { $0 + $1.dns }
        tls = rows.reduce(withheld.tls) { $0 + $1.tls }
        quic = rows.reduce(withheld.quic) { $0 + $1.quic }
        http = rows.reduce(withheld.http) { $0 + $1.http }
        attributed = rows.reduce(withheld.attributed) { $0 + $1.attributed }
    }

    mutating func add(_ seen: Seen) {
        switch seen.means {
        case .dns: dns += 1
        case .tls: tls += 1
        case .quic: quic += 1
        case .http: http += 1
        case .vpn: break
        }
        if seen.naming == .attributed { attributed += 1 }
    }
}

/// What a collector keeps: the largest of each value.
struct Ledger: Equatable {
    struct Key: Hashable {
        var run: String
        var day: SchoolDay
        var segment: String
        var name: String
    }

    private(set) var rows: [Key: Row] = [:]
    private var newest: [String: (sequence: Int, withheld: Withheld)] = [:]

    mutating func merge(_ day: Day) {
        for row in day.rows {
            let key = Key(run: day.run, day: day.day, segment: row.segment, name: row.name)
            rows[key] = rows[key].map { $0.merged(with: row) } ?? row
        }
        if newest[day.run]?.sequence ?? 0 <= day.sequence { newest[day.run] = (day.sequence, day.withheld) }
    }

    var withheld: Withheld { newest.values.first?.withheld ?? Withheld() }
    var totals: Totals { Totals(Array(rows.values), withheld) }

    static func == (left: Ledger, right: Ledger) -> Bool { left.rows == right.rows && left.totals == right.totals }
}

extension Row {
    func merged(with other: Row) -> Row {
        Row(
            segment: segment, name: name, dns: max(dns, other.dns), tls: max(tls, other.tls),
            quic: max(quic, other.quic), http: max(http, other.http), attributed: max(attributed, other.attributed),
            devices: max(devices, other.devices), hours: hours.merging(other.hours, uniquingKeysWith: max))
    }

    /// Whether nothing in the later row is smaller; an hour of which the collector has the last word need not come again.
    func isGrown(from other: Row) -> Bool {
        var other = other
        other.hours = other.hours.filter { hours[$0.key] != nil }
        return merged(with: other) == self
    }
}

extension Tally {
    /// What would be told now.
    mutating func tell(limit: Int = 1000, pause: Int = 0) -> Day? {
        current?.prepareSnapshot()
        return current?.snapshot(limit: limit, pause: pause)
    }
}

let segments = [Segment(name: "students", vlans: [10]), Segment(name: "staff", vlans: [20])]
