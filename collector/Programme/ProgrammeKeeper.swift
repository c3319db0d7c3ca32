import Alerts
import Logging
import Programme
import Registry
import Settings
import Store

/// Keeps the programme and its alerts up to date, and delivers messages: the work of one turn at a time.
///
/// Everything it does is kept in the database before it counts, so that it may be killed between any two lines.
struct ProgrammeKeeper: Sendable {
    let reader: ProgrammeReader
    let webhooks: WebhookClient
    let logger: Logger

    private var store: SQLiteStore { reader.store }

    /// Follows the registry and the calendar, weighs what was seen, and writes messages that are due.
    func evaluate(_ settings: AlertSettings) async throws {
        let now = reader.now()
        let revision = try await store.registryRevision()
        var facts = try await reader.newFacts()
        try await store.advanceProgramme(facts, at: now)
        // Counted again where the registry says something else now.
        if try await store.registryRevision() != revision { facts = try await reader.newFacts() }
        let paid = try await payers()
        try await store.weighCases(facts, paid: paid, terms: settings.cases)
        let input = try await input(facts)
        let news = try await store.admit(settings.rules.alerts(input), at: now, rearmDays: settings.rules.rearmDays)
        if news > 0 { logger.info("alerts fired", metadata: ["count": "\(news)"]) }
        try await store.forgetDelivered(before: now - 90 * 86_400)
    }

    /// Writes messages that readers are due into the outbox.
    func dispatch(_ settings: AlertSettings) async throws {
        try await store.dispatch(settings, at: reader.now())
    }

    /// Tries every message whose time has come, those of different readers side by side.
    func deliver(_ settings: AlertSettings) async throws {
        var mail: SMTPClient?
        if let server = settings.mail?.server { mail = try SMTPClient(server: server) }
        // Ends, because each turn takes a message from waiting, or puts it off.
        while true {
            let due = try await store.dueMessages(at: reader.now())
            if due.isEmpty { return }
            let client = mail
            try await withThrowingTaskGroup { group in
                for entry in due { group.addTask { try await deliver(entry, settings, client) } }
                try await group.waitForAll()
            }
            try Task.checkCancellation()
        }
    }

    private func deliver(_ entry: OutboxEntry, _ settings: AlertSettings, _ mail: SMTPClient?) async throws {
        let outcome = await attempt(entry, settings, mail)
        let step = DeliveryStep.after(
            entry, outcome, now: reader.now(), jitter: Double.random(in: 0...1), patience: settings.patience)
        try await store.settle(entry, step, at: reader.now())
        switch step {
        case .delivered: logger.info("message delivered", metadata: ["to": "\(entry.destination.text)"])
        case .retry(_, let reason):
            logger.warning("message waits", metadata: ["to": "\(entry.destination.text)", "reason": "\(reason)"])
        case .dead(let reason):
            logger.error("message given up", metadata: ["to": "\(entry.destination.text)", "reason": "\(reason)"])
        }
    }

    private func attempt(_ entry: OutboxEntry, _ settings: AlertSettings, _ mail: SMTPClient?) async -> DeliveryOutcome
    {
        switch entry.destination {
        case .mail(let address):
            guard let mail, let sender = settings.mail else {
                return .postponed(reason: "the settings name no mail server")
            }
            return await mail.send(
                MailMessage(
                    from: sender.from, fromName: sender.fromName, to: address, key: entry.key,
                    writtenAt: entry.writtenAt, content: entry.message))
        case .webhook(let name):
            guard case .webhook(let target)? = settings.reader(named: name)?.channel else {
                return .postponed(reason: "the settings name no reader \"\(name)\" with a webhook")
            }
            return await webhooks.send(entry, to: target, at: reader.now())
        }
    }

    /// The schools that pay for a platform by themselves; for one that the district pays, all schools.
    private func payers() async throws -> [String: Set<String>] {
        let schools = Set(try await store.schools())
        var payers: [String: Set<String>] = [:]
        for spend in try await store.spends() where spend.cents > 0 {
            payers[Platform.key(of: spend.platform), default: []].formUnion(
                spend.school.isEmpty ? schools : [spend.school])
        }
        return payers
    }

    private func input(_ facts: UseFacts) async throws -> AlertInput {
        let (platforms, _) = try await reader.platforms()
        var input = AlertInput(facts: facts)
        for listed in platforms where !listed.reason.isEmpty { input.reasons[listed.platform.key] = listed.reason }
        for listed in platforms where listed.platform.status == .approved {
            if let end = listed.expires { input.expiries[listed.platform.name] = end }
            if let licences = listed.platform.terms.licences { input.licences[listed.platform.key] = licences }
            guard listed.audiences == [Audience.staff.label] else { continue }
            for (school, use) in facts.tool(named: listed.platform.name)?.uses ?? [:] where use.students > 0 {
                input.beyondAudience[
                    Alert.Subject(.beyondAudience, platform: listed.platform.name, school: school)] = use.students
            }
        }
        return input
    }
}
