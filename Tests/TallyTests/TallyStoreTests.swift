import Dissection
import Foundation
import Testing
import Wire

@testable import Tally

@Suite struct `State of the tally` {
    /// A folder that is gone after the test.
    final class Folder {
        let path: String
        var store: TallyStore { TallyStore(folder: path + "/state", runtime: path + "/run") }
        var stateFile: String { path + "/state/tally.state" }

        init() throws {
            path = FileManager.default.temporaryDirectory.path + "/rollcall-test-\(DayTally.makeRun())"
            try StateFile.makeFolder(path + "/state")
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    static func tally(_ seed: UInt64, k: Int = 3, count: Int = 300, going current: DayTally? = nil) -> Tally {
        let settings = TallySettings(k: k, devices: .hardware, segments: segments, timeZone: `School day`.utc)
        var tally = Tally(settings, current: current)
        for seen in `School day`.random(seed, count: count) { tally.count(seen.sightings) }
        return tally
    }

    static func save(_ day: DayTally, in store: TallyStore) throws {
        try store.saveKey(of: day)
        try store.saveCurrent(day)
    }

    @Test(arguments: 0..<5 as Range<UInt64>)
    func `a killed agent goes on where it was saved, as if nothing had been`(seed: UInt64) throws {
        let folder = try Folder()
        let first = try #require(Self.tally(seed).current)
        try Self.save(first, in: folder.store)
        let loaded = try #require(try folder.store.loadCurrent(k: 3, capacity: 50_000).day)
        #expect(loaded.run == first.run)
        #expect(loaded.releasedRows == first.releasedRows)
        #expect(loaded.withheld == first.withheld)
        var undisturbed = Self.tally(seed + 100, going: first)
        var disturbed = Self.tally(seed + 100, going: loaded)
        undisturbed.endDay()
        disturbed.endDay()
        let days = try (#require(undisturbed.takeEnded().first), #require(disturbed.takeEnded().first))
        #expect(days.0.releasedRows == days.1.releasedRows)
        #expect(days.0.withheld == days.1.withheld)
        #expect(days.0.estimatedDevices == days.1.estimatedDevices)
    }

    @Test func `after a reboot sketches begin anew, counts stay held, and estimates stand`() throws {
        let folder = try Folder()
        let first = try #require(Self.tally(1).current)
        try Self.save(first, in: folder.store)
        try StateFile.remove(folder.path + "/run/key")
        let loaded = try #require(try folder.store.loadCurrent(k: 3, capacity: 50_000).day)
        #expect(loaded.releasedRows == first.releasedRows)
        #expect(loaded.withheld == first.withheld)
        var tally = Self.tally(1, going: loaded)
        tally.endDay()
        let ended = try #require(tally.takeEnded().first)
        let before = Totals(first.releasedRows, first.withheld)
        #expect(Totals(ended.releasedRows, ended.withheld).dns == before.dns * 2)
        for row in first.releasedRows {
            let after = ended.releasedRows.first { $0.name == row.name && $0.segment == row.segment }
            #expect(after?.isGrown(from: row) == true)
        }
    }

    @Test func `cleartext HTTP, hidden connections and the network's policy outlive a restart`() throws {
        let folder = try Folder()
        let settings = TallySettings(k: 1, timeZone: `School day`.utc)
        var tally = Tally(settings)
        tally.count(Seen(name: "learn.example.org", device: 1, means: .http).sightings)
        var hidden = Sightings()
        let client = Client(hardwareAddress: 2, address: IPAddress(v4: 2))
        let time = Seen.day * 1_000_000_000
        let nothing: [UInt8] = []
        hidden.append(
            .vpn, .unnamed, name: nothing.span, client: client, timestampNanoseconds: time, hidden: .vpn)
        let relay = Array("mask.icloud.com".utf8)
        hidden.append(.quic, .read, name: relay.span, client: client, timestampNanoseconds: time, hidden: .relay)
        for (question, isDeclined) in [(PolicyAnswer.Question.encryptedDNS, true), (.privateRelay, false)] {
            hidden.append(PolicyAnswer(question, isDeclined: isDeclined, timestampNanoseconds: time))
        }
        tally.count(hidden)
        try Self.save(try #require(tally.current), in: folder.store)
        var loaded = try #require(try folder.store.loadCurrent(k: 1, capacity: 50_000).day)
        let told = loaded.snapshot(limit: 10)
        let day = try #require(told)
        #expect(day.hidden == Hidden(relay: 1, vpn: 1))
        #expect(day.declines.encryptedDNS == Declines.Answers(declined: 1, allowed: 0))
        #expect(day.declines.privateRelay == Declines.Answers(declined: 0, allowed: 1))
        #expect(day.unnamed == Unnamed())
        #expect(day.rows.map(\.name).sorted() == ["learn.example.org", "mask.icloud.com"])
        #expect(day.rows.map(\.http).reduce(0, +) == 1)
        #expect(day.rows.map(\.quic).reduce(0, +) == 1)
    }

    @Test func `the state of the version before is read on`() throws {
        let folder = try Folder()
        var written: [UInt8] = []
        var writer = StateWriter { chunk throws(StateError) in written += chunk }
        try Self.writeFirstVersion(&writer)
        try StateFile.write(written, to: folder.stateFile)
        let (day, notice) = try folder.store.loadCurrent(k: 1, capacity: 50_000)
        #expect(notice == nil)
        #expect(day?.releasedRows == [Row(name: "learn.example.org", dns: 5, tls: 6, quic: 7, attributed: 2)])
        #expect(day?.withheld == Withheld(names: 1, dns: 1, tls: 2, quic: 3, attributed: 0))
        #expect(day?.encryptedDNSUses == EncryptedDNS(dot: 1, doq: 2, doh: 3))
        #expect(day?.hiddenUses == Hidden())
    }

    /// A day with one name as version 1 wrote it.
    private static func writeFirstVersion(_ writer: inout StateWriter) throws {
        try writer.write(UInt64(0x01_594c_544c_4c4f_52))
        try writer.write(Int64(20_781))
        try writer.write(String(repeating: "a", count: 32))
        try writer.write(UInt64(4))
        for flag in [false, false, true] { try writer.write(flag) }
        try writer.write(UInt64(0))  // no key has this check: the sketches begin anew
        try writer.write(UInt16(0))
        for number in [0, 1, 2, 1, 2, 3] as [UInt64] { try writer.write(number) }  // devices, unnamed, encrypted DNS
        for number in [1, 2, 3, 0] as [UInt32] { try writer.write(number) }  // abandoned
        try writer.write(UInt64(1))
        try writer.write(UInt8(24))
        try writer.write(UInt32(1))
        try writer.write("")
        try writer.write(UInt32(1))
        try writer.write("learn.example.org")
        try writer.write(UInt32(0))  // hours
        try writer.write(UInt32(1))
        try writer.write(UInt32(0))
        try writer.write(UInt16(0))
        try writer.write(UInt8(1))  // released
        try writer.write(true)
        for number in [5, 6, 7, 2] as [UInt32] { try writer.write(number) }
        for number in [0, .max, 0] as [UInt32] { try writer.write(number) }  // devices, hours, held names
        for _ in 0..<2 { try writer.write(UInt16(0)) }
        try writer.finish()
    }

    @Test func `every cut and every flipped byte is detected, set aside and told`() throws {
        let folder = try Folder()
        let day = try #require(Self.tally(2, count: 25).current)
        try Self.save(day, in: folder.store)
        let good = try #require(try StateFile.read(folder.stateFile))
        var generator = Seeded(5)
        var broken = (0..<good.count).filter { $0 % 7 == 0 || $0 > good.count - 20 }.map { Array(good.prefix($0)) }
        for position in good.indices {
            var flipped = good
            flipped[position] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            broken.append(flipped)
        }
        broken.append(good + [0])
        for bytes in broken {
            try StateFile.write(bytes, to: folder.stateFile)
            let loaded = try folder.store.loadCurrent(k: 3, capacity: 50_000)
            #expect(loaded.day == nil)
            let notice = try #require(loaded.notice)
            let aside = folder.stateFile + ".damaged"
            #expect(notice.contains(aside))
            try StateFile.remove(aside)
        }
    }

    @Test func `neither a key nor an address is in the state, and nobody else may read it`() throws {
        let folder = try Folder()
        let day = try #require(Self.tally(3).current)
        try Self.save(day, in: folder.store)
        let state = try #require(try StateFile.read(folder.stateFile))
        let key = try #require(try StateFile.read(folder.path + "/run/key"))
        #expect(key.count == 16)
        #expect(state.firstRange(of: key) == nil)
        for device: UInt8 in 1..<12 {
            for secret: [UInt8] in [
                [2, 0, 0, 0, 0, device], [198, 51, 100, device], Array("198.51.100.\(device)".utf8),
            ] {
                #expect(state.firstRange(of: secret) == nil)
                #expect(state.firstRange(of: secret.reversed()) == nil)
            }
        }
        for path in [folder.stateFile, folder.path + "/run/key"] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func `an ended day is kept until it is confirmed, and wins over the state it came from`() throws {
        let folder = try Folder()
        var tally = Self.tally(4)
        try Self.save(#require(tally.current), in: folder.store)
        tally.endDay()
        let day = try #require(tally.takeEnded().first)
        try folder.store.saveEnded(day)
        #expect(try folder.store.loadCurrent(k: 3, capacity: 50_000).day == nil)
        let ended = try #require(folder.store.endedDays().first)
        let loaded = try #require(try folder.store.load(ended).day)
        #expect(loaded.releasedRows == day.releasedRows)
        #expect(loaded.hasEnded && loaded.hasNews)
        try folder.store.confirm(ended)
        #expect(folder.store.endedDays() == [])
    }

    @Test func `a replayed capture is found again before and after it is confirmed`() throws {
        let folder = try Folder()
        var tally = Self.tally(5)
        tally.endDay()
        let day = try #require(tally.takeEnded().first)
        try folder.store.saveReplayed(day, fingerprint: "abc")
        let replayed = try #require(folder.store.replayed(day.day, fingerprint: "abc"))
        #expect(folder.store.endedDays() == [replayed])
        try folder.store.confirm(replayed)
        #expect(folder.store.endedDays() == [])
        let again = try #require(folder.store.replayed(day.day, fingerprint: "abc"))
        #expect(try folder.store.load(again).day?.run == day.run)
        #expect(folder.store.replayed(day.day, fingerprint: "abd") == nil)
    }

    @Test func `two agents cannot share a state folder`() throws {
        let folder = try Folder()
        let lock = try StateLock(folder: folder.path)
        #expect(throws: StateError.locked(path: folder.path)) { _ = try StateLock(folder: folder.path) }
        _ = consume lock
        #expect(throws: Never.self) { _ = try StateLock(folder: folder.path) }
    }
}
