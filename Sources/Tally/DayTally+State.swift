private import Wire

extension DayTally {
    /// Writes all of it, but for the key of the sketches, which never goes to disk with them.
    func encode(_ writer: inout StateWriter) throws(StateError) {
        try writer.write(Int64(day.ordinal))
        try writer.write(run)
        try writer.write(UInt64(sequence))
        try writer.write(hasEnded)
        try writer.write(isFull)
        try writer.write(isDirty || isPending)
        try writer.write(Self.check(of: deviceKey))
        try encode(devices, &writer)
        for number in [leastDevices, unnamed.tls, unnamed.quic] { try writer.write(UInt64(number)) }
        for number in [encryptedDNS.dot, encryptedDNS.doq, encryptedDNS.doh] { try writer.write(UInt64(number)) }
        for number in [hidden.relay, hidden.vpn] { try writer.write(UInt64(number)) }
        for answers in [declines.encryptedDNS, declines.privateRelay] {
            for number in [answers.declined, answers.allowed] { try writer.write(UInt64(number)) }
        }
        try encode(abandoned, &writer)
        try writer.write(UInt64(abandonedNames))
        try writer.write(UInt8(hour ?? 24))
        try writer.write(UInt32(segments.count))
        for segment in segments { try writer.write(segment) }
        try writer.write(UInt32(names.count))
        for name in 0..<names.count { try writer.write(names.name(UInt32(name))) }
        try writer.write(UInt32(hours.count))
        for estimate in hours { try writer.write(estimate) }
        try writer.write(UInt32(rows.count))
        for row in rows { try encode(row, &writer) }
        try writer.write(detail.rawValue)
        try groups.encode(&writer)
    }

    /// Reads what ``encode(_:)`` wrote.
    ///
    /// - Parameters:
    ///   - reader: At the beginning of a day.
    ///   - version: Of the file; what an earlier one does not have is zero.
    ///   - k: The k from now on; rows that were released stay so.
    ///   - capacity: The bound from now on.
    ///   - deviceKey: The key of the sketches; without it they begin anew, and their estimates stand.
    /// - Throws: ``StateReader/Damage`` when it is not that.
    init(
        _ reader: inout StateReader, version: StateVersion, k: Int, capacity: Int, deviceKey: HashKey?
    ) throws(StateReader.Damage) {
        let ordinal: Int64 = try reader.read()
        let run = try reader.text()
        self.init(
            day: .init(ordinal: Int(ordinal)), run: run, k: k, capacity: capacity, deviceKey: deviceKey ?? .random())
        sequence = try Self.number(&reader)
        hasEnded = try reader.read()
        isFull = try reader.read()
        isDirty = try reader.read()
        let check: UInt64 = try reader.read()
        devices = try sketch(&reader)
        leastDevices = try Self.number(&reader)
        unnamed.tls = try Self.number(&reader)
        unnamed.quic = try Self.number(&reader)
        encryptedDNS.dot = try Self.number(&reader)
        encryptedDNS.doq = try Self.number(&reader)
        encryptedDNS.doh = try Self.number(&reader)
        if version >= .second { try decodeHiddenAndDeclines(&reader) }
        abandoned = try Self.counts(&reader, version)
        abandonedNames = try Self.number(&reader)
        let hour: UInt8 = try reader.read()
        self.hour = hour < 24 ? Int(hour) : nil
        try decodeTables(&reader, version)
        if version >= .third {
            guard let detail = Detail(rawValue: try reader.read()) else { throw StateReader.Damage() }
            self.detail = detail
            groups = try GroupTallies(&reader)
        }
        if check != Self.check(of: self.deviceKey) { forgetSketches() }
    }

    private mutating func decodeHiddenAndDeclines(_ reader: inout StateReader) throws(StateReader.Damage) {
        hidden.relay = try Self.number(&reader)
        hidden.vpn = try Self.number(&reader)
        declines.encryptedDNS.declined = try Self.number(&reader)
        declines.encryptedDNS.allowed = try Self.number(&reader)
        declines.privateRelay.declined = try Self.number(&reader)
        declines.privateRelay.allowed = try Self.number(&reader)
    }

    private mutating func decodeTables(
        _ reader: inout StateReader, _ version: StateVersion
    ) throws(StateReader.Damage) {
        segments = []
        for _ in 0..<(try reader.count(ofSize: 4)) { segments.append(try reader.text()) }
        guard segments.first == "", segments.count <= Int(UInt16.max) else { throw StateReader.Damage() }
        for number in 0..<(try reader.count(ofSize: 4)) {
            let name = try reader.byteString()
            guard names.intern(name.span) == UInt32(number) else { throw StateReader.Damage() }
            firstRow.append(TallyRow.none)
        }
        let hourCount = try reader.count(ofSize: 2)
        guard hourCount % 24 == 0 else { throw StateReader.Damage() }
        for _ in 0..<hourCount { hours.append(try reader.read()) }
        for _ in 0..<(try reader.count(ofSize: 40)) { try decodeRow(&reader, version) }
    }

