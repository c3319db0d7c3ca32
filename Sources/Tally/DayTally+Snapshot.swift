package import Wire

extension DayTally {
    /// Whether there is something to tell that was not confirmed.
    package var hasNews: Bool { isDirty || isPending }

    /// Numbers the next snapshot; the state has to be saved between this and ``snapshot(limit:)``.
    ///
    /// What an unconfirmed snapshot told is told again.
    package mutating func prepareSnapshot() {
        sequence += 1
        retractSnapshot()
    }

    /// Notes that the last snapshot did not get through, so that its rows are told again.
    package mutating func retractSnapshot() {
        for row in rows.indices where rows[row].isPending {
            rows[row].isPending = false
            rows[row].isDirty = true
            rows[row].toldAt = 0
        }
        groups.retract()
        if isPending {
            isDirty = true
            totalsToldAt = 0
        }
        isPending = false
    }

    /// The current values of what changed since the last confirmed snapshot, in `limit` rows at most.
    ///
    /// A row that was told before waits `pause` snapshots until it is told again, unless the day has ended: most rows of
    /// a school change all the time, and each costs some twenty bytes. What is new is told at once.
    ///
    /// Nil when there is nothing to tell.
    package mutating func snapshot(limit: Int, pause: Int = 0) -> Day? {
        guard isDirty else { return nil }
        let pause = hasEnded ? 0 : pause
        updateGroups()
        var told: [Row] = []
        var isWhole = true
        for index in rows.indices where rows[index].isDirty && rows[index].state == .released {
            guard told.count < limit, isDue(rows[index].toldAt, pause) else {
                isWhole = false
                continue
            }
            told.append(tell(index))
        }
        let groups = tellGroups(pause)
        guard !told.isEmpty || !groups.isEmpty || isDue(totalsToldAt, pause) else { return nil }
        totalsToldAt = UInt32(sequence)
        isDirty = !isWhole || self.groups.hasNews(k: k)
        isPending = true
        let devices = estimatedDevices
        return Day(
            day: day, run: run, sequence: sequence, ended: hasEnded, rows: told, unnamed: unnamed,
            encryptedDNS: encryptedDNS, hidden: hidden, declines: declines, withheld: withheld,
            devices: devices >= k ? devices : 0, groups: groups)
    }

    private func isDue(_ toldAt: UInt32, _ pause: Int) -> Bool {
        toldAt == 0 || sequence - Int(toldAt) >= pause
    }

    private mutating func tell(_ row: Int) -> Row {
        rows[row].isDirty = false
        rows[row].isPending = true
        rows[row].wasTold = true
        rows[row].toldAt = UInt32(sequence)
        var told = wireRow(rows[row])
        told.hours = told.hours.filter { rows[row].confirmedHours & 1 << UInt32($0.key) == 0 }
        // The current hour may still grow, so that nobody has its last word.
        rows[row].pendingHours = told.hours.keys.reduce(0) { $1 == hour ? $0 : $0 | 1 << UInt32($1) }
        return told
    }

    /// Notes that the last snapshot is on the collector's disk.
    package mutating func confirmSnapshot() {
        for row in rows.indices where rows[row].isPending {
            rows[row].isPending = false
            rows[row].confirmedHours |= rows[row].pendingHours
        }
        groups.confirm()
        isPending = false
    }

    /// All rows that may be told, by name and segment.
    package var releasedRows: [Row] {
        let told = rows.filter { $0.state == .released }.map(wireRow)
        return told.sorted { ($0.name, $0.segment) < ($1.name, $1.segment) }
    }

    /// The places of the rows that may be told, by name: for whoever takes one row after the other.
    var releasedPlaces: [UInt32] {
        let places = rows.indices.filter { rows[$0].state == .released }.map { UInt32($0) }
        return places.sorted { isBefore(names.name(rows[Int($0)].name), names.name(rows[Int($1)].name)) }
    }

    /// The row at one of the ``releasedPlaces``.
    func releasedRow(at place: UInt32) -> Row { wireRow(rows[Int(place)]) }

    private func isBefore(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
            return left[index] < right[index]
        }
        return left.count < right.count
    }

    /// What stays untold.
    package var withheld: Withheld {
        var total = abandoned
        var names = abandonedNames
        for first in firstRow {
            var row = first
            var sameName = 0
            while row != TallyRow.none {
                let held = rows[Int(row)]
                if held.state == .held || held.state == .untold {
                    total += held.counts
                    names += Int(held.heldNames)
                    sameName += held.heldNames > 0 ? 1 : 0
                }
                row = held.nextOfName
            }
            names -= max(0, sameName - 1)
        }
        return Withheld(
            names: names, dns: Int(total.dns), tls: Int(total.tls), quic: Int(total.quic), http: Int(total.http),
            attributed: Int(total.attributed))
    }

    /// Handshakes without a name.
    package var unnamedHandshakes: Unnamed { unnamed }

    /// Uses of encrypted DNS.
    package var encryptedDNSUses: EncryptedDNS { encryptedDNS }

    /// Connections that hide others.
    package var hiddenUses: Hidden { hidden }

    /// What resolvers said of the network's policy.
    package var policyAnswers: Declines { declines }

    /// The devices of the day.
    package var estimatedDevices: Int { max(leastDevices, pool.estimate(devices)) }

    func estimatedDevices(of row: TallyRow) -> Int {
        max(Int(row.leastDevices), pool.estimate(row.devices))
    }

    private func wireRow(_ row: TallyRow) -> Row {
        Row(
            segment: segments[Int(row.segment)], name: text(names.name(row.name)), dns: Int(row.counts.dns),
            tls: Int(row.counts.tls), quic: Int(row.counts.quic), http: Int(row.counts.http),
            attributed: Int(row.counts.attributed), devices: estimatedDevices(of: row), hours: toldHours(of: row))
    }
}
