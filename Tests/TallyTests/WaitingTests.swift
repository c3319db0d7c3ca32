import Dissection
import Foundation
import Tally
import Testing
import Wire

@Suite struct `A collector that is away` {
    typealias Folder = `State of the tally`.Folder

    /// A day of a school with `names` names below 100 domains, each used by 3 to 40 devices.
    static func day(_ number: Int, names: Int, told: Int = 0) throws -> (day: DayTally, totals: Totals) {
        var generator = Seeded(UInt64(number))
        var tally = Tally(TallySettings(k: 3, devices: .hardware, timeZone: `School day`.utc))
        var totals = Totals()
        for name in 0..<names {
            let text = "host-\(name * 7919 % 104_729).tool-\(name % 100).example"
            for device in 0..<Int.random(in: 3...40, using: &generator) {
                let seen = Seen(name: text, device: device, means: [.dns, .tls, .quic][device % 3])
                tally.count(seen.sightings(atSecond: Seen.day + Int64(number) * 86_400 + 36_000))
                totals.add(seen)
            }
        }
        if told > 0 {
            tally.current?.prepareSnapshot()
            _ = tally.current?.snapshot(limit: told)
        }
        tally.endDay()
        return (try #require(tally.takeEnded().first), totals)
    }

    static func size(of folder: Folder) throws -> Int {
        let path = folder.path + "/state"
        return try FileManager.default.contentsOfDirectory(atPath: path).reduce(0) {
            $0 + (try FileManager.default.attributesOfItem(atPath: path + "/" + $1)[.size] as? Int ?? 0)
        }
    }

    @Test func `for thirty days costs no more disk than the bound, and not one count`() throws {
        let folder = try Folder()
        let bound = 500_000
        let store = TallyStore(folder: folder.path + "/state", runtime: folder.path + "/run", limit: bound)
        var expected = Totals()
        var largest = 0
        for number in 0..<30 {
            let (day, totals) = try Self.day(number, names: 300)
            try store.saveEnded(day)
            expected += totals
            largest = max(largest, try Self.size(of: folder))
        }
        #expect(largest <= bound)
        var found = Totals()
        var details: [DayTally.Detail] = []
        for ended in store.endedDays() {
            let day = try #require(try store.load(ended).day)
            #expect(day.releasedRows.allSatisfy { $0.devices >= 3 })
            found += Totals(day.releasedRows, day.withheld)
            details.append(day.detail)
        }
        #expect(store.endedDays().count == 30)
        #expect(found == expected)
        // The oldest gave way first.
        #expect(details == details.sorted(by: >) && Set(details).count > 1)
    }

    @Test func `never has a row folded that it may have been told before`() throws {
        var (day, totals) = try Self.day(1, names: 900, told: 100)
        let told = day.releasedRows
        day.condense(to: .domains)
        let names = Set(day.releasedRows.map(\.name))
        #expect(told.filter { names.contains($0.name) }.count == 100)
        #expect(names.filter { $0.hasPrefix("host-") }.count == 100)
        #expect(Totals(day.releasedRows, day.withheld) == totals)
    }

    @Test func `is not told a day in two different ways: from the first report on it stays as it is`() throws {
        let folder = try Folder()
        let store = TallyStore(folder: folder.path + "/state", runtime: folder.path + "/run", limit: 1)
        var (day, _) = try Self.day(1, names: 200)
        _ = day.markTold()
        let rows = day.releasedRows.map(\.name)
        try store.saveEnded(day)
        let ended = try #require(store.endedDays().first)
        let loaded = try #require(try store.load(ended).day)
        #expect(loaded.releasedRows.map(\.name) == rows)
    }

    @Test func `hours go first, then rare names, then all names but domains`() throws {
        var (day, _) = try Self.day(1, names: 300)
        let rows = day.releasedRows.count
        day.condense(to: .withoutHours)
        #expect(day.releasedRows.count == rows)
        #expect(day.releasedRows.allSatisfy { $0.hours.isEmpty })
        day.condense(to: .rareNamesInDomains)
        let some = day.releasedRows.count
        #expect(day.releasedRows.contains { $0.name.hasPrefix("host-") })
        day.condense(to: .domains)
        #expect(!day.releasedRows.contains { $0.name.hasPrefix("host-") })
        #expect(some < rows && day.releasedRows.count == 100)
    }
}

@Suite struct `What is told again` {
    @Test func `is a row that changed only after a pause, what is new at once, and all when the day ends`() throws {
        var tally = `School day`.tally(k: 1)
        func snapshot(_ confirm: Bool = true) -> [String]? {
            let day = tally.tell(pause: 3)
            if confirm { tally.current?.confirmSnapshot() }
            return day?.rows.map(\.name)
        }
        tally.count(Seen(name: "a.example", device: 1).sightings)
        #expect(snapshot(false) == ["a.example"])
        // A report that was lost is sent again at once.
        #expect(snapshot() == ["a.example"])
        tally.count(Seen(name: "a.example", device: 1).sightings)
        #expect(snapshot() == nil)
        tally.count(Seen(name: "b.example", device: 1).sightings)
        #expect(snapshot() == ["b.example"])
        tally.count(Seen(name: "b.example", device: 1).sightings)
        #expect(snapshot() == ["a.example"])
        tally.endDay()
        var ended = try #require(tally.takeEnded().first)
        let last = ended.snapshot(limit: 100, pause: 3)
        #expect(last?.rows == [Row(name: "b.example", dns: 2, devices: 1, hours: [9: 1])])
    }

    @Test func `is no hour of which the collector has the last word, and every hour that grew`() throws {
        var tally = `School day`.tally(k: 1)
        func hours() -> [Int: Int]? {
            defer { tally.current?.confirmSnapshot() }
            return tally.tell()?.rows.first?.hours
        }
        tally.count(Seen(name: "a.example", device: 1, hour: 9).sightings)
        #expect(hours() == [9: 1])
        tally.count(Seen(name: "a.example", device: 2, hour: 9).sightings)
        tally.count(Seen(name: "a.example", device: 1, hour: 10).sightings)
        #expect(hours() == [9: 2, 10: 1])
        tally.count(Seen(name: "a.example", device: 1, hour: 11).sightings)
        #expect(hours() == [10: 1, 11: 1])
        // The clock goes back, and an hour that was over grows.
        for device in 1...3 { tally.count(Seen(name: "a.example", device: device, hour: 9).sightings) }
        tally.count(Seen(name: "a.example", device: 1, hour: 12).sightings)
        #expect(hours() == [9: 3, 11: 1, 12: 1])
    }
}

extension Totals {
    static func += (left: inout Totals, right: Totals) {
        left.dns += right.dns
        left.tls += right.tls
        left.quic += right.quic
        left.http += right.http
        left.attributed += right.attributed
    }
}
