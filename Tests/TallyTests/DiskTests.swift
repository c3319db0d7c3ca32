import Foundation
import Glibc
import Tally
import Testing
import Wire

/// A file system of its own for a test, where this machine lets us make one.
private final class SmallDisk {
    let path = FileManager.default.temporaryDirectory.path + "/rollcall-disk-\(DayTally.makeRun())"

    /// Nil, aloud, where that is not allowed.
    init?(bytes: Int) throws {
        try StateFile.makeFolder(path)
        guard geteuid() == 0, try Self.run(["mount", "-t", "tmpfs", "-o", "size=\(bytes)", "tmpfs", path]) == 0 else {
            print("skipped: this machine lets nobody mount a small file system")
            try? FileManager.default.removeItem(atPath: path)
            return nil
        }
    }

    /// Takes all the room that is left.
    func fill(_ file: String) throws {
        #expect(try Self.run(["dd", "if=/dev/zero", "of=\(file)", "bs=1024", "status=none"]) != 0)
    }

    func makeReadOnly(_ isReadOnly: Bool) throws {
        #expect(try Self.run(["mount", "-o", "remount,\(isReadOnly ? "ro" : "rw")", path]) == 0)
    }

    deinit {
        _ = try? Self.run(["umount", path])
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func run(_ command: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

@Suite struct `A disk that cannot be written` {
    static func day(_ seed: UInt64, count: Int) throws -> DayTally {
        try #require(`State of the tally`.tally(seed, count: count).current)
    }

    @Test
    func `when full, is named with the reason, keeps what was saved before, and is used again when there is room`()
        throws
    {
        guard let disk = try SmallDisk(bytes: 128 << 10) else { return }
        let store = TallyStore(folder: disk.path, runtime: disk.path)
        let first = try Self.day(1, count: 20)
        try store.saveCurrent(first)
        let filler = disk.path + "/filler"
        try disk.fill(filler)
        let second = try Self.day(2, count: 400)
        let error = #expect(throws: StateError.self) { try store.saveCurrent(second) }
        #expect("\(try #require(error))".contains("No space left on device"))
        #expect(try store.loadCurrent(k: 3, capacity: 50_000).day?.run == first.run)
        try StateFile.remove(filler)
        try store.saveCurrent(second)
        #expect(try store.loadCurrent(k: 3, capacity: 50_000).day?.run == second.run)
    }

    @Test func `when read-only, is named with the reason, and is used again when it is not`() throws {
        guard let disk = try SmallDisk(bytes: 1 << 20) else { return }
        let store = TallyStore(folder: disk.path, runtime: disk.path)
        let day = try Self.day(1, count: 20)
        try store.saveCurrent(day)
        try disk.makeReadOnly(true)
        let error = #expect(throws: StateError.self) { try store.saveCurrent(day) }
        #expect("\(try #require(error))".contains("Read-only file system"))
        #expect(try store.loadCurrent(k: 3, capacity: 50_000).day?.run == day.run)
        try disk.makeReadOnly(false)
        try store.saveCurrent(day)
    }
}

@Suite struct `A clock that is wrong` {
    /// Counts at these seconds and ends the day; a restart lies between any two.
    static func count(at seconds: [Int64], zones: [TimeZone]) throws -> [DayTally] {
        var current: DayTally?
        var ended: [DayTally] = []
        for (index, second) in seconds.enumerated() {
            let settings = TallySettings(k: 1, devices: .hardware, timeZone: zones[index % zones.count])
            var tally = Tally(settings, current: current)
            tally.advance(toNanoseconds: second * 1_000_000_000)
            tally.count(Seen(name: "www.example.com", device: index).sightings(atSecond: second))
            ended += tally.takeEnded()
            current = tally.current
        }
        var last = try #require(current)
        last.end()
        return ended + [last]
    }

    @Test(
        arguments: [
            [0, 40 * 86_400, 10], [0, -40 * 86_400, 10], [0, 3600 * 3, 3600, 7200],
            [0, 86_400 * 3650, 60, 86_400 * 3650, 90],
        ] as [[Int64]])
    func `and jumps back and forth loses no count and counts nothing twice`(offsets: [Int64]) throws {
        let days = try Self.count(at: offsets.map { Seen.day + 36_000 + $0 }, zones: [`School day`.utc])
        #expect(days.reduce(0) { $0 + $1.releasedRows.reduce(0) { $0 + $1.dns } } == offsets.count)
        #expect(Set(days.map(\.run)).count == days.count)
    }

    @Test func `by the hour that comes twice, and the one that does not come, is counted by the hour it shows`() throws
    {
        let zone = try #require(TimeZone(identifier: "America/New_York"))
        // 2026-11-01: 1 o'clock comes twice. 2026-03-08: 2 o'clock does not come.
        for (start, hours) in [(1_793_505_600, [0, 1, 1, 2, 3]), (1_772_946_000, [0, 1, 3, 4, 5])] as [(Int64, [Int])] {
            let seconds = hours.indices.map { start + Int64($0) * 3600 + 60 }
            let days = try Self.count(at: seconds, zones: [zone])
            #expect(days.count == 1)
            #expect(days.first?.releasedRows.first?.dns == 5)
            #expect(Set(days.first?.releasedRows.first?.hours.keys.map(\.self) ?? []) == Set(hours))
        }
    }

    @Test func `by its time zone counts on in the day that the new one shows`() throws {
        let zones = try ["America/New_York", "Asia/Tokyo", "America/New_York"].map {
            try #require(TimeZone(identifier: $0))
        }
        let seconds = (0..<6).map { Seen.day + 36_000 + Int64($0) * 60 }
        let days = try Self.count(at: seconds, zones: zones)
        #expect(days.reduce(0) { $0 + $1.releasedRows.reduce(0) { $0 + $1.dns } } == seconds.count)
    }
}

@Suite struct `A day without network` {
    @Test func `ends the day before, begins none, and the next one begins with the first frame`() throws {
        var tally = Tally(TallySettings(k: 1, devices: .hardware, timeZone: `School day`.utc))
        tally.count(Seen(name: "www.example.com", device: 1).sightings)
        for hour: Int64 in 0..<48 { tally.advance(toNanoseconds: (Seen.day + 43_200 + hour * 3600) * 1_000_000_000) }
        #expect(tally.current == nil)
        tally.count(Seen(name: "www.example.com", device: 1).sightings(atSecond: Seen.day + 3 * 86_400))
        tally.endDay()
        #expect(tally.takeEnded().map(\.day.description) == ["2026-11-24", "2026-11-27"])
    }
}
