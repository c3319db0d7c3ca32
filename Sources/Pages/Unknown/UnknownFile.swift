import Store
package import Usage
import Wire

/// All groups of names that belong to no known tool, for a file.
package struct UnknownFile: Equatable {
    /// The groups, what matters most first.
    package var all: Table

    /// Makes the file.
    package init(_ lines: [UnknownLine], over basis: Basis) {
        all = Table(
            caption: "Names of no known tool, in groups. \(basis.sentence)",
            columns: [
                Table.Column("group", "Group"), Table.Column("domains", "Domains"),
                Table.Column("schools", "Schools", isNumber: true),
                Table.Column("devices", "Devices a day", isNumber: true), Table.Column("change", "Change"),
                Table.Column("first_seen", "First seen"),
                Table.Column("name_count", "Number of names", isNumber: true), Table.Column("names", "Names"),
                Table.Column("likely", "Likely of"), Table.Column("dismissed", "Dismissed because"),
            ],
            rows: lines.map { line in
                let group = line.summary
                return Table.Row([
                    .text(group.domains.first ?? ""), .list(group.domains), .number(group.schools),
                    .average(group.figures.typicalDevices), .mark(line.change.mark, line.change.words),
                    .day(group.firstSeen?.description), .number(group.nameCount), .list(group.names),
                    .text(group.likely ?? ""), .text(group.dismissal?.reason ?? ""),
                ])
            })
    }
}
