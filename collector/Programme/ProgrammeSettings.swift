import Alerts
import Foundation
import Programme
import Settings

/// What `collector.toml` says of the certification programme: where its own files are, and what everybody may see.
struct ProgrammeSettings: Sendable {
    /// The file of alerts, if there is one.
    var alertsFile: String?
    /// The file of the audit checklist, if there is one.
    var checklistFile: String?
    /// Whether the public list is served at all.
    var hasPublicList = false
    /// Whether it shows what is flagged.
    var showsFlagged = false
    /// What the district calls itself.
    var district = ""
    /// For how many seconds what was seen is shown again before it is counted anew: counting five weeks of a large
    /// district takes a while.
    var factsLifetime = 60

    /// No programme's files, and nothing public.
    init() {}

    /// Reads the keys of the programme.
    init(_ document: SettingsDocument) throws(SettingsError) {
        alertsFile = try document.path("alerts")
        checklistFile = try document.path("checklist")
        guard let table = try document.table("public") else { return }
        hasPublicList = true
        showsFlagged = try table.boolean("flagged") ?? false
        district = try table.string("district") ?? ""
    }

    /// The settings of alerts as the file has them now; the defaults where there is no file.
    func alerts() throws(SettingsError) -> AlertSettings {
        guard let alertsFile else { return AlertSettings() }
        return try AlertSettings(SettingsDocument(path: alertsFile))
    }

    /// The checklist as the file has it now.
    func checklist() throws(SettingsError) -> Checklist? {
        guard let checklistFile else { return nil }
        return try Checklist(SettingsDocument(path: checklistFile))
    }
}
