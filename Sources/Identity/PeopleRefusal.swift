/// Why something cannot be done with an account.
package enum PeopleRefusal: Error, Equatable {
    /// Somebody else signs in with that name.
    case nameTaken(String)
    /// The name cannot be one to sign in with.
    case badName
    /// Nobody has such an account.
    case unknownPerson
    /// A leader leads a school that is known here.
    case unknownSchool(String)
    /// A leader has to lead a school.
    case schoolMissing
    /// Nobody would be left to decide who gets in.
    case lastAdmin
    /// The link is not known, was used, or its time is over.
    case badLink
    /// The account is switched off.
    case disabled

    /// What is wrong and what to do about it.
    package var sentence: String {
        switch self {
        case .nameTaken(let name): "Somebody already signs in as \(name); choose another name."
        case .badName:
            "A sign-in name has 1 to 100 characters without spaces, such as an address for mail; choose another."
        case .unknownPerson: "There is no such account."
        case .unknownSchool(let school): "No school \"\(school)\" is known here; choose one of the list."
        case .schoolMissing: "A school leader leads a school; choose which."
        case .lastAdmin: "This is the last administrator who can sign in; make somebody else an administrator first."
        case .badLink:
            "This link was used already, or its time is over; ask an administrator of Rollcall for a new one."
        case .disabled: "This account is switched off; ask an administrator of Rollcall."
        }
    }
}

extension Person {
    /// A name that can be signed in with.
    package static func checkedName(_ text: String) throws(PeopleRefusal) -> String {
        let hasOther = text.unicodeScalars.contains { scalar in
            scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
                || scalar.properties.generalCategory == .format
        }
        guard (1...100).contains(text.count), !hasOther else { throw .badName }
        return text
    }

    /// What tells two names apart: the name without regard to case.
    package static func key(of name: String) -> String { name.lowercased() }
}
