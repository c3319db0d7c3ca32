extension Platform {
    /// What tells two platforms apart: the name without regard to case.
    package var key: String { Self.key(of: name) }

    /// The key of a platform of that name.
    package static func key(of name: String) -> String { name.lowercased() }
}

extension Status {
    /// Reads a status as people write it: `under_review`, `Under review`, `Under-Review`.
    package init?(text: String) {
        let word = String(text.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
        self.init(rawValue: word)
    }
}
