import Registry
import Store
package import Usage
import Wire

/// The tools in use, filtered, sorted and paged as the address says.
package struct ToolsPage: Equatable {
    /// The page's title.
    package var title: String
    /// What it is about: `Whole district`, or the school.
    var subject: String
    /// Such as `49 tools in use`.
    var headline: String
    /// What the figures are over, in a sentence.
    var over: String
    /// The statuses to choose from, with how many tools each has.
    var tabs: [StatusTab]
    /// What the form offers.
    var form: ToolsForm
    var tabsLabel = "Status"
    /// What of it is in force; nil where nothing is.
    var chipList: ChipList?
    /// All tools that match, for a file.
    package var all: Table
    /// Those of this page.
    var list: Listing
    /// What is hidden, why, and how to see it.
    var hidden: [HiddenNote]
    var coverage: CoverageLine

    /// Makes the page of the lines of a part of the district.
    package init(_ lines: [ToolLine], query: ToolsQuery, over basis: Basis, facets: Facets) {
        let found = lines.filter { query.matches($0, ignoringStatus: true) }
        let matching = found.filter { query.matches($0) }.sorted(by: query.order)
        title = basis.school.map { "Tools at \($0)" } ?? "Tools"
        subject = basis.subject
        headline =
            query.manner == .infrastructure
            ? counted(matching.count, "platform") + " of infrastructure" : counted(matching.count, "tool") + " in use"
        over = basis.sentence
        tabs = StatusTab.all(of: found, query: query)
        form = ToolsForm(query, categories: lines.map(\.use.platform.category), facets: facets)
        chipList = query.chips.isEmpty ? nil : ChipList(chips: query.chips)
        all = Table(of: matching, query: query, over: basis)
        list = Listing(
            all, page: query.page, "tool",
            none: EmptyList(basis, isNarrowed: chipList != nil, widest: "/tools"),
            link: { page in query.changed { $0.page = page }.link },
            files: (query.link(to: "csv"), query.link(to: "json")))
        hidden = HiddenNote.all(lines, query: query)
        coverage = CoverageLine(basis.coverage)
    }
}

/// A status to choose, with how many tools have it.
struct StatusTab: Sendable, Equatable {
    var label: String
    var number: String
    var link: String
    var isCurrent: Bool
    /// The word of its CSS class; nil for all of them.
    var style: String?

    static func all(of lines: [ToolLine], query: ToolsQuery) -> [StatusTab] {
        let all = StatusTab(
            label: "All", number: written(lines.count), link: query.changed { $0.status = nil }.link,
            isCurrent: query.status == nil)
        return [all]
            + Status.byUrgency.map { status in
                StatusTab(
                    label: status.label, number: written(lines.count { $0.use.platform.status == status }),
                    link: query.changed { $0.status = status }.link, isCurrent: query.status == status,
                    style: StatusBadge(status).style)
            }
    }
}

/// What the form of the tools offers.
struct ToolsForm: Sendable, Equatable {
    var search: String
    var category: Select?
    var change: Select
    var manner: Select
    var columns: [Choice]
    var scope: ScopeChoices
    /// Status and order, which the form does not show, stay as they are.
    var carried: [Carried]
    /// Whether the part with more filters stands open, because one of them is in force.
    var isOpen: Bool

    init(_ query: ToolsQuery, categories: [String], facets: Facets) {
        search = query.search ?? ""
        let names = Set(categories).filter { !$0.isEmpty }.sorted()
        category = Select("category", "Category", "All categories", names, query.category)
        change = Select(
            "change", "Change",
            [Choice(value: "", label: "Any change", isChosen: query.change == nil)]
                + ChangeKind.allCases.map { Choice(value: $0.rawValue, label: $0.label, isChosen: $0 == query.change) })
        manner = Select(
            "manner", "Use",
            MannerKind.allCases.map { Choice(value: $0.rawValue, label: $0.label, isChosen: $0 == query.manner) })
        columns = ToolColumn.allCases.map {
            Choice(value: $0.rawValue, label: $0.label, isChosen: query.columns.contains($0))
        }
        scope = ScopeChoices(query.scope, among: facets)
        carried = [("status", query.status?.rawValue), ("sort", query.order == ToolOrder() ? nil : query.order.text)]
            .compactMap { name, value in value.map { Carried(name: name, value: $0) } }
        isOpen =
            query.change != nil || query.manner != .used || query.columns != ToolColumn.usual
            || query.scope.region != nil || query.scope.segment != nil || !scope.from.isEmpty || !scope.to.isEmpty
    }
}

/// What a list hides, why, and how to see it.
struct HiddenNote: Sendable, Equatable {
    /// Such as `3 more tools are hidden: they only came along inside pages of others`.
    var sentence: String
    var link: String

