/// A program that is told over HTTP.
package struct WebhookTarget: Sendable, Equatable {
    /// Its web address.
    package var address: String
    /// What the body looks like.
    package var shape: Shape
    /// What the body is signed with; nil for no signature.
    package var secret: String?

    /// Makes a target.
    package init(address: String, shape: Shape, secret: String?) {
        self.address = address
        self.shape = shape
        self.secret = secret
    }

    /// The bodies that there are.
    package enum Shape: String, Sendable, CaseIterable {
        /// Rollcall's own JSON, with every alert as fields.
        case rollcall
        /// An incoming webhook of Slack.
        case slack
        /// A workflow of Microsoft Teams, which takes an adaptive card.
        case teams
    }
}
