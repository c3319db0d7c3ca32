import Hummingbird
import HummingbirdCore
import Identity
import Pages
import Store
import Wire

/// How people get in and out.
struct SignInRoutes {
    let store: SQLiteStore
    let pages: Pages
    let signIn: SignIn
    let access: AccessSettings
    /// The district's own sign-in, where there is one.
    let openID: OpenIDSignIn?
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    static let access: [RouteAccess] = [
        .get("/sign-in", .everybody), .post("/sign-in", .everybody), .get("/sign-in/openid", .everybody),
        .get("/sign-in/openid/return", .everybody), .post("/sign-out", .people(.read)),
        .get("/link/{secret}", .everybody), .post("/link/{secret}", .everybody),
    ]

    func add(to router: some RouterMethods<CollectorContext>) {
        let strangers = router.group(context: StrangerContext.self)
        strangers.get("sign-in") { request, context in
            let next = Self.next(request.fields.text("next"))
            if context.reader != nil { return Response.seeOther(next) }
            return Response(html: pages.form(page(next: next)))
        }
        strangers.post("sign-in") { _, context in try await enter(context) }
        strangers.get("sign-in/openid") { request, context in
            try await openIDOrNothing().begin(
                next: Self.next(request.fields.text("next")), context.client)
        }
        strangers.get("sign-in/openid/return") { request, context in
            try await openIDOrNothing().finish(request, context.client)
        }
        strangers.get("link/{secret}") { _, context in try await show(link(context), context) }
        strangers.post("link/{secret}") { _, context in try await use(link(context), context) }
        router.group(context: ReaderContext.self).post("sign-out") { _, context in
            if let session = context.reader.session { try await store.end(session, by: context.who, at: now()) }
            var response = Response.seeOther("/sign-in")
            response.setCookie(SessionCookie.forgetting(for: context.client))
            return response
        }
    }

    /// The sign-in's address, which leads on to a page of ours.
    static func address(thenTo path: String) -> String {
        let next = next(path)
        return next == "/" ? "/sign-in" : "/sign-in?" + query([("next", next)])
    }

    /// A path of this collector: an address that leads elsewhere would make the sign-in a stranger's tool.
    static func next(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"),
            !path.unicodeScalars.contains(where: { $0.value < 0x21 || $0.value == 0x7F })
        else { return "/" }
        return path
    }

    private func openIDOrNothing() throws -> OpenIDSignIn {
        guard let openID else { throw HTTPError(.notFound) }
        return openID
    }

    private func page(next: String, name: String = "", problem: String? = nil) -> FormPage {
        let form = Form(
            action: "/sign-in", button: "Sign in",
            fields: [
                .line("name", "Sign-in name", value: name, autocomplete: "username"),
                .line("password", "Password", type: "password", autocomplete: "current-password"),
            ], hidden: [("next", next)], problem: problem)
        let other = openID.map { openID in
            (link: "/sign-in/openid?" + query([("next", next)]), label: "Sign in with \(openID.name)")
        }
        return FormPage(title: "Sign in", form: form, other: other)
    }

    private func enter(_ context: StrangerContext) async throws -> Response {
        let next = Self.next(context.form.text("next"))
        let name = context.form.text("name") ?? ""
        let outcome = try await signIn.withPassword(
            name: name, typed: context.form.exactly("password") ?? "", from: context.client.address)
        switch outcome {
        case .welcome(let session):
            return welcomed(session, to: next, context.client)
        case .wrong:
            let page = page(
                next: next, name: name,
                problem: "Name or password is wrong. If you forgot it, ask an administrator of Rollcall for a new link."
            )
            return Response(status: .badRequest, html: pages.form(page))
        case .wait(let seconds):
            let minutes = (seconds + 59) / 60
            let page = page(
                next: next, name: name,
                problem: "Too many tries were wrong. Try again in \(minutes) \(minutes == 1 ? "minute" : "minutes").")
            var response = Response(status: .tooManyRequests, html: pages.form(page))
            response.headers[.retryAfter] = "\(seconds)"
            return response
        }
    }

