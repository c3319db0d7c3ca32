import Dissection
import Foundation
import Registry
import Tally
import Testing
import Wire

@Suite struct `School day` {
    static let utc = TimeZone(secondsFromGMT: 0) ?? .current

    static func tally(k: Int, capacity: Int = 50_000) -> Tally {
        Tally(TallySettings(k: k, devices: .hardware, segments: segments, timeZone: utc, capacity: capacity))
    }

    /// Counts, ends the day, and gives it.
    static func day(k: Int, capacity: Int = 50_000, _ seen: [Seen]) throws -> DayTally {
        var tally = tally(k: k, capacity: capacity)
        for seen in seen { tally.count(seen.sightings) }
        tally.endDay()
        return try #require(tally.takeEnded().first)
    }

    static func random(_ seed: UInt64, count: Int = 600) -> [Seen] {
        var generator = Seeded(seed)
        return (0..<count).map { _ in Seen.random(using: &generator) }.sorted { $0.hour < $1.hour }
    }

    @Test(arguments: 0..<20 as Range<UInt64>, [1, 2, 3, 5])
    func `every sighting ends in exactly one row or is withheld`(seed: UInt64, k: Int) throws {
        let seen = Self.random(seed)
        var expected = Totals()
        for seen in seen { expected.add(seen) }
        let day = try Self.day(k: k, seen)
        #expect(Totals(day.releasedRows, day.withheld) == expected)
        #expect(k > 1 || day.withheld == Withheld())
    }

