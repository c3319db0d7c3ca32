import Identity
import Registry

extension PlatformDifference {
    /// What the audit log has of a change of the registry: an entry for each platform, before and after.
    func auditEntries(by who: Who, at now: Int) -> [AuditEntry] {
        let new = added.map {
            AuditEntry(at: now, who: who, what: "platform.add", subject: $0.name, after: $0.status.rawValue)
        }
        let other = changed.map { change in
            func words(_ value: (Field) -> String) -> String {
                change.fields.map { "\($0.column): \(value($0))" }.joined(separator: "; ")
            }
            return AuditEntry(
                at: now, who: who, what: "platform.change", subject: change.platform, before: words(\.before),
                after: words(\.after))
        }
        let gone = removed.map {
            AuditEntry(at: now, who: who, what: "platform.remove", subject: $0.name, before: $0.status.rawValue)
        }
        return new + other + gone
    }
}