    static func all(_ lines: [ToolLine], query: ToolsQuery) -> [HiddenNote] {
        guard query.manner == .used else { return [] }
        func hidden(_ manner: MannerKind) -> (count: Int, link: String) {
            let other = query.changed { $0.manner = manner }
            return (lines.count { other.matches($0) }, other.link)
        }
        let (embedded, infrastructure) = (hidden(.embedded), hidden(.infrastructure))
        var notes: [HiddenNote] = []
        if embedded.count > 0 {
            notes.append(
                HiddenNote(
                    sentence:
                        "\(counted(embedded.count, "more tool")) only came along inside pages of others, and nobody "
                        + "used \(embedded.count == 1 ? "it" : "them") for \(embedded.count == 1 ? "itself" : "themselves").",
                    link: embedded.link))
        }
        if infrastructure.count > 0 {
            notes.append(
                HiddenNote(
                    sentence:
                        "\(counted(infrastructure.count, "platform")) of infrastructure, such as content delivery, "
                        + "updates and advertising, \(infrastructure.count == 1 ? "is" : "are") what tools run on, and no tools.",
                    link: infrastructure.link))
        }
        return notes
    }
}

/// What a list says that has nothing in it.
struct EmptyList: Sendable, Equatable {
    var sentence: String
    /// What to do next.
    var link: String
    var linkText: String

    init(sentence: String, link: String, linkText: String = "Show everything") {
        self.sentence = sentence
        self.link = link
        self.linkText = linkText
    }

    init(_ basis: Basis, isNarrowed: Bool, widest: String) {
        if basis.schools == 0 {
            self.init(
                sentence: "No school reported on these days.", link: "/gateways", linkText: "See which gateways report")
        } else {
            self.init(
                sentence: isNarrowed
                    ? "Nothing matches all of these filters."
                    : "Schools reported on these days, but nothing of this kind was seen.", link: widest)
        }
    }
}

extension ToolsQuery {
    /// Whether a tool is asked for.
    func matches(_ line: ToolLine, ignoringStatus: Bool = false) -> Bool {
        let platform = line.use.platform
        guard line.isSeen else { return false }
        guard ignoringStatus || status == nil || status == platform.status else { return false }
        guard category == nil || category == platform.category else { return false }
        guard change.map({ $0.contains(line.change) }) ?? true else { return false }
        guard manner.contains(line.manner) else { return false }
        guard let search = search?.lowercased() else { return true }
        return [platform.name, platform.vendor, platform.category].contains { $0.lowercased().contains(search) }
            || platform.patterns.contains { $0.name.contains(search) }
    }

    /// What of the filter is in force, with the addresses without it.
    var chips: [Chip] {
        var chips: [Chip] = []
        func add(_ label: String?, _ change: (inout ToolsQuery) -> Void) {
            if let label { chips.append(Chip(label: label, without: changed(change).link)) }
        }
        add(search.map { "“\($0)”" }) { $0.search = nil }
        add(status?.label) { $0.status = nil }
        add(category.map { "Category: \($0)" }) { $0.category = nil }
        add(change?.label) { $0.change = nil }
        add(manner == .used ? nil : manner.label) { $0.manner = .used }
        add(scope.school.map { "School: \($0)" }) { $0.scope.school = nil }
        add(scope.region.map { "Region: \($0)" }) { $0.scope.region = nil }
        add(scope.segment.map { "Segment: \($0)" }) { $0.scope.segment = nil }
        return chips
    }
}

extension Array<ToolLine> {
    fileprivate func sorted(by order: ToolOrder) -> [ToolLine] {
        func isBefore<Key: Comparable>(_ left: ToolLine, _ right: ToolLine, _ key: (ToolLine) -> Key) -> Bool {
            let (a, b) = (key(left), key(right))
            // Equals stand by name, whichever the direction, so that pages do not overlap.
            if a == b { return left.use.platform.name.lowercased() < right.use.platform.name.lowercased() }
            return order.direction == .ascending ? a < b : b < a
        }
        return sorted { left, right in
            switch order.column {
            case nil: isBefore(left, right) { $0.use.platform.name.lowercased() }
            case .status: isBefore(left, right) { Status.byUrgency.firstIndex(of: $0.use.platform.status) ?? 0 }
            case .category: isBefore(left, right) { $0.use.platform.category.lowercased() }
            case .vendor: isBefore(left, right) { $0.use.platform.vendor.lowercased() }
            case .schools: isBefore(left, right) { $0.use.schools }
            case .devices: isBefore(left, right) { $0.use.figures.typicalDevices }
            case .deviceHours: isBefore(left, right) { $0.use.figures.typicalDeviceHours }
            case .change: isBefore(left, right) { $0.growth }
            case .busiest: isBefore(left, right) { $0.use.figures.busiestDevices }
            case .manner: isBefore(left, right) { $0.manner == .used ? 0 : 1 }
            case .firstSeen: isBefore(left, right) { $0.use.firstSeen?.ordinal ?? 0 }
            case .dns: isBefore(left, right) { $0.use.figures.counts.dns }
            case .tls: isBefore(left, right) { $0.use.figures.counts.tls }
            case .quic: isBefore(left, right) { $0.use.figures.counts.quic }
            case .attributed: isBefore(left, right) { $0.use.figures.counts.attributed }
            }
        }
    }
}
