/// The word that was probably meant.
package enum Suggestion {
    /// The candidate within two changes of `word` that is nearest, or nil.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        let distances = candidates.map { (distance(word, $0), $0) }
        // A third of the word may be wrong: "tol" is not "platform".
        let bound = min(2, word.count / 3)
        return distances.filter { $0.0 <= bound }.min { $0.0 < $1.0 }?.1
    }

    /// A sentence to append to an error, or nothing.
    static func sentence(for word: String, among candidates: [String]) -> String {
        nearest(to: word, among: candidates).map { ". Did you mean \"\($0)\"?" } ?? ""
    }

    /// How many characters to insert, remove or change (Levenshtein).
    package static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var previous = Array(0...right.count)
        for (row, a) in left.enumerated() {
            var current = [row + 1]
            for (column, b) in right.enumerated() {
                current.append(
                    min(previous[column + 1] + 1, current[column] + 1, previous[column] + (a == b ? 0 : 1)))
            }
            previous = current
        }
        return previous[right.count]
    }
}
