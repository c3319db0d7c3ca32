import Foundation
import Logging
import Service
import ServiceLifecycle
import Store
import Wire

/// What the collector does beside answering: adds up days that are over, takes out what is older than it is kept, and
/// reads what came today before somebody asks.
struct Housekeeping: Service {
    let reader: UseReader
    let retention: Retention
    let logger: Logger
    /// Seconds since 1970.
    var now: @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }

    /// How long it rests between two rounds: so long, answers about a week that got late reports come from its rows.
    private static let pause = Duration.seconds(60)
    /// How long between two readings: a large district sends a dozen reports in it, which are read in two milliseconds.
    private static let readingPause = Duration.seconds(5)

    func run() async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await Self.untilCancelled(every: Self.pause) { await round() } }
                group.addTask { await Self.untilCancelled(every: Self.readingPause) { await read() } }
            }
        }
    }

    /// To be cancelled is no failure: a service that throws is told of as one, and the collector's end with it.
    private static func untilCancelled(every pause: Duration, _ body: () async -> Void) async {
        while !Task.isCancelled {
            await body()
            try? await Task.sleep(for: pause)
        }
    }

    private func read() async {
        do {
            try await reader.readOpenDays()
        } catch {
            logger.error("reading today's rows failed; it is tried again", metadata: ["reason": "\(error)"])
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
        ProcessMemory.trimHeaps()
    }
}
