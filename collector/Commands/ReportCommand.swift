import ArgumentParser
import Foundation
import Pages
import Store
import Usage
import Wire

/// `rollcall-collector report`: the tables of the pages, for a terminal and for scripts.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Prints the tables of the pages, as text, CSV or JSON.",
        subcommands: [
            OverviewReport.self, ToolsReport.self, ToolReport.self, SchoolsReport.self, SchoolReport.self,
            UnknownReport.self, GatewaysReport.self, EverythingReport.self,
        ], defaultSubcommand: OverviewReport.self)

    /// The ways to print a table.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, csv
    }

    /// What all of them are asked.
    struct Options: ParsableArguments {
        @OptionGroup var config: ConfigOption
        @Option(help: "table, json or csv.") var format = Format.table

        /// Reads what there is, and prints the table of it.
        func print(_ table: (UsageReader) async throws -> Table) async throws {
            let settings = try config.settings()
            let catalogue = try settings.readCatalogue()
            let store = try SQLiteStore(path: settings.database)
            defer { try? store.close() }
            let table = try await table(UsageReader(store: store, catalogue: catalogue))
            if format != .table { try await store.recordExport("report: \(table.caption)") }
            switch format {
            case .table: Terminal.write(table.text(width: Terminal.width))
            case .json: Terminal.write(try table.json())
            case .csv: Terminal.write(table.csv)
            }
        }
    }

    /// The part of the district and the days.
    struct Scope: ParsableArguments {
        @Option(help: "Only this school.") var school: String?
        @Option(help: "Only schools of this region.") var region: String?
        @Option(help: "Only this segment of the schools' networks.") var segment: String?
        @Option(help: "So many days up to the last one with a report; 7 without any of these three.") var last: Int?
        @Option(help: "From this day on, such as 2026-11-24.", transform: day) var from: SchoolDay?
        @Option(help: "Up to this day.", transform: day) var to: SchoolDay?

        func validate() throws {
            if let from, let to, to < from { throw ValidationError("--to \(to) is before --from \(from).") }
            if let last, !(1...4000).contains(last) {
                throw ValidationError("--last is \(last); it has to be from 1 to 4000.")
            }
        }

        /// As pages ask it.
        var query: ScopeQuery {
            let period =
                from == nil && to == nil
                ? last.map(ScopeQuery.Period.last) ?? ScopeQuery.usual : .days(from: from, to: to)
            return ScopeQuery(school: school, region: region, segment: segment, period: period)
        }
    }
}

/// `report overview`: what asks for action.
struct OverviewReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overview", abstract: "What asks for action: flagged, newly discovered and growing tools.")

    @OptionGroup var options: ReportCommand.Options
    @OptionGroup var scope: ReportCommand.Scope

    func run() async throws {
        let query = scope.query
        try await options.print { usage in
            OverviewPage(try await usage.overview(query, now: currentSecond()), scope: query).all
        }
    }
}

/// `report tools`: the tools in use.
struct ToolsReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools", abstract: "The tools in use, most devices first.")

    @OptionGroup var options: ReportCommand.Options
    @OptionGroup var scope: ReportCommand.Scope
    @Option(help: "Only tools of this status: approved, flagged, under_review or not_in_registry.") var status: String?
    @Option(help: "Only tools of this category.") var category: String?
    @Option(help: "Only tools whose name, vendor, category or host names contain this.") var search: String?
    @Option(help: "Only tools that are new, growing or shrinking.") var change: String?
    @Option(help: "used, embedded, all or infrastructure.") var manner: String?
    @Option(help: "The order, such as tool or -device_hours; - for the largest first.") var sort: String?
    @Option(name: .customLong("column"), help: "A column; give it several times.") var columns: [String] = []

    func run() async throws {
        let given = [
            ("status", status), ("category", category), ("search", search), ("change", change), ("manner", manner),
            ("sort", sort),
        ]
        let fields = given.map { (name: $0, value: $1 ?? "") } + columns.map { (name: "column", value: $0) }
        var query: ToolsQuery
        do {
            query = try ToolsQuery(AddressFields(fields))
        } catch {
            throw Failure("--" + error.sentence)
        }
        query.scope = scope.query
        let asked = query
        try await options.print { usage in
            let (basis, lines) = try await usage.tools(asked.scope)
            return ToolsPage(lines, query: asked, over: basis, facets: Facets()).all
        }
    }
}

