private import Names

extension DayTally {
    /// In what detail a day that ended waits for a collector that is away for long.
    package enum Detail: UInt8, Sendable, Comparable, CaseIterable {
        /// As it was counted.
        case full
        /// Without the hours, over the whole day.
        case withoutHours
        /// Rare names, too, count with their domain.
        case rareNamesInDomains
        /// All names count with their domain.
        case domains

        /// The next less; nil for the last.
        package var next: Detail? { Detail(rawValue: rawValue + 1) }

        package static func < (left: Detail, right: Detail) -> Bool { left.rawValue < right.rawValue }
    }

    /// Keeps a day that ended in less detail; no count is lost.
    ///
    /// A row that was told stays as it is: the collector has it, and would count it twice in another.
    package mutating func condense(to detail: Detail) {
        precondition(hasEnded, "a day that is being counted is not condensed")
        self.detail = detail
        isDirty = true
        hours = []
        for row in rows.indices { rows[row].hours = TallyRow.none }
        switch detail {
        case .full, .withoutHours: return
        case .rareNamesInDomains: foldIntoDomains(fewerThan: Self.rareDevices)
        case .domains: foldIntoDomains(fewerThan: UInt32.max)
        }
        removeFoldedRows()
    }

    /// Notes that everything may have been told from now on: no row will ever be folded.
    ///
    /// - Returns: Whether that is news.
    package mutating func markTold() -> Bool {
        var isNews = false
        for row in rows.indices where rows[row].state == .released && !rows[row].wasTold {
            rows[row].wasTold = true
            isNews = true
        }
        return isNews
    }

    private mutating func foldIntoDomains(fewerThan limit: UInt32) {
        for row in rows.indices {
            let source = rows[row]
            guard source.state == .released, !source.wasTold, source.leastDevices < limit else { continue }
            guard let name = HostName(text(names.name(source.name))) else { continue }
            let bytes = Array(name.foldingRoot.text.utf8)
            if name == name.foldingRoot, source.segment == 0 { continue }
            let target = rowOrNew(bytes.span, segment: 0)
            rows[target].state = .released
            rows[target].isDirty = true
            merge(row, into: target)
        }
    }

    /// Half a class: what fewer devices used is no tool of a school's.
    private static let rareDevices: UInt32 = 16
}
