import Mustache

/// The templates of the pages about people.
struct PeopleTemplates: Sendable {
    let form: MustacheTemplate
    let once: MustacheTemplate
    let people: MustacheTemplate
    let person: MustacheTemplate
    let account: MustacheTemplate
    let audit: MustacheTemplate

    init() throws {
        form = try Self.template(PackageResources.form_page_mustache)
        once = try Self.template(PackageResources.once_mustache)
        people = try Self.template(PackageResources.people_mustache)
        person = try Self.template(PackageResources.person_mustache)
        account = try Self.template(PackageResources.account_mustache)
        audit = try Self.template(PackageResources.audit_mustache)
    }

    /// The parts that these templates share.
    static let partials = [
        ("form-token", PackageResources.form_token_mustache), ("form", PackageResources.form_mustache),
        ("facts", PackageResources.facts_mustache), ("actions", PackageResources.actions_mustache),
    ]

    private static func template(_ bytes: [UInt8]) throws -> MustacheTemplate {
        try MustacheTemplate(string: String(decoding: bytes, as: UTF8.self))
    }
}

extension Pages {
    /// A page that is one form.
    package func form(_ page: FormPage) -> String { render(page, with: peopleTemplates.form) }

    /// The page that shows a secret for the only time.
    package func once(_ page: OncePage) -> String { render(page, with: peopleTemplates.once) }

    /// The page of all accounts.
    package func people(_ page: PeoplePage) -> String { render(page, with: peopleTemplates.people, at: "/people") }

    /// The page of one account, or of one gateway's key.
    package func person(_ page: PersonPage) -> String { render(page, with: peopleTemplates.person, at: "/people") }

    /// The page of one's own account.
    package func account(_ page: AccountPage) -> String { render(page, with: peopleTemplates.account, at: "/account") }

    /// A page of the audit log.
    package func audit(_ page: AuditPage) -> String { render(page, with: peopleTemplates.audit, at: "/audit") }
}
