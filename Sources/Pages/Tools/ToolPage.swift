import Registry
import Store
package import Usage
import Wire

/// One tool: what the registry says of it, and how much it is used, where and when.
package struct ToolPage: Equatable {
    /// The tool's name.
    package var title: String
    var subject: String
    var badge: StatusBadge
    /// What the status means for this tool, in a sentence.
    var verdict: String
    /// Where to move to, of a flagged tool that says so.
    var moveTo: MoveTo?
    /// Why it is called embedded, not used; nil where it is used.
    var embedded: String?
    /// What the figures are over.
    var over: String
    var figures: [Field]
    /// Whether it was seen, and there are any.
    var hasFigures: Bool
    var trend: ChartSection?
    var schools: SchoolSection?
    var hours: ChartSection?
    var entry: [Field]
    var history: Table?
    var names: NameSection?
    var filter: ScopeForm
    var csvLink: String
    var jsonLink: String
    /// All of its schools, for a file.
    package var all: Table

    /// A line of the registry's entry, or a figure.
    struct Field: Equatable {
        var label: String
        var value: String
        /// What it counts, or where it leads.
        var note: String?
        var link: String?
    }

    /// The approved tool to move to.
    struct MoveTo: Equatable {
        var replacement: String
        var replacementLink: String
    }

    /// A chart, what it says, and the table behind it.
    struct ChartSection: Equatable {
        var chart: String
        var sentence: String
        var table: Table
    }

    /// The schools, as many as a page shows.
    struct SchoolSection: Equatable {
        var schoolTable: Table
        /// Such as `All 650 schools as CSV`; nil where all are shown.
        var more: String?
    }

    /// The names, and how each was matched.
    struct NameSection: Equatable {
        var nameTable: Table
        var meaning: String
    }

    /// Words a story.
    package init(_ story: ToolStory, scope: ScopeQuery, facets: Facets) {
        let use = story.line.use
        let platform = use.platform
        let basis = story.basis
        title = platform.name
        subject = basis.subject
        badge = StatusBadge(platform.status)
        verdict = platform.verdict
        if platform.status == .flagged, !platform.replacement.isEmpty {
            moveTo = MoveTo(
                replacement: platform.replacement, replacementLink: toolHref(platform.replacement, in: scope))
        }
        if case .embedded(let evidence) = story.line.manner { embedded = evidence.sentence + "." }
        over = story.line.isSeen ? basis.sentence : "It was not seen \(Days.span(basis.period))."
        figures = story.line.isSeen ? Self.figures(story) : []
        hasFigures = story.line.isSeen
        trend = Self.trend(story)
        hours = Self.hours(story)
        all = Table(of: story.schools, tool: platform.name, over: basis, scope: scope)
        if !story.schools.isEmpty {
            var table = all
            table.rows = Array(all.rows.prefix(Paging.size))
            schools = SchoolSection(
                schoolTable: table,
                more: all.rows.count > Paging.size ? "All \(counted(all.rows.count, "school")) as CSV" : nil)
        }
        entry = platform.facts
        history = story.history.isEmpty ? nil : Table(of: story.history)
        names = NameSection(story)
        filter = ScopeForm(action: "/tool", name: platform.name, scope: scope, facets: facets)
        let fields = [("name", Optional(platform.name))].map { (name: $0, value: $1) } + scope.fields
        (csvLink, jsonLink) = (href("/tool.csv", fields), href("/tool.json", fields))
    }

    private static func figures(_ story: ToolStory) -> [Field] {
        let use = story.line.use
        let figures = use.figures
        let of = story.basis.school == nil ? "of \(counted(story.basis.schools, "school")) that reported" : nil
        return [
            Field(
                label: "Devices a day, at least", value: writtenAverage(tenths: inTenths(figures.typicalDevices)),
                note: "up to \(writtenDevices(figures.busiestDevices)) on the busiest"),
            Field(
                label: "Device-hours a day, at least",
                value: writtenAverage(tenths: inTenths(figures.typicalDeviceHours)),
                note: "devices in each hour, added up"),
            Field(label: use.schools == 1 ? "School" : "Schools", value: written(use.schools), note: of),
            Field(
                label: "Change", value: story.line.change.words,
                note: story.basis.hasBefore ? "from \(story.basis.before)" : "nothing to compare with yet"),
            Field(
                label: "Connections", value: written(figures.counts.connections),
                note: "and \(counted(figures.counts.dns, "DNS query", "DNS queries")), in all"),
        ]
    }

    private static func trend(_ story: ToolStory) -> ChartSection? {
        let points = story.trend
        guard points.contains(where: { $0.figures.daysSeen > 0 }),
            let busiest = points.max(by: { $0.figures.busiestDevices < $1.figures.busiestDevices })
        else { return nil }
        let name = story.line.use.platform.name
        let devices = busiest.figures.busiestDevices
        let sentence =
            "The busiest day was \(Days.written(busiest.day.description)), with \(devices > exactDevices ? "about" : "at least") "
            + "\(counted(devices, "device"))\(devices > exactDevices ? " or more" : "")."
        return ChartSection(
            chart: BarChart(
                title: "Devices per day that used \(name), at least", description: sentence,
                points: points.map {
                    BarChart.Point(label: Days.short($0.day.description), value: $0.figures.busiestDevices)
                }
            ).svg, sentence: sentence,
            table: Table(
                caption: "Use of \(name) day by day",
                columns: [
                    Table.Column("day", "Day"), Table.Column("devices", "Devices, at least", isNumber: true),
                    Table.Column("device_hours", "Device-hours", isNumber: true),
                    Table.Column("dns", "DNS queries", isNumber: true), Table.Column("tls", "TLS", isNumber: true),
                    Table.Column("quic", "QUIC", isNumber: true),
                    Table.Column("attributed", "Attributed", isNumber: true),
                ],
                rows: points.reversed().map { point in
                    let figures = point.figures
                    return Table.Row([
                        .day(point.day.description), .devices(figures.busiestDevices),
                        .number(figures.deviceHoursOnSchoolDays), .number(figures.counts.dns),
                        .number(figures.counts.tls), .number(figures.counts.quic), .number(figures.counts.attributed),
                    ])
                }))
    }

    private static func hours(_ story: ToolStory) -> ChartSection? {
        let name = story.line.use.platform.name
        let values = (0..<24).map { inTenths(story.hours.typical($0)) }
        guard let most = values.max(), most > 0, let hour = values.firstIndex(of: most) else { return nil }
        let sentence =
            "Most devices, about \(writtenAverage(tenths: most)), use it between \(hour):00 and \(hour + 1):00 by the schools’ clocks. "
            + "An hour is told only if enough devices were active in it."
        return ChartSection(
            chart: BarChart(
                title: "Devices in each hour of a typical school day that used \(name)", description: sentence,
                words: { writtenAverage(tenths: $0) },
                points: values.enumerated().map { BarChart.Point(label: "\($0.offset):00", value: $0.element) }
            ).svg, sentence: sentence,
            table: Table(
                caption: "Use of \(name) by hour of a typical school day",
                columns: [Table.Column("hour", "Hour from"), Table.Column("devices", "Devices", isNumber: true)],
                rows: values.enumerated().map { Table.Row([.text("\($0.offset):00"), .average(tenths: $0.element)]) }))
    }
}

