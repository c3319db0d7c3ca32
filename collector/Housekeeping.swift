import Foundation
import Logging
import ServiceLifecycle
import Store
import Wire

/// What the collector does beside answering: adds up days that are over, and takes out what is older than it is kept.
struct Housekeeping: Service {
    let reader: UseReader
    let retention: Retention
    let logger: Logger
    /// Seconds since 1970.
    var now: @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }

    /// How long it rests between two rounds: so long, answers about a week that got late reports come from its rows.
    private static let pause = Duration.seconds(60)

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await round()
                try await Task.sleep(for: Self.pause)
            }
        }
    }

    /// One round; what fails is told, and tried again in the next.
    func round() async {
        let today = SchoolDay(ordinal: now() / 86_400)
        // A day is over when it is over at every school: in the last time zone, half a day after it is in UTC.
        let firstUnfinished = SchoolDay(ordinal: (now() - 43_200) / 86_400)
        do {
            let added = try await reader.rollUp(before: firstUnfinished)
            if added > 0 { logger.info("weeks added up", metadata: ["weeks": "\(added)"]) }
            let taken = try await reader.retain(retention, today: today)
            if taken > 0 { logger.notice("old weeks added up by month and taken out", metadata: ["weeks": "\(taken)"]) }
        } catch {
            logger.error("housekeeping failed; it is tried again in a minute", metadata: ["reason": "\(error)"])
        }
    }
}
