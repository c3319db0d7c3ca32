import Dissection
import Foundation
import Registry
import Tally
import Testing
import Wire

@Suite struct `What is observed` {
    static func day(_ seen: [Seen], _ change: (inout TallySettings) -> Void) throws -> DayTally {
        var settings = TallySettings(k: 1, devices: .hardware, segments: segments, timeZone: `School day`.utc)
        change(&settings)
        var tally = Tally(settings)
        for seen in seen { tally.count(seen.sightings) }
        tally.endDay()
        return try #require(tally.takeEnded().first)
    }

    let seen = [
        Seen(name: "www.example.com", device: 1), Seen(name: "example.com", device: 1),
        Seen(name: "notexample.com", device: 2), Seen(name: "www.example.org", device: 3, hour: 18),
        Seen(name: "www.example.org", device: 4, segment: "students"),
        Seen(name: "evil\\.example.com", device: 5),
    ]

    @Test func `leaves out excluded names with all below them, and nothing that only looks like them`() throws {
        let day = try Self.day(seen) { $0.excludedNames = [.domain("example.com")] }
        #expect(
            day.releasedRows.map(\.name) == [
                "evil\\.example.com", "notexample.com", "www.example.org", "www.example.org",
            ])
        #expect(day.withheld == Withheld())
        // The device that used nothing else was not seen.
        #expect(day.estimatedDevices == 4)
    }

    @Test func `leaves out a name alone where the pattern says so`() throws {
        let day = try Self.day(seen) { $0.excludedNames = [.exact("example.com")] }
        #expect(day.releasedRows.map(\.name).contains("www.example.com"))
        #expect(!day.releasedRows.map(\.name).contains("example.com"))
    }

    @Test func `is only what is allowed, where a list of that is given`() throws {
        let day = try Self.day(seen) { settings in
            settings.onlyNames = [.domain("example.com")]
            settings.excludedNames = [.exact("www.example.com")]
        }
        #expect(day.releasedRows.map(\.name) == ["example.com"])
    }

    @Test func `leaves out excluded subnets and VLANs whole`() throws {
        let subnet = try #require(Subnet("198.51.100.1/32"))
        let day = try Self.day(seen) { settings in
            settings.excludedSubnets = [subnet]
            settings.excludedVLANs = [10]
        }
        #expect(day.releasedRows.map(\.name) == ["evil\\.example.com", "notexample.com", "www.example.org"])
        #expect(day.releasedRows.last?.dns == 1)
        #expect(day.estimatedDevices == 3)
    }

    @Test func `leaves out hours outside of school`() throws {
        let day = try Self.day(seen) { $0.hours = 7..<17 }
        #expect(
            day.releasedRows.last
                == Row(segment: "students", name: "www.example.org", dns: 1, devices: 1, hours: [9: 1]))
    }

    @Test func `may change in the middle of a day: what is held is then held by the new k`() throws {
        var settings = TallySettings(k: 2, devices: .hardware, timeZone: `School day`.utc)
        var tally = Tally(settings)
        for device in 1...2 { tally.count(Seen(name: "told.example", device: device).sightings) }
        tally.count(Seen(name: "held.example", device: 1).sightings)
        settings.k = 3
        settings.excludedNames = [.domain("late.example")]
        tally.apply(settings)
        tally.count(Seen(name: "held.example", device: 2).sightings)
        tally.count(Seen(name: "late.example", device: 2).sightings)
        #expect(tally.current?.releasedRows.map(\.name) == ["told.example"])
        tally.count(Seen(name: "held.example", device: 3).sightings)
        #expect(tally.current?.releasedRows.map(\.name) == ["held.example", "told.example"])
    }

    @Test func `keeps names apart: what is rare there does not count with the name above`() throws {
        let seen = (1...3).map { Seen(name: "example.com", device: $0) } + [Seen(name: "a.kids.example.com", device: 1)]
        for (apart, dns, names) in [([], 4, 0), ([NamePattern.domain("kids.example.com")], 3, 1)] {
            let day = try Self.day(seen) { settings in
                settings.k = 3
                settings.keepApart = apart
            }
            #expect(day.releasedRows.map(\.dns) == [dns])
            #expect(day.withheld == Withheld(names: names, dns: names))
        }
    }
}

@Suite struct `Name patterns` {
    @Test(arguments: [
        ("img-cdn.example.com", true), ("a.img-cdn.example.com", true), ("-cdn.example.com", false),
        ("cdn.example.com", false), ("img-cdn.example.org", false), ("img-cdn.a.example.com", false),
    ])
    func `an ending matches labels that have something before it, and all below`(name: String, matches: Bool) {
        let patterns = NamePatterns([(.ending("-cdn.example.com"), 1)])
        let bytes = Array(name.utf8)
        #expect((patterns.match(bytes.span) == 1) == matches)
    }

    @Test func `the longest that matches a name is it`() {
        let patterns = NamePatterns([
            (.domain("example.com"), 1), (.domain("docs.example.com"), 2), (.exact("www.docs.example.com"), 3),
        ])
        func match(_ name: String) -> UInt16? {
            let bytes = Array(name.utf8)
            return patterns.match(bytes.span)
        }
        #expect(match("example.com") == 1)
        #expect(match("a.b.example.com") == 1)
        #expect(match("docs.example.com") == 2)
        #expect(match("a.docs.example.com") == 2)
        #expect(match("www.docs.example.com") == 3)
        #expect(match("a.www.docs.example.com") == 2)
        #expect(match("com") == nil)
        #expect(match("anexample.com") == nil)
        #expect(match("an\\.example.com") == nil)
        #expect(match("") == nil)
    }
}

