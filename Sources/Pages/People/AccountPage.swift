/// One's own account: what one may do, the password, the sessions, and the tokens of one's scripts.
package struct AccountPage: Sendable, Equatable {
    var title = "Your account"
    var facts: [PersonPage.Fact]
    var actions: [PersonPage.Action]
    var tokens: [Token]
    var makeToken: Form
    /// Whether there are tokens: a table with nothing in it is read out too.
    var hasTokens: Bool

    /// A token in the table.
    package struct Token: Sendable, Equatable {
        var name: String
        var scopes: String
        var made: String
        var expires: String
        var used: String
        /// How it is taken back; nil where it was, or is over.
        var revoke: Form?

        /// Describes a token.
        package init(
            name: String, scopes: String, madeAt: Int, expiresAt: Int, usedAt: Int?, revoke: Form?
        ) {
            self.name = name
            self.scopes = scopes
            made = Moment.written(madeAt)
            expires = Moment.written(expiresAt)
            used = Moment.written(usedAt)
            self.revoke = revoke
        }
    }

    /// Makes the page.
    package init(facts: [PersonPage.Fact], actions: [PersonPage.Action], tokens: [Token], makeToken: Form) {
        self.facts = facts
        self.actions = actions
        self.tokens = tokens
        hasTokens = !tokens.isEmpty
        self.makeToken = makeToken
    }
}
