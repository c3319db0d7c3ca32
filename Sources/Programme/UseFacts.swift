package import Registry
package import Wire

/// What was seen lately, as the programme and its alerts weigh it.
///
/// "Lately" are the seven days up to today; "before" the four weeks before them.
package struct UseFacts: Sendable, Equatable {
    /// The day in the district.
    package var today: SchoolDay
    /// The schools that ever reported.
    package var schools: [SchoolFacts]
    /// The tools and unknown names that were seen lately or before.
    package let tools: [ToolFacts]
    /// Where each tool is, by the key of its name.
    private let places: [String: Int]

    /// Makes facts.
    package init(today: SchoolDay, schools: [SchoolFacts] = [], tools: [ToolFacts] = []) {
        self.today = today
        self.schools = schools
        self.tools = tools
        places = Dictionary(tools.enumerated().map { (Platform.key(of: $1.name), $0) }) { first, _ in first }
    }

    /// The tool of that name.
    package func tool(named name: String) -> ToolFacts? {
        places[Platform.key(of: name)].map { tools[$0] }
    }
}

/// How a school reports.
package struct SchoolFacts: Sendable, Equatable {
    /// The school's name.
    package var school: String
    /// The last day with a report.
    package var lastDay: SchoolDay
    /// The days with a report in the last five weeks, oldest first.
    package var days: [SchoolDay]
    /// How many of a hundred connections could be named lately; nil where there were none.
    package var coverage: Int?
    /// Likewise, before.
    package var coverageBefore: Int?

    /// Makes facts.
    package init(
        school: String, lastDay: SchoolDay, days: [SchoolDay] = [], coverage: Int? = nil, coverageBefore: Int? = nil
    ) {
        self.school = school
        self.lastDay = lastDay
        self.days = days
        self.coverage = coverage
        self.coverageBefore = coverageBefore
    }
}

/// The use of a tool, or of a name that belongs to none.
package struct ToolFacts: Sendable, Equatable {
    /// What it is called: the platform's name, or the host name.
    package var name: String
    /// The platform; nil for a name that belongs to none.
    package var platform: Platform?
    /// Its use by school.
    package var uses: SchoolUses

    /// Makes facts.
    package init(name: String, platform: Platform?, uses: SchoolUses) {
        self.name = name
        self.platform = platform
        self.uses = uses
    }

    /// What the registry says of it.
    package var status: Status { platform?.status ?? .unlisted }

    /// The schools that used it lately, sorted.
    package var schoolsLately: [String] { uses.schoolsLately }

    /// Devices lately, at least: the busiest day of each school, added up.
    package var devicesLately: Int { uses.devices }

    /// Likewise, before.
    package var devicesBefore: Int { uses.before }

    /// The first of the days looked at on which it was seen.
    package var since: SchoolDay? { uses.firstDay }
}

/// The use of a tool at a school.
package struct UseAtSchool: Sendable, Equatable {
    /// Devices on the busiest day lately, at least; 0 where it was not seen.
    package var devices: Int
    /// Likewise, before.
    package var before: Int
    /// The first of the days looked at on which it was seen.
    package var firstDay: SchoolDay
    /// Devices lately in the segments in which students are, at least.
    package var students: Int
    /// Devices day by day, for the days on which it was seen; empty where nobody asked for them.
    package var days: [SchoolDay: Int]

    /// Makes a use.
    package init(
        devices: Int, before: Int = 0, firstDay: SchoolDay, students: Int = 0, days: [SchoolDay: Int] = [:]
    ) {
        self.devices = devices
        self.before = before
        self.firstDay = firstDay
        self.students = students
        self.days = days
    }
}
