import Foundation

/// Standard output and standard error, written at once: whoever waits for a line in a pipe must not wait for a buffer.
enum Terminal {
    /// Writes a line to standard output.
    static func print(_ text: String) {
        write(text + "\n", to: .standardOutput)
    }

    /// Writes a line to standard error.
    static func complain(_ text: String) {
        write(text + "\n", to: .standardError)
    }

    /// Writes text as it is to standard output.
    static func write(_ text: String, to file: FileHandle = .standardOutput) {
        // A reader that went away (`| head`) is no failure of ours.
        try? file.write(contentsOf: Data(text.utf8))
    }

    /// How many columns the terminal has; 100 where there is none.
    static var width: Int {
        var size = winsize()
        let status = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
        if status == 0, size.ws_col >= 20 { return Int(size.ws_col) }
        return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }.map { max(20, $0) } ?? 100
    }
}

/// A failure in the words that the user reads.
struct Failure: Error {
    /// What is wrong and what to do about it.
    var message: String

    /// Makes a failure.
    init(_ message: String) {
        self.message = message
    }

    /// The lines that tell of an error, one for each thing that is wrong.
    static func lines(of error: any Error) -> [String] {
        let text = (error as? Failure)?.message ?? "\(error)"
        return text.split(separator: "\n").map(String.init)
    }
}
