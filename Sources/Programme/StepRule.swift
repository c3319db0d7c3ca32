/// One line of the programme's rule book: from where a step may be taken, by whom, what it demands and whom it tells.
package struct StepRule: Sendable, Equatable {
    /// The step.
    package var kind: Action.Kind
    /// The stages from which it may be taken; nil stands for a platform that the programme has not met.
    package var from: Set<Stage?>
    /// Who may take it.
    package var parties: Set<Party>
    /// What it demands, in words.
    package var demands: String
    /// Whom it tells.
    package var tells: [Recipient]

    /// The rule of a kind of step.
    package static func of(_ kind: Action.Kind) -> StepRule {
        switch kind {
        case .discover:
            StepRule(
                kind: kind, from: [nil], parties: [.system], demands: "that it was seen at a school", tells: [.its])
        case .review:
            StepRule(
                kind: kind, from: [nil, .discovered, .approved, .flagged, .expired, .retired], parties: [.its],
                demands: "a reviewer and a reason", tells: [.procurement, .requesters])
        case .audit:
            StepRule(
                kind: kind, from: [.underReview], parties: [.its],
                demands: "an answer to every question of the checklist, auditor, dates, result and summary",
                tells: [.its])
        case .approve:
            StepRule(
                kind: kind, from: [.underReview], parties: [.its],
                demands:
                    "an audit of this review that was passed, an audience, and a day on which the approval expires",
                tells: [.procurement, .schoolsUsing, .requesters, .everybody])
        case .flag:
            StepRule(
                kind: kind, from: [nil, .discovered, .underReview, .approved, .flagged, .expired], parties: [.its],
                demands: "a reason and a severity", tells: [.procurement, .schoolsUsing, .requesters, .everybody])
        case .expire:
            StepRule(
                kind: kind, from: [.approved], parties: [.system], demands: "that the day of its expiry has come",
                tells: [.its, .procurement, .everybody])
        case .retire:
            StepRule(
                kind: kind, from: [.discovered, .underReview, .approved, .flagged, .expired], parties: [.its],
                demands: "a reason", tells: [.procurement, .everybody])
        case .takeOver:
            StepRule(
                kind: kind, from: Set(Stage.allCases.map(Optional.some) + [nil]), parties: [.system],
                demands: "that the registry's file says otherwise than the programme",
                tells: [.its, .procurement, .schoolsUsing, .requesters, .everybody])
        }
    }

    /// The whole rule book.
    package static let all = Action.Kind.allCases.map(StepRule.of)
}

/// Why a step cannot be taken.
package enum StepRefusal: Error, Equatable, CustomStringConvertible {
    /// It cannot follow on where the platform stands.
    case notFrom(Stage?, Action.Kind)
    /// It is not for this party.
    case notFor(Party, Action.Kind)
    /// Something that it demands is not there.
    case missing(String)
    /// Something is given that cannot be.
    case invalid(String)
    /// The audit used another version of the checklist.
    case otherChecklist(String, String)

    /// What is wrong and what to do about it.
    package var description: String {
        switch self {
        case .notFrom(let stage, let kind):
            "a platform that is \(stage.map { "\"\($0.label)\"" } ?? "not in the programme") cannot take the step "
                + "\"\(kind.rawValue)\"; first take one that leads there"
        case .notFor(let party, let kind):
            "the step \"\(kind.rawValue)\" is not for \(party.label); ask ITS"
        case .missing(let thing): "\(thing) is missing; give it"
        case .invalid(let sentence): "\(sentence); correct it"
        case .otherChecklist(let used, let given):
            "the audit used the checklist \"\(used)\", not \"\(given)\"; answer the questions of that version"
        }
    }
}
