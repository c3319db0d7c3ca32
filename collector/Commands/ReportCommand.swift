import ArgumentParser
import Foundation
import Pages
import Store
import Usage
import Wire

/// `rollcall-collector report`: the report in the terminal.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Prints which tools are in use, as on the report page.")

    /// The ways to print a report.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, csv
    }

    @OptionGroup var config: ConfigOption
    @Option(help: "Only this school.") var school: String?
    @Option(help: "From this day on, such as 2026-11-24.", transform: day) var from: SchoolDay?
    @Option(help: "Up to this day.", transform: day) var to: SchoolDay?
    @Option(help: "table, json or csv.") var format = Format.table

    func validate() throws {
        if let from, let to, to < from { throw ValidationError("--to \(to) is before --from \(from).") }
    }

    func run() async throws {
        let settings = try config.settings()
        let catalogue = try settings.readCatalogue()
        let store = try SQLiteStore(path: settings.database)
        defer { try? store.close() }
        let usage = UsageReader(store: store, catalogue: catalogue)
        let report = try await usage.report(in: ObservationScope(school: school, from: from, to: to))
        switch format {
        case .table: Terminal.write(reportTable(report, width: Terminal.width))
        case .json: Terminal.write(try reportJSON(report))
        case .csv: Terminal.write(reportCSV(report))
        }
    }
}

/// Reads a day of the command line.
private func day(_ text: String) throws -> SchoolDay {
    guard let day = SchoolDay(text) else { throw ValidationError("it is no day; write it as 2026-11-24") }
    return day
}
