import Registry
import Store
package import Usage
import Wire

/// The review queue: what belongs to no known tool, in groups, and what can be done with each.
package struct UnknownPage: Equatable {
    /// The page's title.
    package var title = "Unknown"
    var subject: String
    var headline: String
    var over: String
    var tabs: [StatusTab]
    var tabsLabel = "State"
    var search: String
    var scope: ScopeChoices
    var carriedState: String?
    var groups: [Group]
    var paging: Paging
    var csvLink: String
    var jsonLink: String
    var none: EmptyList?
    /// What was done just now, and what undoes it.
    var notice: Notice?
    /// Whether there is a list of platforms to assign to.
    var platforms: [String]
    /// What a new platform may become.
    var statuses: [Choice]
    /// Where a form leads back to.
    var back: String

    /// A group of names.
    struct Group: Equatable {
        /// Its domains, separated by spaces, by which forms tell it.
        var key: String
        /// The word of its anchor.
        var anchor: String
        var heading: String
        /// Such as `at 3 schools, on about 31 devices a day; first seen on …`.
        var summary: String
        var change: Cell
        var hints: [String]
        var names: Table
        /// Such as `and 12 more names`; nil where all are shown.
        var moreNames: String?
        /// What a new platform would be.
        var proposal: Proposal
        var dismissal: String?
        /// Whether it waits for review.
        var isOpen: Bool
    }

    /// What a new platform would be called and have.
    struct Proposal: Equatable {
        var name: String
        var patterns: String
        /// The platform that it likely belongs to.
        var likely: String
    }

    /// What was done just now.
    struct Notice: Equatable {
        var sentence: String
        /// The domains that can be brought back, separated by spaces; nil where nothing is to be undone.
        var undo: String?
    }

    /// How many groups a page has: each has a form, so fewer than rows of a table.
    package static let size = 20
    /// How many names a group shows.
    static let names = 8

    /// Makes the page.
    package init(
        _ review: UnknownReview, query: UnknownQuery, over basis: Basis, facets: Facets, platforms: [String],
        done: Done? = nil
    ) {
        let matching = query.kind == .open ? review.open : review.dismissed
        subject = basis.subject
        headline =
            review.open == 0
            ? "Nothing waits for review"
            : "\(counted(review.open, "group")) of names \(review.open == 1 ? "waits" : "wait") for review"
        over = "\(counted(review.openNames, "name")) of no known tool. \(basis.sentence)"
        tabs = UnknownQuery.Kind.allCases.map { kind in
            StatusTab(
                label: kind.label, number: written(kind == .open ? review.open : review.dismissed),
                link: query.changed { $0.kind = kind }.link(), isCurrent: query.kind == kind)
        }
        search = query.search ?? ""
        scope = ScopeChoices(query.scope, among: facets)
        carriedState = query.kind == .open ? nil : query.kind.rawValue
        paging = Paging(page: query.page, of: matching, "group", size: Self.size) { page in
            query.changed { $0.page = page }.link()
        }
        groups = review.groups.enumerated().map { Group($0.element, number: $0.offset) }
        (csvLink, jsonLink) = (
            query.changed { _ in }.link(to: "/unknown.csv"), query.changed { _ in }.link(to: "/unknown.json")
        )
        none =
            matching == 0
            ? EmptyList(
                sentence: query.search != nil || query.scope != ScopeQuery()
                    ? "Nothing matches all of these filters."
                    : query.kind == .open
                        ? "Every name belongs to a known tool, to infrastructure, or was dismissed."
                        : "Nobody dismissed anything.",
                link: "/unknown") : nil
        notice = done.map(Notice.init)
        self.platforms = platforms
        statuses = [Status.underReview, .unlisted, .approved, .flagged].map {
            Choice(value: $0.rawValue, label: $0.label, isChosen: $0 == .underReview)
        }
        back = query.link()
    }

    /// The address that a form leads back to, of the list as it was asked for.
    package static func link(back: String, saying done: Done) -> String {
        let fields = done.fields.map { (name: $0.name, value: Optional($0.value)) }
        return back + (back.contains("?") ? "&" : "?") + href("", fields).dropFirst()
    }

    /// What somebody did with a group.
    package enum Done: Sendable, Equatable {
        /// It became a platform of that name.
        case made(String)
        /// It was assigned to the platform of that name.
        case assigned(String)
        /// The group of these domains, separated by spaces, was dismissed.
        case dismissed(String)
        /// It was brought back.
        case restored(String)

        /// Reads what the address says that a form led back to.
        package init?(_ fields: AddressFields) {
            guard let name = fields.text("of") else { return nil }
            switch fields.text("done") {
            case "made": self = .made(name)
            case "assigned": self = .assigned(name)
            case "dismissed": self = .dismissed(name)
            case "restored": self = .restored(name)
            default: return nil
            }
        }

        /// The fields of the address that a form leads back to.
        package var fields: [(name: String, value: String)] {
            switch self {
            case .made(let name): [("done", "made"), ("of", name)]
            case .assigned(let name): [("done", "assigned"), ("of", name)]
            case .dismissed(let key): [("done", "dismissed"), ("of", key)]
            case .restored(let key): [("done", "restored"), ("of", key)]
            }
        }
    }
}

