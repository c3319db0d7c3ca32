import Hummingbird
import HummingbirdCore
import Identity
import Pages
import Store
import Wire

/// A gateway's identity: taken back, renewed, moved to another school.
struct GatewayKeyRoutes {
    let store: SQLiteStore
    let queries: UseReader
    let pages: Pages
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    static let access: [RouteAccess] = [
        .get("/gateways/{agent}", .people(.readDistrict)), .post("/gateways/{agent}/revoke", .people(.edit)),
        .post("/gateways/{agent}/rotate", .people(.edit)), .post("/gateways/{agent}/move", .people(.edit)),
    ]

    func add(to router: some RouterMethods<CollectorContext>) {
        router.group("gateways", context: DistrictContext.self).get("{agent}") { _, context in
            Response(html: try await page(context))
        }
        let editing = router.group("gateways", context: EditorContext.self)
        editing.post("{agent}/revoke") { _, context in
            let agent = try context.parameters.require("agent")
            try await store.revoke(agent: agent, by: context.who, at: now())
            return Response.seeOther("/gateways/\(agent.percentEncoded)")
        }
        editing.post("{agent}/rotate") { _, context in try await rotate(context) }
        editing.post("{agent}/move") { _, context in
            let agent = try context.parameters.require("agent")
            let school = try context.form.required("school", "The school")
            do {
                try await store.move(agent: agent, to: school, by: context.who, at: now())
            } catch let error as StoreError {
                guard case .unknownSchool = error else { throw error }
                throw Problem(status: 400, title: "No such school", detail: "\(error)")
            }
            return Response.seeOther("/gateways/\(agent.percentEncoded)")
        }
    }

    private func rotate(_ context: EditorContext) async throws -> Response {
        let agent = try context.parameters.require("agent")
        var random = SystemRandomNumberGenerator()
        let token = JoinToken(using: &random)
        try await store.keepRenewal(token, of: agent, until: now() + 7 * 86_400, by: context.who, at: now())
        let page = OncePage(
            title: "A join token for this gateway", subject: "Gateways",
            sentence:
                "On the gateway, remove identity.json and run rollcall-agent enroll with this token, within seven "
                + "days. Until then the old secret holds, from then on the new one; the counts go on as they are.",
            label: "Join token", secret: token.text, back: ("/gateways/\(agent.percentEncoded)", "To the gateway"))
        return Response(html: pages.shown(to: context.reader.visitor).once(page))
    }

    private func page(_ context: DistrictContext) async throws -> String {
        let identifier = try context.parameters.require("agent")
        guard let agent = try await queries.agents(at: now()).first(where: { $0.identifier == identifier }) else {
            throw StoreError.unknownAgent(identifier)
        }
        var facts: [PersonPage.Fact] = [
            .init("School", agent.school), .init("Identifier", agent.identifier), .init("Host", agent.host),
            .init("Version", agent.version), .init("Joined", Moment.written(agent.enrolledAt)),
            .init("Last report", Moment.written(agent.reportedAt)),
        ]
        if let revokedAt = agent.revokedAt { facts.append(.init("Taken back", Moment.written(revokedAt))) }
        if agent.problems.contains(.usedTwice) {
            facts.append(
                .init(
                    "Used twice",
                    "Two gateways report with this identity, as when a machine's image was copied. Nothing is counted "
                        + "twice or lost; renew the secret on one of them with a join token of its own."))
        }
        let actions = context.reader.may(.edit) ? try await actions(agent) : []
        return pages.shown(to: context.reader.visitor).person(
            PersonPage(
                title: agent.host.isEmpty ? agent.identifier : agent.host, under: ("/gateways", "Gateways"),
                facts: facts, actions: actions))
    }

    private func actions(_ agent: AgentState) async throws -> [PersonPage.Action] {
        let path = "/gateways/\(agent.identifier.percentEncoded)"
        let schools = try await store.schools().map { (value: $0, label: $0) }
        var actions: [PersonPage.Action] = [
            .init(
                "Renew its secret", anchor: "rotate",
                "Makes a join token with which the gateway gets another secret for the same identity, for example after "
                    + "somebody has seen the old one.", Form(action: path + "/rotate", button: "Make the join token")),
            .init(
                "Move to another school", anchor: "move",
                "It reports for that school from its next day on. What it reported so far stays where it is.",
                Form(
                    action: path + "/move", button: "Move",
                    fields: [.list("school", "School", schools, chosen: agent.school)])),
        ]
        if agent.revokedAt == nil {
            actions.append(
                .init(
                    "Take its identity back", anchor: "revoke",
                    "It can report no more, for example after the gateway was stolen. What it reported stays.",
                    Form(action: path + "/revoke", button: "Take back", isGrave: true)))
        }
        return actions
    }
}
