import Hummingbird
import HummingbirdCore
import Identity
import Pages
import Store
import Wire

/// Who gets in, for administrators.
struct PeopleRoutes {
    let store: SQLiteStore
    let pages: Pages
    let access: AccessSettings
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    static let access: [RouteAccess] = [
        .get("/people", .people(.administer)), .post("/people", .people(.administer)),
        .get("/people/{person}", .people(.administer)), .post("/people/{person}/role", .people(.administer)),
        .post("/people/{person}/reset", .people(.administer)), .post("/people/{person}/off", .people(.administer)),
        .post("/people/{person}/on", .people(.administer)), .post("/people/{person}/sign-out", .people(.administer)),
    ]

    /// How long an invitation holds, and a link for a new password.
    private static let invitation = 7 * 86_400
    private static let reset = 86_400

    func add(to router: some RouterMethods<CollectorContext>) {
        let people = router.group("people", context: AdminContext.self)
        people.get("") { _, context in Response(html: try await list(context)) }
        people.post("") { _, context in try await invite(context) }
        people.get("{person}") { _, context in Response(html: try await person(context)) }
        people.post("{person}/role") { _, context in
            let form = context.form
            try await store.setRole(
                of: Self.row(context), to: try Self.role(form), school: form.text("school"), by: context.who,
                at: now())
            return Response.seeOther("/people/\(try Self.row(context))")
        }
        people.post("{person}/reset") { _, context in try await resetPassword(context) }
        people.post("{person}/off") { _, context in try await setDisabled(true, context) }
        people.post("{person}/on") { _, context in try await setDisabled(false, context) }
        people.post("{person}/sign-out") { _, context in
            try await store.endSessions(of: Self.row(context), by: context.who, at: now())
            return Response.seeOther("/people/\(try Self.row(context))")
        }
    }

    private static func row(_ context: AdminContext) throws -> Int64 {
        guard let row = Int64(try context.parameters.require("person")) else { throw PeopleRefusal.unknownPerson }
        return row
    }

    private static func role(_ form: FormRequest) throws -> Role {
        guard let role = Role(rawValue: try form.required("role", "The role")) else {
            throw Problem(status: 400, title: "No such role", detail: "Choose a role of the list.")
        }
        return role
    }

    private func list(_ context: AdminContext, error: PeopleRefusal? = nil) async throws -> String {
        let rows = try await store.accounts(at: now()).map { account in
            PeoplePage.Row(
                account.person, state: state(account), isOff: account.disabledAt != nil,
                signedInAt: account.signedInAt)
        }
        let form = context.form
        let isAboutName: Bool
        if case .badName? = error {
            isAboutName = true
        } else if case .nameTaken? = error {
            isAboutName = true
        } else {
            isAboutName = false
        }
        let invite = Form(
            action: "/people", button: "Make the account",
            fields: [
                .line("full_name", "Name", value: form.text("full_name") ?? ""),
                .line(
                    "name", "Sign-in name", value: form.text("name") ?? "", hint: "Such as their address for mail",
                    error: isAboutName ? error?.sentence : nil),
            ]
                + (try await roleFields(
                    role: form.text("role").flatMap(Role.init(rawValue:)), school: form.text("school"),
                    error: isAboutName ? nil : error?.sentence)))
        return pages.shown(to: context.reader.visitor).people(PeoplePage(rows, invite: invite))
    }

    private func roleFields(role: Role?, school: String?, error: String? = nil) async throws -> [FormField] {
        let schools = try await store.schools().map { (value: $0, label: $0) }
        return [
            .list(
                "role", "Role", Role.allCases.map { (value: $0.rawValue, label: $0.label) },
                chosen: (role ?? .its).rawValue),
            .list(
                "school", "School", [(value: "", label: "Whole district")] + schools, chosen: school ?? "",
                hint: "For school leaders, who read about this school alone", error: error),
        ]
    }

    private func state(_ account: Account) -> String {
        if account.disabledAt != nil { return "switched off" }
        if account.ways.contains(.openID) { return "district sign-in" }
        if account.ways.contains(.password) { return "password" }
        return account.invitedUntil.map { "invited until \(Moment.written($0))" } ?? "no password yet"
    }

