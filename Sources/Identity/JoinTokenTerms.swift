/// What a join token allows: how long, how often, and for which school.
package struct JoinTokenTerms: Sendable, Equatable {
    /// The one school that may be joined with it; nil where the gateway says which.
    package var school: String?
    /// How many more gateways may use it.
    package var usesLeft: Int
    /// Seconds since 1970 from which on it is void.
    package var expiresAt: Int
    /// Whether it was taken back.
    package var isRevoked: Bool

    /// Makes terms.
    package init(school: String?, usesLeft: Int, expiresAt: Int, isRevoked: Bool = false) {
        self.school = school
        self.usesLeft = usesLeft
        self.expiresAt = expiresAt
        self.isRevoked = isRevoked
    }

    /// The school that a gateway joins with this token.
    ///
    /// - Parameters:
    ///   - requested: The school that the gateway named, if any.
    ///   - now: Seconds since 1970.
    /// - Returns: The school's name, as the token has it where it is bound to one.
    /// - Throws: Why the gateway may not join.
    package func school(requested: String?, now: Int) throws(JoinRefusal) -> String {
        if isRevoked { throw .revoked }
        if now >= expiresAt { throw .expired }
        if usesLeft < 1 { throw .usedUp }
        let requested = try requested.map { name throws(JoinRefusal) in try SchoolName.checked(name) }
        guard let school else {
            guard let requested else { throw .schoolMissing }
            return requested
        }
        if let requested, SchoolName.key(of: requested) != SchoolName.key(of: school) {
            throw .otherSchool(school)
        }
        return school
    }
}

/// Why a gateway does not get an identity.
package enum JoinRefusal: Error, Equatable {
    /// Nobody made such a token.
    case unknownToken
    /// Its time is over.
    case expired
    /// It was used as often as it may be.
    case usedUp
    /// It was taken back.
    case revoked
    /// Neither the token nor the gateway says which school.
    case schoolMissing
    /// The token is bound to the school named here, and the gateway asked for another one.
    case otherSchool(String)
    /// The school's name is empty, too long or not on one line.
    case schoolName

    /// What is wrong and what to do about it.
    package var sentence: String {
        switch self {
        case .unknownToken:
            "this join token is not known here; make one with `rollcall-collector token create` and use it as printed"
        case .expired: "this join token has expired; make a new one with `rollcall-collector token create`"
        case .usedUp:
            "this join token was used as often as it may be; make a new one with `rollcall-collector token create --uses N`"
        case .revoked: "this join token was revoked; make a new one with `rollcall-collector token create`"
        case .schoolMissing:
            "this join token is for any school; say which with `--school NAME`"
        case .otherSchool(let school):
            "this join token is for the school \"\(school)\"; leave `--school` out or use another token"
        case .schoolName: "a school's name has 1 to 100 characters on one line; choose another for `--school`"
        }
    }
}

/// What may be a school's name.
package enum SchoolName {
    /// The name without white space around it.
    package static func checked(_ text: String) throws(JoinRefusal) -> String {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { throw .schoolName }
        let name = String(text[first...last])
        let hasControl = name.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard name.count <= 100, !hasControl else { throw .schoolName }
        return name
    }

    /// What tells two schools apart: the name without regard to case.
    package static func key(of name: String) -> String { name.lowercased() }
}
