/// Somebody with an account.
package struct Person: Sendable, Equatable {
    /// The key in the database.
    package var row: Int64
    /// What they sign in with, such as an address for mail; unique without regard to case.
    package var name: String
    /// What they are called on pages.
    package var fullName: String
    /// What they may do.
    package var role: Role
    /// The one school that they lead; nil for every other role.
    package var school: String?

    /// Makes a person.
    package init(row: Int64, name: String, fullName: String, role: Role, school: String? = nil) {
        self.row = row
        self.name = name
        self.fullName = fullName
        self.role = role
        self.school = school
    }
}
