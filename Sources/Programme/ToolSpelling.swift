package import Registry

/// Which platform people mean by what they write: `khan accademy`, `Google class room`, `kahoot.it`.
package struct ToolSpelling: Sendable {
    private let platforms: [(name: String, key: String, words: [String])]
    private let patterns: [String: String]

    /// Makes a speller of platforms.
    package init(_ platforms: [Platform]) {
        let tools = platforms.filter { $0.kind == .tool }
        self.platforms = tools.map { ($0.name, Self.key(of: $0.name), Self.words(of: $0.name)) }
        patterns = Dictionary(tools.flatMap { tool in tool.patterns.map { ($0.name, tool.name) } }) { first, _ in first
        }
    }

    /// What a text may mean.
    package enum Meaning: Sendable, Equatable {
        /// It is that platform, but for capitals, spaces and signs, or one of its host names.
        case certain(String)
        /// It may be one of these, likeliest first; a person has to say which.
        case likely([String])
        /// Nothing is near.
        case unknown
    }

    /// The meaning of what somebody wrote.
    package func meaning(of text: String) -> Meaning {
        let key = Self.key(of: text)
        guard !key.isEmpty else { return .unknown }
        let same = platforms.filter { $0.key == key }
        if same.count == 1 { return .certain(same[0].name) }
        if let owner = owner(ofHost: text) { return .certain(owner) }
        let words = Self.words(of: text)
        let near = platforms.compactMap { candidate in
            (Self.likeness(key, candidate.key) ?? Self.likeness(words, candidate.words))
                .map { (likeness: $0, name: candidate.name) }
        }.sorted { ($1.likeness, $0.name) < ($0.likeness, $1.name) }
        return near.isEmpty ? .unknown : .likely(near.prefix(3).map(\.name))
    }

    /// The platform of a host name or address as people paste it.
    private func owner(ofHost text: String) -> String? {
        var host = text.lowercased()
        for prefix in ["https://", "http://"] where host.hasPrefix(prefix) { host.removeFirst(prefix.count) }
        var labels = host.prefix { $0 != "/" && $0 != ":" && $0 != "?" }.split(separator: ".")
        // Ends, because each turn drops a label.
        while labels.count >= 2 {
            if let owner = patterns[labels.joined(separator: ".")] { return owner }
            labels.removeFirst()
        }
        return nil
    }

    /// Letters and digits in lower case, without words that tell no two products apart.
    static func key(of text: String) -> String { words(of: text).joined() }

    private static func words(of text: String) -> [String] {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let telling = words.filter { !["the", "app", "www", "com", "org", "net", "website", "online"].contains($0) }
        return telling.isEmpty ? words : telling
    }

    /// How much of a longer name people wrote, each word with a letter wrong at most: `readng garden` for a name with a
    /// maker's before it; nil where a word is in neither.
    private static func likeness(_ written: [String], _ name: [String]) -> Int? {
        let areMeant = written.allSatisfy { word in
            name.contains { word == $0 || (min(word.count, $0.count) >= 5 && Suggestion.distance(word, $0) <= 1) }
        }
        let (length, whole) = (written.reduce(0) { $0 + $1.count }, name.reduce(0) { $0 + $1.count })
        guard areMeant, length * 2 >= whole else { return nil }
        return 50 * length / whole
    }

    /// How alike two keys are in percent; nil below what a person would take for a misspelling.
    private static func likeness(_ left: String, _ right: String) -> Int? {
        let (short, long) = left.count < right.count ? (left, right) : (right, left)
        if short.count >= 4, long.hasPrefix(short) { return 60 + 40 * short.count / long.count }
        guard long.count - short.count <= long.count / 3 else { return nil }
        let distance = Suggestion.distance(left, right)
        guard distance <= max(1, long.count / 3) else { return nil }
        return 100 - 100 * distance / long.count
    }
}