    /// The answer to somebody who came in.
    private func welcomed(_ session: PersonSecret, to path: String, _ client: Client) -> Response {
        var response = Response.seeOther(path)
        response.setCookie(SessionCookie.keeping(session, for: client, seconds: access.session.lifetime))
        return response
    }
}

/// One-time links: set-up, invitation, new password, and a sign-in for once.
extension SignInRoutes {
    private func link(_ context: StrangerContext) throws -> PersonSecret {
        let text = try context.parameters.require("secret")
        guard let secret = PersonSecret(.link, reading: text) else { throw PeopleRefusal.badLink }
        return secret
    }

    private func show(_ link: PersonSecret, _ context: StrangerContext) async throws -> Response {
        let open = try await store.open(link, at: now())
        return Response(html: pages.form(page(for: open, link)))
    }

    private func use(_ link: PersonSecret, _ context: StrangerContext) async throws -> Response {
        let open = try await store.open(link, at: now())
        let address = context.client.address
        if open.purpose == .signIn {
            let person = try await store.signIn(with: link, at: now())
            return welcomed(try await signIn.welcome(person, from: address, way: "link"), to: "/", context.client)
        }
        let name = open.person?.name ?? context.form.text("name") ?? ""
        let fullName = context.form.text("full_name") ?? ""
        do {
            if open.person == nil { _ = try Person.checkedName(name) }
            let password = try Password(
                new: context.form.exactly("password") ?? "", again: context.form.exactly("again") ?? "",
                notLike: [name, fullName, open.person?.fullName ?? ""])
            let hash = try await signIn.desk.hash(password)
            let person =
                open.purpose == .setUp
                ? try await store.setUp(
                    with: link, name: name, fullName: fullName, password: hash, from: address, at: now())
                : try await store.choosePassword(with: link, password: hash, from: address, at: now())
            return welcomed(try await signIn.welcome(person, from: address, way: "link"), to: "/", context.client)
        } catch let refusal as PasswordRefusal {
            let page = page(for: open, link, name: name, fullName: fullName, passwordError: refusal.sentence)
            return Response(status: .badRequest, html: pages.form(page))
        } catch PeopleRefusal.badName {
            let page = page(
                for: open, link, name: name, fullName: fullName, nameError: PeopleRefusal.badName.sentence)
            return Response(status: .badRequest, html: pages.form(page))
        }
    }

    private func page(
        for open: OpenLink, _ link: PersonSecret, name: String = "", fullName: String = "", nameError: String? = nil,
        passwordError: String? = nil
    ) -> FormPage {
        let action = "/link/\(link.text)"
        if open.purpose == .signIn {
            return FormPage(
                title: "Sign in as \(open.person?.fullName ?? "")", sentence: "This link signs you in once.",
                form: Form(action: action, button: "Sign in"))
        }
        var fields: [FormField] = [
            .line(
                "password", "Password", type: "password", autocomplete: "new-password",
                hint: "At least \(Password.minimum) characters, such as four words.", error: passwordError),
            .line("again", "The same password again", type: "password", autocomplete: "new-password"),
        ]
        guard open.purpose == .setUp else {
            return FormPage(
                title: "Choose a password",
                sentence: "You are \(open.person?.fullName ?? ""), and sign in as \(open.person?.name ?? "").",
                form: Form(action: action, button: "Choose and sign in", fields: fields))
        }
        fields.insert(
            .line(
                "name", "Sign-in name", value: name, autocomplete: "username",
                hint: "Such as your address for mail; without spaces.", error: nameError), at: 0)
        fields.insert(.line("full_name", "Your name", value: fullName, autocomplete: "name"), at: 0)
        return FormPage(
            title: "Set up Rollcall",
            sentence: "You become the first administrator, who decides who else gets in.",
            form: Form(action: action, button: "Become the administrator", fields: fields))
    }
}

/// A query, everything in it percent-encoded.
func query(_ fields: [(name: String, value: String)]) -> String {
    fields.map { "\($0.name)=\($0.value.percentEncoded)" }.joined(separator: "&")
}
