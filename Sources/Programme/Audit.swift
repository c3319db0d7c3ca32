package import Wire

/// An information security audit of one platform: what was asked, what was found, and how it ended.
package struct Audit: Sendable, Equatable, Codable {
    /// The version of the checklist that it used; the collector keeps that version for good.
    package var checklist: String
    /// Who audited.
    package var auditor: String
    /// The day on which it began.
    package var from: SchoolDay
    /// The day on which it ended.
    package var to: SchoolDay
    /// The answers by the question's identifier.
    package var answers: [String: Answer]
    /// How it ended.
    package var result: Result
    /// The reasons for the result, for people.
    package var summary: String

    /// Makes an audit.
    package init(
        checklist: String, auditor: String, from: SchoolDay, to: SchoolDay, answers: [String: Answer],
        result: Result, summary: String
    ) {
        self.checklist = checklist
        self.auditor = auditor
        self.from = from
        self.to = to
        self.answers = answers
        self.result = result
        self.summary = summary
    }

    /// The ways to end.
    package enum Result: String, Sendable, Codable, CaseIterable {
        /// The platform meets the district's requirements.
        case passed
        /// It does not.
        case failed
    }

    /// What the auditor says to a question.
    package struct Answer: Sendable, Equatable, Codable {
        /// Whether it is so.
        package var value: Value
        /// What was found.
        package var finding: String
        /// Where that can be seen: links to documents.
        package var evidence: [String]

        /// Makes an answer.
        package init(_ value: Value, finding: String = "", evidence: [String] = []) {
            self.value = value
            self.finding = finding
            self.evidence = evidence
        }

        /// The possible answers.
        package enum Value: String, Sendable, Codable, CaseIterable {
            /// It is so.
            case yes
            /// It is not.
            case no
            /// The question does not apply; the finding says why.
            case notApplicable = "not_applicable"
        }
    }

    /// Checks the audit against the checklist that it names.
    ///
    /// - Throws: The first thing that is missing or contradictory.
    package func check(against checklist: Checklist) throws(StepRefusal) {
        guard checklist.version == self.checklist else { throw .otherChecklist(self.checklist, checklist.version) }
        if auditor.isEmpty { throw .missing("the auditor's name") }
        if to < from { throw .invalid("the audit ends on \(to), before it began on \(from)") }
        if summary.isEmpty { throw .missing("a summary of the audit") }
        for identifier in answers.keys.sorted() where checklist.question(identifier) == nil {
            throw .invalid("the checklist has no question \"\(identifier)\"")
        }
        for question in checklist.questions {
            guard let answer = answers[question.identifier] else {
                throw .missing("an answer to \"\(question.text)\"")
            }
            if answer.value == .notApplicable, answer.finding.isEmpty {
                throw .missing("why \"\(question.text)\" does not apply")
            }
            if let link = answer.evidence.first(where: { !isWebLink($0) }) {
                throw .invalid("the evidence \"\(link)\" is no link; write it as https://example.com/document")
            }
            if result == .passed, question.isRequired, answer.value == .no {
                throw .invalid("the audit cannot be passed while \"\(question.text)\" is answered with no")
            }
        }
    }
}

/// Whether a text may be shown as a link: an HTTP(S) address without anything that a browser would read in another way.
package func isWebLink(_ text: String) -> Bool {
    let scheme = ["https://", "http://"].first { text.lowercased().hasPrefix($0) }
    guard let scheme, text.utf8.count > scheme.utf8.count, text.utf8.count <= 2000 else { return false }
    return text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "<") }
}
