package import Settings

/// The questions of an audit, as the district's file has them.
///
/// A version, once an audit used it, never changes: who edits the file gives it a new version.
package struct Checklist: Sendable, Equatable, Codable {
    /// What the version is called, such as `2026-1`.
    package var version: String
    /// What it is called.
    package var title: String
    /// The questions, in order.
    package var questions: [Question]

    /// Makes a checklist.
    package init(version: String, title: String, questions: [Question]) {
        self.version = version
        self.title = title
        self.questions = questions
    }

    /// A question.
    package struct Question: Sendable, Equatable, Codable {
        /// What answers are kept under, unique in the checklist.
        package var identifier: String
        /// The heading under which it stands.
        package var section: String
        /// The question itself, which is answered with yes when all is well.
        package var text: String
        /// Whether an audit fails when the answer is no.
        package var isRequired: Bool

        /// Makes a question.
        package init(identifier: String, section: String, text: String, isRequired: Bool) {
            self.identifier = identifier
            self.section = section
            self.text = text
            self.isRequired = isRequired
        }
    }

    /// The question of that identifier.
    package func question(_ identifier: String) -> Question? {
        questions.first { $0.identifier == identifier }
    }
}

extension Checklist {
    /// Reads the district's file.
    package init(_ document: SettingsDocument) throws(SettingsError) {
        version = try document.requiredString("version")
        title = try document.string("title") ?? "Audit checklist"
        questions = []
        for table in try document.tables("question") {
            let identifier = try table.requiredString("id")
            if question(identifier) != nil {
                throw table.error("id", "question \"\(identifier)\" stands there twice; give one of them another id")
            }
            questions.append(
                Question(
                    identifier: identifier, section: try table.string("section") ?? "",
                    text: try table.requiredString("text"), isRequired: try table.boolean("required") ?? true))
        }
        try document.finish()
        if questions.isEmpty { throw document.root.missing("question", example: "in a table [[question]]") }
    }
}
