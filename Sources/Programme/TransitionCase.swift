package import Wire

/// A school that is to move off a platform, or that lets lie what the district pays for.
///
/// It opens and closes on what was seen: a value into which school days go, and out of which comes what changed.
package struct TransitionCase: Sendable, Equatable, Codable {
    /// Why there is a case.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// A flagged platform is in use.
        case flaggedInUse = "flagged_in_use"
        /// An approved platform is paid for and not in use.
        case paidAndSilent = "paid_and_silent"
    }

    /// What it is about.
    package let kind: Kind
    /// The platform.
    package let platform: String
    /// The school.
    package let school: String
    /// The approved platform to move to; empty where there is none.
    package var replacement: String
    /// Who takes care of it; empty for nobody.
    package var owner: String
    /// The day by which it should be closed.
    package var due: SchoolDay
    /// What to do.
    package var steps: [Task]
    /// What was written about it, oldest first.
    package private(set) var messages: [Message] = []
    /// When it opened, closed and opened again, oldest first.
    package private(set) var turns: [Turn]

    /// Something to do.
    package struct Task: Sendable, Equatable, Codable {
        /// What.
        package var text: String
        /// Whether it was done.
        package var isDone: Bool

        /// Makes a task.
        package init(_ text: String, isDone: Bool = false) {
            self.text = text
            self.isDone = isDone
        }
    }

    /// A message about the case.
    package struct Message: Sendable, Equatable, Codable {
        /// Seconds since 1970.
        package var at: Int
        /// Who wrote it.
        package var who: String
        /// What it says.
        package var text: String
    }

    /// An opening or closing.
    package struct Turn: Sendable, Equatable, Codable {
        /// The day on which it happened.
        package var day: SchoolDay
        /// Whether the case was open afterwards.
        package var isOpen: Bool
        /// The evidence, in words.
        package var evidence: String
    }

    /// When use counts as ended, and as begun.
    package struct Terms: Sendable, Equatable {
        /// Devices on a school day from which on it is use.
        package var devices: Int
        /// For how many school days in a row use has to stay below that.
        package var quietDays: Int
        /// For how many days a case may last until it is due.
        package var dueAfter: Int

        /// Makes terms; the defaults are the documented ones.
        package init(devices: Int = 3, quietDays: Int = 10, dueAfter: Int = 60) {
            self.devices = devices
            self.quietDays = quietDays
            self.dueAfter = dueAfter
        }
    }

    /// The use of a platform at a school on a day on which the school reported.
    package struct DayOfUse: Sendable, Equatable {
        /// The day.
        package var day: SchoolDay
        /// Devices, at least.
        package var devices: Int

        /// Makes a day.
        package init(_ day: SchoolDay, _ devices: Int) {
            self.day = day
            self.devices = devices
        }
    }

    /// The case that the days are evidence of; nil where there is none.
    ///
    /// The days are those on which the school reported, oldest first: days without a report are no evidence of silence.
    package init?(
        _ kind: Kind, platform: String, school: String, replacement: String, days: [DayOfUse], terms: Terms
    ) {
        guard let last = days.last else { return nil }
        let evidence: String
        switch kind {
        case .flaggedInUse:
            guard !Self.isQuiet(days, terms), let seen = days.last(where: { $0.devices >= terms.devices }) else {
                return nil
            }
            evidence = "\(seen.devices) devices on \(seen.day.words)"
            steps = [
                "Tell the principal", "Agree on the platform to move to", "Move accounts and lessons", "Stop its use",
            ]
            .map { Task($0) }
        case .paidAndSilent:
            guard Self.isQuiet(days, terms) else { return nil }
            evidence = "below \(terms.devices) devices on each of the last \(terms.quietDays) school days"
            steps = ["Ask the school why", "Offer training, or give the licences to another school"].map { Task($0) }
        }
        self.kind = kind
        self.platform = platform
        self.school = school
        self.replacement = replacement
        owner = ""
        due = last.day.advanced(by: terms.dueAfter)
        turns = [Turn(day: last.day, isOpen: true, evidence: evidence)]
    }

    /// Whether it is open.
    package var isOpen: Bool { turns.last?.isOpen ?? false }

    /// Whether it is open past its day.
    package func isOverdue(on day: SchoolDay) -> Bool { isOpen && day > due }

    /// Closes or reopens by the evidence of the days up to today, and says whether it did.
    package mutating func weigh(_ days: [DayOfUse], terms: Terms) -> Turn? {
        guard let opened = turns.last, let last = days.last, last.day > opened.day else { return nil }
        let since = days.filter { $0.day > opened.day }
        let turn: Turn
        switch (kind, isOpen) {
        case (.flaggedInUse, true):
            guard Self.isQuiet(since, terms) else { return nil }
            turn = Turn(
                day: last.day, isOpen: false,
                evidence: "use stayed below \(terms.devices) devices for \(terms.quietDays) school days")
        case (.flaggedInUse, false), (.paidAndSilent, true):
            guard let back = since.last(where: { $0.devices >= terms.devices }) else { return nil }
            turn = Turn(
                day: last.day, isOpen: kind == .flaggedInUse, evidence: "\(back.devices) devices on \(back.day.words)")
        case (.paidAndSilent, false):
            guard Self.isQuiet(since, terms) else { return nil }
            turn = Turn(
                day: last.day, isOpen: true,
                evidence: "again below \(terms.devices) devices for \(terms.quietDays) school days")
        }
        if turn.isOpen { due = last.day.advanced(by: terms.dueAfter) }
        turns.append(turn)
        return turn
    }

    /// Closes it because the platform no longer asks for one, such as after a change of its status.
    package mutating func drop(on day: SchoolDay, because reason: String) {
        guard isOpen else { return }
        turns.append(Turn(day: day, isOpen: false, evidence: reason))
    }

    /// Notes that a step was done.
    package mutating func finish(_ step: String) {
        for index in steps.indices where steps[index].text == step { steps[index].isDone = true }
    }

    /// Adds a message.
    package mutating func add(_ text: String, by who: String, at now: Int) {
        messages.append(Message(at: now, who: who, text: text))
    }

    /// Whether the last school days all stayed below the bound, and there are enough of them.
    private static func isQuiet(_ days: [DayOfUse], _ terms: Terms) -> Bool {
        let schoolDays = days.filter(\.day.isWeekday)
        return schoolDays.count >= terms.quietDays
            && schoolDays.suffix(terms.quietDays).allSatisfy { $0.devices < terms.devices }
    }
}

extension SchoolDay {
    /// Whether it is one of Monday to Friday; 1970-01-01 was a Thursday.
    package var isWeekday: Bool { (1...5).contains((ordinal + 4) % 7) }
}
