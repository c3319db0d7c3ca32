import Registry

/// What was told before, so that an event fires once for its subject.
package struct AlertMemory: Sendable, Equatable {
    /// The last firing for each subject.
    package private(set) var fired: [Alert.Subject: Firing]

    /// When and on what an alert fired.
    package struct Firing: Sendable, Equatable {
        /// Seconds since 1970.
        package var at: Int
        /// What was so.
        package var armedBy: String

        /// Makes a firing.
        package init(at: Int, armedBy: String) {
            self.at = at
            self.armedBy = armedBy
        }
    }

    /// Makes a memory.
    package init(_ fired: [Alert.Subject: Firing] = [:]) {
        self.fired = fired
    }

    /// The alerts that are news, which are remembered now.
    ///
    /// - Parameters:
    ///   - alerts: What is so.
    ///   - now: Seconds since 1970.
    ///   - rearmDays: After so many days, what still is so is news again.
    ///   - changes: When the status of a platform last changed, by its key: since then what is so is news again, also
    ///     where the status is what it was at the last firing, as of a platform that was approved for a while in between.
    /// - Returns: Those that are news.
    package mutating func news(
        among alerts: [Alert], at now: Int, rearmDays: Int, changes: [String: Int] = [:]
    ) -> [Alert] {
        alerts.filter { alert in
            let changed = changes[Platform.key(of: alert.subject.platform)] ?? 0
            if let last = fired[alert.subject], last.armedBy == alert.armedBy, now - last.at < rearmDays * 86_400,
                changed <= last.at
            {
                return false
            }
            fired[alert.subject] = Firing(at: now, armedBy: alert.armedBy)
            return true
        }
    }
}
