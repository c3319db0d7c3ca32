/// Everything that is wrong in a file of platforms; nothing of it was taken over.
package struct PlatformFileError: Error, Equatable, CustomStringConvertible {
    /// The mistakes in the order of the file, at least one.
    package var mistakes: [Mistake]

    /// Makes an error.
    package init(_ mistakes: [Mistake]) {
        self.mistakes = mistakes.sorted { $0.line < $1.line }
    }

    /// The mistakes, one a line.
    package var description: String {
        mistakes.map(\.description).joined(separator: "\n")
    }

    /// One mistake: the place, and a sentence with the remedy.
    package struct Mistake: Equatable, Sendable, CustomStringConvertible {
        /// The file, as it was named by the user.
        package var file: String
        /// The line, counted from 1.
        package var line: Int
        /// What is wrong and what to do about it.
        package var message: String

        /// Makes a mistake.
        package init(file: String, line: Int, message: String) {
            self.file = file
            self.line = line
            self.message = message
        }

        /// The mistake as one line, `registry.csv:14: …`.
        package var description: String { "\(file):\(line): \(message)" }
    }
}
