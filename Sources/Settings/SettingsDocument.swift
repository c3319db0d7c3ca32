private import Foundation
private import TOMLKit

/// A settings file in TOML, read once and asked for its keys one by one.
///
/// Every key has to be asked for: ``finish()`` throws for the ones that were not, so that a misspelt key is an error
/// and not a default.
public final class SettingsDocument {
    /// The file's top-level table.
    public let root: SettingsTable

    /// Reads a file.
    public convenience init(path: String) throws(SettingsError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw SettingsError(file: path, message: "\(Self.reason(error)); name a readable TOML file with --config")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw SettingsError(file: path, message: "is not UTF-8 text; TOML has to be")
        }
        try self.init(text: text, file: path)
    }

    /// Reads `text` as if it were the content of `file`.
    public init(text: String, file: String) throws(SettingsError) {
        let parsed: TOMLTable
        do {
            parsed = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw SettingsError(file: file, line: error.source.begin.line, message: "\(error.description)")
        } catch {
            throw SettingsError(file: file, message: "\(error)")
        }
        root = SettingsTable(
            parsed.settings, path: [], source: SettingsTable.Source(file: file, lines: KeyLines(of: text)))
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile?, .fileNoSuchFile?: "there is no such file"
        case .fileReadNoPermission?: "this user may not read it"
        default: "it cannot be read (is it a file?)"
        }
    }

    /// Throws for the first key that nobody asked for.
    public func finish() throws(SettingsError) {
        try root.finish()
    }
}

/// The top-level table's keys, asked for directly.
extension SettingsDocument {
    /// The text at `key`.
    public func string(_ key: String) throws(SettingsError) -> String? { try root.string(key) }
    /// The text at `key`, which has to be there.
    public func requiredString(_ key: String) throws(SettingsError) -> String { try root.requiredString(key) }
    /// The path at `key`; a relative one starts at the folder of the settings file.
    public func path(_ key: String) throws(SettingsError) -> String? { try root.path(key) }
    /// The whole number at `key`.
    public func integer(_ key: String, in range: ClosedRange<Int>) throws(SettingsError) -> Int? {
        try root.integer(key, in: range)
    }
    /// `true` or `false` at `key`.
    public func boolean(_ key: String) throws(SettingsError) -> Bool? { try root.boolean(key) }
    /// The duration at `key`, such as `"30s"`, `"5m"`, `"2h"` or `"7d"`.
    public func duration(_ key: String) throws(SettingsError) -> Duration? { try root.duration(key) }
    /// The list of texts at `key`.
    public func strings(_ key: String) throws(SettingsError) -> [String]? { try root.strings(key) }
    /// The texts at `key`: a list of them, or one alone.
    public func oneOrMoreStrings(_ key: String) throws(SettingsError) -> [String]? { try root.oneOrMoreStrings(key) }
    /// The list of whole numbers at `key`.
    public func integers(_ key: String, in range: ClosedRange<Int>) throws(SettingsError) -> [Int]? {
        try root.integers(key, in: range)
    }
    /// The table `[key]`.
    public func table(_ key: String) throws(SettingsError) -> SettingsTable? { try root.table(key) }
    /// The tables `[[key]]`, in the order of the file.
    public func tables(_ key: String) throws(SettingsError) -> [SettingsTable] { try root.tables(key) }
    /// An error at the line of `key`.
    public func error(_ key: String, _ message: String) -> SettingsError { root.error(key, message) }
}

extension TOMLTable {
    /// The table as a value of ours, so that nothing outside this file holds on to the parser's memory.
    fileprivate var settings: [String: SettingsValue] {
        var values: [String: SettingsValue] = [:]
        for key in keys {
            if let value = self[key] { values[key] = value.settings }
        }
        return values
    }
}

extension TOMLValueConvertible {
    fileprivate var settings: SettingsValue {
        if let table { return .table(table.settings) }
        if let array { return .array(array.map(\.settings)) }
        if let string { return .string(string) }
        if let int { return .integer(int) }
        if let bool { return .boolean(bool) }
        if double != nil { return .other("a fraction") }
        return .other("a date or time")
    }
}
