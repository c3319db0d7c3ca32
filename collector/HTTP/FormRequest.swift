import Foundation
import Wire

/// The fields of a form that a person sent from a page of the collector.
///
/// The middleware that finds out who reads takes it only from a page of the collector's own, with the session's token in
/// it; a handler finds it in its context and has nothing to check.
struct FormRequest: Sendable {
    /// The field of the session's token, which every form has.
    static let tokenField = "form_token"

    private var fields: [(name: String, value: String)] = []

    /// A form without fields.
    init() {}

    /// Reads `application/x-www-form-urlencoded`.
    init(urlEncoded text: String) {
        fields = text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(parts[0]), parts.count > 1 ? Self.decoded(parts[1]) : "")
        }
    }

    /// A field's text without white space around it; nil when it is missing or empty.
    func text(_ name: String) -> String? {
        guard let field = fields.first(where: { $0.name == name }) else { return nil }
        let text = field.value.trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
    }

    /// A field's text, which has to be there; `label` is what the page calls it.
    func required(_ name: String, _ label: String) throws(Problem) -> String {
        guard let text = text(name) else {
            throw Problem(status: 400, title: "Something is missing", detail: "\(label) is empty; fill it in.")
        }
        return text
    }

    /// All texts of a field that may be there several times, such as boxes to tick.
    func all(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }

    /// A field exactly as it was sent, for what white space belongs to, such as a password.
    func exactly(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.replacingOccurrences(of: "+", with: " ")
        return spaced.removingPercentEncoding ?? spaced
    }
}
