/// Something that a reader should know, about a platform or a school, and never about a person.
package struct Alert: Sendable, Equatable, Codable {
    /// What it is about.
    package var subject: Subject
    /// What was so when it fired; it fires again when this is different.
    package var armedBy: String
    /// What was seen, in a sentence: what, where, how many, since when.
    package var seen: String
    /// What the registry says, in a sentence.
    package var registry: String
    /// What the reader is asked to do.
    package var ask: String
    /// The page that shows more, from the collector's root: `/tool?name=…`.
    package var link: String
    /// How much it weighs beside others of its kind: devices, mostly.
    package var weight: Int
    /// The schools that it is for, among readers who hear of some schools alone; nil where its subject says that.
    package var schools: [String]?

    /// Makes an alert.
    package init(
        subject: Subject, armedBy: String, seen: String, registry: String, ask: String, link: String, weight: Int,
        schools: [String]? = nil
    ) {
        self.subject = subject
        self.armedBy = armedBy
        self.seen = seen
        self.registry = registry
        self.ask = ask
        self.link = link
        self.weight = weight
        self.schools = schools
    }

    /// What an alert is about: it fires once for each.
    package struct Subject: Sendable, Hashable, Codable {
        /// The rule that fires.
        package var kind: Kind
        /// The platform or host name; empty where it is about a school as a whole.
        package var platform: String
        /// The school; empty where it is about the district.
        package var school: String

        /// Makes a subject.
        package init(_ kind: Kind, platform: String = "", school: String = "") {
            self.kind = kind
            self.platform = platform
            self.school = school
        }
    }

    /// The rules that there are.
    package enum Kind: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
        /// The programme decided on a platform.
        case decision
        /// An audit ended, and nobody has decided yet.
        case audit
        /// A tool that nobody decided on is in use.
        case discovered
        /// A flagged tool is in use at a school.
        case flaggedInUse = "flagged_in_use"
        /// Use grows fast.
        case growth
        /// An approval is about to expire.
        case expiring
        /// More devices use a tool than there are licences.
        case beyondLicence = "beyond_licence"
        /// A tool is used where it is not approved for, such as one for staff in the students' network.
        case beyondAudience = "beyond_audience"
        /// A school no longer reports.
        case silent
        /// Far less of a school's traffic can be named than before.
        case coverageLost = "coverage_lost"

        /// The heading in messages.
        package var heading: String {
            switch self {
            case .decision: "Decisions of the certification programme"
            case .audit: "Audits that ended"
            case .discovered: "New tools and names without a decision"
            case .flaggedInUse: "Flagged tools in use"
            case .growth: "Tools that grow fast"
            case .expiring: "Approvals that are about to expire"
            case .beyondLicence: "Tools used beyond their licences"
            case .beyondAudience: "Tools used beyond their audience"
            case .silent: "Schools that are silent"
            case .coverageLost: "Schools where coverage was lost"
            }
        }

        /// Whether it goes out at once, or waits for the reader's digest.
        package var isUrgent: Bool {
            switch self {
            case .decision, .flaggedInUse, .silent, .coverageLost: true
            case .audit, .discovered, .growth, .expiring, .beyondLicence, .beyondAudience: false
            }
        }
    }
}
