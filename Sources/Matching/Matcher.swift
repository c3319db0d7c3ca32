package import Registry

/// Which platform a host name belongs to, by the longest suffix of labels that a pattern names; of two as long, that
/// which names it whole.
///
/// What the registry says comes before what the catalogue says: a row of the registry replaces the catalogue's row of
/// that name (what it leaves empty is filled in from there), and a pattern of the registry wins over the same pattern
/// of the catalogue.
///
///     let matcher = Matcher(registry: registry, catalogue: catalogue)
///     matcher.platform(of: "docs.example.com")
package struct Matcher: Sendable {
    /// All platforms of the registry, then those that only the catalogue has.
    package let platforms: [Platform]

    /// Platforms by the domain whose whole tree is theirs.
    private var domains: [Substring: Int] = [:]
    /// Platforms by the one name that is theirs.
    private var names: [Substring: Int] = [:]
    /// Endings of labels, such as `-cdn`, by the domain that they stand before.
    private var endings: [Substring: Endings] = [:]
    private var indices: [String: Int] = [:]
    private let registered: Set<String>

    /// Makes a matcher.
    package init(registry: [Platform], catalogue: [Platform] = []) {
        let listed = Dictionary(catalogue.map { ($0.key, $0) }) { first, _ in first }
        registered = Set(registry.map(\.key))
        let own = registry.map { $0.filled(from: listed[$0.key]) }
        let registered = registered
        platforms = own + catalogue.filter { !registered.contains($0.key) }
        for (index, platform) in registry.enumerated() { add(platform.patterns, index) }
        // Only now what comes from the catalogue: the first to claim a pattern keeps it.
        for (index, platform) in platforms.enumerated() {
            add(platform.patterns, index)
            if indices[platform.key] == nil { indices[platform.key] = index }
        }
    }

    /// The platform of that name, without regard to case.
    package func platform(named name: String) -> Platform? {
        indices[Platform.key(of: name)].map { platforms[$0] }
    }

    /// The platform that a host name belongs to.
    package func platform(of name: String) -> Platform? {
        index(of: name).map { platforms[$0] }
    }

    /// The position in ``platforms`` of the platform that a host name belongs to.
    ///
    /// The name is in presentation form, lower case, without a trailing dot.
    package func index(of name: String) -> Int? {
        if let index = names[name[...]] { return index }
        var suffix = name[...]
        // Ends, because each turn drops a label.
        while !suffix.isEmpty {
            if let index = domains[suffix] { return index }
            let parent = suffix.droppingFirstLabel
            if let ending = ending(of: suffix, below: parent) { return ending.index }
            suffix = parent
        }
        return nil
    }

    /// The endings that stand before one domain: thousands, where that is a network which serves everybody.
    private struct Endings: Sendable {
        /// Whose they are.
        var owners: [Substring: Int] = [:]
        /// Their lengths in bytes, the longest first.
        var lengths: [Int] = []
    }

    /// The longest ending that the first label of a domain has, and whose it is.
    private func ending(of domain: Substring, below parent: Substring) -> (text: Substring, index: Int)? {
        guard !endings.isEmpty, let endings = endings[parent] else { return nil }
        let end = domain.utf8.index(domain.endIndex, offsetBy: -parent.utf8.count - 1)
        let length = domain.utf8.distance(from: domain.startIndex, to: end)
        for ending in endings.lengths where ending < length {
            let text = domain[domain.utf8.index(end, offsetBy: -ending)..<end]
            if let index = endings.owners[text] { return (text, index) }
        }
        return nil
    }

    /// The pattern by which a name belongs to its platform, and whether the registry has it, or the catalogue alone.
    package func evidence(for name: String) -> (pattern: NamePattern, isRegistered: Bool)? {
        func evidence(_ index: Int, _ pattern: NamePattern) -> (NamePattern, Bool) { (pattern, isRegistered(index)) }
        if let index = names[name[...]] { return evidence(index, .exact(name)) }
        var suffix = name[...]
        // Ends, because each turn drops a label.
        while !suffix.isEmpty {
            if let index = domains[suffix] { return evidence(index, .domain(String(suffix))) }
            let parent = suffix.droppingFirstLabel
            if let ending = ending(of: suffix, below: parent) {
                return evidence(ending.index, .ending("\(ending.text).\(parent)"))
            }
            suffix = parent
        }
        return nil
    }

    /// Every pattern that is in force, with the position of the platform that it gives names to.
    package var patterns: [NamePattern: Int] {
        var patterns: [NamePattern: Int] = [:]
        for (name, index) in domains { patterns[.domain(String(name))] = index }
        for (name, index) in names { patterns[.exact(String(name))] = index }
        for (parent, endings) in endings {
            for (ending, index) in endings.owners { patterns[.ending("\(ending).\(parent)")] = index }
        }
        return patterns
    }

    /// Whether the registry has the platform at a position in ``platforms``, or the catalogue alone.
    package func isRegistered(_ index: Int) -> Bool {
        registered.contains(platforms[index].key)
    }

    /// The position in ``platforms`` of the platform of that name, without regard to case.
    package func position(of platform: String) -> Int? {
        indices[Platform.key(of: platform)]
    }

    private mutating func add(_ patterns: [NamePattern], _ index: Int) {
        for pattern in patterns {
            switch pattern {
            case .domain(let name) where domains[name[...]] == nil: domains[name[...]] = index
            case .exact(let name) where names[name[...]] == nil: names[name[...]] = index
            case .ending(let text): addEnding(text[...], index)
            case .domain, .exact: break
            }
        }
    }
}

extension Matcher {
    private mutating func addEnding(_ text: Substring, _ index: Int) {
        let parent = text.droppingFirstLabel
        let ending = text.dropLast(parent.count + 1)
        guard endings[parent]?.owners[ending] == nil else { return }
        endings[parent, default: Endings()].owners[ending] = index
        let length = ending.utf8.count
        guard endings[parent]?.lengths.contains(length) != true else { return }
        endings[parent]?.lengths.append(length)
        endings[parent]?.lengths.sort(by: >)
    }
}

extension Substring {
    /// What follows the first dot that separates labels; empty when there is none.
    ///
    /// A dot inside a label is escaped, as `\.` or `\046` (RFC 4343 section 2.1), and separates nothing:
    /// `evil\046example.com` is a name below `com`, and not below `example.com`.
    fileprivate var droppingFirstLabel: Substring {
        var index = utf8.startIndex
        while index < utf8.endIndex {
            let byte = utf8[index]
            index = utf8.index(after: index)
            if byte == UInt8(ascii: ".") { return self[index...] }
            if byte == UInt8(ascii: "\\"), index < utf8.endIndex { index = utf8.index(after: index) }
        }
        return self[endIndex...]
    }
}

extension Platform {
    /// The platform, with what the district left empty taken from the catalogue.
    fileprivate func filled(from catalogue: Platform?) -> Platform {
        guard let catalogue else { return self }
        var filled = self
        if vendor.isEmpty { filled.vendor = catalogue.vendor }
        if category.isEmpty { filled.category = catalogue.category }
        if patterns.isEmpty { filled.patterns = catalogue.patterns }
        return filled
    }
}
