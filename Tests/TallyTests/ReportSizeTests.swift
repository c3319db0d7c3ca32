import Dissection
import Foundation
import Tally
import Testing
import Wire

@Suite struct `Size of reports` {
    /// A school day from 8 to 15 o'clock: 1,000 devices use 1,000 names, by Zipf's law, a report every five minutes.
    @Test func `of a day with a thousand names and a thousand devices is at most 150 kB`() throws {
        var generator = Seeded(7)
        let names = Self.names(1000, &generator)
        var weights: [Double] = []
        for rank in 1...names.count { weights.append((weights.last ?? 0) + 1 / Double(rank)) }
        let total = try #require(weights.last)
        var tally = Tally(TallySettings(k: 3, devices: .hardware, segments: segments, timeZone: `School day`.utc))
        var size = 0
        var told = Set<String>()
        func send(_ day: Day?) throws {
            guard let day else { return }
            told.formUnion(day.rows.map(\.name))
            size +=
                Gzip.compress(
                    try Report(sentAt: 1_795_500_000, version: "0.1.0", days: [day], health: Self.health).encoded()
                ).count
        }
        for slot: Int64 in 0..<84 {
            let second = Seen.day + 8 * 3600 + slot * 300
            for _ in 0..<1500 {
                let place = Double.random(in: 0..<total, using: &generator)
                let name = weights.partitioningIndex { $0 > place }
                let device = Int.random(in: 0..<1000, using: &generator)
                for means in [
                    Seen(name: names[name], device: device), Seen(name: names[name], device: device, means: .tls),
                ] {
                    tally.count(means.sightings(atSecond: second))
                }
            }
            tally.current?.prepareSnapshot()
            try send(tally.current?.snapshot(limit: 2000, pause: 24))
            tally.current?.confirmSnapshot()
        }
        tally.endDay()
        var ended = try #require(tally.takeEnded().first)
        try send(ended.snapshot(limit: 2000))
        print("a day's reports: \(size) bytes, \(told.count) names told")
        #expect(told.count > 950)
        #expect(size <= 150_000)
    }

    static let health = Health(
        uptimeSeconds: 86_400, interfaces: [Health.Interface(name: "eth1", isUp: true, frames: 812_345)], malformed: 3,
        evictions: ["streams": 0, "connections": 0, "queries": 0, "answers": 0], rows: 812, rowCapacity: 50_000,
        memoryBytes: 31_457_280, cpuMilliseconds: 51_200, deviceAddresses: 214)

    /// Names as they are: a word or two, a host of a few usual ones, an ending.
    static func names(_ count: Int, _ generator: inout Seeded) -> [String] {
        let syllables = [
            "ed", "learn", "kid", "math", "read", "goo", "cla", "ss", "ro", "om", "ix", "ly", "go", "to", "pad", "quiz",
        ]
        let hosts = ["www", "api", "cdn", "static", "app", "login", "events", "assets", "m", "edge"]
        let endings = ["com", "com", "com", "net", "org", "io", "co", "edu"]
        var names = Set<String>()
        while names.count < count {
            let word = (0..<Int.random(in: 2...4, using: &generator)).map { _ in
                syllables.randomElement(using: &generator) ?? ""
            }
            let host = hosts.randomElement(using: &generator) ?? "www"
            names.insert("\(host).\(word.joined()).\(endings.randomElement(using: &generator) ?? "com")")
        }
        return names.sorted().shuffled(using: &generator)
    }
}

extension Array {
    /// Where the elements begin that satisfy a condition that all later ones satisfy too.
    fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
