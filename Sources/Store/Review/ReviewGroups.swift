/// The domains of a book, put together to be decided on: those that wait for it, and those that were dismissed.
struct ReviewGroups {
    /// What waits, in the order of the book.
    private(set) var open: [Group] = []
    /// What was dismissed: together what belongs together and was dismissed at once.
    private(set) var dismissed: [Group] = []
    private let book: DomainBook
    /// What was dismissed, by the places of the domains.
    private var dismissals: [Int: Dismissal] = [:]

    /// Domains that are decided on together.
    struct Group {
        /// The place of the domain that matters most.
        var head: Int
        /// The places of the others, what matters more first.
        var others: [Int] = []
        var use: DomainUse
        var nameCount: Int
        /// The name that the district saw first.
        var firstName: Int64
        /// The number of what joins the domains; 0 for a domain by itself.
        let bond: Int

        init(_ place: Int, _ domain: DomainBook.Domain, bond: Int) {
            head = place
            use = domain.use
            nameCount = domain.names.count
            firstName = domain.firstName
            self.bond = bond
        }

        mutating func add(_ place: Int, _ domain: DomainBook.Domain) {
            others.append(place)
            use.keepLargest(domain.use)
            nameCount += domain.names.count
            firstName = min(firstName, domain.firstName)
        }

        var places: [Int] { [head] + others }
    }

    /// - Parameters:
    ///   - book: The domains.
    ///   - bonds: What joins them.
    ///   - dismissals: Of domains, by their numbers.
    init(_ book: DomainBook, _ bonds: DomainBonds, dismissals: [Int: Dismissal]) {
        self.book = book
        for (number, dismissal) in dismissals {
            if let place = book.place(ofKnown: number) { self.dismissals[place] = dismissal }
        }
        // The place of each bond's group among those that wait.
        var slots = Array(repeating: -1, count: bonds.count)
        var dismissedSlots: [Together: Int] = [:]
        // A name that came after the question began has no domain yet.
        for (place, domain) in book.domains.enumerated() where domain.number != 0 {
            let bond = bonds[domain.number]
            if let dismissal = self.dismissals.isEmpty ? nil : self.dismissals[place] {
                let together = Together(bond: bond, dismissal: dismissal)
                if bond != 0, let slot = dismissedSlots[together] {
                    dismissed[slot].add(place, domain)
                } else {
                    dismissedSlots[together] = dismissed.count
                    dismissed.append(Group(place, domain, bond: bond))
                }
            } else if bond != 0, slots[bond] >= 0 {
                open[slots[bond]].add(place, domain)
            } else {
                slots[bond] = open.count
                open.append(Group(place, domain, bond: bond))
            }
        }
        orderDomains(of: &open)
        orderDomains(of: &dismissed)
    }

    private struct Together: Hashable {
        var bond: Int
        var dismissal: Dismissal
    }

    /// Puts the domain that matters most of each group first.
    private func orderDomains(of groups: inout [Group]) {
        for index in groups.indices where !groups[index].others.isEmpty {
            let scored = groups[index].places.map { place in
                (score: book.score(book.domains[place].use, schools: book.schools.count(at: place)), place: place)
            }
            let sorted = scored.sorted {
                ($1.score, book.domains[$0.place].firstName) < ($0.score, book.domains[$1.place].firstName)
            }
            groups[index].head = sorted[0].place
            groups[index].others = sorted.dropFirst().map(\.place)
        }
    }

    /// Why the domains of a group were dismissed; nil where they wait.
    func dismissal(of group: Group) -> Dismissal? { dismissals[group.head] }

    /// All the schools of a group.
    func schools(of group: Group) -> SchoolSet { SchoolSet(words: book.schools.bits(at: group.places)[...]) }

    /// The groups of a page, what matters most first, then what the district saw first.
    func page(_ page: ListPage, dismissed isDismissed: Bool) -> [Group] {
        let groups = isDismissed ? dismissed : open
        let scored = groups.indices.map { index in
            let group = groups[index]
            let schools =
                group.others.isEmpty ? book.schools.count(at: group.head) : self.schools(of: group).count
            return (score: book.score(group.use, schools: schools), first: group.firstName, index: index)
        }
        return page.cut(scored.sorted { ($1.score, $0.first) < ($0.score, $1.first) }).items.map { groups[$0.index] }
    }

    /// The names that are told of a group, a bounded number: each domain has a share, and those that were seen first are
    /// the ones that a large domain began with.
    func names(of group: Group) -> [Int64] {
        guard !group.others.isEmpty else { return Array(book.domains[group.head].names.sorted().prefix(Self.names)) }
        let share = max(1, Self.names / group.places.count)
        let names = group.places.map { book.domains[$0].names.sorted() }
        let rest = names.flatMap { $0.dropFirst(share) }.sorted()
        return Array((names.flatMap { $0.prefix(share) } + rest).prefix(Self.names))
    }

    /// How many names are told of a group: one of thousands has no more to say.
    private static let names = 50

    /// For each of some groups, the places of other domains that wait for review and were seen at its schools and at no
    /// others, most devices first; none where chance does that.
    func companions(of groups: [Group], schoolsOfScope: Int) -> [[Int]] {
        let bits = groups.map { book.schools.bits(at: $0.places) }
        // By how many schools they have, which tells most domains apart.
        var wanted: [[Int]] = Array(repeating: [], count: schoolsOfScope / 2 + 1)
        for (index, bits) in bits.enumerated() {
            let count = bits.reduce(0) { $0 + $1.nonzeroBitCount }
            if Self.isTelling(count, of: schoolsOfScope) { wanted[count].append(index) }
        }
        var found = groups.map { _ in [Int]() }
        guard wanted.contains(where: { !$0.isEmpty }) else { return found }
        for place in book.domains.indices {
            let count = book.schools.count(at: place)
            guard count < wanted.count, book.domains[place].number != 0 else { continue }
            for index in wanted[count] where book.schools.has(bits[index], at: place) && dismissals[place] == nil {
                if !groups[index].places.contains(place) { found[index].append(place) }
            }
        }
        return found.map { places in
            places.sorted { (book.domains[$1].use.devices, $0) < (book.domains[$0].use.devices, $1) }
        }
    }

    /// Whether so many schools of a scope coincide by more than chance: not two, and not nearly all.
    static func isTelling(_ schools: Int, of all: Int) -> Bool { schools >= 3 && schools <= all / 2 }
}
