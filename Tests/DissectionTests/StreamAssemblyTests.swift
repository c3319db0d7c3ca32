import Testing
import TrafficMaker

@testable import Dissection

@Suite struct `Stream assembly` {
    @Test(arguments: 0..<200 as Range<UInt64>)
    func `pieces in any order, with overlaps and repeats, give the stream`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let stream = (0..<Int.random(in: 1...4000, using: &generator)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var pieces = randomCuts(of: stream.count, pieces: 12, using: &generator)
        pieces += pieces.prefix(4).map { max(0, $0.lowerBound - 5)..<min(stream.count, $0.upperBound + 9) }
        pieces.shuffle(using: &generator)

        var assembly = StreamAssembly()
        for piece in pieces {
            let isTaken = assembly.insert(Array(stream[piece]).span, at: piece.lowerBound)
            #expect(isTaken)
        }
        #expect(assembly.contiguousCount == stream.count)
        #expect(assembly.soFar == stream)
    }

    @Test func `the first of two overlapping pieces wins`() {
        var assembly = StreamAssembly()
        let isTaken1 = assembly.insert(([2, 2] as [UInt8]).span, at: 2)
        #expect(isTaken1)
        let isTaken2 = assembly.insert(([1, 1, 1, 1, 1, 1] as [UInt8]).span, at: 0)
        #expect(isTaken2)
        #expect(assembly.soFar == [1, 1, 2, 2, 1, 1])
    }

    @Test func `nothing is kept beyond the bound`() {
        var assembly = StreamAssembly()
        let isTaken3 = assembly.insert(([1] as [UInt8]).span, at: StreamAssembly.maximumLength)
        #expect(!isTaken3)
        let isTaken4 = assembly.insert(([1] as [UInt8]).span, at: -1)
        #expect(!isTaken4)
        #expect(assembly.heldBytes == 0)
    }

    @Test func `discarding moves what comes later to the front`() {
        var assembly = StreamAssembly()
        let isTaken5 = assembly.insert(([0, 1, 2] as [UInt8]).span, at: 0)
        #expect(isTaken5)
        let isTaken6 = assembly.insert(([5, 6] as [UInt8]).span, at: 5)
        #expect(isTaken6)
        assembly.discard(first: 5)
        #expect(assembly.soFar == [5, 6])
        assembly.discard(first: 2)
        #expect(assembly.isEmpty)
    }

    @Test func `a pool that is full lets the oldest go and stays within its bytes`() {
        var pool = AssemblyPool(places: 4, maximumBytes: 1000)
        let tickets = (0..<4).map { _ in pool.begin() }
        let newest = pool.begin()
        #expect(pool[tickets[0]] == nil)
        #expect(pool[tickets[1]] != nil)
        let isTaken7 = pool.insert([UInt8](repeating: 1, count: 900).span, at: 0, into: tickets[1])
        #expect(isTaken7)
        let isTaken8 = pool.insert([UInt8](repeating: 1, count: 200).span, at: 0, into: newest)
        #expect(isTaken8)
        #expect(pool[tickets[1]] == nil)
        #expect(pool[newest]?.contiguousCount == 200)
        #expect(pool.evictions > 0)
    }
}

extension `Stream assembly` {
    @Test func `an assembly that follows another holds nothing of it`() {
        var pool = AssemblyPool(places: 1, maximumBytes: 1000)
        let first = pool.begin()
        let isTaken1 = pool.insert(([1, 2, 3, 4] as [UInt8]).span, at: 0, into: first)
        #expect(isTaken1)
        pool.end(first)
        #expect(pool.heldBytes == 0)
        let second = pool.begin()
        let isTaken2 = pool.insert(([9] as [UInt8]).span, at: 2, into: second)
        #expect(isTaken2)
        #expect(pool.withContiguous(second) { $0.count } == nil)
        let isTaken3 = pool.insert(([7, 8] as [UInt8]).span, at: 0, into: second)
        #expect(isTaken3)
        #expect(pool.withContiguous(second) { $0.copied() } == [7, 8, 9])
        #expect(pool.withContiguous(first) { $0.count } == nil)
    }
}

@Suite struct `Name ring` {
    @Test func `a name is there until as many bytes of other names came after it, and never as another name`() {
        var ring = NameRing(capacity: 300)
        var generator = SeededGenerator(seed: 1)
        var kept: [(text: String, place: NameRing.Place)] = []
        var read = NameBuffer()
        for number in 0..<400 {
            let text = String(repeating: "a", count: Int.random(in: 0...40, using: &generator)) + ".\(number)"
            kept.append((text, ring.append(Array(text.utf8).span)))
            var bytesSince = 0
            for (text, place) in kept.reversed() {
                bytesSince += text.utf8.count
                let isThere = ring.read(place, into: &read)
                if isThere { #expect(read.text == text) }
                // Less than one name is lost at the end of the block.
                if bytesSince <= 300 - 44 { #expect(isThere) }
                if bytesSince > 300 { #expect(!isThere) }
            }
        }
    }
}

@Suite struct `Bounded table` {
    @Test func `it keeps what was used last and counts what gave way`() {
        var table = BoundedTable(capacity: 8, empty: 0)
        for key in 1...8 as ClosedRange<UInt64> {
            let place = table.insert(key).place
            table[place] = Int(key)
        }
        #expect(table.find(1) != nil)
        let (_, evicted) = table.insert(9)
        #expect(evicted == 2)
        #expect(table.find(2) == nil)
        #expect(table.find(1) != nil)
        #expect(table.evictions == 1)
    }

    @Test func `a removed entry leaves its place to another`() {
        var table = BoundedTable(capacity: 8, empty: 0)
        for key in 1...8 as ClosedRange<UInt64> { _ = table.insert(key) }
        if let place = table.find(5) { table.remove(at: place) }
        #expect(table.insert(9).evicted == nil)
        #expect(table.find(5) == nil)
    }
}
