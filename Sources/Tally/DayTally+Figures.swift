private import Wire

extension DayTally {
    /// How many rows there are, of the ``capacity`` there is room for.
    package var rowCount: Int { rows.count }

    /// How many names are told, in one segment or more.
    package var namesTold: Int {
        var told = Set<UInt32>()
        for row in rows where row.state == .released { told.insert(row.name) }
        return told.count
    }

    /// The share of handshakes that have a name, in percent, told or held; nil before the first handshake.
    package var coverage: Int? {
        var named = abandoned
        for row in rows { named += row.counts }
        let handshakes = Int(named.tls) + Int(named.quic)
        let all = handshakes + unnamed.tls + unnamed.quic
        return all == 0 ? nil : handshakes * 100 / all
    }
}
