extension DayTally {
    /// Ends the current hour and begins another.
    ///
    /// A clock that goes back begins an hour anew; the larger estimate stands.
    mutating func begin(hour next: Int?) {
        if let hour {
            keepGroups(hour)
            for row in activeRows { keep(hour, of: Int(row)) }
        }
        activeRows.removeAll(keepingCapacity: true)
        hour = next
    }

    /// The devices of each hour that may be told.
    func toldHours(of row: TallyRow) -> [Int: Int] {
        var told: [Int: Int] = [:]
        if row.hours != TallyRow.none {
            for hour in 0..<24 {
                let estimate = hours[Int(row.hours) * 24 + hour]
                if estimate > 0 { told[hour] = Int(estimate) }
            }
        }
        if let hour, row.hourDevices.reaches(k) {
            told[hour] = max(told[hour] ?? 0, hourEstimate(row))
        }
        return told
    }

    /// Keeps the estimate of an hour that is over, where at least k devices were active in it, and forgets which.
    private mutating func keep(_ hour: Int, of row: Int) {
        if rows[row].hourDevices.reaches(k) {
            if rows[row].hours == TallyRow.none {
                rows[row].hours = UInt32(hours.count / 24)
                for _ in 0..<24 { hours.append(0) }
            }
            let index = Int(rows[row].hours) * 24 + hour
            let estimate = UInt16(hourEstimate(rows[row]))
            if estimate > hours[index] {
                hours[index] = estimate
                rows[row].confirmedHours &= ~(1 << UInt32(hour))
            }
        }
        pool.release(&rows[row].hourDevices)
    }

    private func hourEstimate(_ row: TallyRow) -> Int {
        min(pool.estimate(row.hourDevices), Int(UInt16.max))
    }
}
