import Identity

/// The pages that the header of every page leads to, in their order.
///
/// A page joins with a line of ``entries``, and says its path where it is rendered.
package enum Navigation {
    /// A page to go to.
    struct Entry: Sendable, Equatable {
        var label: String
        /// Where it is; pages below belong to it.
        var path: String
        /// What somebody has to be allowed to see it.
        var right: Right
        /// Whether it is only for those who read about one school.
        var isForOneSchool = false
    }

    static let entries = [
        Entry(label: "Overview", path: "/", right: .read),
        Entry(label: "Tools", path: "/tools", right: .read),
        Entry(label: "Schools", path: "/schools", right: .readDistrict),
        Entry(label: "School", path: "/school", right: .read, isForOneSchool: true),
        Entry(label: "Unknown", path: "/unknown", right: .read),
        Entry(label: "Gateways", path: "/gateways", right: .read),
        Entry(label: "Procurement", path: "/procurement", right: .readDistrict),
        Entry(label: "Certification", path: "/programme", right: .readDistrict),
        Entry(label: "Requests", path: "/programme/requests", right: .read, isForOneSchool: true),
        Entry(label: "Alerts", path: "/alerts", right: .readDistrict),
        Entry(label: "People", path: "/people", right: .administer),
        Entry(label: "Audit log", path: "/audit", right: .audit),
    ]

    /// The entries as a page shows them.
    struct Bar: Equatable {
        var items: [Item]
    }

    /// An entry as a page shows it.
    struct Item: Equatable {
        var label: String
        var link: String
        var isCurrent: Bool
    }

    /// What somebody sees who is at a path; nothing before they signed in.
    static func bar(for visitor: Visitor?, at path: String?) -> Bar? {
        guard let visitor else { return nil }
        let items =
            entries
            .filter { visitor.rights.contains($0.right) && !($0.isForOneSchool && visitor.mayReadDistrict) }
            .map { Item(label: $0.label, link: $0.path, isCurrent: $0.path == path) }
        return items.isEmpty ? nil : Bar(items: items)
    }
}