    private mutating func decodeRow(
        _ reader: inout StateReader, _ version: StateVersion
    ) throws(StateReader.Damage) {
        let name: UInt32 = try reader.read()
        let segment: UInt16 = try reader.read()
        guard name < names.count, segment < segments.count else { throw StateReader.Damage() }
        let index = makeRow(name, segment: segment)
        guard let state = TallyRow.State(rawValue: try reader.read()) else { throw StateReader.Damage() }
        rows[index].state = state
        rows[index].isDirty = try reader.read()
        rows[index].counts = try Self.counts(&reader, version)
        rows[index].leastDevices = try reader.read()
        rows[index].hours = try reader.read()
        guard rows[index].hours == TallyRow.none || Int(rows[index].hours) < hours.count / 24 else {
            throw StateReader.Damage()
        }
        rows[index].heldNames = try reader.read()
        rows[index].devices = try sketch(&reader)
        rows[index].hourDevices = try sketch(&reader)
        if !rows[index].hourDevices.isEmpty { activeRows.append(UInt32(index)) }
        // An earlier version does not say what was told: it may have been anything.
        rows[index].wasTold = version >= .third ? try reader.read() : true
        if version >= .third {
            rows[index].toldAt = try reader.read()
            rows[index].confirmedHours = try reader.read()
        }
    }

    /// Keeps how many there were, and forgets hashes that nothing new can be compared with.
    private mutating func forgetSketches() {
        begin(hour: nil)
        updateGroups()
        for row in rows.indices { forgetDevices(of: row) }
        leastDevices = estimatedDevices
        devices = DeviceSketch()
        pool = SketchPool()
    }

    private func encode(_ row: TallyRow, _ writer: inout StateWriter) throws(StateError) {
        try writer.write(row.name)
        try writer.write(row.segment)
        try writer.write(row.state.rawValue)
        try writer.write(row.isDirty || row.isPending)
        try encode(row.counts, &writer)
        try writer.write(row.leastDevices)
        try writer.write(row.hours)
        try writer.write(row.heldNames)
        try encode(row.devices, &writer)
        try encode(row.hourDevices, &writer)
        try writer.write(row.wasTold)
        try writer.write(row.isPending ? 0 : row.toldAt)
        try writer.write(row.confirmedHours)
    }

    private func encode(_ counts: Counts, _ writer: inout StateWriter) throws(StateError) {
        try writer.write(counts.dns)
        try writer.write(counts.tls)
        try writer.write(counts.quic)
        try writer.write(counts.http)
        try writer.write(counts.attributed)
    }

    private func encode(_ sketch: DeviceSketch, _ writer: inout StateWriter) throws(StateError) {
        try writer.write(sketch.count)
        guard !sketch.isEmpty else { return }
        for word in pool.content(of: sketch) { try writer.write(word) }
    }

    private mutating func sketch(_ reader: inout StateReader) throws(StateReader.Damage) -> DeviceSketch {
        let count: UInt16 = try reader.read()
        guard count == DeviceSketch.estimated || count <= DeviceSketch.exactLimit else { throw StateReader.Damage() }
        var words: [UInt32] = []
        let size = count == DeviceSketch.estimated ? SketchPool.registerWords : Int(count)
        for _ in 0..<size { words.append(try reader.read()) }
        if count == DeviceSketch.estimated { return pool.restore(registers: words) }
        var sketch = DeviceSketch()
        for word in words { _ = pool.insert(word, into: &sketch) }
        return sketch
    }

    private static func counts(
        _ reader: inout StateReader, _ version: StateVersion
    ) throws(StateReader.Damage) -> Counts {
        var counts = Counts()
        counts.dns = try reader.read()
        counts.tls = try reader.read()
        counts.quic = try reader.read()
        if version >= .second { counts.http = try reader.read() }
        counts.attributed = try reader.read()
        return counts
    }

    private static func number(_ reader: inout StateReader) throws(StateReader.Damage) -> Int {
        guard let number = Int(exactly: try reader.read(UInt64.self)) else { throw StateReader.Damage() }
        return number
    }

    /// Tells whether a key is that of the sketches, and nothing else about it.
    private static func check(of key: HashKey) -> UInt64 {
        SipHash.hash(0, 0, 0, key: key)
    }
}
