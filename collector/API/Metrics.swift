import Foundation
import HTTPTypes
import Synchronization

/// What the collector counts of its own doings since it started.
final class Metrics: Sendable {
    /// When it started, in seconds since 1970.
    let startedAt: Int
    private let state = Mutex<State>(State())

    /// Bounds in seconds of the histogram of requests.
    private static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

    private struct Request: Hashable {
        var method: String
        var route: String
        var status: Int
    }

    private struct State {
        var requests: [Request: Int] = [:]
        var buckets = [Int](repeating: 0, count: bounds.count + 1)
        var seconds = 0.0
        var rowsStored = 0
        var rowsSkipped = 0
    }

    /// Begins to count.
    init(startedAt: Int) {
        self.startedAt = startedAt
    }

    /// Counts a request; `route` is the path as the router has it, so that there are only so many.
    func count(_ method: HTTPRequest.Method, route: String, status: Int, seconds: Double) {
        let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        let method = known.contains(method) ? method.rawValue : "other"
        state.withLock { state in
            state.requests[Request(method: method, route: route, status: status), default: 0] += 1
            state.buckets[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
            state.seconds += seconds
        }
    }

    /// Counts a report's rows.
    func countRows(stored: Int, skipped: Int) {
        state.withLock { state in
            state.rowsStored += stored
            state.rowsSkipped += skipped
        }
    }

    /// Adds everything to an exposition.
    func write(to text: inout OpenMetrics) {
        let state = state.withLock { $0 }
        text.family("rollcall_http_requests", .counter, "Requests that were answered.")
        for (request, count) in state.requests.sorted(by: {
            ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status)
        }) {
            text.sample(
                "rollcall_http_requests_total", Double(count),
                [("method", request.method), ("route", request.route), ("status", String(request.status))])
        }
        text.family("rollcall_http_request_seconds", .histogram, "How long requests took.", unit: "seconds")
        var below = 0
        for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], state.buckets) {
            below += count
            text.sample("rollcall_http_request_seconds_bucket", Double(below), [("le", bound)])
        }
        text.sample("rollcall_http_request_seconds_count", Double(below))
        text.sample("rollcall_http_request_seconds_sum", state.seconds)
        text.family("rollcall_report_rows", .counter, "Rows of reports, by what became of them.")
        text.sample("rollcall_report_rows_total", Double(state.rowsStored), [("outcome", "stored")])
        text.sample("rollcall_report_rows_total", Double(state.rowsSkipped), [("outcome", "skipped")])
    }
}

/// Text in the OpenMetrics format, version 1.0.
struct OpenMetrics {
    /// The format's media type.
    static let mediaType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    private(set) var text = ""

    /// The kinds of metrics that are used here.
    enum Kind: String {
        case counter, gauge, histogram, info
    }

    /// Begins a family of metrics.
    mutating func family(_ name: String, _ kind: Kind, _ help: String, unit: String? = nil) {
        text += "# TYPE \(name) \(kind.rawValue)\n"
        if let unit { text += "# UNIT \(name) \(unit)\n" }
        text += "# HELP \(name) \(help)\n"
    }

    /// Adds a sample of the family that was begun.
    mutating func sample(_ name: String, _ value: Double, _ labels: [(name: String, value: String)] = []) {
        let list = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        let isWhole = value == value.rounded() && abs(value) < 1e15
        text += "\(name)\(list.isEmpty ? "" : "{\(list)}") \(isWhole ? String(Int(value)) : String(value))\n"
    }

    /// The exposition's end, without which a scraper takes it for cut off.
    mutating func finish() { text += "# EOF\n" }

    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
            .replacingOccurrences(of: "\n", with: "\\n")
    }
}
