import Registry
import Usage

/// What share of the use falls to tools of each status.
struct StatusShares: Equatable {
    var rows: [Row]
    /// The bar that shows the shares, as SVG; nil where no connection was counted.
    var bar: String?
    var shareCaption: String

    /// A status and its share.
    struct Row: Equatable {
        var badge: StatusBadge
        /// The section about it, `#flagged`.
        var section: String
        /// How many tools, or names of no known tool.
        var members: String
        var queries: String
        var connections: String
        var share: String
    }

    init(_ report: UseReport) {
        let groups = Self.groups(of: report)
        let all = groups.reduce(0) { $0 + $1.connections }
        rows = groups.map { group in
            Row(
                badge: group.badge, section: group.section, members: written(group.members),
                queries: written(group.counts.dns), connections: written(group.connections),
                share: percentage(group.connections, of: all) ?? "—")
        }
        let parts = groups.map { group in
            ShareBar.Part(
                style: group.badge.style, label: group.badge.label, amount: group.connections,
                share: percentage(group.connections, of: all) ?? "0%")
        }
        bar = ShareBar.svg(parts, title: "Share of connections by status")
        shareCaption =
            "Share of use by status: connections (TLS and QUIC) to tools and to names of no known tool. "
            + "Infrastructure is not counted."
    }

    private struct Group {
        var badge: StatusBadge
        var section: String
        var members: Int
        var counts: Counts

        var connections: Int { counts.tls + counts.quic }
    }

    private static func groups(of report: UseReport) -> [Group] {
        var groups = Status.byUrgency.map { status in
            let uses = report.tools.filter { $0.platform.status == status }
            let badge = StatusBadge(status)
            return Group(
                badge: badge, section: "#" + badge.style, members: uses.count, counts: sum(uses.map(\.counts)))
        }
        // Names to look at stand behind the tools that are not in the registry, as they do further down.
        groups.insert(
            Group(
                badge: .unknown, section: report.unknown.isEmpty ? "#unlisted" : "#unknown",
                members: report.unknown.count, counts: sum(report.unknown.map(\.counts))),
            at: 2)
        return groups
    }
}

/// All of the counts added up.
func sum(_ counts: [Counts]) -> Counts {
    counts.reduce(into: Counts()) { $0 += $1 }
}
