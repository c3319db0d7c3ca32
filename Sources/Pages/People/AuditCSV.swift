package import Identity
import Registry

/// The audit log as CSV (RFC 4180), in the order of `entries`.
package func auditCSV(_ entries: [AuditEntry]) -> String {
    let header = ["at", "who", "way", "address", "what", "subject", "before", "after"]
    let records = entries.map { entry in
        [
            Moment.written(entry.at), Formula.defused(entry.who.name), entry.who.way.rawValue, entry.who.address ?? "",
            entry.what, Formula.defused(entry.subject), Formula.defused(entry.before ?? ""),
            Formula.defused(entry.after ?? ""),
        ]
    }
    return byteOrderMark + ([header] + records).map(csvRecord).joined()
}
