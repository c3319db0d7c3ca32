import Registry

/// The answer to "may I buy this?".
package enum PurchaseAnswer: Sendable, Equatable {
    /// Yes, with contract and price vehicle where there are.
    case approved(ListedPlatform)
    /// No, with the reason and what to buy instead.
    case flagged(ListedPlatform)
    /// Not yet.
    case underReview(ListedPlatform, use: Use)
    /// Nobody has decided; how widely it is used already.
    case undecided(ListedPlatform, use: Use)
    /// No known tool has it, and names like it are in use.
    case unknown(UnknownName)

    /// How widely something is used.
    package struct Use: Sendable, Equatable {
        /// Schools lately.
        package var schools: Int
        /// Devices lately, at least.
        package var devices: Int
    }

    /// The platforms whose name, vendor or host names a buyer may mean, best first.
    ///
    /// - Parameters:
    ///   - question: What the buyer wrote.
    ///   - platforms: All platforms of registry and catalogue.
    ///   - facts: What was seen.
    /// - Returns: The answers: what was named exactly, then what is decided on, then what is used most.
    package static func answers(
        to question: String, among platforms: [ListedPlatform], facts: UseFacts
    ) -> [PurchaseAnswer] {
        let key = ToolSpelling.key(of: question)
        guard !key.isEmpty else { return [] }
        let tools = platforms.filter { $0.platform.kind == .tool }
        var found = tools.filter { ToolSpelling.key(of: $0.platform.name) == key }
        func add(_ more: [ListedPlatform]) {
            for platform in more where !found.contains(where: { $0.platform.key == platform.platform.key }) {
                found.append(platform)
            }
        }
        let contained = tools.filter { tool in
            [tool.platform.name, tool.platform.vendor].contains { ToolSpelling.key(of: $0).contains(key) }
        }
        add(
            contained.map { (rank: rank($0.platform, facts), listed: $0) }
                .sorted { ($0.rank, $0.listed.platform.key) < ($1.rank, $1.listed.platform.key) }.map(\.listed))
        switch ToolSpelling(tools.map(\.platform)).meaning(of: question) {
        case .certain(let name): add(tools.filter { $0.platform.name == name })
        case .likely(let names) where found.isEmpty:
            add(names.flatMap { name in tools.filter { $0.platform.name == name } })
        case .likely, .unknown: break
        }
        return found.map { answer($0, facts) }
    }

    /// What comes first: a decision, then use.
    private static func rank(_ platform: Platform, _ facts: UseFacts) -> Int {
        switch platform.status {
        case .approved: Int.min
        case .flagged: Int.min + 1
        case .underReview: Int.min + 2
        case .unlisted: -(facts.tool(named: platform.name)?.devicesLately ?? 0)
        }
    }

    private static func answer(_ platform: ListedPlatform, _ facts: UseFacts) -> PurchaseAnswer {
        let seen = facts.tool(named: platform.platform.name)
        let use = Use(schools: seen?.schoolsLately.count ?? 0, devices: seen?.devicesLately ?? 0)
        return switch platform.platform.status {
        case .approved: .approved(platform)
        case .flagged: .flagged(platform)
        case .underReview: .underReview(platform, use: use)
        case .unlisted: .undecided(platform, use: use)
        }
    }
}

/// A name of no known tool that is in use: a domain, with how widely.
package struct UnknownName: Sendable, Equatable {
    /// The domain.
    package var name: String
    /// Schools lately.
    package var schools: Int
    /// Devices on the busiest day lately, at least.
    package var devices: Int

    /// Makes one.
    package init(name: String, schools: Int, devices: Int) {
        self.name = name
        self.schools = schools
        self.devices = devices
    }
}
