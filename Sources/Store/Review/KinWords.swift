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
    /// How the words and the labels begin: most parts of most domains are no word's, and are passed over by this.
    private var (wordBeginnings, labelBeginnings): (Set<UInt64>, Set<UInt64>) = ([], [])

    /// Fewer letters than this in common are chance.
    private static let fewestLetters = 5
    /// A word that so many platforms have says nothing.
    private static let mostPlatforms = 20
    /// A word of so many letters is in no other by chance; `board` is in `cupboard`.
    private static let lettersOfOneMeaning = 8

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
        wordBeginnings = Set(names.keys.compactMap { Self.beginning(of: Array($0.utf8), at: 0) })
        labelBeginnings = Set(labels.keys.compactMap { Self.beginning(of: Array($0.utf8), at: 0) })
    }

    private mutating func add(_ text: String, _ platform: Platform, _ reason: OwnerSuggestion.Reason) {
        let word = Self.letters(of: text)
        if word.count >= Self.fewestLetters { names[word, default: []].append((platform.name, reason)) }
    }

    /// The platforms that a domain is akin to, each with the strongest reason.
    func reasons(for domain: String) -> [String: OwnerSuggestion.Reason] {
        let label = Self.letters(of: Self.firstLabel(of: domain))
        var reasons: [String: OwnerSuggestion.Reason] = [:]
        func note(_ platform: String, _ reason: OwnerSuggestion.Reason) {
            reasons[platform] = min(reasons[platform] ?? reason, reason)
        }
        for found in words(in: label) { note(found.platform, found.reason) }
        guard let beginning = Self.beginning(of: Array(label.utf8), at: 0), labelBeginnings.contains(beginning) else {
            return reasons
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

    /// The one platform whose name is in a domain, or else the one whose vendor's name is; nil where there is none, or
    /// several.
    ///
    /// Stronger evidence than a reason to suggest it: a short word has to stand by itself there, between hyphens or
    /// beside endings that say nothing.
    func owner(of domain: String) -> String? {
        guard mayHaveWord(domain) else { return nil }
        let label = Self.firstLabel(of: domain)
        let found = words(in: Self.letters(of: label))
        guard let strongest = found.map(\.reason).min() else { return nil }
        let platforms = Set(found.filter { $0.reason == strongest }.map(\.platform))
        guard platforms.count == 1, let platform = platforms.first else { return nil }
        let isCertain = found.contains { found in
            found.platform == platform
                && (found.word.count >= Self.lettersOfOneMeaning || Self.stands(found.word, by: label, domain))
        }
        return isCertain ? platform : nil
    }

    /// Whether a word may begin somewhere in a domain's first label: most have none, and a district has a hundred
    /// thousand.
    private func mayHaveWord(_ domain: String) -> Bool {
        var (beginning, count): (UInt64, Int) = (0, 0)
        for byte in domain.utf8 where byte != UInt8(ascii: "-") {
            if byte == UInt8(ascii: ".") { return false }
            beginning = (beginning << 8 | UInt64(byte)) & Self.beginningMask
            count += 1
            if count >= Self.fewestLetters, wordBeginnings.contains(beginning) { return true }
        }
        return false
    }

    /// Whether other platforms have the same names and vendors, so that ``owner(of:)`` gives the same.
    func hasSameNames(as other: KinWords) -> Bool {
        names.count == other.names.count
            && names.allSatisfy { word, platforms in other.names[word]?.elementsEqual(platforms, by: ==) == true }
    }

    private static func stands(_ word: Substring, by label: Substring, _ domain: String) -> Bool {
        if label.split(separator: "-").contains(where: { letters(of: $0) == word }) { return true }
        return DomainStem.stem(of: domain).map { letters(of: $0) == word } ?? false
    }

    /// The words that are in a label of letters, and whose they are.
    private func words(
        in label: Substring
    ) -> [(word: Substring, platform: String, reason: OwnerSuggestion.Reason)] {
        let bytes = Array(label.utf8)
        var words: [(Substring, String, OwnerSuggestion.Reason)] = []
        // A label has at most 63 letters.
        for start in bytes.indices {
            guard let beginning = Self.beginning(of: bytes, at: start), wordBeginnings.contains(beginning) else {
                continue
            }
            let rest = String(decoding: bytes[start...], as: UTF8.self)[...]
            for length in Self.fewestLetters..<max(rest.count + 1, Self.fewestLetters) {
                let word = rest.prefix(length)
                let found = names[word] ?? []
                if found.count <= Self.mostPlatforms { words += found.map { (word, $0.platform, $0.reason) } }
            }
        }
        return words
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

    /// The first five bytes from a place on, as a number; nil where there are fewer.
    private static func beginning(of bytes: [UInt8], at start: Int) -> UInt64? {
        guard start + fewestLetters <= bytes.count else { return nil }
        return bytes[start..<(start + fewestLetters)].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// As many bits as a beginning has.
    private static let beginningMask = UInt64(1) << UInt64(fewestLetters * 8) - 1

    private static func firstLabel(of domain: String) -> Substring { domain.prefix { $0 != "." } }

    private static func letters(of text: some StringProtocol) -> Substring {
        text.lowercased().filter { $0.isLetter || $0.isNumber }[...]
    }
}
