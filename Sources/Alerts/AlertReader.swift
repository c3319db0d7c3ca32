package import Programme
import Wire

/// Somebody who is told: a mailbox, or a program behind a web address.
package struct AlertReader: Sendable, Equatable {
    /// What the reader is called, unique in the settings.
    package var name: String
    /// How the reader is reached.
    package var channel: Channel
    /// The kinds that the reader wants.
    package var kinds: Set<Alert.Kind>
    /// The schools that the reader wants to hear of; nil for all.
    package var schools: Set<String>?
    /// When what can wait is told.
    package var schedule: Schedule
    /// Whether urgent alerts come at once, and not with the digest.
    package var wantsUrgent: Bool
    /// When the reader is not to be disturbed.
    package var quiet: QuietHours?

    /// Makes a reader.
    package init(
        name: String, channel: Channel, kinds: Set<Alert.Kind> = Set(Alert.Kind.allCases),
        schools: Set<String>? = nil, schedule: Schedule = .daily(minute: 15 * 60), wantsUrgent: Bool = true,
        quiet: QuietHours? = nil
    ) {
        self.name = name
        self.channel = channel
        self.kinds = kinds
        self.schools = schools
        self.schedule = schedule
        self.wantsUrgent = wantsUrgent
        self.quiet = quiet
    }

    /// Whether an alert is for the reader.
    ///
    /// Whoever hears of some schools alone hears what is about them, and what is about the district as a whole, unless it
    /// is for other schools, or for none: a decision is told to the schools that it changes something for.
    package func wants(_ alert: Alert) -> Bool {
        guard kinds.contains(alert.subject.kind) else { return false }
        guard let schools else { return true }
        if let concerned = alert.schools { return !schools.isDisjoint(with: concerned) }
        return alert.subject.school.isEmpty || schools.contains(alert.subject.school)
    }
}

/// How a reader is reached.
package enum Channel: Sendable, Equatable {
    /// By e-mail.
    case mail(EmailAddress)
    /// By a request to a web address.
    case webhook(WebhookTarget)

    /// What messages to it are kept in order under.
    package func destination(reader: String) -> Destination {
        switch self {
        case .mail(let address): .mail(address)
        case .webhook: .webhook(reader: reader)
        }
    }
}

/// When a reader gets a digest, by the district's clock.
package enum Schedule: Sendable, Equatable {
    /// Every day at that minute since midnight.
    case daily(minute: Int)
    /// Every week on that day (0 is Sunday) at that minute.
    case weekly(day: Int, minute: Int)
    /// Every month on that day (1 to 28) at that minute.
    case monthly(day: Int, minute: Int)

    /// Whether a digest has come due since the last one.
    package func isDue(since last: Int, now: Int, clock: DistrictClock) -> Bool {
        guard now > last else { return false }
        let today = clock.day(at: now)
        let from = clock.day(at: last)
        // A collector that was away for months owes one digest, not one for each day: any day in between will do.
        for ordinal in (max(from.ordinal, today.ordinal - 31)...today.ordinal).reversed() {
            let day = SchoolDay(ordinal: ordinal)
            guard matches(day) else { continue }
            let isReached = day < today || clock.minute(at: now) >= minute
            let isNew = day > from || clock.minute(at: last) < minute
            if isReached, isNew { return true }
        }
        return false
    }

    private var minute: Int {
        switch self {
        case .daily(let minute), .weekly(_, let minute), .monthly(_, let minute): minute
        }
    }

    private func matches(_ day: SchoolDay) -> Bool {
        switch self {
        case .daily: true
        case .weekly(let weekday, _): (day.ordinal + 4) % 7 == weekday
        case .monthly(let number, _): day.description.suffix(2) == (number < 10 ? "0\(number)" : "\(number)")
        }
    }
}

/// Hours in which nothing is sent, by the district's clock; they may go over midnight.
package struct QuietHours: Sendable, Equatable {
    /// The first minute since midnight.
    package var from: Int
    /// The minute at which they end.
    package var until: Int

    /// Makes quiet hours.
    package init(from: Int, until: Int) {
        self.from = from
        self.until = until
    }

    /// Whether a minute of the day lies in them.
    package func contains(_ minute: Int) -> Bool {
        from <= until ? (from..<until).contains(minute) : minute >= from || minute < until
    }
}