    private func invite(_ context: AdminContext) async throws -> Response {
        let form = context.form
        var random = SystemRandomNumberGenerator()
        let link = PersonSecret(.link, using: &random)
        do {
            let person = try await store.invite(
                form.text("name") ?? "", fullName: form.text("full_name") ?? "", role: try Self.role(form),
                school: form.text("school"), link: link, until: now() + Self.invitation, by: context.who, at: now())
            return Response(html: show(link, for: person, "choose a password, within seven days", context))
        } catch let refusal as PeopleRefusal {
            return Response(status: .badRequest, html: try await list(context, error: refusal))
        }
    }

    private func resetPassword(_ context: AdminContext) async throws -> Response {
        var random = SystemRandomNumberGenerator()
        let link = PersonSecret(.link, using: &random)
        let row = try Self.row(context)
        try await store.makeLink(link, .reset, for: row, until: now() + Self.reset, by: context.who, at: now())
        guard let account = try await store.account(row, at: now()) else { throw PeopleRefusal.unknownPerson }
        return Response(html: show(link, for: account.person, "choose another password, within a day", context))
    }

    private func show(_ link: PersonSecret, for person: Person, _ purpose: String, _ context: AdminContext) -> String {
        let address = (access.publicAddress ?? context.client.origin) + "/link/" + link.text
        let page = OncePage(
            title: "A link for \(person.fullName)", subject: "People",
            sentence: "Hand it to them by a way that nobody else reads. With it they \(purpose), once.",
            label: "Link", secret: address, back: ("/people/\(person.row)", "To the account of \(person.fullName)"))
        return pages.shown(to: context.reader.visitor).once(page)
    }

    private func setDisabled(_ isDisabled: Bool, _ context: AdminContext) async throws -> Response {
        try await store.setDisabled(isDisabled, of: Self.row(context), by: context.who, at: now())
        return Response.seeOther("/people/\(try Self.row(context))")
    }

    private func person(_ context: AdminContext) async throws -> String {
        guard let account = try await store.account(Self.row(context), at: now()) else {
            throw PeopleRefusal.unknownPerson
        }
        let person = account.person
        let path = "/people/\(person.row)"
        var facts: [PersonPage.Fact] = [
            .init("Signs in as", person.name), .init("Role", person.role.label), .init("Signs in", state(account)),
            .init("Last sign-in", Moment.written(account.signedInAt)),
        ]
        if let school = person.school { facts.insert(.init("School", school), at: 2) }
        var actions: [PersonPage.Action] = []
        if account.disabledAt == nil {
            if !account.ways.contains(.openID) {
                actions.append(try await roleAction(person, path))
                actions.append(
                    .init(
                        "New password", anchor: "reset",
                        "Makes a link with which they choose another password, once, within a day. It is shown to you alone.",
                        Form(action: path + "/reset", button: "Make the link")))
            }
            actions.append(
                .init(
                    "Sign out everywhere", anchor: "sign-out", "Ends all their sessions.",
                    Form(action: path + "/sign-out", button: "Sign out")))
            actions.append(
                .init(
                    "Switch off", anchor: "off",
                    "They cannot sign in any more, and their tokens are void, until you switch the account on again.",
                    Form(action: path + "/off", button: "Switch off", isGrave: true)))
        } else {
            actions.append(
                .init(
                    "Switch on", anchor: "on", "They can sign in again.",
                    Form(action: path + "/on", button: "Switch on")))
        }
        return pages.shown(to: context.reader.visitor).person(
            PersonPage(title: person.fullName, under: ("/people", "People"), facts: facts, actions: actions))
    }

    private func roleAction(_ person: Person, _ path: String) async throws -> PersonPage.Action {
        PersonPage.Action(
            "Role", anchor: "role-of", "It holds from the next page on that they open.",
            Form(
                action: path + "/role", button: "Change role",
                fields: try await roleFields(role: person.role, school: person.school)))
    }
}
