package import Identity

/// The audit log as CSV (RFC 4180), in the order of `entries`.
package func auditCSV(_ entries: [AuditEntry]) -> String {
    let header = ["at", "who", "way", "address", "what", "subject", "before", "after"]
    let records = entries.map { entry in
        [
            Moment.written(entry.at), csvDefused(entry.who.name), entry.who.way.rawValue, entry.who.address ?? "",
            entry.what, csvDefused(entry.subject), csvDefused(entry.before ?? ""), csvDefused(entry.after ?? ""),
        ]
    }
    return ([header] + records).map(csvRecord).joined()
}
