import Registry
import Wire

@testable import Programme

extension SchoolDay {
    /// A day that the test knows to exist.
    static func day(_ text: String) -> SchoolDay { SchoolDay(text) ?? SchoolDay(ordinal: 0) }
}

extension Actor {
    static let its = Actor(name: "its.sample", party: .its)
    static let buyer = Actor(name: "buyer.sample", party: .procurement)
    static let school = Actor(name: "principal.sample", party: .school)
}

extension Checklist {
    static let sample = Checklist(
        version: "2026-1", title: "Sample checklist",
        questions: [
            Question(identifier: "agreement", section: "Law", text: "Is there a signed agreement?", isRequired: true),
            Question(
                identifier: "sso", section: "Security", text: "Does it use the district's sign-in?", isRequired: false),
        ])
}

extension Audit {
    static func sample(_ result: Result, agreement: Answer.Value = .yes) -> Audit {
        Audit(
            checklist: "2026-1", auditor: "its.sample", from: .day("2026-09-01"), to: .day("2026-09-10"),
            answers: [
                "agreement": Answer(agreement, evidence: ["https://docs.example/agreement"]),
                "sso": Answer(.notApplicable, finding: "It has no accounts"),
            ], result: result, summary: "Looked at.")
    }
}

extension Approval {
    static let sample = Approval(
        conditions: "education tenant only", audiences: [.staff, .students13], expires: .day("2027-06-30"))
}
