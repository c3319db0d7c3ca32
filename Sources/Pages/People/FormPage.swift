/// A page that is one form, such as the sign-in.
package struct FormPage: Sendable, Equatable {
    var title: String
    /// What it belongs to, in a line above the heading.
    var subject: String
    var sentence: String?
    var form: Form?
    /// Another way, below the form.
    var other: Other?

    /// A link beside the form.
    struct Other: Sendable, Equatable {
        var link: String
        var label: String
    }

    /// Makes a page.
    package init(
        title: String, subject: String = "Rollcall", sentence: String? = nil, form: Form?,
        other: (link: String, label: String)? = nil
    ) {
        self.title = title
        self.subject = subject
        self.sentence = sentence
        self.form = form
        self.other = other.map { Other(link: $0.link, label: $0.label) }
    }
}

/// A page that shows a secret for the only time.
package struct OncePage: Sendable, Equatable {
    var title: String
    var subject: String
    var sentence: String
    /// What the secret is, such as `The link`.
    var label: String
    var secret: String
    var backLink: String
    var backLabel: String

    /// Makes a page.
    package init(
        title: String, subject: String, sentence: String, label: String, secret: String,
        back: (link: String, label: String)
    ) {
        self.title = title
        self.subject = subject
        self.sentence = sentence
        self.label = label
        self.secret = secret
        backLink = back.link
        backLabel = back.label
    }
}
