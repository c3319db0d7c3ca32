package import Foundation
private import Glibc
package import Logging

/// Writes log messages to standard error: for the journal with its level in front (sd-daemon(3)), which then knows when
/// it was; for anybody else with date and level in words.
package struct ServiceLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    package var metadataProvider: Logger.MetadataProvider?
    private let isJournal: Bool

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - environment: Where the service manager says that standard error is the journal (`JOURNAL_STREAM`).
    ///   - level: What is less than that is not written.
    package init(environment: [String: String], level: Logger.Level = .info) {
        isJournal = environment["JOURNAL_STREAM"] != nil
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let line = line(event.level, event.message, event.metadata, at: Date())
        let bytes = Array(line.utf8)
        // One write for the whole line, so that lines of several threads do not mix.
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// The line of a message.
    package func line(
        _ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata?, at date: Date
    ) -> String {
        let fields = self.metadata.merging(metadata ?? [:]) { $1 }
        let text = fields.sorted { $0.key < $1.key }.reduce("\(message)") { $0 + " \($1.key)=\(Self.quoted($1.value))" }
        // A message is one line, so that nothing in it can pass for another.
        let line = text.replacing("\n", with: " ")
        let prefix = isJournal ? "<\(level.syslogNumber)>" : "\(date.formatted(.iso8601)) \(level) "
        return prefix + line + "\n"
    }

    private static func quoted(_ value: Logger.Metadata.Value) -> String {
        let text = "\(value)"
        guard text.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) || text.isEmpty else { return text }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

extension Logger.Level {
    /// The level's number in syslog(3).
    fileprivate var syslogNumber: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
