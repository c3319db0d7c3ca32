import Registry
import Usage

/// One tool: what the registry says of it, and how much it is used, where and when.
struct ToolPage: Equatable {
    var title: String
    var badge: StatusBadge
    /// What the status means for this tool, in a sentence.
    var verdict: String
    /// Where to move to, of a flagged tool that says so.
    var moveTo: ToolRow.MoveTo?
    /// Such as `Seen from November 24 to 28, 2026 at 5 schools`.
    var seen: String
    var entry: [Field]
    var figures: [Field]
    var trend: Trend?
    var schools: SchoolTable?
    var names: NameTable?

    /// A line of the registry's entry, or a figure.
    struct Field: Equatable {
        var label: String
        var value: String
    }

    /// Devices day by day, as a chart and as the table behind it.
    struct Trend: Equatable {
        var chart: String
        var trendSentence: String
        var days: [Day]

        /// One day.
        struct Day: Equatable {
            var day: String
            var devices: String
            var counts: CountCells
        }
    }

    /// The use school by school.
    struct SchoolTable: Equatable {
        var schoolCaption: String
        var rows: [Row]

        /// The use at one school.
        struct Row: Equatable {
            var at: SchoolLink
            var devices: String
            var counts: CountCells
        }
    }

    init(_ detail: ToolDetail) {
        let use = detail.tool
        let platform = use.platform
        title = platform.name
        badge = StatusBadge(platform.status)
        verdict = Self.verdict(platform)
        moveTo = ToolRow.MoveTo(platform)
        seen = Self.seen(detail)
        entry = Self.entry(platform)
        figures = [
            Field(label: "Devices, at least", value: writtenDevices(use.devices)),
            Field(label: use.schools.count == 1 ? "School" : "Schools", value: written(use.schools.count)),
            Field(label: "Connections", value: written(use.counts.tls + use.counts.quic)),
            Field(label: "DNS queries", value: written(use.counts.dns)),
        ]
        trend = detail.trend.isEmpty ? nil : Trend(detail.trend, of: platform.name)
        schools = detail.schools.isEmpty ? nil : SchoolTable(detail)
        names =
            use.names.isEmpty
            ? nil
            : NameTable(
                nameCaption: "Names of \(platform.name) that were seen, most devices first",
                rows: use.names.map { NameRow($0, in: detail.scope) })
    }

    private static func verdict(_ platform: Platform) -> String {
        switch platform.status {
        case .flagged: "It failed the audit. Nobody is to buy it, and schools that use it move off it."
        case .underReview: "It is being audited. Wait for the result before buying more."
        case .unlisted: "It is not in the district’s registry. Approve it, flag it or put it under review."
        case .approved where platform.conditions.isEmpty: "It passed the audit."
        case .approved: "It passed the audit, under conditions."
        }
    }

    private static func seen(_ detail: ToolDetail) -> String {
        guard let days = detail.scope.writtenDays, !detail.tool.schools.isEmpty else {
            return "It was not seen at any school."
        }
        return "Seen \(days) at \(counted(detail.tool.schools.count, "school"))."
    }

    private static func entry(_ platform: Platform) -> [Field] {
        let patterns = platform.patterns.map { pattern in
            switch pattern {
            case .domain(let domain): "\(domain) and all below it"
            case .exact(let host): "\(host) alone"
            case .ending(let ending): "all that end in \(ending)"
            }
        }
        let fields = [
            ("Vendor", platform.vendor), ("Category", platform.category), ("Conditions", platform.conditions),
            ("Names that are its own", patterns.joined(separator: ", ")), ("Notes", platform.notes),
        ]
        return fields.filter { !$0.1.isEmpty }.map { Field(label: $0.0, value: $0.1) }
    }
}

extension ToolPage.Trend {
    init(_ days: [ToolDetail.DayUse], of tool: String) {
        let busiest = days.max { $0.devices < $1.devices }
        trendSentence =
            busiest.map { "The busiest day was \(Days.written($0.day)), with \(Self.atLeast($0.devices))." } ?? ""
        chart =
            BarChart(
                title: "Devices per day that used \(tool), at least", description: trendSentence,
                points: days.map { BarChart.Point(label: Days.short($0.day), value: $0.devices) }
            ).svg
        self.days = days.map { day in
            Day(day: Days.written(day.day), devices: writtenDevices(day.devices), counts: CountCells(day.counts))
        }
    }

    private static func atLeast(_ devices: Int) -> String {
        let number = counted(devices, "device")
        return devices > exactDevices ? "about \(number) or more" : "at least \(number)"
    }
}

extension ToolPage.SchoolTable {
    init(_ detail: ToolDetail) {
        schoolCaption = "Use of \(detail.tool.platform.name) by school, most devices first"
        rows = detail.schools.map { school in
            Row(
                at: SchoolLink(school: school.school, link: detail.scope.link(toSchool: school.school)),
                devices: writtenDevices(school.devices), counts: CountCells(school.counts))
        }
    }
}
