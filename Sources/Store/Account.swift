package import Identity

/// A person's account as administrators see it.
package struct Account: Sendable, Equatable {
    /// Whose it is.
    package var person: Person
    /// How its owner proves to be themselves.
    package var ways: Set<Way>
    /// When its owner last signed in, in seconds since 1970.
    package var signedInAt: Int?
    /// Since when it is switched off.
    package var disabledAt: Int?
    /// Until when an unused invitation holds.
    package var invitedUntil: Int?

    /// The ways to sign in.
    package enum Way: Sendable {
        /// A password kept here.
        case password
        /// The district's own sign-in.
        case openID
    }
}

/// What a one-time link is for.
package enum LinkPurpose: String, Sendable {
    /// To make the first administrator.
    case setUp = "set_up"
    /// To choose a password for a new account.
    case invite
    /// To choose another password.
    case reset
    /// To sign in once.
    case signIn = "sign_in"
}

/// A one-time link that still holds.
package struct OpenLink: Sendable, Equatable {
    /// What it is for.
    package var purpose: LinkPurpose
    /// Whom it is for; nil where there is nobody yet.
    package var person: Person?
}

/// A token of a script, without its secret.
package struct APIToken: Sendable, Equatable {
    /// The key in the database.
    package var row: Int64
    /// What its owner calls it.
    package var name: String
    /// The sign-in name of the person whose it is.
    package var owner: String
    /// What it may do, as long as its owner may.
    package var scopes: Set<Right>
    /// When it was made.
    package var madeAt: Int
    /// From when on it is void.
    package var expiresAt: Int
    /// When it was last used, to the hour.
    package var usedAt: Int?
    /// When it was taken back.
    package var revokedAt: Int?
}

/// How long a session lasts.
package struct SessionTerms: Sendable, Equatable {
    /// Seconds without a request after which it is over.
    package var idle: Int
    /// Seconds after the sign-in when it is over in any case.
    package var lifetime: Int

    /// A working day without a pause longer than a night; a week at most.
    package static let standard = SessionTerms(idle: 8 * 3600, lifetime: 7 * 86_400)

    /// Chooses terms.
    package init(idle: Int, lifetime: Int) {
        self.idle = idle
        self.lifetime = lifetime
    }
}
