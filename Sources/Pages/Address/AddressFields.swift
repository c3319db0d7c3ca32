import Wire

/// What stands behind the `?` of an address, by name.
package struct AddressFields: Sendable {
    /// Those that were filled in, in their order.
    private let fields: [(name: String, value: String)]
    /// The names of those that are there and were not filled in.
    package let empty: [String]

    /// Takes fields that are already decoded, in their order; what is empty was not filled in.
    package init(_ fields: [(name: String, value: String)]) {
        self.fields = fields.filter { !$0.value.isEmpty }
        empty = fields.filter(\.value.isEmpty).map(\.name)
    }

    /// Reads the query of an address as browsers write it: `+` is a space, `%` begins a byte
    /// (application/x-www-form-urlencoded).
    package init(query: String) {
        self.init(
            query.split(separator: "&").map { field in
                let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (Self.decoded(parts[0]), parts.count > 1 ? Self.decoded(parts[1]) : "")
            })
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The names of all fields that are there.
    package var names: [String] { fields.map(\.name) + empty }

    /// The text of a field; nil where it is missing or empty.
    package func text(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// The texts of a field that may be there several times.
    func all(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }

    /// The day of a field.
    func day(_ name: String) throws(AddressMistake) -> SchoolDay? {
        guard let text = text(name) else { return nil }
        guard let day = SchoolDay(text) else {
            throw AddressMistake(field: name, text: text, remedy: "write a day as 2026-11-24")
        }
        return day
    }

    /// The positive number of a field.
    func number(_ name: String, upTo most: Int) throws(AddressMistake) -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), (1...most).contains(number) else {
            throw AddressMistake(field: name, text: text, remedy: "write a number from 1 to \(most)")
        }
        return number
    }

    /// The choice of a field among a few words.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type
    ) throws(AddressMistake) -> Choice? where Choice.RawValue == String {
        guard let text = text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else { throw Self.noChoice(name, text, of: type) }
        return choice
    }

    /// The choices of a field that may be there several times.
    func choices<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type
    ) throws(AddressMistake) -> [Choice] where Choice.RawValue == String {
        var choices: [Choice] = []
        for text in all(name) {
            guard let choice = Choice(rawValue: text) else { throw Self.noChoice(name, text, of: type) }
            choices.append(choice)
        }
        return choices
    }

    private static func noChoice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ text: String, of type: Choice.Type
    ) -> AddressMistake where Choice.RawValue == String {
        let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return AddressMistake(field: name, text: text, remedy: "choose one of \(words)")
    }
}

/// What is wrong in an address, for the person who typed or followed it.
package struct AddressMistake: Error, Equatable {
    /// The field.
    package var field: String
    /// What stands there.
    package var text: String
    /// What to do about it.
    package var remedy: String

    /// One sentence: the place, and the remedy.
    package var sentence: String { "\(field) is \"\(text)\"; \(remedy)." }
}
