/// Who takes part in the programme.
package enum Party: String, Sendable, Codable, CaseIterable {
    /// The district's IT security, which audits and decides.
    case its
    /// The buyers.
    case procurement
    /// A school.
    case school
    /// Rollcall itself, by what it sees and by the calendar.
    case system

    /// The party in words.
    package var label: String {
        switch self {
        case .its: "ITS"
        case .procurement: "procurement"
        case .school: "the school"
        case .system: "Rollcall itself"
        }
    }
}

/// Somebody who takes a step.
package struct Actor: Sendable, Equatable {
    /// The account's name, for the history.
    package var name: String
    /// For whom.
    package var party: Party

    /// Makes an actor.
    package init(name: String, party: Party) {
        self.name = name
        self.party = party
    }

    /// Rollcall itself.
    package static let rollcall = Actor(name: "rollcall", party: .system)
}

/// Whom a step tells.
package enum Recipient: String, Sendable, Codable, CaseIterable {
    /// ITS.
    case its
    /// All buyers.
    case procurement
    /// The schools where the platform is in use.
    case schoolsUsing = "schools_using"
    /// Those who asked for the platform.
    case requesters
    /// The readers of the public list.
    case everybody = "public"

    /// The recipient in words.
    package var label: String {
        switch self {
        case .its: "ITS"
        case .procurement: "procurement"
        case .schoolsUsing: "schools that use it"
        case .requesters: "those who asked for it"
        case .everybody: "the public list"
        }
    }
}
