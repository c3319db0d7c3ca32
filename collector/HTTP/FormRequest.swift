import Foundation
import NIOCore
import Wire

/// The fields of a form that a person sent from a page of the collector.
///
/// The middleware that finds out who reads takes it only from a page of the collector's own, with the session's token in
/// it; a handler finds it in its context and has nothing to check.
struct FormRequest: Sendable {
    /// The field of the session's token, which every form has.
    static let tokenField = "form_token"
    /// The most fields that are read; a form of ours with every box ticked has fewer.
    private static let fieldLimit = 5000

    private var fields: [(name: String, value: String)] = []
    private var files: [(name: String, bytes: [UInt8])] = []

    /// A form without fields.
    init() {}

    /// Whether a body of that type is a form.
    static func isForm(_ type: String) -> Bool {
        let type = type.lowercased()
        return type.hasPrefix("application/x-www-form-urlencoded") || type.hasPrefix("multipart/form-data")
    }

    /// Reads a body that is a form.
    init(body: ByteBuffer, type: String) throws(Problem) {
        if type.lowercased().hasPrefix("multipart/form-data") {
            try read(multipart: Array(buffer: body), boundary: try Self.boundary(of: type))
        } else {
            let pairs = String(buffer: body).split(separator: "&", maxSplits: Self.fieldLimit)
            guard pairs.count <= Self.fieldLimit else { throw Self.damaged }
            fields = pairs.map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (Self.decoded(parts[0]), parts.count > 1 ? Self.decoded(parts[1]) : "")
            }
        }
    }

    /// A field's text without white space around it; nil when it is missing or empty.
    func text(_ name: String) -> String? {
        guard let value = exactly(name) else { return nil }
        let text = value.trimmingCharacters(in: .whitespacesAndNewlines)
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

    /// The bytes of a file that was chosen; nil when none was.
    func file(_ name: String) -> [UInt8]? {
        files.first { $0.name == name && !$0.bytes.isEmpty }?.bytes
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.replacingOccurrences(of: "+", with: " ")
        return spaced.removingPercentEncoding ?? spaced
    }

    private static let damaged = Problem(
        status: 400, title: "Damaged form",
        detail: "The form cannot be read; open the page again and send it once more.")
}

/// Forms with files (RFC 7578).
extension FormRequest {
    private static func boundary(of type: String) throws(Problem) -> [UInt8] {
        for parameter in type.split(separator: ";").dropFirst() {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].filter({ !$0.isWhitespace }).lowercased() == "boundary" else { continue }
            let value = parts[1].filter { $0 != "\"" && !$0.isWhitespace }
            // RFC 2046 section 5.1.1.
            if (1...70).contains(value.utf8.count) { return Array(value.utf8) }
        }
        throw damaged
    }

    /// Parts stand between lines of `--boundary`; each has header lines, an empty line, and its content.
    private mutating func read(multipart body: [UInt8], boundary: [UInt8]) throws(Problem) {
        let line = Array("\r\n--".utf8) + boundary
        // The first line has no line break before it.
        var rest = (Array("\r\n".utf8) + body)[...]
        guard let first = rest.firstRange(of: line) else { throw Self.damaged }
        rest = rest[first.upperBound...]
        // Ends, because each round takes at least a boundary off the rest.
        while !rest.starts(with: "--".utf8) {
            guard rest.starts(with: "\r\n".utf8), let end = rest.firstRange(of: line),
                fields.count + files.count < Self.fieldLimit
            else { throw Self.damaged }
            try add(part: rest[rest.index(rest.startIndex, offsetBy: 2)..<end.lowerBound])
            rest = rest[end.upperBound...]
        }
    }

    private mutating func add(part: ArraySlice<UInt8>) throws(Problem) {
        guard let gap = part.firstRange(of: Array("\r\n\r\n".utf8)) else { throw Self.damaged }
        let header = String(decoding: part[..<gap.lowerBound], as: UTF8.self)
        let content = part[gap.upperBound...]
        guard let name = Self.parameter("name", of: header) else { throw Self.damaged }
        if Self.parameter("filename", of: header) != nil {
            files.append((name, Array(content)))
        } else {
            fields.append((name, String(decoding: content, as: UTF8.self)))
        }
    }

    private static func parameter(_ key: String, of header: String) -> String? {
        for field in header.split(separator: "\r\n") where field.lowercased().hasPrefix("content-disposition:") {
            for parameter in field.split(separator: ";").dropFirst() {
                let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, parts[0].filter({ !$0.isWhitespace }) == key else { continue }
                return parts[1].filter { $0 != "\"" }
            }
        }
        return nil
    }
}