extension UnknownPage.Notice {
    fileprivate init(_ done: UnknownPage.Done) {
        switch done {
        case .made(let name): sentence = "\(name) is a platform now; its past use shows at once."
        case .assigned(let name): sentence = "The names belong to \(name) now; past use shows there at once."
        case .dismissed(let key):
            let domains = key.split(separator: " ").map(String.init)
            sentence = "\(UnknownPage.heading(domains)) \(domains.count > 1 ? "were" : "was") dismissed."
            undo = key
        case .restored(let key):
            let domains = key.split(separator: " ").map(String.init)
            sentence = "\(UnknownPage.heading(domains)) \(domains.count > 1 ? "wait" : "waits") for review again."
        }
    }
}

extension UnknownPage {
    /// What a group is called: by the domain that matters most.
    fileprivate static func heading(_ domains: [String]) -> String {
        let others = max(0, domains.count - 1)
        return (domains.first ?? "") + (others > 0 ? " and \(counted(others, "more domain"))" : "")
    }
}

extension UnknownPage.Group {
    fileprivate init(_ group: UnknownGroup, number: Int) {
        key = group.domains.joined(separator: " ")
        anchor = "group-\(number)"
        heading = UnknownPage.heading(group.domains)
        let devices = writtenAverage(tenths: inTenths(group.figures.typicalDevices))
        let first = group.firstSeen.map { "; first seen on \(Days.written($0.description))" } ?? ""
        summary = "\(devices) devices a day at \(counted(group.schools, "school"))\(first)"
        change = .mark(group.change.mark, group.change.words)
        hints = group.hints
        let shown = Self.shownNames(of: group)
        names = Table(names: shown, of: heading)
        let others = group.nameCount - shown.count
        moreNames = others > 0 ? "and \(counted(others, "more name", "more names"))" : nil
        proposal = UnknownPage.Proposal(
            name: Self.properName(group.stem ?? group.domains.first ?? ""),
            patterns: group.patterns.joined(separator: " "), likely: group.likely ?? "")
        dismissal = group.dismissal.map { dismissal in
            "Dismissed on \(Days.written(Moments.day(dismissal.at))) by \(dismissal.who): \(dismissal.reason)"
        }
        isOpen = group.dismissal == nil
    }

    /// Names with most devices, among them the largest of each domain as far as there is room.
    private static func shownNames(of group: UnknownGroup) -> [Store.NameUse] {
        let largest = group.domains.compactMap { domain in
            group.names.firstIndex { $0.name == domain || $0.name.hasSuffix("." + domain) }
        }
        let places = Set(largest.prefix(UnknownPage.names))
        let others = group.names.indices.filter { !places.contains($0) }
        return places.union(others.prefix(UnknownPage.names - places.count)).sorted().map { group.names[$0] }
    }

    /// A name to begin with: `quiz-rocket.example` as `Quiz Rocket`.
    private static func properName(_ domain: String) -> String {
        let label = domain.split(separator: ".").first ?? ""
        return label.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
    }
}

extension Table {
    /// Names of a group.
    fileprivate init(names: [Store.NameUse], of group: String) {
        self.init(
            caption: "Names of \(group)",
            columns: [
                Column("name", "Name"), Column("schools", "Schools", isNumber: true),
                Column("devices", "Devices a day", isNumber: true),
                Column("device_hours", "Device-hours a day", isNumber: true),
                Column("dns", "DNS queries", isNumber: true), Column("connections", "Connections", isNumber: true),
            ],
            rows: names.map { name in
                Row([
                    .text(name.name), .number(name.schools), .average(name.figures.typicalDevices),
                    .average(name.figures.typicalDeviceHours), .number(name.figures.counts.dns),
                    .number(name.figures.counts.connections),
                ])
            })
    }
}
