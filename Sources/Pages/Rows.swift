import Registry
import Usage

/// Queries and connections, as a table shows them.
struct CountCells: Equatable {
    var dns: String
    var tls: String
    var quic: String
    var attributed: String

    init(_ counts: Counts) {
        dns = written(counts.dns)
        tls = written(counts.tls)
        quic = written(counts.quic)
        attributed = written(counts.attributed)
    }

    /// In the order in which tables have them.
    var all: [String] { [dns, tls, quic, attributed] }
}

/// A school, with the report to read next.
struct SchoolLink: Equatable {
    var school: String
    var link: String
}

/// The schools of a row: the first few, and the others folded.
struct SchoolLinks: Equatable {
    /// How many schools show before the others are folded.
    static let shown = 2

    var first: [SchoolLink]
    var more: More?

    /// The folded ones.
    struct More: Equatable {
        var label: String
        var links: [SchoolLink]
    }

    init(_ schools: [String], in scope: UseReport.Scope) {
        let links = schools.map { SchoolLink(school: $0, link: scope.link(toSchool: $0)) }
        // One more costs no more room than the words "1 more" do.
        guard links.count > Self.shown + 1 else {
            first = links
            return
        }
        first = Array(links.prefix(Self.shown))
        let rest = Array(links.dropFirst(Self.shown))
        more = More(label: "and \(written(rest.count)) more", links: rest)
    }
}

/// A tool in a table.
struct ToolRow: Equatable {
    var tool: String
    var toolLink: String
    var vendor: String
    var category: String
    /// Where to move to, of a flagged tool that says so.
    var moveTo: MoveTo?
    /// What use is bound to.
    var conditions: String?
    var schools: SchoolLinks
    /// How many schools, where a table has no room for all of them.
    var schoolCount: String
    var devices: String
    var counts: CountCells
    /// The names by which it was seen; nil where none is told.
    var hosts: Hosts?

    /// The names behind a tool, folded.
    struct Hosts: Equatable {
        /// Such as `3 names`.
        var label: String
        var rows: [NameRow]
    }

    /// The approved tool to move to.
    struct MoveTo: Equatable {
        var replacement: String
        var replacementLink: String

        init?(_ platform: Platform) {
            guard platform.status == .flagged, !platform.replacement.isEmpty else { return nil }
            replacement = platform.replacement
            replacementLink = toolHref(platform.replacement)
        }
    }

    init(_ use: ToolUse, in scope: UseReport.Scope) {
        tool = use.platform.name
        toolLink = toolHref(use.platform.name)
        vendor = use.platform.vendor.isEmpty ? "—" : use.platform.vendor
        category = use.platform.category.isEmpty ? "—" : use.platform.category
        moveTo = MoveTo(use.platform)
        conditions = use.platform.conditions.isEmpty ? nil : use.platform.conditions
        schools = SchoolLinks(use.schools, in: scope)
        schoolCount = written(use.schools.count)
        devices = writtenDevices(use.devices)
        counts = CountCells(use.counts)
        guard !use.names.isEmpty else { return }
        hosts = Hosts(label: counted(use.names.count, "name"), rows: use.names.map { NameRow($0, in: scope) })
    }
}

/// A host name in a table.
struct NameRow: Equatable {
    var host: String
    var schools: SchoolLinks
    /// How many schools, where a table has no room for all of them.
    var schoolCount: String
    var devices: String
    var counts: CountCells

    init(_ use: NameUse, in scope: UseReport.Scope) {
        host = use.name
        schools = SchoolLinks(use.schools, in: scope)
        schoolCount = written(use.schools.count)
        devices = writtenDevices(use.devices)
        counts = CountCells(use.counts)
    }
}
