import Alerts
import Logging
import ServiceLifecycle
import Settings

/// Runs the programme's keeper beside the collector's pages, until the collector stops.
struct ProgrammeService: Service {
    let keeper: ProgrammeKeeper
    let logger: Logger

    /// How often the outbox is looked at.
    private static let pulse = Duration.seconds(1)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var clock = ContinuousClock()
            var nextEvaluation = clock.now
            // Ends when the collector stops, which ends the sleep.
            while !Task.isCancelled {
                await turn(&nextEvaluation, &clock)
                try? await Task.sleep(for: Self.pulse)
            }
        }
        await keeper.webhooks.shutdown()
    }

    /// One turn: what fails is logged and tried again, because a full disk or a mistake in a file must not stop pages.
    private func turn(_ nextEvaluation: inout ContinuousClock.Instant, _ clock: inout ContinuousClock) async {
        do {
            let isDue = clock.now >= nextEvaluation
            // A district has hundreds of leaders: each second is too often for them, who hear of a decision with the next
            // evaluation.
            let settings = try await isDue ? keeper.reader.tellingAlerts() : keeper.reader.currentAlerts()
            if isDue {
                nextEvaluation = clock.now + settings.every
                // What fires next is news to those who are readers from now on.
                try await keeper.dispatch(settings)
                try await keeper.evaluate(settings)
            }
            try await keeper.dispatch(settings)
            try await keeper.deliver(settings)
        } catch is CancellationError {
            return
        } catch {
            logger.error("alerts failed", metadata: ["error": "\(error)"])
        }
    }
}

extension ProgrammeSettings {
    /// The service that keeps the programme; throws where its files have mistakes, so that a collector does not start
    /// with alerts that nobody gets.
    func service(_ reader: ProgrammeReader, logger: Logger) throws -> ProgrammeService {
        let alerts = try alerts()
        _ = try checklist()
        if let server = alerts.mail?.server { _ = try SMTPClient(server: server) }
        let keeper = ProgrammeKeeper(
            reader: reader, webhooks: try WebhookClient(certificateFile: alerts.webhookCertificates), logger: logger)
        return ProgrammeService(keeper: keeper, logger: logger)
    }
}
