import Foundation

/// The steps of a check, each told when it is done; the first that failed is the first thing to mend.
struct Checklist {
    private var firstProblem: String?
    private let print: (String) -> Void

    init(print: @escaping (String) -> Void = { Swift.print($0) }) {
        self.print = print
    }

    /// Notes that a step is as it should be.
    func good(_ step: String, _ what: String) { tell("ok", step, what) }

    /// Notes something that may matter.
    func note(_ step: String, _ what: String) { tell("note", step, what) }

    /// Notes what is wrong, and what to do about it.
    mutating func bad(_ step: String, _ what: String) {
        tell("PROBLEM", step, what)
        if firstProblem == nil { firstProblem = what }
    }

    /// The last line.
    ///
    /// - Returns: Whether all is well.
    func finish() -> Bool {
        guard let firstProblem else {
            print("all is well")
            return true
        }
        print("first of all: \(firstProblem)")
        return false
    }

    private func tell(_ verdict: String, _ step: String, _ what: String) {
        let padding = String(repeating: " ", count: max(1, 9 - verdict.count))
        print("\(verdict)\(padding)\(step): \(what)")
    }
}
