import Registry
public import Usage

/// The report as CSV (RFC 4180): a row for each tool, unknown name and platform of the infrastructure.
///
/// The columns are `kind,platform,status,category,vendor,schools,devices,dns,tls,quic,attributed,names`. Several schools
/// are separated by `; `, several names by a space. Text that a spreadsheet would take for a formula, because it begins
/// with `=`, `+`, `-`, `@`, a tab or a carriage return, has a `'` before it; a program that wants it exactly reads JSON.
public func reportCSV(_ report: UseReport) -> String {
    let header = [
        "kind", "platform", "status", "category", "vendor", "schools", "devices", "dns", "tls", "quic", "attributed",
        "names",
    ]
    let tools = report.tools.map { fields($0, kind: "tool", status: $0.platform.status.rawValue) }
    let unknown = report.unknown.map { use in
        ["unknown", "", Status.unlisted.rawValue, "", ""] + figures(use.schools, use.devices, use.counts)
            + [csvDefused(use.name)]
    }
    let infrastructure = report.infrastructure.map { fields($0, kind: "infrastructure", status: "") }
    return ([header] + tools + unknown + infrastructure).map(csvRecord).joined()
}

private func fields(_ use: ToolUse, kind: String, status: String) -> [String] {
    let platform = use.platform
    return [kind, csvDefused(platform.name), status, csvDefused(platform.category), csvDefused(platform.vendor)]
        + figures(use.schools, use.devices, use.counts) + [csvDefused(use.names.map(\.name).joined(separator: " "))]
}

private func figures(_ schools: [String], _ devices: Int, _ counts: Counts) -> [String] {
    [csvDefused(schools.joined(separator: "; "))]
        + [devices, counts.dns, counts.tls, counts.quic, counts.attributed].map { String($0) }
}

/// A record with its line end, each field quoted where it needs it (RFC 4180 section 2).
func csvRecord(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\r\n"
}

/// The text so that no spreadsheet runs it: names come off the wire, where anybody can write `=HYPERLINK(…)`.
func csvDefused(_ text: String) -> String {
    // Scalars, not characters: `=` with a combining mark after it is still `=` to a spreadsheet.
    guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else { return text }
    return "'" + text
}

/// The field in quotes where it needs them (RFC 4180 section 2, rules 5 to 7).
private func quoted(_ field: String) -> String {
    guard field.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return field }
    var text = "\""
    for scalar in field.unicodeScalars {
        if scalar == "\"" { text += "\"" }
        text.unicodeScalars.append(scalar)
    }
    return text + "\""
}
