/// A value of a settings file.
enum SettingsValue {
    case string(String)
    case integer(Int)
    case boolean(Bool)
    case array([SettingsValue])
    case table([String: SettingsValue])
    /// Something that no setting is made of, in words.
    case other(String)

    /// The kind of value, in words.
    var kind: String {
        switch self {
        case .string: "a text"
        case .integer: "a number"
        case .boolean: "true or false"
        case .array: "a list"
        case .table: "a table"
        case .other(let kind): kind
        }
    }
}

/// One table of a settings file, which remembers what it was asked for.
public final class SettingsTable {
    struct Source {
        var file: String
        var lines: KeyLines
    }

    private let values: [String: SettingsValue]
    private let keyPath: [String]
    private let source: Source
    private var asked: Set<String> = []
    private var children: [SettingsTable] = []

    init(_ values: [String: SettingsValue], path: [String], source: Source) {
        self.values = values
        self.keyPath = path
        self.source = source
    }

    /// The text at `key`.
    public func string(_ key: String) throws(SettingsError) -> String? {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value else { throw wrongType(key, value, "a text in quotes", "\"…\"") }
        return text
    }

    /// The text at `key`, which has to be there.
    public func requiredString(_ key: String) throws(SettingsError) -> String {
        guard let text = try string(key) else { throw missing(key, example: "\"…\"") }
        return text
    }

    /// The path at `key`; a relative one starts at the folder of the settings file.
    public func path(_ key: String) throws(SettingsError) -> String? {
        guard let path = try string(key) else { return nil }
        guard !path.isEmpty else { throw error(key, "\"\(key)\" is empty; give a path, or leave the key out") }
        guard !path.hasPrefix("/"), let slash = source.file.lastIndex(of: "/") else { return path }
        return source.file[...slash] + path
    }

