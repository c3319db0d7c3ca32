package import Identity

/// Who gets in, for administrators.
package struct PeoplePage: Sendable, Equatable {
    var title = "People"
    var headline: String
    var rows: [Row]
    var invite: Form

    /// A person in the table.
    package struct Row: Sendable, Equatable {
        var link: String
        var fullName: String
        var name: String
        var role: String
        var school: String?
        var state: String
        /// Whether they cannot sign in.
        var isOff: Bool
        var signedIn: String

        /// Describes an account; `state` is how they sign in, or why they cannot.
        package init(_ person: Person, state: String, isOff: Bool, signedInAt: Int?) {
            link = "/people/\(person.row)"
            fullName = person.fullName
            name = person.name
            role = person.role.label
            school = person.school
            self.state = state
            self.isOff = isOff
            signedIn = Moment.written(signedInAt)
        }
    }

    /// Makes the page.
    package init(_ rows: [Row], invite: Form) {
        headline = counted(rows.count, "account")
        self.rows = rows
        self.invite = invite
    }
}

/// One account, for administrators.
package struct PersonPage: Sendable, Equatable {
    var title: String
    var facts: [Fact]
    /// What can be done, each a form under its heading.
    var actions: [Action]

    /// What is known of it.
    package struct Fact: Sendable, Equatable {
        var label: String
        var value: String

        /// States something.
        package init(_ label: String, _ value: String) {
            self.label = label
            self.value = value
        }
    }

    /// Something that can be done.
    package struct Action: Sendable, Equatable {
        var heading: String
        var anchor: String
        var sentence: String
        var form: Form

        /// Offers something.
        package init(_ heading: String, anchor: String, _ sentence: String, _ form: Form) {
            self.heading = heading
            self.anchor = anchor
            self.sentence = sentence
            self.form = form
        }
    }

    /// Where it belongs.
    var subject: String
    var subjectLink: String

    /// Makes the page.
    package init(
        title: String, under subject: (link: String, label: String), facts: [Fact], actions: [Action]
    ) {
        self.title = title
        self.subject = subject.label
        subjectLink = subject.link
        self.facts = facts
        self.actions = actions
    }
}
