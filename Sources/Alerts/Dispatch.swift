package import Programme

/// What a reader gets now: nothing, or one message with everything that has come up.
package struct Dispatch: Sendable, Equatable {
    /// An alert that fired and was not yet told to the reader.
    package struct Pending: Sendable, Equatable {
        /// Its key in the store.
        package var identifier: Int64
        /// The alert.
        package var alert: Alert

        /// Makes one.
        package init(identifier: Int64, alert: Alert) {
            self.identifier = identifier
            self.alert = alert
        }
    }

    /// When a reader was last written to, in seconds since 1970.
    package struct Mark: Sendable, Equatable {
        /// Since when the reader is known: what fired earlier is not told.
        package var since: Int
        /// The last time a digest came due, whether or not there was something in it.
        package var digest: Int
        /// The last urgent message.
        package var urgent: Int

        /// Makes the marks of a reader who is new.
        package init(since: Int) {
            self.since = since
            digest = since
            urgent = 0
        }

        /// Makes marks.
        package init(since: Int, digest: Int, urgent: Int) {
            self.since = since
            self.digest = digest
            self.urgent = urgent
        }
    }

    /// The alerts of the message; none when there is none to send.
    package var alerts: [Pending] = []
    /// The marks afterwards.
    package var mark: Mark

    /// Seconds that lie between two urgent messages at least: what comes up in between goes into one.
    package static let urgentGap = 3600

    /// Decides what a reader gets.
    package init(
        _ pending: [Pending], to reader: AlertReader, mark: Mark, now: Int, clock: DistrictClock,
        urgentGap: Int = Dispatch.urgentGap
    ) {
        self.mark = mark
        let isQuiet = reader.quiet?.contains(clock.minute(at: now)) ?? false
        guard !isQuiet else { return }
        let wanted = pending.filter { reader.wants($0.alert) }
        if reader.schedule.isDue(since: mark.digest, now: now, clock: clock) {
            self.mark.digest = now
            alerts = wanted
        } else if reader.wantsUrgent, now - mark.urgent >= urgentGap {
            alerts = wanted.filter(\.alert.subject.kind.isUrgent)
        }
        if alerts.contains(where: \.alert.subject.kind.isUrgent) { self.mark.urgent = now }
    }
}
