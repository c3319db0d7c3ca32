package import Registry
package import Wire

/// A step in the life of a platform, with what it demands.
package enum Action: Sendable, Equatable, Codable {
    /// It was seen at schools.
    case discover(schools: Int, devices: Int)
    /// Somebody begins to review it.
    case review(reviewer: String, reason: String)
    /// An audit ended.
    case audit(Audit)
    /// It is approved.
    case approve(Approval)
    /// It is flagged.
    case flag(Flagging)
    /// Its approval ended; the day is the last on which it held.
    case expire(on: SchoolDay)
    /// The district lets go of it.
    case retire(reason: String)
    /// The registry was changed beside the programme, by a file.
    case takeOver(Status)

    /// What kind of step it is.
    package var kind: Kind {
        switch self {
        case .discover: .discover
        case .review: .review
        case .audit: .audit
        case .approve: .approve
        case .flag: .flag
        case .expire: .expire
        case .retire: .retire
        case .takeOver: .takeOver
        }
    }

    /// The kinds of steps.
    package enum Kind: String, Sendable, CaseIterable {
        case discover, review, audit, approve, flag, expire, retire
        case takeOver = "take_over"
    }
}

/// What an approval is bound to.
package struct Approval: Sendable, Equatable, Codable {
    /// What use is bound to, such as `education tenant only`; empty for nothing.
    package var conditions: String
    /// Who may use it.
    package var audiences: [Audience]
    /// The last day on which it holds.
    package var expires: SchoolDay

    /// Makes an approval.
    package init(conditions: String = "", audiences: [Audience], expires: SchoolDay) {
        self.conditions = conditions
        self.audiences = audiences
        self.expires = expires
    }
}

/// Who may use an approved platform.
package enum Audience: String, Sendable, Codable, CaseIterable {
    /// Staff.
    case staff
    /// Students of all ages.
    case students
    /// Students of 13 years and more.
    case students13 = "students_13"
    /// Students whose parents consented.
    case withConsent = "with_consent"

    /// The audience in words.
    package var label: String {
        switch self {
        case .staff: "staff"
        case .students: "all students"
        case .students13: "students aged 13 and over"
        case .withConsent: "students with a parent's consent"
        }
    }
}

/// Why a platform is flagged.
package struct Flagging: Sendable, Equatable, Codable {
    /// The reason, for people.
    package var reason: String
    /// How bad it is.
    package var severity: Severity
    /// The approved platform to move to, by name; empty where there is none.
    package var replacement: String

    /// Makes a flagging.
    package init(reason: String, severity: Severity, replacement: String = "") {
        self.reason = reason
        self.severity = severity
        self.replacement = replacement
    }

    /// How fast schools have to move off it.
    package enum Severity: String, Sendable, Codable, CaseIterable {
        /// At the end of the contract or school year.
        case low
        /// Within the term.
        case medium
        /// At once.
        case high
    }
}
