private import CPSL

extension HostName {
    /// The registrable domain: the public suffix and one label more, by the public suffix list with its ICANN and its
    /// private part.
    ///
    /// Nil for a public suffix itself, for a name of one label, for the text of an address, and below a
    /// ``specialUseDomain``, where nobody can register anything.
    public var registrableDomain: HostName? {
        guard !isAddress, specialUseDomain == nil else { return nil }
        guard let offset = Self.registrableOffset(in: text) else { return nil }
        // The list knows no escapes: a dot inside a label is none, and the whole label belongs to the domain.
        let starts = labelStarts
        guard let start = starts.last(where: { $0 <= offset }), start != starts.last else { return nil }
        return suffix(from: start)
    }

    /// The special-use domain (RFC 6761 and others) that the name is or lies below, such as `local`.
    public var specialUseDomain: HostName? {
        Self.specialUseDomains.first { isWithin($0) }
    }

    /// The domain up to which this name's counts may fold: the registrable domain, or the special-use domain.
    ///
    /// It is the name itself where there is neither: a name of one label, a public suffix, the text of an address.
    public var foldingRoot: HostName {
        registrableDomain ?? specialUseDomain ?? self
    }

    /// The names above this one up to and including its ``foldingRoot``, nearest first; empty for the root itself.
    public var foldingParents: [HostName] {
        let root = foldingRoot
        let rootStart = text.utf8.count - root.text.utf8.count
        return labelStarts.filter { $0 > 0 && $0 <= rootStart }.map(suffix(from:))
    }

    /// Domains in which names are local or mean nothing; the longer ones first.
    ///
    /// RFC 6761 (`test`, `localhost`, `invalid`, reverse mapping), RFC 6762 (`local`), RFC 8375 (`home.arpa`),
    /// RFC 7686 (`onion`), ICANN's `internal`, and what routers commonly make up.
    private static let specialUseDomains: [HostName] = [
        "in-addr.arpa", "ip6.arpa", "home.arpa", "local", "localhost", "localdomain", "test", "invalid", "onion",
        "internal", "intranet", "lan", "home", "corp", "private", "alt",
    ].map(HostName.init(wellFormed:))

    /// Where the registrable domain starts, in bytes.
    private static func registrableOffset(in text: String) -> Int? {
        // The list that is compiled into libpsl lives as long as the process, and the answer points into the text that
        // was asked for, so neither has to be freed, and only a distance leaves this closure.
        unsafe text.withCString { start in
            guard let list = unsafe psl_builtin() else { return nil }
            guard let domain = unsafe psl_registrable_domain(list, start) else { return nil }
            return unsafe domain - start
        }
    }
}