@Suite struct `Platforms` {
    static let platform = TallySettings.Group(
        name: "Sample Docs", patterns: [.domain("docs.example"), .exact("cdn.example.net")])

    static func tally(k: Int = 3) -> Tally {
        var settings = TallySettings(k: k, devices: .hardware, timeZone: `School day`.utc)
        settings.groups = [platform, TallySettings.Group(name: "Unused", patterns: [.domain("unused.example")])]
        return Tally(settings)
    }

    @Test func `count each device once over all of their names, and are told from k devices on`() throws {
        var tally = Self.tally()
        tally.count(Seen(name: "www.docs.example", device: 1).sightings)
        tally.count(Seen(name: "cdn.example.net", device: 1).sightings)
        tally.count(Seen(name: "api.docs.example", device: 2).sightings)
        let early = tally.tell()
        #expect(early?.groups == [])
        tally.count(Seen(name: "cdn.example.net", device: 3).sightings)
        tally.count(Seen(name: "other.example.net", device: 4).sightings)
        tally.count(Seen(name: "docs.example", device: 1, hour: 10).sightings)
        let told = tally.tell()
        let day = try #require(told)
        #expect(day.groups == [GroupDevices(name: "Sample Docs", devices: 3, hours: [9: 3])])
        // No name of it is told: each has fewer than k.
        #expect(day.rows == [])
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `are as many as the devices that used one of their names`(seed: UInt64) throws {
        var generator = Seeded(seed)
        var settings = TallySettings(k: 1, devices: .hardware, timeZone: `School day`.utc)
        settings.groups = [
            TallySettings.Group(name: "Org", patterns: [.domain("example.org"), .domain("example.co.uk")])
        ]
        var tally = Tally(settings)
        var devices = Set<Int>()
        for _ in 0..<200 {
            let seen = Seen.random(using: &generator, devices: 50)
            tally.count(seen.sightings)
            let belongs = seen.name.hasSuffix("example.org") || seen.name.hasSuffix("example.co.uk")
            if belongs, !seen.isFromResolver { devices.insert(seen.device) }
        }
        tally.endDay()
        var ended = try #require(tally.takeEnded().first)
        let told = ended.snapshot(limit: 10_000)
        #expect(told?.groups.map(\.devices) == [devices.count])
    }

    @Test(arguments: 0..<10 as Range<UInt64>, [2, 3, 5])
    func `that fewer than k devices used are never told, nor an hour of them`(seed: UInt64, k: Int) throws {
        var generator = Seeded(seed)
        var settings = TallySettings(k: k, devices: .hardware, timeZone: `School day`.utc)
        settings.groups = ["example.org", "example.co.uk", "a.example.com"].map {
            TallySettings.Group(name: $0, patterns: [.domain($0)])
        }
        var tally = Tally(settings)
        let seen = (0..<60).map { _ in Seen.random(using: &generator) }.sorted { $0.hour < $1.hour }
        for seen in seen { tally.count(seen.sightings) }
        tally.endDay()
        var ended = try #require(tally.takeEnded().first)
        let told = ended.snapshot(limit: 10_000)
        for group in told?.groups ?? [] {
            let uses = seen.filter {
                !$0.isFromResolver && ($0.name == group.name || $0.name.hasSuffix("." + group.name))
            }
            #expect(group.devices >= k && group.devices == Set(uses.map(\.device)).count)
            for (hour, devices) in group.hours {
                let inHour = Set(uses.filter { $0.hour == hour }.map(\.device)).count
                #expect(devices >= k && devices == inHour)
            }
        }
    }

    @Test(arguments: [1, 3], [1, 2, 10_000])
    func `leave nothing to tell once all is told, also where fewer than k devices used some`(k: Int, limit: Int) throws
    {
        var tally = Self.tally(k: k)
        for device in 1...4 { tally.count(Seen(name: "n\(device % 3).docs.example", device: device).sightings) }
        tally.count(Seen(name: "unused.example", device: 1).sightings)
        for _ in 0..<10 where tally.current?.hasNews == true {
            _ = tally.tell(limit: limit)
            tally.current?.confirmSnapshot()
        }
        #expect(tally.current?.hasNews == false)
        tally.endDay()
        var ended = try #require(tally.takeEnded().first)
        for _ in 0..<10 where ended.hasNews {
            _ = ended.snapshot(limit: limit)
            ended.confirmSnapshot()
        }
        #expect(ended.snapshot(limit: limit) == nil)
    }

    @Test func `are told again only where they grew, and again where the report was lost`() throws {
        var tally = Self.tally(k: 1)
        tally.count(Seen(name: "docs.example", device: 1).sightings)
        for _ in 0..<2 {
            let told = tally.tell()
            #expect(told?.groups.map(\.devices) == [1])
        }
        tally.current?.confirmSnapshot()
        tally.count(Seen(name: "other.example", device: 2).sightings)
        let told = tally.tell()
        #expect(told?.groups == [])
    }
}
