import Programme
import Registry
import Store
import Wire

extension Action.Kind {
    /// The step in words.
    var label: String {
        switch self {
        case .discover: "Discovered"
        case .review: "Review begun"
        case .audit: "Audit recorded"
        case .approve: "Approved"
        case .flag: "Flagged"
        case .expire: "Approval expired"
        case .retire: "Taken off the lists"
        case .takeOver: "Changed by a registry file"
        }
    }
}

extension Audit.Answer.Value {
    /// The answer in words.
    var label: String {
        switch self {
        case .yes: "Yes"
        case .no: "No"
        case .notApplicable: "Does not apply"
        }
    }
}

extension Audit.Result {
    /// The result in words.
    var label: String {
        switch self {
        case .passed: "Passed"
        case .failed: "Failed"
        }
    }
}

extension Action {
    /// What a step said, in words.
    var words: String {
        switch self {
        case .discover(let schools, let devices):
            "\(counted(schools, "school")), at least \(counted(devices, "device"))"
        case .review(let reviewer, let reason): "\(reason) (reviewer: \(reviewer))"
        case .audit(let audit): "\(audit.result.rawValue): \(audit.summary)"
        case .approve(let approval):
            "until \(approval.expires.words), for \(approval.audiences.map(\.label).joined(separator: ", "))"
                + (approval.conditions.isEmpty ? "" : "; \(approval.conditions)")
        case .flag(let flagging):
            "\(flagging.reason) (\(flagging.severity.rawValue))"
                + (flagging.replacement.isEmpty ? "" : "; use \(flagging.replacement)")
        case .expire(let day): "held until \(day.words)"
        case .retire(let reason): reason
        case .takeOver(let status): "the file says: \(status.label)"
        }
    }
}

extension Stage {
    /// What follows for schools and buyers.
    var sentence: String {
        switch self {
        case .discovered: "Nobody has decided on it yet."
        case .underReview: "It is being reviewed: wait for the result before buying."
        case .approved: "It passed the audit and may be bought."
        case .flagged: "It must not be bought, and schools that use it move off it."
        case .expired: "Its approval is over: buy no more of it until it is reviewed."
        case .retired: "It is off the lists: ask for a review before buying."
        }
    }
}
