import Registry
package import Wire

/// What ITS tells everybody once a month, as a draft.
package struct MonthlyLetter: Sendable, Equatable {
    /// The month.
    package var month: Month
    /// Platforms that were approved in it, with their conditions.
    package var approved: [Entry]
    /// Platforms that were flagged in it, with reason and replacement.
    package var flagged: [Entry]
    /// Moves to make: open cases, by platform.
    package var moves: [Entry]
    /// The tools without approval that are used most.
    package var unapproved: [Entry]
    /// The day on which moves and use stand so: the last that was looked at.
    package var today: SchoolDay

    /// A month of the calendar.
    package struct Month: Sendable, Hashable, Comparable {
        /// Months since the beginning of the year 0.
        private var ordinal: Int

        /// The month of a day.
        package init(of day: SchoolDay) {
            let parts = day.description.split(separator: "-").compactMap { Int($0) }
            ordinal = (parts.first ?? 0) * 12 + (parts.dropFirst().first ?? 1) - 1
        }

        /// Reads `2026-11`.
        package init?(_ text: String) {
            guard let day = SchoolDay(text + "-01") else { return nil }
            self.init(of: day)
        }

        /// The month before.
        package var before: Month { moved(by: -1) }
        /// The month after.
        package var after: Month { moved(by: 1) }

        /// Such as `2026-11`.
        package var text: String { "\(ordinal / 12)-\(ordinal % 12 < 9 ? "0" : "")\(ordinal % 12 + 1)" }

        /// Such as `November 2026`.
        package var words: String {
            "\(Self.names[ordinal % 12]) \(ordinal / 12)"
        }

        /// The names of the months.
        package static let names = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]

        /// Whether a month is earlier.
        package static func < (left: Month, right: Month) -> Bool { left.ordinal < right.ordinal }

        private func moved(by months: Int) -> Month {
            var month = self
            month.ordinal = max(0, ordinal + months)
            return month
        }
    }

    /// A line of the letter.
    package struct Entry: Sendable, Equatable {
        /// The platform.
        package var platform: String
        /// What is said of it.
        package var detail: String

        /// Makes an entry.
        package init(_ platform: String, _ detail: String) {
            self.platform = platform
            self.detail = detail
        }
    }

    /// Puts the letter of a month together.
    ///
    /// - Parameters:
    ///   - month: The month.
    ///   - changes: The changes of all lists.
    ///   - platforms: All platforms as they stand.
    ///   - cases: All cases.
    ///   - facts: What was seen.
    ///   - clock: The district's clock.
    package init(
        month: Month, changes: [ListChange], platforms: [ListedPlatform], cases: [TransitionCase], facts: UseFacts,
        clock: DistrictClock
    ) {
        self.month = month
        today = facts.today
        let current = Dictionary(platforms.map { ($0.platform.key, $0) }) { first, _ in first }
        func entries(_ status: Status) -> [Entry] {
            var seen: Set<String> = []
            return changes.filter { $0.to == status && Month(of: clock.day(at: $0.at)) == month }
                .filter { current[Platform.key(of: $0.platform)]?.platform.status == status }
                .filter { seen.insert(Platform.key(of: $0.platform)).inserted }
                .map { Entry($0.platform, current[Platform.key(of: $0.platform)]?.advice ?? $0.detail) }
                .sorted { $0.platform < $1.platform }
        }
        approved = entries(.approved)
        flagged = entries(.flagged)
        let open = Dictionary(grouping: cases.filter { $0.isOpen && $0.kind == .flaggedInUse }, by: \.platform)
        moves = open.map { platform, cases in
            let schools = cases.map(\.school).sorted().joined(separator: ", ")
            let replacement = cases.map(\.replacement).first { !$0.isEmpty }
            return Entry(platform, (replacement.map { "move to \($0)" } ?? "stop its use") + " at \(schools)")
        }.sorted { $0.platform < $1.platform }
        unapproved = facts.tools.filter { $0.platform != nil && $0.status == .unlisted && $0.devicesLately > 0 }
            .sorted { ($1.devicesLately, $0.name) < ($0.devicesLately, $1.name) }.prefix(10)
            .map { tool in
                let schools = tool.schoolsLately.count
                return Entry(
                    tool.name,
                    "at \(schools == 1 ? "1 school" : "\(schools) schools"), on at least \(tool.devicesLately) devices")
            }
    }

    /// The sections, each with its heading and what to say when there is nothing.
    package var sections: [(heading: String, entries: [Entry], none: String)] {
        let moment = month == Month(of: today) ? "" : ", as of \(today.words)"
        return [
            ("Newly approved", approved, "Nothing was approved this month."),
            ("Newly flagged: do not buy, and move off", flagged, "Nothing was flagged this month."),
            ("Moves to make" + moment, moves, "No school has a move to make."),
            ("Most used without a decision" + moment, unapproved, "Everything in use has been decided on."),
        ]
    }

    /// The letter as plain text.
    package var text: String {
        var text = "Online tools in our schools: \(month.words)\n"
        for section in sections {
            text += "\n\(section.heading)\n\n"
            if section.entries.isEmpty { text += section.none + "\n" }
            for entry in section.entries {
                text += "- \(entry.platform)" + (entry.detail.isEmpty ? "" : ": \(entry.detail)") + "\n"
            }
        }
        return text
    }
}

extension ListedPlatform {
    /// What people have to know who use it: for whom it is and what it is bound to, or why to leave it and for what.
    fileprivate var advice: String {
        let parts: [String]
        if platform.status == .flagged {
            // Without a severity, the reason is a note of the registry, which is for the district's office alone.
            parts = [severity == nil ? "" : reason, replacement.isEmpty ? "end its use" : "use \(replacement) instead"]
        } else {
            parts = [
                audiences.isEmpty ? "" : "for " + audiences.joined(separator: ", "), conditions,
                expires.map { "until \($0.words)" } ?? "",
            ]
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "; ")
    }
}

extension SchoolDay {
    /// The day as people write it: `November 24, 2026`.
    package var words: String {
        let number = description.suffix(2).drop { $0 == "0" }
        let month = MonthlyLetter.Month(of: self).words.split(separator: " ")
        return "\(month.first ?? "") \(number), \(month.last ?? "")"
    }
}
