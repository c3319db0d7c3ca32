/// What is wrong in a settings file: the file, the line, and a sentence with the remedy.
public struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, as it was named on the command line.
    public var file: String
    /// The line, counted from 1, where one can be told.
    public var line: Int?
    /// What is wrong and what to do about it.
    public var message: String

    /// Makes an error.
    public init(file: String, line: Int? = nil, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    /// The error as one line, `agent.toml:12: unknown key "intervall". Did you mean "interval"?`.
    public var description: String {
        guard let line else { return "\(file): \(message)" }
        return "\(file):\(line): \(message)"
    }
}
