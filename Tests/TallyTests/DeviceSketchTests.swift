import Dissection
import Tally
import Testing
import Wire

@Suite struct `Device sketch` {
    @Test func `SipHash gives the reference's hashes`() {
        let key = HashKey(first: 0x0706_0504_0302_0100, second: 0x0f0e_0d0c_0b0a_0908)
        let vectors: [(Int, UInt64)] = [
            (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (8, 0x93f5_f579_9a93_2462),
            (15, 0xa129_ca61_49be_45e5),
        ]
        for (count, hash) in vectors {
            let bytes = (0..<count).map { UInt8($0) }
            #expect(SipHash.hash(bytes.span, key: key) == hash)
        }
        let bytes = (0..<24).map { UInt8($0) }
        let words: [UInt64] = [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908, 0x1716_1514_1312_1110]
        #expect(SipHash.hash(bytes.span, key: key) == SipHash.hash(words[0], words[1], words[2], key: key))
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `is exact up to 64, close above, and never goes down`(seed: UInt64) {
        var generator = Seeded(seed)
        var pool = SketchPool()
        var sketch = DeviceSketch()
        var known: Set<UInt32> = []
        var last = 0
        while known.count < 20_000 {
            let hash = UInt32.random(in: 0...(.max), using: &generator)
            known.insert(hash)
            _ = pool.insert(hash, into: &sketch)
            _ = pool.insert(hash, into: &sketch)
            if known.count <= 70 || known.count % 997 == 0 {
                let estimate = pool.estimate(sketch)
                #expect(estimate >= last)
                last = estimate
                if known.count <= 64 {
                    #expect(estimate == known.count)
                } else {
                    // Four standard errors.
                    #expect(abs(Double(estimate) / Double(known.count) - 1) < 0.13)
                }
            }
        }
    }

    @Test(arguments: [(3, 5), (1, 1), (60, 60), (10, 500), (500, 10), (900, 900), (0, 3), (3, 0), (0, 100)])
    func `a union is what one sketch of all would be`(left: Int, right: Int) {
        var generator = Seeded(UInt64(left * 1000 + right))
        var pool = SketchPool()
        var all = DeviceSketch()
        var sketches = [DeviceSketch(), DeviceSketch()]
        for (index, count) in [left, right].enumerated() {
            for _ in 0..<count {
                let hash = UInt32.random(in: 0...(.max), using: &generator)
                _ = pool.insert(hash, into: &sketches[index])
                _ = pool.insert(hash, into: &all)
            }
        }
        pool.formUnion(&sketches[0], with: sketches[1])
        #expect(pool.estimate(sketches[0]) == pool.estimate(all))
    }

    @Test func `memory that was given back holds nothing of before`() {
        var pool = SketchPool()
        var generator = Seeded(3)
        for count in [100, 3, 64, 65, 2, 500, 33] {
            var sketch = DeviceSketch()
            for _ in 0..<count { _ = pool.insert(UInt32.random(in: 0...(.max), using: &generator), into: &sketch) }
            #expect(abs(pool.estimate(sketch) - count) <= (count > 64 ? count / 8 : 0))
            pool.release(&sketch)
            #expect(pool.estimate(sketch) == 0)
        }
    }
}

@Suite struct `Device recognition` {
    func client(_ hardware: UInt64?, _ address: UInt32) -> Client {
        Client(hardwareAddress: hardware, address: IPAddress(v4: address))
    }

    func devices(_ mode: DeviceRecognition.Mode, _ clients: [Client]) -> [DeviceRecognition.Identity] {
        var recognition = DeviceRecognition(mode)
        return clients.map { recognition.identity(of: $0) }
    }

    @Test func `a station with up to four IPv4 addresses is one device`() {
        let seen = devices(.auto, [1, 2, 3, 4, 1, 2].map { client(9, $0) })
        #expect(seen.allSatisfy { $0 == seen[0] })
    }

    @Test func `a station with a fifth is a router, and its addresses are devices from then on`() {
        let seen = devices(.auto, [1, 2, 3, 4, 5, 6, 1].map { client(9, $0) })
        #expect(seen[3] == seen[0])
        #expect(seen[4] != seen[0] && seen[5] != seen[4] && seen[6] != seen[0])
        #expect(seen[4...] == devices(.address, [5, 6, 1].map { client(nil, $0) })[...])
    }

    @Test func `temporary IPv6 addresses make no router, a 65th does`() {
        let clients = (0..<65).map {
            Client(hardwareAddress: 9, address: IPAddress(high: 0x2001_0db8_0000_0000, low: UInt64($0)))
        }
        let seen = devices(.auto, clients)
        #expect(seen[..<64].allSatisfy { $0 == seen[0] })
        #expect(seen[64] != seen[0])
    }

    @Test func `without a hardware address the network address counts`() {
        let seen = devices(.hardware, [client(nil, 1), client(0, 1), client(nil, 2), client(7, 1), client(7, 2)])
        #expect(seen[0] == seen[1] && seen[0] != seen[2] && seen[0] != seen[3] && seen[3] == seen[4])
    }

    @Test func `a hundred thousand stations are told apart within bounds`() {
        var recognition = DeviceRecognition(.auto)
        let first = recognition.identity(of: client(1, 1))
        for hardware in 2..<100_000 as Range<UInt64> { _ = recognition.identity(of: client(hardware, 1)) }
        #expect(recognition.identity(of: client(1, 1)) == first)
    }
}

@Suite struct `Segment of the network` {
    @Test(arguments: [
        ("10.1.0.0/16", "10.1.255.255", true), ("10.1.0.0/16", "10.2.0.0", false), ("0.0.0.0/0", "198.51.100.1", true),
        ("192.0.2.7/32", "192.0.2.7", true), ("192.0.2.7/32", "192.0.2.6", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
        ("::/0", "2001:db8::1", true), ("2001:db8::1/128", "2001:db8::1", true), ("0.0.0.0/0", "2001:db8::1", false),
        ("2001:db8:0:1::/64", "2001:db8:0:1:abcd::", true), ("2001:db8:0:1::/64", "2001:db8:0:2::", false),
    ])
    func `subnets contain what is in them`(subnet: String, address: String, isInside: Bool) throws {
        let segment = Segment(name: "s", subnets: [try #require(Subnet(subnet))])
        let address = try #require(IPAddress(text: address))
        var tally = Tally(TallySettings(k: 1, segments: [segment]))
        var sightings = Sightings()
        sightings.append(
            .dns, .read, name: [UInt8]("example.com".utf8).span, client: Client(hardwareAddress: 1, address: address),
            timestampNanoseconds: 0)
        tally.count(sightings)
        #expect(tally.current?.releasedRows.first?.segment == (isInside ? "s" : ""))
    }

    @Test(arguments: [
        "10.1.0.0", "10.1.0.0/33", "10.1.0.1/16", "10.1.0/16", "10.1.0.0/-1", "x/8", "2001:db8::/129", "2001:db8::1/64",
        "1:2:3:4:5:6:7:8:9/64", ":::/0", "256.0.0.0/8", "", "/",
    ])
    func `what is no subnet is none`(text: String) {
        #expect(Subnet(text) == nil)
    }

    @Test func `the first that matches wins`() {
        let all = [Segment(name: "wifi", interfaces: ["wlan0"]), Segment(name: "students", vlans: [10])]
        for (interface, expected) in [("wlan0", "wifi"), ("eth0", "students")] {
            var tally = Tally(TallySettings(k: 1, segments: all))
            tally.count(Seen(name: "example.com", device: 1, segment: "students").sightings, interface: interface)
            #expect(tally.current?.releasedRows.first?.segment == expected)
        }
    }
}
