import Registry

/// How a status shows: a shape, a word and a colour, so that none of them has to be told by colour alone.
struct StatusBadge: Equatable {
    /// The word of its CSS class and of its icon, `status-flagged`.
    var style: String
    /// What it is called, `Flagged`.
    var label: String

    init(_ status: Status) {
        label = status.label
        style =
            switch status {
            case .flagged: "flagged"
            case .unlisted: "unlisted"
            case .underReview: "review"
            case .approved: "approved"
            }
    }

    private init(style: String, label: String) {
        self.style = style
        self.label = label
    }

    /// Of names that belong to no known tool.
    static let unknown = StatusBadge(style: "unknown", label: "Unknown names")
}

extension Status {
    /// In the order of what needs action.
    static let byUrgency: [Status] = [.flagged, .unlisted, .underReview, .approved]

    /// The status in words.
    var label: String {
        switch self {
        case .flagged: "Flagged"
        case .unlisted: "Not in the registry"
        case .underReview: "Under review"
        case .approved: "Approved"
        }
    }

    /// What the status asks of the district, in a sentence.
    var meaning: String {
        switch self {
        case .flagged: "These failed the audit. Nobody is to buy them, and schools that use them move off them."
        case .unlisted:
            "These are known tools that the district has not decided on. They wait for a decision: "
                + "approve, flag or put them under review."
        case .underReview: "These are being audited. Use is known; wait for the result before buying more."
        case .approved: "These passed the audit. Nothing to do, beyond the conditions that some of them have."
        }
    }
}