/// `report tool`: the schools that use a tool.
struct ToolReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tool", abstract: "The schools that use a tool.")

    @Argument(help: "The tool's name.") var tool: String
    @OptionGroup var options: ReportCommand.Options
    @OptionGroup var scope: ReportCommand.Scope

    func run() async throws {
        let (tool, query) = (tool, scope.query)
        try await options.print { usage in
            guard let story = try await usage.tool(named: tool, query) else {
                throw Failure("neither the registry nor the catalogue has a platform \"\(tool)\"; write it as they do")
            }
            return ToolPage(story, scope: query, facets: Facets()).all
        }
    }
}

/// `report schools`: the schools.
struct SchoolsReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schools", abstract: "The schools: whether they report, and their tools by status.")

    @OptionGroup var options: ReportCommand.Options
    @OptionGroup var scope: ReportCommand.Scope

    func run() async throws {
        let scope = scope.query
        try await options.print { usage in
            let (basis, states) = try await usage.schools(scope)
            let query = SchoolsQuery(region: scope.region, period: scope.period)
            return SchoolsPage(states, query: query, over: basis, facets: Facets(), now: currentSecond()).all
        }
    }
}

/// `report school`: the tools of a school.
struct SchoolReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "school", abstract: "The tools of a school.")

    @Argument(help: "The school's name.") var name: String
    @OptionGroup var options: ReportCommand.Options
    @OptionGroup var scope: ReportCommand.Scope

    func run() async throws {
        let (name, query) = (name, scope.query)
        try await options.print { usage in
            let story = try await usage.school(named: name, query, now: currentSecond())
            return SchoolPage(story, scope: query, facets: Facets(), now: currentSecond()).all
        }
    }
}

/// `report unknown`: the review queue.
struct UnknownReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unknown", abstract: "Names of no known tool, in groups, what matters most first.")

    @OptionGroup var options: ReportCommand.Options
    @OptionGroup var scope: ReportCommand.Scope
    @Flag(help: "Only what was dismissed.") var dismissed = false

    func run() async throws {
        let query = UnknownQuery(scope: scope.query, kind: dismissed ? .dismissed : .open)
        try await options.print { usage in
            let (basis, lines) = try await usage.allUnknown(query)
            return UnknownFile(lines, over: basis).all
        }
    }
}

/// `report gateways`: the gateways.
struct GatewaysReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateways", abstract: "The gateways, those with problems first.")

    @OptionGroup var options: ReportCommand.Options
    @Option(help: "Only this school.") var school: String?

    func run() async throws {
        let school = school
        try await options.print { usage in
            let (basis, agents) = try await usage.gateways(school: school, now: currentSecond())
            return GatewaysPage(agents, query: GatewaysQuery(), over: basis, now: currentSecond()).all
        }
    }
}

/// `report everything`: every name with its exact counts.
struct EverythingReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "everything",
        abstract: "Every name that was reported with its exact counts, for programs; as JSON or CSV.")

    @OptionGroup var config: ConfigOption
    @Option(help: "Only this school.") var school: String?
    @Option(help: "From this day on, such as 2026-11-24.", transform: day) var from: SchoolDay?
    @Option(help: "Up to this day.", transform: day) var to: SchoolDay?
    @Option(help: "json or csv.") var format = ReportCommand.Format.json

    func validate() throws {
        if let from, let to, to < from { throw ValidationError("--to \(to) is before --from \(from).") }
        if format == .table { throw ValidationError("--format table is not for everything; choose json or csv.") }
    }

    func run() async throws {
        let settings = try config.settings()
        let catalogue = try settings.readCatalogue()
        let store = try SQLiteStore(path: settings.database)
        defer { try? store.close() }
        let usage = UsageReader(store: store, catalogue: catalogue)
        let report = try await usage.report(in: ObservationScope(school: school, from: from, to: to))
        try await store.recordExport("report everything\(school.map { " of \($0)" } ?? "")")
        Terminal.write(format == .csv ? reportCSV(report) : try reportJSON(report))
    }
}

/// Seconds since 1970.
private func currentSecond() -> Int {
    Int(Date().timeIntervalSince1970)
}

/// Reads a day of the command line.
private func day(_ text: String) throws -> SchoolDay {
    guard let day = SchoolDay(text) else { throw ValidationError("it is no day; write it as 2026-11-24") }
    return day
}
