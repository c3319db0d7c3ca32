package import Identity

/// The district's own sign-in, as the settings describe it.
package struct OpenIDSettings: Sendable, Equatable {
    /// The provider's address, exactly as it calls itself.
    package var issuer: String
    /// What the provider calls Rollcall.
    package var clientID: String
    /// What proves Rollcall to the provider; nil where the provider wants none.
    package var clientSecret: String?
    /// Where the provider sends people back to.
    package var redirectURI: String
    /// What the sign-in page calls it.
    package var name: String
    /// What the provider is asked for beside `openid`.
    package var scopes: [String]
    /// The claim that lists a person's groups.
    package var groupsClaim: String
    /// The claim that names the school of a school leader.
    package var schoolClaim: String
    /// Which role a group gives; the first line that fits counts.
    package var roles: [GroupRole]

    /// A group and its role.
    package struct GroupRole: Sendable, Equatable {
        /// The group, as the provider writes it.
        package var group: String
        /// What its members are.
        package var role: Role

        /// Gives a group a role.
        package init(group: String, role: Role) {
            self.group = group
            self.role = role
        }
    }

    /// Describes a provider.
    package init(
        issuer: String, clientID: String, clientSecret: String?, redirectURI: String, name: String, scopes: [String],
        groupsClaim: String, schoolClaim: String, roles: [GroupRole]
    ) {
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.redirectURI = redirectURI
        self.name = name
        self.scopes = scopes
        self.groupsClaim = groupsClaim
        self.schoolClaim = schoolClaim
        self.roles = roles
    }
}

/// Somebody whom the provider vouches for.
package struct OpenIDIdentity: Sendable, Equatable {
    /// Who vouches.
    package var issuer: String
    /// Who it is, to the provider; never given to anybody else.
    package var subject: String
    /// What they sign in with.
    package var name: String
    /// What they are called.
    package var fullName: String
    /// What their groups make them.
    package var role: Role
    /// The school that they lead.
    package var school: String?
}

/// Why somebody does not get in through the district's sign-in.
package enum OpenIDRefusal: Error, Equatable {
    /// The provider does not answer, or not as OpenID Connect has it; why stands in the text.
    case provider(String)
    /// The provider said no, in its own words.
    case denied(String)
    /// The answer belongs to no sign-in that this browser began.
    case otherAttempt
    /// The provider's token is not one for us; why stands in the text.
    case token(String)
    /// None of the person's groups has a role here.
    case noRole
    /// A school leader of whom the provider does not say the school.
    case noSchool

    /// What is wrong and what to do about it.
    package var sentence: String {
        switch self {
        case .provider: "The district's sign-in cannot be reached or does not answer as it should; try again later."
        case .denied: "The district's sign-in did not let you in; try again, or ask those who run it."
        case .otherAttempt: "This sign-in was not begun here, or took too long; begin once more."
        case .token:
            "The district's sign-in answered with something that is not meant for Rollcall; tell an administrator."
        case .noRole: "Your account has no role in Rollcall; ask an administrator of Rollcall for one."
        case .noSchool: "Your account does not say which school you lead; ask those who run the district's sign-in."
        }
    }

    /// What the collector's log says, for those who run it.
    package var reason: String {
        switch self {
        case .provider(let reason), .denied(let reason), .token(let reason): reason
        case .otherAttempt, .noRole, .noSchool: sentence
        }
    }
}