    /// The whole number at `key`.
    public func integer(_ key: String, in range: ClosedRange<Int>) throws(SettingsError) -> Int? {
        guard let value = value(key) else { return nil }
        guard case .integer(let number) = value else { throw wrongType(key, value, "a number", "\(range.lowerBound)") }
        guard range.contains(number) else {
            throw error(key, "\"\(key)\" is \(number); it has to be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// `true` or `false` at `key`.
    public func boolean(_ key: String) throws(SettingsError) -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .boolean(let flag) = value else { throw wrongType(key, value, "true or false", "true") }
        return flag
    }

    /// The duration at `key`, such as `"30s"`, `"5m"`, `"2h"` or `"7d"`.
    public func duration(_ key: String) throws(SettingsError) -> Duration? {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value else { throw wrongType(key, value, "a duration in quotes", "\"5m\"") }
        guard let duration = Duration(settingsText: text) else {
            throw error(
                key, "\"\(text)\" is no duration; write a number with s, m, h or d, such as \(key) = \"5m\"")
        }
        return duration
    }

    /// The list of texts at `key`.
    public func strings(_ key: String) throws(SettingsError) -> [String]? {
        try list(key, of: "texts", example: "[\"…\"]") { if case .string(let text) = $0 { text } else { nil } }
    }

    /// The texts at `key`: a list of them, or one alone.
    public func oneOrMoreStrings(_ key: String) throws(SettingsError) -> [String]? {
        if case .string(let text)? = values[key] {
            asked.insert(key)
            return [text]
        }
        return try strings(key)
    }

    /// The list of whole numbers at `key`.
    public func integers(_ key: String, in range: ClosedRange<Int>) throws(SettingsError) -> [Int]? {
        let numbers = try list(key, of: "numbers", example: "[\(range.lowerBound)]") {
            if case .integer(let number) = $0 { number } else { nil }
        }
        if let outside = numbers?.first(where: { !range.contains($0) }) {
            throw error(
                key, "\"\(key)\" has \(outside); its numbers are from \(range.lowerBound) to \(range.upperBound)")
        }
        return numbers
    }

    /// The table `[key]`.
    public func table(_ key: String) throws(SettingsError) -> SettingsTable? {
        guard let value = value(key) else { return nil }
        guard case .table(let values) = value else {
            throw error(key, "\"\(key)\" is \(value.kind), but a table is wanted; write [\(key)] on a line of its own")
        }
        return child(values, path: keyPath + [key])
    }

    /// The tables `[[key]]`, in the order of the file.
    public func tables(_ key: String) throws(SettingsError) -> [SettingsTable] {
        guard let value = value(key) else { return [] }
        var tables: [SettingsTable] = []
        guard case .array(let elements) = value else { throw notTables(key, value) }
        for (index, element) in elements.enumerated() {
            guard case .table(let values) = element else { throw notTables(key, element) }
            tables.append(child(values, path: keyPath + [key, "#\(index)"]))
        }
        return tables
    }

    /// An error at the line of `key`.
    public func error(_ key: String, _ message: String) -> SettingsError {
        SettingsError(file: source.file, line: source.lines.line(of: keyPath + [key]), message: message)
    }

    /// The error for a key that has to be there and is not.
    public func missing(_ key: String, example: String) -> SettingsError {
        let place = keyPath.isEmpty ? "" : " in [\(keyPath.filter { !$0.hasPrefix("#") }.joined(separator: "."))]"
        let line = keyPath.isEmpty ? nil : source.lines.line(of: keyPath)
        return SettingsError(
            file: source.file, line: line, message: "\"\(key)\" is missing\(place); add a line \(key) = \(example)")
    }

    /// Throws for the first key of this table, or of one handed out, that nobody asked for.
    public func finish() throws(SettingsError) {
        let unknown = values.keys.filter { !asked.contains($0) }
        let first = unknown.min { line(of: $0) < line(of: $1) }
        if let first {
            let remedy = nearest(to: first).map { "Did you mean \"\($0)\"?" } ?? "Known here: \(knownKeys)."
            throw error(first, "unknown key \"\(first)\". \(remedy)")
        }
        for child in children { try child.finish() }
    }

    private func value(_ key: String) -> SettingsValue? {
        asked.insert(key)
        return values[key]
    }

    private func child(_ values: [String: SettingsValue], path: [String]) -> SettingsTable {
        let child = SettingsTable(values, path: path, source: source)
        children.append(child)
        return child
    }

    private func list<Element>(
        _ key: String, of elements: String, example: String, _ element: (SettingsValue) -> Element?
    ) throws(SettingsError) -> [Element]? {
        guard let value = value(key) else { return nil }
        guard case .array(let values) = value else { throw wrongType(key, value, "a list of \(elements)", example) }
        var list: [Element] = []
        for value in values {
            guard let element = element(value) else {
                throw error(key, "\"\(key)\" has \(value.kind) in its list of \(elements); write \(key) = \(example)")
            }
            list.append(element)
        }
        return list
    }

    private func wrongType(_ key: String, _ value: SettingsValue, _ wanted: String, _ example: String) -> SettingsError
    {
        error(key, "\"\(key)\" is \(value.kind), but \(wanted) is wanted; write \(key) = \(example)")
    }

    private func notTables(_ key: String, _ value: SettingsValue) -> SettingsError {
        error(key, "\"\(key)\" is \(value.kind), but tables are wanted; write [[\(key)]] on a line of its own")
    }

    private func line(of key: String) -> Int {
        source.lines.line(of: keyPath + [key]) ?? .max
    }

    private var knownKeys: String { asked.sorted().joined(separator: ", ") }

    /// The known key that a misspelt one was probably meant to be.
    private func nearest(to key: String) -> String? {
        let candidates = asked.map { (distance: editDistance($0, key), key: $0) }
        return candidates.filter { $0.distance <= max(1, key.count / 3) }.min { $0 < $1 }?.key
    }
}

extension Duration {
    /// Reads `30s`, `5m`, `2h` or `7d`; nil for anything else, and for nothing at all.
    public init?(settingsText text: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        guard let last = text.last, let unit = units[last] else { return nil }
        guard let number = Int(text.dropLast()), (1...1_000_000).contains(number) else { return nil }
        self = .seconds(number * unit)
    }
}

/// How many letters have to be inserted, left out or changed to get from one word to the other (Levenshtein).
private func editDistance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (i, letter) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for j in right.indices {
            let substituted = diagonal + (letter == right[j] ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
        }
    }
    return row[right.count]
}
