/// What a registrable domain is called, without endings that say nothing of whose it is: `quizrocket` of
/// `quizrocket.io`, `quizrocket-files.net` and `quizrocketcdn.com`.
enum DomainStem {
    /// The stem of a domain's first label; nil where too little is left to tell by it.
    static func stem(of domain: String) -> String? {
        var stem = domain.utf8.prefix { $0 != UInt8(ascii: ".") }.map(lowercased)[...]
        // An internationalised label is written in a code (RFC 5891) whose end is no word.
        if !stem.starts(with: "xn--".utf8) { cutEndings(&stem) }
        let letters = stem.count { $0 != hyphen }
        let digits = stem.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return letters >= fewestLetters && letters > digits ? String(decoding: stem, as: UTF8.self) : nil
    }

    private static func cutEndings(_ stem: inout ArraySlice<UInt8>) {
        // Ends, because each turn takes at least a letter away.
        while let ending = endings.first(where: { stem.count >= $0.count && stem.suffix($0.count) == $0 }) {
            stem.removeLast(ending.count)
            while stem.last == hyphen { stem.removeLast() }
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }

    private static let hyphen = UInt8(ascii: "-")

    /// Fewer letters than this in common are chance.
    private static let fewestLetters = 5

    /// What a provider adds to its name for a domain of parts, of a way in, or for schools; the longer of two first.
    private static let endings: [ArraySlice<UInt8>] = [
        "usercontent", "content", "static", "assets", "images", "asset", "files", "login", "learn", "media", "apps",
        "api", "app", "cdn", "edu", "img",
    ].map { Array($0.utf8)[...] }
}
