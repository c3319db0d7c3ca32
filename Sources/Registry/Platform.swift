/// An online tool: what the district calls it, and the names by which it shows on the wire.
public struct Platform: Sendable, Equatable, Codable {
    /// The product's name, unique in the registry without regard to case.
    public var name: String
    /// Who makes it.
    public var vendor: String
    /// What it is for, such as `learning` or `games`; for ``Kind/infrastructure`` what it does, such as `cdn`.
    public var category: String
    /// Whether it is a tool at all.
    public var kind: Kind
    /// What the district decided.
    public var status: Status
    /// The names that are its own.
    public var patterns: [NamePattern]
    /// What use is bound to, such as `staff only`; empty for none.
    public var conditions: String
    /// The approved platform to move to, by name; empty for none.
    public var replacement: String
    /// Remarks, for people.
    public var notes: String
    /// On what terms the district has it.
    public var terms: Terms
    /// What is known of how it treats the data of students.
    public var privacy: PrivacyFacts

    /// Makes a platform.
    public init(
        name: String, vendor: String = "", category: String = "", kind: Kind = .tool, status: Status = .unlisted,
        patterns: [NamePattern] = [], conditions: String = "", replacement: String = "", notes: String = "",
        terms: Terms = Terms(), privacy: PrivacyFacts = PrivacyFacts()
    ) {
        self.name = name
        self.vendor = vendor
        self.category = category
        self.kind = kind
        self.status = status
        self.patterns = patterns
        self.conditions = conditions
        self.replacement = replacement
        self.notes = notes
        self.terms = terms
        self.privacy = privacy
    }

    /// Whether a platform is something that people choose to use.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// An online tool.
        case tool
        /// What other things run on (CDN, certificate checks, telemetry, updates, advertising): never a discovered tool.
        case infrastructure
    }
}

/// What the district's certification programme says of a platform.
public enum Status: String, Sendable, Codable, CaseIterable {
    /// It passed the audit.
    case approved
    /// It failed the audit; nobody is to buy it, and schools move off it.
    case flagged
    /// It is being looked at.
    case underReview = "under_review"
    /// Known from the catalogue, but not in the district's registry.
    case unlisted = "not_in_registry"
}

/// Which host names belong to a platform.
///
/// Written `example.com` for the domain and everything below it, `=host.example.com` for that one name, and
/// `*-cdn.example.com` for the domains directly below `example.com` whose first label ends in `-cdn`.
public enum NamePattern: Sendable, Hashable, Codable {
    /// The domain and everything below it.
    case domain(String)
    /// That one name.
    case exact(String)
    /// Every domain that is something before this, such as `-cdn.example.com`, and everything below it.
    case ending(String)
}
