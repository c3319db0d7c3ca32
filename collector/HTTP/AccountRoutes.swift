import Hummingbird
import HummingbirdCore
import Identity
import Pages
import Store
import Wire

/// One's own account.
struct AccountRoutes {
    let store: SQLiteStore
    let pages: Pages
    let signIn: SignIn
    let access: AccessSettings
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    static let access: [RouteAccess] = [
        .get("/account", .people(.read)), .post("/account/password", .people(.read)),
        .post("/account/sign-out", .people(.read)), .post("/account/tokens", .people(.read)),
        .post("/account/tokens/{token}/revoke", .people(.read)),
    ]

    func add(to router: some RouterMethods<CollectorContext>) {
        let own = router.group("account", context: ReaderContext.self)
        own.get("") { _, context in
            try Self.requireSession(context)
            return Response(html: try await page(context))
        }
        own.post("password") { _, context in try await changePassword(context) }
        own.post("sign-out") { _, context in
            try Self.requireSession(context)
            try await store.endSessions(of: context.reader.account, by: context.who, at: now())
            var response = Response.seeOther("/sign-in")
            response.setCookie(SessionCookie.forgetting(for: context.client))
            return response
        }
        own.post("tokens") { _, context in try await makeToken(context) }
        own.post("tokens/{token}/revoke") { _, context in
            try Self.requireSession(context)
            let row = Int64(try context.parameters.require("token", as: Int.self))
            // An administrator may take back anybody's; the account page offers one's own.
            let owner = context.reader.may(.administer) ? nil : context.reader.account
            guard try await store.revokeToken(row, of: owner, by: context.who, at: now()) else {
                throw Problem(status: 404, title: "No such token", detail: "It was taken back already, or never was.")
            }
            return Response.seeOther("/account")
        }
    }

    /// A token must not make tokens that outlive it, nor lock its owner out.
    private static func requireSession(_ context: ReaderContext) throws(Problem) {
        guard context.reader.session == nil else { return }
        throw Problem(
            status: 403, title: "For people alone",
            detail: "An account is managed by its owner, who has to be signed in.")
    }

    private func page(
        _ context: ReaderContext, passwordProblem: String? = nil, newPasswordError: String? = nil,
        tokenError: String? = nil
    ) async throws -> String {
        let reader = context.reader
        let known = try await store.credentials(of: reader.account)
        let sessions = try await store.sessionCount(of: reader.account, terms: access.session, at: now())
        var facts: [PersonPage.Fact] = [
            .init("Name", reader.fullName), .init("Signs in as", reader.who.name), .init("Role", reader.role.label),
        ]
        if let school = reader.school { facts.append(.init("School", school)) }
        let rights = Right.allCases.filter(reader.may).map(\.label).joined(separator: "; ")
        facts.append(.init("May", rights))
        facts.append(.init("Signed in", sessions == 1 ? "here alone" : "in \(sessions) browsers"))
        var actions: [PersonPage.Action] = []
        if known?.password != nil {
            actions.append(Self.passwordAction(problem: passwordProblem, newError: newPasswordError))
        }
        actions.append(
            PersonPage.Action(
                "Sign out everywhere", anchor: "everywhere",
                "Ends every session of yours, this one too: after you used a machine that others use, or lost one.",
                Form(action: "/account/sign-out", button: "Sign out everywhere")))
        return pages.shown(to: reader.visitor).account(
            AccountPage(
                facts: facts, actions: actions, tokens: try await tokens(reader),
                makeToken: Self.tokenForm(reader, error: tokenError)))
    }

    private func tokens(_ reader: Reader) async throws -> [AccountPage.Token] {
        try await store.tokens(of: reader.account).map { token in
            let isVoid = token.revokedAt != nil || token.expiresAt <= now()
            return AccountPage.Token(
                name: token.name,
                scopes: Right.allCases.filter(token.scopes.contains).map(\.label).joined(separator: "; "),
                madeAt: token.madeAt, expiresAt: token.expiresAt, usedAt: token.usedAt,
                revoke: isVoid
                    ? nil : Form(action: "/account/tokens/\(token.row)/revoke", button: "Take back", isGrave: true))
        }
    }