extension ToolPage.NameSection {
    init?(_ story: ToolStory) {
        guard !story.names.items.isEmpty else { return nil }
        let platform = story.line.use.platform
        let shown = story.names.items.count
        meaning =
            (shown < story.names.total
                ? "The \(counted(shown, "name")) of \(written(story.names.total)) with most devices. " : "")
            + "Each name belongs to \(platform.name) because of the pattern beside it; the longest pattern wins."
        nameTable = Table(
            caption: "Names of \(platform.name) that were seen, most devices first",
            columns: [
                Table.Column("name", "Name"), Table.Column("pattern", "Matched by"),
                Table.Column("pattern_of", "Pattern of"), Table.Column("serves", "Serves"),
                Table.Column("schools", "Schools", isNumber: true),
                Table.Column("devices", "Devices a day", isNumber: true),
                Table.Column("dns", "DNS queries", isNumber: true), Table.Column("tls", "TLS", isNumber: true),
                Table.Column("quic", "QUIC", isNumber: true), Table.Column("attributed", "Attributed", isNumber: true),
            ],
            rows: story.names.items.map { name in
                let counts = name.figures.counts
                return Table.Row([
                    .text(name.name), .text(name.pattern?.words ?? ""),
                    .text(name.pattern == nil ? "" : name.isRegistered ? "registry" : "catalogue"),
                    .text(servesParts(name.name) ? "parts of other pages" : "itself"), .number(name.schools),
                    .average(name.figures.typicalDevices), .number(counts.dns), .number(counts.tls),
                    .number(counts.quic), .number(counts.attributed),
                ])
            })
    }
}

extension Table {
    /// The schools that use a tool.
    fileprivate init(of schools: [SchoolUse], tool: String, over basis: Basis, scope: ScopeQuery) {
        self.init(
            caption: "Use of \(tool) by school, most devices first. \(basis.sentence)",
            columns: [
                Column("school", "School"), Column("devices", "Devices a day", isNumber: true),
                Column("device_hours", "Device-hours a day", isNumber: true),
                Column("busiest", "Busiest day", isNumber: true), Column("last_seen", "Last seen"),
                Column("dns", "DNS queries", isNumber: true), Column("tls", "TLS", isNumber: true),
                Column("quic", "QUIC", isNumber: true),
            ],
            rows: schools.map { school in
                let figures = school.figures
                return Row([
                    .text(school.school, link: schoolHref(school.school, in: scope)),
                    .average(figures.typicalDevices), .average(figures.typicalDeviceHours),
                    .devices(figures.busiestDevices), .day(school.lastSeen?.description), .number(figures.counts.dns),
                    .number(figures.counts.tls), .number(figures.counts.quic),
                ])
            })
    }

    /// What was decided about a tool.
    fileprivate init(of history: [Decision]) {
        self.init(
            caption: "What was decided, newest first",
            columns: [
                Column("day", "Day"), Column("status", "Status"), Column("before", "Before"), Column("who", "By"),
            ],
            rows: history.map { decision in
                Row([
                    .day(Moments.day(decision.at)),
                    decision.new.map { .status($0) } ?? .text("taken out of the registry"),
                    decision.old.map { .status($0) } ?? .text("absent from the registry"), .text(decision.who),
                ])
            })
    }
}

extension NamePattern {
    /// The pattern in words.
    var words: String {
        switch self {
        case .domain(let domain): "\(domain) and all below it"
        case .exact(let host): "\(host) alone"
        case .ending(let ending): "all that end in \(ending)"
        }
    }
}

extension Platform {
    /// What the status means for the tool, in a sentence.
    var verdict: String {
        switch status {
        case .flagged: "It failed the audit. Nobody is to buy it, and schools that use it move off it."
        case .underReview: "It is being audited. Wait for the result before buying more."
        case .unlisted: "It is not in the district’s registry. Approve it, flag it or put it under review."
        case .approved where conditions.isEmpty: "It passed the audit."
        case .approved: "It passed the audit, under conditions."
        }
    }
}
