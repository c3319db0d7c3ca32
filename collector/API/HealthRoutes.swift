import Foundation
import Hummingbird
import HummingbirdCore
import Identity
import Store
import Wire

/// How the collector itself is doing.
struct HealthRoutes {
    let store: SQLiteStore
    let queries: UseReader
    let metrics: Metrics
    let bodies: BodyGate
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    static let access: [RouteAccess] = [
        .get("/healthz", .everybody), .get("/readyz", .everybody), .get("/metrics", .people(.watch)),
    ]

    /// An agent reports every five minutes; one that missed three of them is silent.
    private static let silence = 900

    func add(to router: some RouterMethods<CollectorContext>) {
        router.get("healthz") { _, _ in Response(text: "ok\n", type: "text/plain; charset=utf-8") }
        router.get("readyz") { _, _ in
            do {
                _ = try await store.registryRevision()
            } catch {
                throw Busy(status: 503, "The database does not answer.", retryAfter: 10)
            }
            return Response(text: "ready\n", type: "text/plain; charset=utf-8")
        }
        router.group(context: WatchContext.self).get("metrics") { _, _ in
            Response(text: try await exposition(), type: OpenMetrics.mediaType)
        }
    }

    private func exposition() async throws -> String {
        var text = OpenMetrics()
        text.family("rollcall_build", .info, "The collector's version.")
        text.sample("rollcall_build_info", 1, [("version", rollcallVersion)])
        metrics.write(to: &text)
        let load = bodies.load
        text.family("rollcall_report_bodies", .gauge, "Reports that are being read, and that wait for it.")
        text.sample("rollcall_report_bodies", Double(load.inside), [("state", "inside")])
        text.sample("rollcall_report_bodies", Double(load.waiting), [("state", "waiting")])
        let agents = try await queries.agents(at: now())
        let active = agents.filter { $0.revokedAt == nil }
        let reporting = active.filter { now() - ($0.reportedAt ?? 0) <= Self.silence }.count
        text.family("rollcall_agents", .gauge, "Gateways' agents, by whether they reported in the last 15 minutes.")
        text.sample("rollcall_agents", Double(reporting), [("state", "reporting")])
        text.sample("rollcall_agents", Double(active.count - reporting), [("state", "silent")])
        text.sample("rollcall_agents", Double(agents.count - active.count), [("state", "revoked")])
        text.family("rollcall_database_bytes", .gauge, "The size of the database.", unit: "bytes")
        text.sample("rollcall_database_bytes", Double(try await store.byteCount()))
        text.family("process_resident_memory_bytes", .gauge, "Memory that the collector uses.", unit: "bytes")
        text.sample("process_resident_memory_bytes", Double(Self.residentMemory()))
        text.family("process_start_time_seconds", .gauge, "When the collector started.", unit: "seconds")
        text.sample("process_start_time_seconds", Double(metrics.startedAt))
        text.finish()
        return text.text
    }

    /// The second field of `/proc/self/statm`: resident pages.
    private static func residentMemory() -> Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
    }
}

/// Counts requests and how long they took.
struct MetricsMiddleware: RouterMiddleware {
    let metrics: Metrics

    @concurrent func handle(
        _ request: Request, context: CollectorContext,
        next: @concurrent (Request, CollectorContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        metrics.count(
            request.method, route: context.endpointPath ?? "none", status: response.status.code,
            seconds: (ContinuousClock.now - start) / .seconds(1))
        return response
    }
}
