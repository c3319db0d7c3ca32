package import Registry

/// Patterns of names, each with a number; of several that match a name, the longest is it.
///
/// Finding one makes nothing new: names are looked at where they lie.
package struct NamePatterns: Sendable {
    private var names = NameTable()
    /// Per name, the number of the pattern for the domain and all below it, and of that for the name alone.
    private var domains: [UInt16] = []
    private var exact: [UInt16] = []
    /// Those for what a label ends with, the longest first: a registry has a handful of them.
    private var endings: [Ending] = []

    private struct Ending: Sendable {
        /// What the name ends with: the end of a label, and all labels behind it.
        var bytes: [UInt8]
        /// How long the labels behind are, with the dot before them.
        var parent: Int
        var number: UInt16
    }

    /// Takes patterns with their numbers; of two equal ones, the first counts.
    package init(_ patterns: [(pattern: NamePattern, number: UInt16)] = []) {
        for (pattern, number) in patterns {
            let bytes = Array(pattern.name.utf8)
            if case .ending = pattern {
                guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")) else { continue }
                endings.append(Ending(bytes: bytes, parent: bytes.count - dot, number: number))
                continue
            }
            let name = Int(names.intern(bytes.span))
            if name == domains.count {
                domains.append(Self.none)
                exact.append(Self.none)
            }
            switch pattern {
            case .domain where domains[name] == Self.none: domains[name] = number
            case .exact where exact[name] == Self.none: exact[name] = number
            case .domain, .exact, .ending: break
            }
        }
        endings.sort { $0.bytes.count > $1.bytes.count }
    }

    /// Takes patterns that need no numbers.
    package init(_ patterns: [NamePattern]) {
        self.init(patterns.map { ($0, 0) })
    }

    package var isEmpty: Bool { domains.isEmpty && endings.isEmpty }

    /// The number of the pattern that matches a name in presentation form; nil when none does.
    package func match(_ name: Span<UInt8>) -> UInt16? {
        guard !isEmpty else { return nil }
        if let found = names.find(name), exact[Int(found)] != Self.none { return exact[Int(found)] }
        var start = 0
        // Ends, because each turn goes on by a label at least.
        while start < name.count {
            let suffix = name.extracting(start..<name.count)
            if let found = names.find(suffix), domains[Int(found)] != Self.none { return domains[Int(found)] }
            let next = Self.nextLabel(name, after: start)
            if let number = ending(of: suffix, labelCount: next - start) { return number }
            start = next
        }
        return nil
    }

    /// The number of the longest ending of a suffix's first label, which with its dot has `labelCount` bytes.
    private func ending(of suffix: Span<UInt8>, labelCount: Int) -> UInt16? {
        for ending in endings where suffix.count - labelCount + 1 == ending.parent {
            let start = suffix.count - ending.bytes.count
            guard start > 0, ending.bytes.indices.allSatisfy({ suffix[start + $0] == ending.bytes[$0] }) else {
                continue
            }
            return ending.number
        }
        return nil
    }

    /// Whether a pattern speaks of exactly this name.
    package func isPattern(_ name: Span<UInt8>) -> Bool { names.find(name) != nil }

    /// Where the label behind the one at `start` begins; a dot inside a label is escaped and separates nothing.
    private static func nextLabel(_ name: Span<UInt8>, after start: Int) -> Int {
        var index = start
        while index < name.count {
            let byte = name[index]
            index += 1
            if byte == UInt8(ascii: ".") { return index }
            if byte == UInt8(ascii: "\\") { index += 1 }
        }
        return name.count
    }

    private static let none = UInt16.max
}
