import Names
import Registry

/// The words by which platforms are told: their names, their vendors' names, and how their domains begin.
///
/// Found by looking up every part of a domain's first label, so that fifty thousand patterns cost no more than fifty.
struct KinWords: Sendable {
    /// Platforms whose name, or vendor's, is the word.
    private var names: [Substring: [(platform: String, reason: OwnerSuggestion.Reason)]] = [:]
    /// First labels of the platforms' domains, as written, by their letters.
    private var labels: [Substring: [(platform: String, label: String)]] = [:]
    /// The letters of all labels, sorted: those that begin with the same letters lie together.
    private var sortedLabels: [Substring] = []

    /// Fewer letters than this in common are chance.
    private static let fewestLetters = 5
    /// A word that so many platforms have says nothing.
    private static let mostPlatforms = 20

    init(_ platforms: [Platform]) {
        for platform in platforms where platform.kind == .tool {
            add(platform.name, platform, .name)
            add(platform.vendor, platform, .vendor)
            for pattern in platform.patterns {
                let label = HostName(pattern.name)?.registrableDomain?.labels.first ?? ""
                let letters = Self.letters(of: label)
                if letters.count >= Self.fewestLetters { labels[letters, default: []].append((platform.name, label)) }
            }
        }
        sortedLabels = labels.keys.sorted()
    }

    private mutating func add(_ text: String, _ platform: Platform, _ reason: OwnerSuggestion.Reason) {
        let word = Self.letters(of: text)
        if word.count >= Self.fewestLetters { names[word, default: []].append((platform.name, reason)) }
    }

    /// The platforms that a domain is akin to, each with the strongest reason.
    func reasons(for domain: String) -> [String: OwnerSuggestion.Reason] {
        let label = Self.letters(of: domain.split(separator: ".").first.map(String.init) ?? domain)
        var reasons: [String: OwnerSuggestion.Reason] = [:]
        func note(_ platform: String, _ reason: OwnerSuggestion.Reason) {
            reasons[platform] = min(reasons[platform] ?? reason, reason)
        }
        for start in label.indices {
            // A label has at most 63 letters.
            let rest = label[start...]
            for length in Self.fewestLetters..<max(rest.count + 1, Self.fewestLetters) {
                let found = names[rest.prefix(length)] ?? []
                if found.count <= Self.mostPlatforms { for (platform, reason) in found { note(platform, reason) } }
            }
        }
        for length in Self.fewestLetters..<max(label.count + 1, Self.fewestLetters) {
            for (platform, word) in labels[label.prefix(length)] ?? [] { note(platform, .prefix(word)) }
        }
        if label.count >= Self.fewestLetters {
            for word in longer(than: label) {
                for (platform, word) in labels[word] ?? [] { note(platform, .prefix(word)) }
            }
        }
        return reasons
    }

    /// Labels that begin with these letters.
    private func longer(than letters: Substring) -> ArraySlice<Substring> {
        var (low, high) = (0, sortedLabels.count)
        // Ends, because each turn halves the range.
        while low < high {
            let middle = (low + high) / 2
            if sortedLabels[middle] < letters { low = middle + 1 } else { high = middle }
        }
        return sortedLabels[low...].prefix { $0.hasPrefix(letters) }.prefix(Self.mostPlatforms)
    }

    private static func letters(of text: String) -> Substring {
        text.lowercased().filter { $0.isLetter || $0.isNumber }[...]
    }
}