    @Test(arguments: 0..<10 as Range<UInt64>, [8, 20, 60])
    func `so it does when there is room for a few rows only`(seed: UInt64, capacity: Int) throws {
        let seen = Self.random(seed)
        var expected = Totals()
        for seen in seen { expected.add(seen) }
        for k in [1, 3] {
            let day = try Self.day(k: k, capacity: capacity, seen)
            #expect(Totals(day.releasedRows, day.withheld) == expected)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>, [50_000, 20])
    func `rows only grow, and reports in any order with repeats give the same totals`(
        seed: UInt64, capacity: Int
    ) throws {
        var generator = Seeded(seed)
        var tally = Self.tally(k: 3, capacity: capacity)
        var told: [Ledger.Key: Row] = [:]
        var reports: [Day] = []
        func note(_ day: Day?) throws {
            guard let day else { return }
            reports.append(day)
            for row in day.rows {
                let key = Ledger.Key(run: day.run, day: day.day, segment: row.segment, name: row.name)
                if let before = told[key] { #expect(row.isGrown(from: before)) }
                told[key] = told[key].map { $0.merged(with: row) } ?? row
            }
        }
        for (index, seen) in Self.random(seed).enumerated() {
            tally.count(seen.sightings)
            guard index % 37 == 0 else { continue }
            tally.current?.prepareSnapshot()
            let report = tally.current?.snapshot(limit: 7)
            switch Int.random(in: 0...2, using: &generator) {
            case 0: continue  // The report is lost.
            case 1: try note(report)  // The confirmation is lost.
            default:
                try note(report)
                tally.current?.confirmSnapshot()
            }
        }
        tally.endDay()
        var ended = try #require(tally.takeEnded().first)
        ended.prepareSnapshot()
        while let day = ended.snapshot(limit: 5) {
            try note(day)
            ended.confirmSnapshot()
        }
        #expect(!ended.hasNews)
        var ledger = Ledger()
        for report in (reports + reports + reports).shuffled(using: &generator) { ledger.merge(report) }
        #expect(ledger.totals == Totals(ended.releasedRows, ended.withheld))
        // Hours that were confirmed are not told again, and none is lost by that.
        #expect(ledger.rows.values.sorted { ($0.name, $0.segment) < ($1.name, $1.segment) } == ended.releasedRows)
    }

    @Test(arguments: 0..<20 as Range<UInt64>, [2, 3, 5])
    func `no name that fewer than k devices used is told, nor an hour of it`(seed: UInt64, k: Int) throws {
        let seen = Self.random(seed)
        let day = try Self.day(k: k, seen)
        for row in day.releasedRows {
            // Everything that can have come to this row: the name and what is below it.
            let sources = seen.filter { $0.name == row.name || $0.name.hasSuffix("." + row.name) }
            let devices = Set(sources.filter { !$0.isFromResolver }.map(\.device))
            #expect(devices.count >= k)
            #expect(row.devices >= k && row.devices <= devices.count)
            for (hour, active) in row.hours {
                let inHour = Set(sources.filter { $0.hour == hour && !$0.isFromResolver }.map(\.device))
                #expect(active >= k && active <= inHour.count)
            }
        }
    }

    @Test func `a row is held until k devices contributed, then told with all its counts`() throws {
        var tally = Self.tally(k: 3)
        for device in [1, 1, 1, 2] {
            tally.count(Seen(name: "www.example.com", device: device).sightings)
            #expect(tally.current?.releasedRows == [])
        }
        #expect(tally.current?.withheld == Withheld(names: 1, dns: 4))
        tally.count(Seen(name: "www.example.com", device: 3, means: .tls).sightings)
        let row = Row(name: "www.example.com", dns: 4, tls: 1, devices: 3, hours: [9: 3])
        #expect(tally.current?.releasedRows == [row])
        #expect(tally.current?.withheld == Withheld())
    }

    @Test func `siblings meet at their nearest common parent`() throws {
        let day = try Self.day(
            k: 3,
            [
                Seen(name: "x.a.example.com", device: 1), Seen(name: "y.a.example.com", device: 2),
                Seen(name: "deep.z.a.example.com", device: 3), Seen(name: "b.example.com", device: 4),
                Seen(name: "rare.example.org", device: 5),
            ])
        #expect(day.releasedRows == [Row(name: "a.example.com", dns: 3, devices: 3)])
        #expect(day.withheld == Withheld(names: 2, dns: 2))
    }

    @Test func `segments come together before names do`() throws {
        let day = try Self.day(
            k: 3,
            [
                Seen(name: "www.example.com", device: 1, segment: "students"),
                Seen(name: "www.example.com", device: 2, segment: "students"),
                Seen(name: "www.example.com", device: 3, segment: "staff"),
            ])
        #expect(day.releasedRows == [Row(name: "www.example.com", dns: 3, devices: 3)])
    }

    @Test func `held counts join a parent that is told already, which grows`() throws {
        let seen = (1...3).map { Seen(name: "example.com", device: $0) } + [Seen(name: "rare.example.com", device: 1)]
        let day = try Self.day(k: 3, seen)
        #expect(day.releasedRows == [Row(name: "example.com", dns: 4, devices: 3, hours: [9: 3])])
    }

    @Test func `queries of a resolver are held with k above 1 and told with k of 1`() throws {
        let seen = [Seen(name: "www.example.com", device: 1, isFromResolver: true)]
        #expect(try Self.day(k: 2, seen).releasedRows == [])
        #expect(try Self.day(k: 1, seen).releasedRows == [Row(name: "www.example.com", dns: 1)])
    }

    @Test func `a flood of invented names costs their parent one row`() throws {
        var tally = Self.tally(k: 3, capacity: 1000)
        for number in 0..<20_000 {
            tally.count(Seen(name: "r\(number &* 7_919).flood.example", device: number % 4).sightings)
        }
        tally.endDay()
        let day = try #require(tally.takeEnded().first)
        #expect(day.releasedRows.map(\.name) == ["flood.example"])
        #expect(day.releasedRows.first?.dns == 20_000)
    }

    @Test(arguments: [1, 3])
    func `a flood of invented names of one domain leaves room for all others, also where each would be told`(k: Int)
        throws
    {
        var tally = Self.tally(k: k, capacity: 1000)
        for number in 0..<5000 {
            let invented = "r\(number &* 7_919).x\(number % 5).flood.example.org"
            tally.count(Seen(name: invented, device: number % 50).sightings)
            guard number % 100 == 0 else { continue }
            for device in 0..<k { tally.count(Seen(name: "www.tool\(number).example", device: device).sightings) }
        }
        tally.endDay()
        let day = try #require(tally.takeEnded().first)
        let told = Dictionary(uniqueKeysWithValues: day.releasedRows.map { ($0.name, $0.dns) })
        for number in stride(from: 0, to: 5000, by: 100) { #expect(told["www.tool\(number).example"] == k) }
        #expect(told.filter { $0.key.hasSuffix("example.org") }.values.reduce(0, +) == 5000)
    }

    @Test func `fifty thousand names of one domain have a row each`() {
        var tally = Self.tally(k: 1, capacity: DayTally.usualCapacity)
        for number in 0..<50_000 { tally.count(Seen(name: "host\(number).example.org", device: 1).sightings) }
        #expect(tally.current?.rowCount == 50_000)
    }

    @Test func `what is kept apart in a crowded domain stays apart`() throws {
        let settings = {
            var settings = TallySettings(k: 1, devices: .hardware, timeZone: Self.utc, capacity: 1000)
            settings.keepApart = [.domain("teams.example.org")]
            return settings
        }()
        var tally = Tally(settings)
        for number in 0..<900 {
            tally.count(Seen(name: "r\(number).example.org", device: 1).sightings)
        }
        tally.count(Seen(name: "teams.example.org", device: 1).sightings)
        for number in 0..<7 { tally.count(Seen(name: "r\(number).teams.example.org", device: 1).sightings) }
        tally.endDay()
        let told = try #require(tally.takeEnded().first).releasedRows
        #expect(told.filter { $0.name.hasSuffix("teams.example.org") }.map(\.dns) == [8])
        #expect(told.map(\.dns).reduce(0, +) == 908)
    }

    @Test func `the text of an address is never told`() throws {
        let seen = (1...3).flatMap { device in
            ["192.0.2.7", "[2001:db8::7]:443", "192.0.2.7:443", "server4:443", "7.2.0.192.in-addr.arpa"].map {
                Seen(name: $0, device: device)
            }
        }
        for k in [1, 3] {
            let day = try Self.day(k: k, seen)
            #expect(day.releasedRows.map(\.name) == ["in-addr.arpa", "server4:443"])
            #expect(day.withheld == Withheld(names: 3, dns: 9))
        }
    }

    @Test func `handshakes without a name are counted apart`() throws {
        var tally = Self.tally(k: 1)
        tally.count(Seen(name: "", device: 1, means: .tls, naming: .unnamed).sightings)
        tally.count(Seen(name: "", device: 1, means: .quic, naming: .unnamed).sightings)
        #expect(tally.current?.unnamedHandshakes == Unnamed(tls: 1, quic: 1))
        #expect(tally.current?.releasedRows == [])
        #expect(tally.current?.estimatedDevices == 1)
    }

    @Test func `a day that comes again is another run`() throws {
        var tally = Self.tally(k: 1)
        let seen = Seen(name: "www.example.com", device: 1)
        for day: Int64 in [0, 1, 0, 1] { tally.count(seen.sightings(atSecond: Seen.day + day * 86_400)) }
        tally.endDay()
        let ended = tally.takeEnded()
        #expect(ended.map(\.day.description) == ["2026-11-24", "2026-11-25", "2026-11-24", "2026-11-25"])
        #expect(Set(ended.map(\.run)).count == 4)
    }

    @Test func `frames a little out of order do not begin the day anew`() throws {
        var tally = Self.tally(k: 1)
        let seen = Seen(name: "www.example.com", device: 1)
        for second: Int64 in [0, 86_400, 86_399, 86_401] { tally.count(seen.sightings(atSecond: Seen.day + second)) }
        tally.endDay()
        #expect(tally.takeEnded().map(\.day.description) == ["2026-11-24", "2026-11-25"])
    }

    @Test func `a replay counts everything on one day, by the time of day`() throws {
        let settings = TallySettings(k: 1, timeZone: Self.utc)
        var tally = Tally(settings, replayedDay: SchoolDay(ordinal: 20_000))
        let seen = Seen(name: "www.example.com", device: 1)
        for second: Int64 in [0, 3600, 90_000] { tally.count(seen.sightings(atSecond: Seen.day + second)) }
        tally.endDay()
        let ended = tally.takeEnded()
        #expect(ended.map(\.day.ordinal) == [20_000])
        #expect(ended.first?.releasedRows.first?.hours == [0: 1, 1: 1])
    }

    @Test func `a window gives the same rows as a replay`() throws {
        for (seed, k) in [(1, 1), (2, 3)] as [(UInt64, Int)] {
            var window = CaptureTally(k: k)
            var tally = Tally(TallySettings(k: k, timeZone: Self.utc), replayedDay: SchoolDay(ordinal: 20_000))
            for seen in Self.random(seed) {
                window.count(seen.sightings)
                tally.count(seen.sightings)
            }
            tally.endDay()
            let rows = tally.takeEnded().first?.releasedRows.map { row in
                var row = row
                row.hours = [:]
                return row
            }
            var told: [Row] = []
            window.finish().forEachRow { told.append($0) }
            #expect(told == rows)
        }
    }
}

@Suite struct `School clock` {
    @Test func `the days on which clocks change have 23 and 25 hours`() throws {
        let zone = try #require(TimeZone(identifier: "America/New_York"))
        for (start, hours, day) in [(1_772_946_000, 23, "2026-03-08"), (1_793_505_600, 25, "2026-11-01")] {
            var clock = SchoolClock(zone)
            let moments = (0..<hours * 4).map { clock.moment(Int64(start + $0 * 900) * 1_000_000_000) }
            #expect(Set(moments.map(\.day.description)) == [day])
            #expect(moments.first?.hour == 0)
            #expect(moments.last?.hour == 23)
            #expect(clock.moment(Int64(start - 1) * 1_000_000_000).hour == 23)
            #expect(clock.moment(Int64(start + hours * 3600) * 1_000_000_000).hour == 0)
        }
    }

    @Test(arguments: ["America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns"])
    func `what it keeps is what the time zone says`(identifier: String) throws {
        let zone = try #require(TimeZone(identifier: identifier))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        var generator = Seeded(7)
        var clock = SchoolClock(zone)
        for _ in 0..<300 {
            let start = Int64.random(in: 1_600_000_000...2_000_000_000, using: &generator)
            for step: Int64 in [0, 1, 1799, 3599, 3600, -1] {
                let date = Date(timeIntervalSince1970: Double(start + step))
                let moment = clock.moment((start + step) * 1_000_000_000)
                #expect(moment.hour == calendar.component(.hour, from: date))
                let parts = calendar.dateComponents([.year, .month, .day], from: date)
                let day = try SchoolDay(
                    year: #require(parts.year), month: #require(parts.month), day: #require(parts.day))
                #expect(moment.day == day)
            }
        }
    }

    @Test func `the ends of time are times`() {
        var clock = SchoolClock(TimeZone(secondsFromGMT: 0) ?? .current)
        for time in [Int64.min, -1, 0, Int64.max] { #expect((0...23).contains(clock.moment(time).hour)) }
        let before = clock.moment(-1)
        #expect(before.day == SchoolDay(ordinal: -1) && before.hour == 23)
    }
}
