import Registry
import Usage

/// The report as ITS and its director read it: already worded, in the order of what needs action.
struct ReportPage: Equatable {
    var title: String
    /// What the report is about: `Whole district`, or the school.
    var subject: String
    /// Such as `42 online tools in use at 5 schools`.
    var headline: String
    /// The days, `from November 24 to 28, 2026`, as a sentence.
    var days: String
    /// What needs action, in a sentence.
    var summary: String
    /// The form that asks for another report; nil where there is none to ask for.
    var filter: ReportFilter?
    var csvLink: String
    var jsonLink: String
    /// What to do next, where there is nothing to show.
    var empty: EmptyReport?
    /// What there is to show otherwise.
    var content: Content?

    /// The body of a report with something in it.
    struct Content: Equatable {
        var shares: StatusShares
        var sections: [StatusSection]
        var coverage: CoverageFigures
        var infrastructure: InfrastructureSummary?
    }

    init(_ report: UseReport, schools: [String]) {
        let scope = report.scope
        subject = scope.school ?? "Whole district"
        title = scope.school.map { "Tools in use at \($0)" } ?? "Tools in use"
        filter = schools.isEmpty && scope.firstDay == nil ? nil : ReportFilter(scope, schools: schools)
        csvLink = scope.link(to: "/report.csv")
        jsonLink = scope.link(to: "/report.json")
        if let seen = scope.writtenDays {
            headline = Self.headline(report)
            days = "Seen \(seen)."
            summary = Self.summary(report)
            content = Content(
                shares: StatusShares(report), sections: StatusSection.all(of: report),
                coverage: CoverageFigures(report.coverage),
                infrastructure: InfrastructureSummary(report.infrastructure))
        } else {
            let nothing = EmptyReport(scope, schools: schools)
            headline = nothing.headline
            days = nothing.sentence
            summary = ""
            empty = nothing
        }
    }

    private static func headline(_ report: UseReport) -> String {
        let tools = counted(report.tools.count, "online tool")
        if let school = report.scope.school { return "\(tools) in use at \(school)" }
        return "\(tools) in use at \(counted(report.scope.schools.count, "school"))"
    }

    /// Such as `3 are flagged and 11 are not yet audited; 14 names belong to no known tool`.
    static func summary(_ report: UseReport) -> String {
        let flagged = report.tools.count { $0.platform.status == .flagged }
        let open = report.tools.count { $0.platform.status == .unlisted || $0.platform.status == .underReview }
        func are(_ number: Int, _ what: String) -> String {
            number == 0 ? "none is \(what)" : "\(written(number)) \(number == 1 ? "is" : "are") \(what)"
        }
        let decided = "\(are(flagged, "flagged")) and \(are(open, "not yet audited"))"
        let tools = decided.prefix(1).uppercased() + decided.dropFirst()
        guard !report.unknown.isEmpty else { return tools + "." }
        let belong = report.unknown.count == 1 ? "belongs" : "belong"
        return "\(tools); \(counted(report.unknown.count, "name")) \(belong) to no known tool."
    }
}

/// The form that asks for another report.
struct ReportFilter: Equatable {
    var options: [Option]
    var from: String
    var to: String
    /// Whether the report shows less than everything.
    var isNarrowed: Bool

    /// A choice of the list of schools.
    struct Option: Equatable {
        var value: String
        var label: String
        var isSelected: Bool
    }

    init(_ scope: UseReport.Scope, schools: [String]) {
        var names = schools
        // A school without data was asked for all the same: the form says what the page shows.
        if let school = scope.school, !names.contains(school) { names.append(school) }
        options =
            [Option(value: "", label: "All schools", isSelected: scope.school == nil)]
            + names.map { Option(value: $0, label: $0, isSelected: $0 == scope.school) }
        from = scope.from ?? ""
        to = scope.to ?? ""
        isNarrowed = scope.school != nil || scope.from != nil || scope.to != nil
    }
}

/// A report with nothing in it, and what to do next.
struct EmptyReport: Equatable {
    var headline: String
    var sentence: String
    /// The commands that lead to a first report; none where the question was only too narrow.
    var steps: [Step]
    /// Whether there are any, for a list with nothing in it is read out too.
    var hasSteps: Bool

    /// Something to do, and the command that does it.
    struct Step: Equatable {
        var what: String
        var command: String
    }

    init(_ scope: UseReport.Scope, schools: [String]) {
        guard schools.isEmpty else {
            headline = "Nothing was reported here"
            let place = scope.school.map { " for \($0)" } ?? ""
            let days = scope.writtenQuestion.map { " " + $0 } ?? ""
            sentence = "There is no report\(place)\(days). Choose another school or other days."
            steps = []
            hasSteps = false
            return
        }
        hasSteps = true
        headline = "No school has reported yet"
        sentence = "Tools show up here as soon as an agent on a school’s gateway has sent its first report."
        steps = [
            Step(
                what: "On the collector, make a join token for the school.",
                command: "rollcall-collector token create --config collector.toml --school \"Example School\""),
            Step(
                what: "On the school’s gateway, enrol the agent with it.",
                command: "rollcall-agent enroll --collector https://collector.example.org --token TOKEN"),
            Step(
                what: "Start the agent. Its first report comes within minutes.",
                command: "rollcall-agent run --config agent.toml"),
        ]
    }
}
