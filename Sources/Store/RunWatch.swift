import Wire

/// Notices an identity that two gateways use, as after a gateway's disk was copied.
///
/// An agent has one run a day, and a further one after it lost its state: then the earlier never comes again. Where two
/// runs of one day report in turns, again and again, two machines do. On the day of the copy both go on with the same
/// run, of which the larger counts stand; from the next day on each has its own.
struct RunWatch: Sendable {
    /// So many returns to an earlier run: one may be a report that was long under way.
    static let suspiciousReturns = 3

    private var agents: [Int64: Runs] = [:]

    private struct Runs {
        var day: SchoolDay
        var current: String
        var earlier: Set<String> = []
        var returns = 0
    }

    /// Notes that an agent reported of a run; whether two gateways seem to report for it.
    mutating func isUsedTwice(_ agent: Int64, day: SchoolDay, run: String) -> Bool {
        guard var runs = agents[agent], runs.day >= day else {
            agents[agent] = Runs(day: day, current: run)
            return false
        }
        guard runs.day == day, runs.current != run else { return runs.returns >= Self.suspiciousReturns }
        if runs.earlier.contains(run) { runs.returns += 1 }
        // A replay makes many runs of a day; more of them than any watch needs are not remembered.
        if runs.earlier.count < 16 { runs.earlier.insert(runs.current) }
        runs.current = run
        agents[agent] = runs
        return runs.returns >= Self.suspiciousReturns
    }
}
