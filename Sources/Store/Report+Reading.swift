import Foundation
package import Wire

extension Report {
    /// Reads a report's JSON; members that nobody knows are passed over, so that a newer agent is understood.
    package init(json: [UInt8]) throws(Problem) {
        if let plain = Report(plain: json) {
            self = plain
        } else {
            self = try Problem.decode(Report.self, from: json, title: "The report cannot be read")
        }
    }
}

extension Report {
    /// Reads what is written plainly, and fast; nil for whatever is not.
    init?(plain json: [UInt8]) {
        guard let rows = ReportRows(json), var report = try? JSONDecoder().decode(Report.self, from: Data(rows.rest)),
            report.days.count == rows.lists.count, report.days.allSatisfy(\.rows.isEmpty)
        else { return nil }
        for (index, list) in rows.lists.enumerated() { report.days[index].rows = list }
        self = report
    }
}

extension EnrolmentRequest {
    /// Reads a request's JSON.
    package init(json: [UInt8]) throws(Problem) {
        self = try Problem.decode(EnrolmentRequest.self, from: json, title: "The enrolment request cannot be read")
    }
}

extension Problem {
    fileprivate static func decode<Value: Decodable>(
        _ type: Value.Type, from json: [UInt8], title: String
    ) throws(Problem) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(json))
        } catch let error as DecodingError {
            throw Problem(status: 400, title: title, detail: detail(of: error))
        } catch {
            throw Problem(status: 400, title: title, detail: "it is no JSON")
        }
    }

    /// Where it is (as a JSON pointer) and what, for the person who reads the agent's log.
    private static func detail(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            "\(pointer(context.codingPath + [key])) is missing"
        case .valueNotFound(let type, let context):
            "\(pointer(context.codingPath)) is null; it has to be \(word(for: type))"
        case .typeMismatch(let type, let context):
            "\(pointer(context.codingPath)) is not \(word(for: type))"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "the body is no JSON; send the report as written, gzipped or not"
                : "\(pointer(context.codingPath)): \(context.debugDescription)"
        @unknown default:
            "it is not as described in the documentation"
        }
    }

    private static func pointer(_ path: [any CodingKey]) -> String {
        path.isEmpty ? "the whole" : path.map { "/" + ($0.intValue.map(String.init) ?? $0.stringValue) }.joined()
    }

    private static func word(for type: any Any.Type) -> String {
        if type is any FixedWidthInteger.Type { return "a whole number" }
        if type is String.Type { return "a text" }
        if type is Bool.Type { return "true or false" }
        if type is [String: Any].Type { return "an object" }
        return "\(type)".contains("Array") || "\(type)".hasPrefix("[") ? "a list" : "an object"
    }
}
