package import Names

extension DayTally {
    /// How far a name came on the way from the wire to the collector.
    package enum Standing: Sendable, Equatable {
        /// Nothing of it was counted on this day.
        case unseen
        /// It was counted, and fewer than k devices shared it so far.
        case held
        /// It is in the next report.
        case toBeTold
        /// The collector has it.
        case told
    }

    /// How far a name came, or else the farthest that a name below it came.
    package func standing(of name: HostName) -> Standing {
        var standings: [Standing] = []
        for row in rows where row.state == .held || row.state == .released {
            guard let other = HostName(text(names.name(row.name))), other.isWithin(name) else { continue }
            if row.state == .held {
                standings.append(.held)
            } else {
                standings.append(row.toldAt > 0 && !row.isPending ? .told : .toBeTold)
            }
        }
        for standing in [Standing.told, .toBeTold, .held] where standings.contains(standing) { return standing }
        return .unseen
    }
}
