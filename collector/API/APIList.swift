import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identity
import Pages
import Wire

/// A part of a list, and the way to the next.
struct APIList<Item: Encodable & Sendable>: Encodable, Sendable {
    /// The part.
    var items: [Item]
    /// What `after` asks for the next part with; nil when this is the last.
    var next: String?
}

/// Which part of a list a program asks for.
struct APIPage: Sendable, Equatable {
    /// How many items there are at most.
    var limit: Int
    /// The item after which to go on: what the list is sorted by; nil for the first part.
    var after: String?

    /// Reads `?limit=&after=`; `fields` are what the list is asked by besides.
    ///
    /// A field that is not known is refused, and so is an empty one: whoever misspells `from` or its value must not be
    /// given everything.
    init(_ request: Request, beside fields: [String] = []) throws(Problem) {
        let known = fields + ["limit", "after"]
        let asked = request.fields
        if let other = asked.names.first(where: { !known.contains($0) }) {
            throw Problem(
                status: 400, title: "Not a field",
                detail: "\(other) is not known here; the fields are \(known.joined(separator: ", ")).")
        }
        if let empty = asked.empty.first {
            throw Problem(
                status: 400, title: "An empty field", detail: "\(empty) is empty; give it a value, or leave it out.")
        }
        limit = 100
        if let text = asked.text("limit") {
            guard let number = Int(text), (1...1000).contains(number) else {
                throw Problem(
                    status: 400, title: "Not a limit", detail: "limit is \"\(text)\"; write a number from 1 to 1000.")
            }
            limit = number
        }
        guard let text = asked.text("after") else { return }
        guard let data = Data(base64URL: text), let key = String(validating: data, as: UTF8.self) else {
            throw Problem(
                status: 400, title: "Not a cursor", detail: "after is \"\(text)\"; send what an answer had as next.")
        }
        after = key
    }

    /// Cuts a list; `key` gives what tells items apart, in whose order the list goes.
    func cut<Value, Item>(_ values: [Value], by key: (Value) -> String, _ item: (Value) -> Item) -> APIList<Item> {
        let sorted = values.map { (key($0), $0) }.sorted { $0.0 < $1.0 }
            .drop { entry in after.map { entry.0 <= $0 } ?? false }
        let part = sorted.prefix(limit)
        let isLast = part.count == sorted.count
        return APIList(items: part.map { item($0.1) }, next: isLast ? nil : part.last.map { Self.cursor($0.0) })
    }

    /// What programs send back to go on after an item.
    static func cursor(_ key: String) -> String { Data(key.utf8).base64URL }
}

extension Response {
    /// A value as JSON with an entity tag; without the body when the client has that already (RFC 9110 section 13.1.2).
    init(tagged value: some Encodable, for request: Request) {
        let text = Self.text(json: value)
        let tag = "\"\(Data(SHA256.hash(data: Data(text.utf8)).prefix(16)).base64URL)\""
        let headers: HTTPFields = [.eTag: tag, .cacheControl: "private, no-cache"]
        let known = request.headers[.ifNoneMatch]?.split(separator: ",").map { $0.filter { !$0.isWhitespace } } ?? []
        if known.contains(where: { $0 == tag || $0 == "W/" + tag || $0 == "*" }) {
            self.init(status: .notModified, headers: headers)
            return
        }
        self.init(text: text, type: Wire.MediaType.json)
        self.headers[.eTag] = tag
        self.headers[.cacheControl] = headers[.cacheControl]
    }
}
