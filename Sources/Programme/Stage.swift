package import Registry

/// Where a platform stands in the certification programme.
package enum Stage: String, Sendable, Codable, CaseIterable {
    /// It was seen, and nobody has decided anything.
    case discovered
    /// Somebody reviews it; an audit is under way or to come.
    case underReview = "under_review"
    /// It passed the audit.
    case approved
    /// It failed, or was found unfit at once.
    case flagged
    /// Its approval ended and it waits to be reviewed again.
    case expired
    /// The district no longer has an opinion on it, such as a product that is no longer made.
    case retired

    /// What the registry says of a platform at this stage.
    package var status: Status {
        switch self {
        case .discovered, .retired: .unlisted
        case .underReview, .expired: .underReview
        case .approved: .approved
        case .flagged: .flagged
        }
    }

    /// The stage in words.
    package var label: String {
        switch self {
        case .discovered: "Discovered"
        case .underReview: "Under review"
        case .approved: "Approved"
        case .flagged: "Flagged"
        case .expired: "Approval expired"
        case .retired: "Retired"
        }
    }

    /// The stage of a platform that only the registry knows of.
    package init(_ status: Status) {
        self =
            switch status {
            case .approved: .approved
            case .flagged: .flagged
            case .underReview: .underReview
            case .unlisted: .discovered
            }
    }
}
