import Foundation
import Registry
import Store
import Wire

extension District {
    /// Puts every question that pages put, over and over, and measures how long the answers take.
    func ask(_ store: SQLiteStore, _ maker: DistrictMaker, _ bench: inout Bench) async throws {
        let reader = UseReader(store: store, catalogue: maker.catalogue)
        _ = try await reader.daysOnRecord()
        let clock = ContinuousClock()
        let start = clock.now
        _ = try await reader.use(of: "Platform 1", in: UseScope(period: fourWeeks))
        bench.note("district: first question", (clock.now - start).seconds * 1000, "ms")
        resetPeakMemory()
        for (name, goal, question) in questions(reader) where only.map({ name.contains($0) }) ?? true {
            var times: [Double] = []
            let before = processorTime()
            for round in 0..<rounds {
                let start = clock.now
                try await question(round)
                times.append((clock.now - start).seconds * 1000)
            }
            let processor = (processorTime() - before) * 1000 / Double(rounds)
            times.sort()
            bench.note("district: \(name), processor time", processor, "ms")
            bench.note("district: \(name), p50", times[times.count / 2], "ms")
            bench.note(
                "district: \(name), p99", times[min(times.count - 1, times.count * 99 / 100)], "ms", atMost: goal)
        }
        bench.note("district: peak memory while asking", peakMemory(), "MB", atMost: 256)
        if only == nil { try await decide(store, reader, &bench) }
    }

    private var fourWeeks: Period { Period(until.advanced(by: -27), until) }

    private typealias Question = (name: String, goal: Double, ask: (_ round: Int) async throws -> Void)

    private func questions(_ reader: UseReader) -> [Question] {
        let (schools, fourWeeks, until) = (schools, fourWeeks, until)
        let district = UseScope(period: fourWeeks)
        let all = UseScope()
        func platform(_ round: Int) -> String { "Platform \(round * 37 % 1000 + 1)" }
        func school(_ round: Int, _ period: Period?) -> UseScope {
            UseScope(period: period, schools: .school("School \(round * 13 % schools)"))
        }
        let page = ListPage(limit: 50)
        return [
            ("tools, district, 4 weeks", 100, { _ in _ = try await reader.platformUse(in: district) }),
            ("tools, district, all days", 300, { _ in _ = try await reader.platformUse(in: all) }),
            (
                "tools, region, 4 weeks", 100,
                { round in
                    _ = try await reader.platformUse(
                        in: UseScope(period: fourWeeks, schools: .region("Region \(round % 10)")))
                }
            ),
            (
                "tools, segment, 4 weeks", 100,
                { _ in _ = try await reader.platformUse(in: UseScope(period: fourWeeks, segment: "staff")) }
            ),
            ("tools, school, 4 weeks", 100, { _ = try await reader.platformUse(in: school($0, fourWeeks)) }),
            ("tools, school, all days", 300, { _ = try await reader.platformUse(in: school($0, nil)) }),
            (
                "trend of a tool, all days", 100,
                { _ = try await reader.trend(of: .platform(platform($0)), in: all, by: .week) }
            ),
            (
                "trend of a status, 4 weeks", 100,
                { _ in _ = try await reader.trend(of: .status(.unlisted), in: district, by: .day) }
            ),
            (
                "schools of a tool, 4 weeks", 100,
                { _ = try await reader.schools(using: .platform(platform($0)), in: district) }
            ),
            ("hours of a tool", 100, { _ = try await reader.hoursOfDay(of: .platform(platform($0)), in: district) }),
            ("names of a tool", 100, { _ = try await reader.names(of: platform($0), in: district, page: page) }),
            ("unknown names, district", 100, { _ in _ = try await reader.unknownNames(in: district, page: page) }),
            (
                "unknown names, school", 100,
                { _ = try await reader.unknownNames(in: school($0, fourWeeks), page: page) }
            ),
            (
                "groups of unknown names", 100,
                { round in
                    _ = try await reader.unknownDomains(
                        in: district, dismissed: false, page: ListPage(offset: round * 20, limit: 20))
                }
            ),
            (
                "groups of unknown names, all for a file", 1000,
                { _ in _ = try await reader.allUnknownDomains(in: district, dismissed: false, search: "") }
            ),
            ("largest names", 300, { _ in _ = try await reader.largestNames(in: district) }),
            (
                "facts of the programme", 1000,
                { _ in
                    _ = try await reader.facts(on: until, studentSegments: ["students"], telling: { $0 > 1 || $1 > 9 })
                }
            ),
            ("schools", 100, { _ in _ = try await reader.schools(in: district) }),
            ("coverage", 100, { _ in _ = try await reader.coverage(in: district) }),
            ("agents", 100, { _ in _ = try await reader.agents(at: 0) }),
        ]
    }

    /// Measures how long it takes until a decision shows in all history.
    private func decide(_ store: SQLiteStore, _ reader: UseReader, _ bench: inout Bench) async throws {
        let clock = ContinuousClock()
        let decisions = [
            ("a status", Platform(name: "Platform 1", status: .flagged)),
            ("a domain of 40 names that all schools use", Platform(name: "New", patterns: [.domain("platform3.com")])),
            ("a name that few use", Platform(name: "Rare", patterns: [.domain("site700.org")])),
        ]
        for (name, platform) in decisions {
            _ = try await store.importRegistry(replacing: false, by: "bench", at: 1) { _ in [platform] }
            let start = clock.now
            _ = try await reader.use(of: platform.name, in: UseScope())
            bench.note(
                "district: matching history again, \(name)", (clock.now - start).seconds, "s", atMost: 2)
        }
    }
}