    private static func passwordAction(problem: String?, newError: String?) -> PersonPage.Action {
        PersonPage.Action(
            "Change your password", anchor: "password", "Your other sessions end.",
            Form(
                action: "/account/password", button: "Change password",
                fields: [
                    .line("current", "Password of today", type: "password", autocomplete: "current-password"),
                    .line(
                        "new", "New password", type: "password", autocomplete: "new-password",
                        hint: "At least \(Password.minimum) characters, such as four words.", error: newError),
                    .line("again", "The new password again", type: "password", autocomplete: "new-password"),
                ], problem: problem))
    }

    private static func tokenForm(_ reader: Reader, error: String?) -> Form {
        Form(
            action: "/account/tokens", button: "Make a token",
            fields: [
                .line("token_name", "What it is for", hint: "Such as: nightly export", error: error),
                .list(
                    "days", "Holds for", [("30", "30 days"), ("90", "90 days"), ("365", "1 year")], chosen: "90"),
                .boxes(
                    "scopes", "What it may do",
                    Right.allCases.filter(reader.may).map { (value: $0.rawValue, label: $0.label) },
                    ticked: [Right.read.rawValue]),
            ])
    }

    private func changePassword(_ context: ReaderContext) async throws -> Response {
        try Self.requireSession(context)
        let reader = context.reader
        let subjects = LockOut.Subject.all(account: Person.key(of: reader.who.name), address: context.client.address)
        let wait = try await store.wait(of: subjects, at: now())
        guard wait == 0 else { throw Busy(status: 429, "Too many tries were wrong.", retryAfter: wait) }
        let known = try await store.credentials(of: reader.account)
        let typed = Password(typed: context.form.exactly("current") ?? "")
        guard try await signIn.desk.matches(typed, known?.password) else {
            _ = try await store.noteFailure(
                of: subjects, account: known?.person, from: context.client.address, at: now())
            let html = try await page(context, passwordProblem: "The password of today is wrong.")
            return Response(status: .badRequest, html: html)
        }
        do {
            let password = try Password(
                new: context.form.exactly("new") ?? "", again: context.form.exactly("again") ?? "",
                notLike: [reader.who.name, reader.fullName])
            try await store.changePassword(
                of: reader.account, to: try await signIn.desk.hash(password), keeping: reader.session,
                by: context.who, at: now())
        } catch let refusal as PasswordRefusal {
            return Response(
                status: .badRequest, html: try await page(context, newPasswordError: refusal.sentence))
        }
        return Response.seeOther("/account")
    }

    private func makeToken(_ context: ReaderContext) async throws -> Response {
        try Self.requireSession(context)
        guard let name = context.form.text("token_name") else {
            let html = try await page(context, tokenError: "Say what the token is for.")
            return Response(status: .badRequest, html: html)
        }
        let asked = Set(context.form.all("scopes").compactMap(Right.init(rawValue:)))
        let days = min(max(context.form.text("days").flatMap { Int($0) } ?? 90, 1), 365)
        var random = SystemRandomNumberGenerator()
        let secret = PersonSecret(.token, using: &random)
        try await store.keep(
            secret, named: name, for: context.reader.account, scopes: asked.intersection(context.reader.rights),
            until: now() + days * 86_400, by: context.who, at: now())
        let page = OncePage(
            title: "The token for \(name)", subject: "Your account",
            sentence: "A script sends it as Authorization: Bearer, followed by the token.", label: "Token",
            secret: secret.text, back: ("/account", "To your account"))
        return Response(html: pages.shown(to: context.reader.visitor).once(page))
    }
}
