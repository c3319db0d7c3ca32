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
            + [Formula.defused(use.name)]
    }
    let infrastructure = report.infrastructure.map { fields($0, kind: "infrastructure", status: "") }
    return ([header] + tools + unknown + infrastructure)
        .map(csvRecord).joined()
}

private func fields(_ use: ToolUse, kind: String, status: String) -> [String] {
    let platform = use.platform
    return [
        kind, Formula.defused(platform.name), status, Formula.defused(platform.category),
        Formula.defused(platform.vendor),
    ]
        + figures(use.schools, use.devices, use.counts) + [
            Formula.defused(use.names.map(\.name).joined(separator: " "))
        ]
}

private func figures(_ schools: [String], _ devices: Int, _ counts: Counts) -> [String] {
    [Formula.defused(schools.joined(separator: "; "))]
        + [devices, counts.dns, counts.tls, counts.quic, counts.attributed].map { String($0) }
}
