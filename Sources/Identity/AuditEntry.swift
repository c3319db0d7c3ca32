/// One change or export, as the audit log keeps it.
package struct AuditEntry: Sendable, Equatable {
    /// Seconds since 1970.
    package var at: Int
    /// Who did it.
    package var who: Who
    /// What was done: the kind of thing and the verb, such as `platform.approve` or `report.export`.
    package var what: String
    /// To which thing, by its name.
    package var subject: String
    /// How it was before; nil where there was nothing.
    package var before: String?
    /// How it is since; nil where there is nothing.
    package var after: String?

    /// Makes an entry.
    package init(
        at: Int, who: Who, what: String, subject: String, before: String? = nil, after: String? = nil
    ) {
        self.at = at
        self.who = who
        self.what = what
        self.subject = subject
        self.before = before
        self.after = after
    }
}
