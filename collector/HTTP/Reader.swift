import Identity
import Pages
import Store
import Wire

/// Somebody who is known: a person who signed in, or a script with a token.
struct Reader: Sendable {
    /// How the audit log names them.
    var who: Who
    /// What they are called on pages.
    var fullName: String
    /// What they are to the district.
    var role: Role
    /// The one school that they may read about; nil for the whole district.
    var school: String?
    /// What they may do: what the role may, and for a token no more than its scopes.
    var rights: Set<Right>
    /// What every form of theirs carries; nil for scripts, which send no forms.
    var formToken: String?

    /// The person's account, and the session that they came with.
    var account: Int64
    var session: PersonSecret?

    /// A person who is signed in.
    init(person: Person, session: PersonSecret, address: String) {
        who = Who(name: person.name, way: .page, address: address)
        fullName = person.fullName
        role = person.role
        school = person.school
        rights = person.role.rights
        formToken = session.formToken
        account = person.row
        self.session = session
    }

    /// A script with a token of somebody's, who must still have the rights that they gave it.
    init(token: APIToken, owner: Person, address: String) {
        who = Who(name: "\(owner.name): \(token.name)", way: .token, address: address)
        fullName = token.name
        role = owner.role
        school = owner.school
        rights = owner.role.rights.intersection(token.scopes)
        account = owner.row
    }

    /// Whether they have a right.
    func may(_ right: Right) -> Bool { rights.contains(right) }

    /// The school to show when one was asked for: always their own to somebody who may read about one alone.
    func school(asked: String?) throws(Problem) -> String? {
        guard let school else { return asked }
        if let asked, SchoolName.key(of: asked) != SchoolName.key(of: school) {
            throw Problem(
                status: 403, title: "Not your school",
                detail: "You may read about \(school), and nothing of other schools.")
        }
        return school
    }

    /// Who pages say is signed in, and what they offer to do.
    var visitor: Visitor {
        Visitor(name: fullName, role: role.label, formToken: formToken ?? "", rights: rights)
    }
}
