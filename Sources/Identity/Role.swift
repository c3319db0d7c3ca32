/// What a person is to the district; it decides what they may do.
package enum Role: String, Sendable, CaseIterable, Codable {
    /// Runs Rollcall: may do everything, also decide who else gets in.
    case admin
    /// Runs the district's online tools: decides about platforms and gateways.
    case its
    /// Buys: leads requests, contracts and licences.
    case procurement
    /// Leads a school: reads what is about that school, and nothing of another.
    case school
    /// Looks over everybody's shoulder: reads everything, also the audit log, and changes nothing.
    case auditor

    /// What the role may do.
    package var rights: Set<Right> {
        switch self {
        case .admin: Set(Right.allCases)
        case .its: [.read, .readDistrict, .edit, .buy, .watch]
        case .procurement: [.read, .readDistrict, .buy]
        case .school: [.read]
        case .auditor: [.read, .readDistrict, .audit, .watch]
        }
    }

    /// The role in the words of pages.
    package var label: String {
        switch self {
        case .admin: "Administrator"
        case .its: "ITS"
        case .procurement: "Procurement"
        case .school: "School leader"
        case .auditor: "Auditor"
        }
    }
}

/// One thing that may or may not be allowed; every route wants one.
package enum Right: String, Sendable, CaseIterable, Codable {
    /// To read pages and exports: of the whole district with ``readDistrict``, otherwise of one's own school.
    case read
    /// To read what is about more than one school.
    case readDistrict = "read_district"
    /// To change the registry, the programme, schools and gateways.
    case edit
    /// To change requests, contracts and licences.
    case buy
    /// To read the audit log.
    case audit
    /// To read how the collector itself is doing, such as `/metrics`.
    case watch
    /// To change who gets in.
    case administer

    /// The right in the words of pages.
    package var label: String {
        switch self {
        case .read: "read pages and exports"
        case .readDistrict: "read about the whole district"
        case .edit: "change the registry, the programme, schools and gateways"
        case .buy: "change requests, contracts and licences"
        case .audit: "read the audit log"
        case .watch: "read the collector's metrics"
        case .administer: "change who gets in"
        }
    }
}
